// Thin lines that join the views as the data flows: from the ink to the 28×28, and along the strongest connections to
// the answer. Blue and solid raises what it reaches, orange and dashed lowers it.

import { gridFor, middle } from "../layout.js";

/** @import { Box } from "../ink.js" */
/** @import { Link } from "../trace.js" */
/** @typedef {{x: number, y: number}} Spot */
/** @typedef {{d: string, kind: "for" | "against" | "lens", strength: number}} Line */

const SVG = "http://www.w3.org/2000/svg";
const THINNEST = 0.4;
const THICKEST = 1.8;
const BEND = 0.45;

/**
 * A curve that leaves and arrives level, or, with no bend, a straight line.
 * @param {Spot} from @param {Spot} to @param {number} curving @returns {string}
 */
export function path(from, to, curving) {
  const bend = (to.x - from.x) * curving;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (bend === 0) return `M${at(from.x, from.y)}L${at(to.x, to.y)}`;
  return `M${at(from.x, from.y)}C${at(from.x + bend, from.y)} ${at(to.x - bend, to.y)} ${at(to.x, to.y)}`;
}

/** @param {Element} element @param {Box} box  In fractions of the element. */
function corners(element, box) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const at = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: left + x * width, y: top + y * height });
  return {
    topLeft: at(box.left, box.top),
    topRight: at(box.right, box.top),
    bottomLeft: at(box.left, box.bottom),
    bottomRight: at(box.right, box.bottom),
  };
}

/** @param {Element} element @param {number} index @param {number} count @returns {Spot} */
function spot(element, index, count) {
  return middle(index, gridFor(count), element.getBoundingClientRect());
}

export class Connections {
  /** @type {SVGPathElement[]} */
  #pool = [];

  /** @param {SVGSVGElement} svg  Lies over everything that it joins. */
  constructor(svg) {
    this.svg = svg;
  }

  clear() {
    this.#show([]);
  }

  /**
   * @param {{pad: Element, input: Element, layers: Element[], rows: Element[]}} places
   * @param {{ink: Box | null, seen: Box | null, links: Link[][], widths: number[]}} data  Widths of the picture and the hidden layers.
   */
  render(places, { ink, seen, links, widths }) {
    const views = [places.input, ...places.layers];
    const lines = ink && seen ? this.#lens(places, ink, seen) : [];
    links.forEach((layer, k) => {
      const strongest = Math.max(...layer.map(({ part }) => Math.abs(part)));
      for (const { from, to, part } of layer) {
        const start = spot(views[k], from, widths[k]);
        const end = k + 1 < views.length ? spot(views[k + 1], to, widths[k + 1]) : edge(places.rows[to]);
        lines.push(...this.#line(start, end, part > 0 ? "for" : "against", Math.abs(part) / strongest));
      }
    });
    this.#show(lines);
  }

  /**
   * From the ink on the pad to the same ink in the picture, like the lens of a map.
   * @param {{pad: Element, input: Element}} places @param {Box} ink @param {Box} seen @returns {Line[]}
   */
  #lens({ pad, input }, ink, seen) {
    const [from, to] = [corners(pad, ink), corners(input, seen)];
    return [
      ...this.#line(from.topRight, to.topLeft, "lens", 0),
      ...this.#line(from.bottomRight, to.bottomLeft, "lens", 0),
    ];
  }

  /**
   * No line where the page is too narrow for the views to stand in a row.
   * @param {Spot} from @param {Spot} to @param {Line["kind"]} kind @param {number} strength @returns {Line[]}
   */
  #line(from, to, kind, strength) {
    if (to.x <= from.x) return [];
    const { left, top } = this.svg.getBoundingClientRect();
    const [start, end] = [from, to].map(({ x, y }) => ({ x: x - left, y: y - top }));
    return [{ d: path(start, end, kind === "lens" ? 0 : BEND), kind, strength }];
  }

  /** @param {Line[]} lines */
  #show(lines) {
    while (this.#pool.length < lines.length) {
      this.#pool.push(this.svg.appendChild(document.createElementNS(SVG, "path")));
    }
    this.#pool.forEach((element, i) => show(element, lines[i]));
  }
}

/** @param {SVGPathElement} element @param {Line | undefined} line */
function show(element, line) {
  element.setAttribute("class", line?.kind ?? "");
  element.setAttribute("d", line?.d ?? "");
  element.setAttribute("stroke-width", `${THINNEST + (THICKEST - THINNEST) * (line?.strength ?? 0)}`);
}

/** @param {Element} row @returns {Spot} */
function edge(row) {
  const { left, top, height } = row.getBoundingClientRect();
  return { x: left - 4, y: top + height / 2 };
}
