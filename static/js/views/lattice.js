// The lattice of a line: its ink with the candidate cuts, and below it a bar for each of the likeliest groups.

import { blankCanvas } from "../drawing/canvas.js";
import { barsOf, middleOf, throughInk } from "../explain/lattice.js";
import { signed } from "../explain/reasons.js";
import { percent } from "../explain/words.js";
import { paletteOf, css } from "./colour.js";
import { el } from "./dom.js";
import { paintDrawing } from "./drawing-window.js";
import { shape } from "./svg.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Bar, Way } from "../explain/lattice.js" */
/** @import { Group, Line, Segmentation } from "../server/api.js" */
/**
 * @typedef {object} Shown
 * @property {Snapshot} snapshot  The sheet.
 * @property {Line} line
 * @property {Segmentation} lattice
 * @property {Way} way  The one that is shown.
 */
/** @typedef {{toggled: (cut: number) => void, moved: (cut: number, to: number) => void, entered: (group: Group) => void}} Listener */
/** @typedef {{scale: number, left: number, top: number, width: number, height: number}} Sight  CSS pixels for one of the picture; the rest in pixels of the picture. */

/** Stands for a mark between digits. */
const MARK = "·";
/** The ink is at least and at most so high, in CSS pixels. */
const [LEAST, MOST] = [64, 190];
/** Around the line, as a part of its height. */
const MARGIN = 0.12;
/** The height of a bar, with the gap to the next. */
const ROW = 26;
/** Narrower bars have no room for their score. */
const ROOM = 52;
/** A group whose odds are smaller by this factor (its logarithm) is as faint as can be. */
const FAINT = 12;
/** A pointer that has moved less has only touched. */
const TOUCH = 4;

export class LatticeView {
  /** @type {Shown | null} */
  #shown = null;
  /** @type {Sight | null} */
  #sight = null;
  /** @type {{cut: number, at: number, moved: boolean} | null} The cut that a pointer drags, and where it began. */
  #drag = null;
  #canvas = el("canvas", { role: "img" });
  #lines = shape("svg", { class: "cuts", "aria-hidden": "true" });
  #handles = el("div", { class: "handles", role: "group", "aria-label": "Cuts" });
  #bars = el("div", { class: "groups", role: "group", "aria-label": "Groups read as one digit" });
  #sheet = el("div", { class: "lattice" }, this.#handles, el("div", { class: "line-ink" }, this.#canvas, this.#lines), this.#bars);
  element = el("div", { class: "lattice-scroll" }, this.#sheet);
  #listener;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.#handles.addEventListener("pointermove", (event) => this.#dragged(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) this.#handles.addEventListener(end, (event) => this.#released(event));
    new ResizeObserver(() => this.#shown && this.render(this.#shown)).observe(this.element);
  }

  /** @param {Shown} shown */
  render(shown) {
    const another = shown.lattice !== this.#shown?.lattice;
    this.#shown = shown;
    this.#sight = sightOf(shown.line, this.element.clientWidth);
    const { scale, width, height } = this.#sight;
    this.#sheet.style.width = `${width * scale}px`;
    this.#canvas.style.height = `${height * scale}px`;
    this.#paintInk(shown, this.#sight);
    this.#paintCuts(shown, this.#sight);
    this.#showHandles(shown, another);
    this.#showBars(shown);
  }

  /** @param {Shown} shown @param {Sight} sight */
  #paintInk({ snapshot, line }, { left, top, width }) {
    const { context, width: size } = blankCanvas(this.#canvas);
    const { frame } = snapshot;
    const view = { left: frame.left + frame.unit * left, top: frame.top + frame.unit * top, side: frame.unit * width };
    paintDrawing(context, snapshot, view, size, css(paletteOf(this.#canvas).ink));
    this.#canvas.ariaLabel = `The line that was read as ${line.text}.`;
  }

  /** @param {Shown} shown @param {Sight} sight */
  #paintCuts({ lattice: { cuts }, way }, sight) {
    this.#lines.setAttribute("viewBox", `${sight.left} ${sight.top} ${sight.width} ${sight.height}`);
    this.#lines.replaceChildren(
      ...cuts.slice(1, -1).flatMap((cut, i) => {
        const points = cut.points.map((point) => point.join(",")).join(" ");
        const on = way.includes(i + 1) ? " on" : "";
        return ["halo", `cut${throughInk(cut) ? " through-ink" : ""}`].map((kind) => // a halo, so that a cut is seen on ink too
          shape("polyline", { points, class: `${kind}${on}`, "vector-effect": "non-scaling-stroke" }));
      }),
    );
  }

  /** @param {Shown} shown @param {boolean} another  Whether these are other cuts than before. */
  #showHandles({ lattice: { cuts }, way }, another) {
    const inner = cuts.slice(1, -1);
    if (another) this.#handles.replaceChildren(...inner.map((_, i) => this.#handle(i + 1)));
    Array.from(this.#handles.children).forEach((handle, i) => {
      const on = way.includes(i + 1);
      /** @type {HTMLElement} */ (handle).style.left = `${this.#x(middleOf(cuts[i + 1]))}px`;
      handle.ariaPressed = `${on}`;
      handle.ariaLabel = `Cut ${i + 1} of ${inner.length}, ${throughInk(cuts[i + 1]) ? "through ink" : "in a gap"}`;
    });
  }

