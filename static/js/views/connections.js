// Lines between the views: from the ink to the 28×28, and along the strongest connections to the answer. A solid blue one
// raises what it reaches, a dashed orange one lowers it.

import { strongestOf } from "../explain/numbers.js";
import { gridFor, middle } from "./grid.js";
import { shape } from "./svg.js";

/** @import { Box } from "../drawing/raster.js" */
/** @import { Link } from "../explain/trace.js" */
/** @typedef {{x: number, y: number}} Spot */
/** @typedef {{d: string, kind: "for" | "against" | "zoom", strength: number}} Line */

const THINNEST = 0.4;
const THICKEST = 1.8;
/** The number of widths. */
const WIDTHS = 4;
const CURVATURE = 0.45;

/**
 * A curve that is horizontal at both ends; with no curvature, a straight line.
 * @param {Spot} from @param {Spot} to @param {number} curving @returns {string}
 */
export function path(from, to, curving) {
  const offset = (to.x - from.x) * curving;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (offset === 0) return `M${at(from.x, from.y)}L${at(to.x, to.y)}`;
  return `M${at(from.x, from.y)}C${at(from.x + offset, from.y)} ${at(to.x - offset, to.y)} ${at(to.x, to.y)}`;
}

/** @param {DOMRect} place @param {Box} box  In fractions of its height. */
function corners({ left, top, height }, box) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: left + x * height, y: top + y * height });
  return {
    topLeft: at(box.left, box.top),
    topRight: at(box.right, box.top),
    bottomLeft: at(box.left, box.bottom),
    bottomRight: at(box.right, box.bottom),
  };
}

/** @param {DOMRect} place @param {number} index @param {number} count @returns {Spot} */
const spot = (place, index, count) => middle(index, gridFor(count), place);

export class Connections {
  /** @type {Map<string, SVGPathElement>} One for each kind and width: few paths are painted faster. */
  #paths = new Map();
  /** @type {Map<Element, DOMRect>} Where the elements are; measuring them with every answer would force a layout. */
  #places = new Map();

  /** @param {SVGSVGElement} svg  Covers everything that it joins. */
  constructor(svg) {
    this.svg = svg;
    for (const kind of /** @type {const} */ (["zoom", "for", "against"])) {
      for (let width = 0; width < (kind === "zoom" ? 1 : WIDTHS); width++) {
        const element = shape("path", { class: kind, "stroke-width": THINNEST + ((THICKEST - THINNEST) * width) / (WIDTHS - 1) });
        this.#paths.set(`${kind} ${width}`, svg.appendChild(element));
      }
    }
  }

  clear() {
    this.#show([]);
  }

  /** Elements may have moved. */
  invalidate() {
    this.#places.clear();
  }

  /** @param {Element} element @returns {DOMRect}  In the coordinates of the lines. */
  #place(element) {
    let place = this.#places.get(element);
    if (!place) {
      const [own, corner] = [element.getBoundingClientRect(), this.svg.getBoundingClientRect()];
      place = new DOMRect(own.x - corner.x, own.y - corner.y, own.width, own.height);
      this.#places.set(element, place);
    }
    return place;
  }

  /**
   * @param {{pad: Element, input: Element, layers: Element[], rows: Element[]}} places
   * @param {{ink: Box | null, seen: Box | null, links: Link[][], widths: number[]}} data  Widths of the picture and the hidden layers.
   */
  render(places, { ink, seen, links, widths }) {
    const views = [places.input, ...places.layers];
    const lines = ink && seen ? this.#zoom(places, ink, seen) : [];
    links.forEach((layer, k) => {
      const strongest = strongestOf(layer.map(({ part }) => part));
      for (const { from, to, part } of layer) {
        const start = spot(this.#place(views[k]), from, widths[k]);
        const next = this.#place(k + 1 < views.length ? views[k + 1] : places.rows[to]);
        const end = k + 1 < views.length ? spot(next, to, widths[k + 1]) : edge(next);
        lines.push(...this.#line(start, end, part > 0 ? "for" : "against", Math.abs(part) / strongest));
      }
    });
    this.#show(lines);
  }

  /**
   * Lines from the ink on the pad to the same ink in the picture, like those of a zoomed inset.
   * @param {{pad: Element, input: Element}} places @param {Box} ink @param {Box} seen @returns {Line[]}
   */
  #zoom({ pad, input }, ink, seen) {
    const [from, to] = [corners(this.#place(pad), ink), corners(this.#place(input), seen)];
    return [
      ...this.#line(from.topRight, to.topLeft, "zoom", 0),
      ...this.#line(from.bottomRight, to.bottomLeft, "zoom", 0),
    ];
  }

  /**
   * One line, or none where the page is too narrow for the views to be in a row.
   * @param {Spot} from @param {Spot} to @param {Line["kind"]} kind @param {number} strength @returns {Line[]}
   */
  #line(from, to, kind, strength) {
    return to.x <= from.x ? [] : [{ d: path(from, to, kind === "zoom" ? 0 : CURVATURE), kind, strength }];
  }

  /** @param {Line[]} lines */
  #show(lines) {
    for (const [name, element] of this.#paths) {
      const d = lines.filter((line) => nameOf(line) === name).map((line) => line.d).join("");
      if (element.getAttribute("d") !== d) element.setAttribute("d", d);
    }
  }
}

/** @param {Line} line @returns {string}  The kind and the width that lines share. */
const nameOf = ({ kind, strength }) => `${kind} ${Math.min(WIDTHS - 1, Math.floor(strength * WIDTHS))}`;

/** @param {DOMRect} row @returns {Spot} */
const edge = ({ left, top, height }) => ({ x: left - 4, y: top + height / 2 });