  /** @param {number} cut @returns {HTMLElement} */
  #handle(cut) {
    const handle = el("button", { type: "button", class: "handle", title: "Cut here or not. Drag, or press an arrow key, to move a cut." });
    handle.addEventListener("pointerdown", (event) => {
      this.#drag = { cut, at: event.clientX, moved: false };
      this.#handles.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("click", ({ detail }) => detail === 0 && this.#listener.toggled(cut)); // by keys; a pointer toggles as it is lifted
    handle.addEventListener("keydown", (event) => this.#key(event, cut));
    return handle;
  }

  /** @param {KeyboardEvent} event @param {number} cut */
  #key(event, cut) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !this.#shown?.way.includes(cut)) return;
    event.preventDefault();
    this.#move(cut, cut + step);
  }

  /** @param {number} cut @param {number} to @returns {number}  Where it is now. */
  #move(cut, to) {
    const others = this.#shown?.way.filter((each) => each !== cut);
    this.#listener.moved(cut, to);
    const now = this.#shown?.way.find((each) => !others?.includes(each)) ?? cut;
    /** @type {HTMLElement} */ (this.#handles.children[now - 1]).focus();
    return now;
  }

  /** @param {PointerEvent} event */
  #dragged({ clientX }) {
    if (!this.#drag || !this.#shown) return;
    if (Math.abs(clientX - this.#drag.at) < TOUCH && !this.#drag.moved) return;
    this.#drag.moved = true;
    if (!this.#shown.way.includes(this.#drag.cut)) return;
    const nearest = this.#nearest(clientX - this.#handles.getBoundingClientRect().left);
    if (nearest !== this.#drag.cut) this.#drag.cut = this.#move(this.#drag.cut, nearest);
  }

  /** @param {PointerEvent} event */
  #released({ type }) {
    const drag = this.#drag;
    this.#drag = null;
    if (drag && !drag.moved && type === "pointerup") this.#listener.toggled(drag.cut);
  }

  /** @param {number} x  In CSS pixels. @returns {number}  The inner cut that is nearest. */
  #nearest(x) {
    const gaps = (this.#shown?.lattice.cuts ?? []).slice(1, -1).map((cut) => Math.abs(this.#x(middleOf(cut)) - x));
    return gaps.indexOf(Math.min(...gaps)) + 1;
  }

  /** @param {number} x  In pixels of the picture. @returns {number}  In CSS pixels. */
  #x(x) {
    return this.#sight ? (x - this.#sight.left) * this.#sight.scale : 0;
  }

  /** @param {Shown} shown */
  #showBars({ lattice, way }) {
    const { cuts, groups, second } = lattice;
    const most = Math.max(...groups.map(({ score }) => score));
    const bars = barsOf(lattice, way);
    this.#bars.style.height = `${ROW * (1 + Math.max(-1, ...bars.map(({ row }) => row)))}px`;
    const focused = this.#bars.contains(document.activeElement) ? document.activeElement?.getAttribute("data-group") : null;
    this.#bars.replaceChildren(...bars.map((bar) => {
      const [from, to] = [bar.group.start, bar.group.end].map((cut) => this.#x(middleOf(cuts[cut])));
      return this.#bar(bar, { from, width: to - from, share: Math.max(0, 1 - (most - bar.group.score) / FAINT), on: isPart(bar.group, way), second: isPart(bar.group, second) });
    }));
    if (focused) /** @type {HTMLElement | null} */ (this.#bars.querySelector(`[data-group="${focused}"]`))?.focus();
  }

  /** @param {Bar} bar @param {{from: number, width: number, share: number, on: boolean, second: boolean}} look @returns {HTMLElement} */
  #bar({ group, row }, { from, width, share, on, second }) {
    const digit = group.text || MARK;
    const words = `${digit} ${signed(group.score)}: ${percent(group.confidence)}, ${this.#between(group)}`;
    const bar = el("button", { type: "button", class: `bar${second ? " of-second" : ""}`, title: words, "aria-label": words, "data-group": `${group.start}-${group.end}`, "aria-pressed": `${on}` }, el("b", {}, digit));
    if (width > ROOM) bar.append(el("small", {}, signed(group.score)));
    Object.assign(bar.style, { left: `${from + 1}px`, width: `${Math.max(8, width - 2)}px`, top: `${row * ROW}px` });
    bar.style.setProperty("--share", share.toFixed(3));
    bar.addEventListener("click", () => this.#listener.entered(group));
    return bar;
  }

  /** @param {Group} group @returns {string}  Its cuts, numbered as their handles are. */
  #between({ start, end }) {
    const last = (this.#shown?.lattice.cuts.length ?? 0) - 1;
    const [from, to] = [start === 0 ? "the beginning" : `cut ${start}`, end === last ? "the end" : `cut ${end}`];
    return `from ${from} to ${to}`;
  }
}

/** @param {Group} group @param {Way} way @returns {boolean} */
const isPart = ({ start, end }, way) => way.includes(start) && way[way.indexOf(start) + 1] === end;

/** @param {Line} line @param {number} room  In CSS pixels. @returns {Sight}  The line in the middle of some paper. */
function sightOf({ box: [x, y, width, height] }, room) {
  const margin = MARGIN * height;
  const [left, top, wide, high] = [x - margin, y - margin, width + 2 * margin, height + 2 * margin];
  return { scale: Math.max(LEAST / high, Math.min(room / wide, MOST / high)), left, top, width: wide, height: high };
}
