// Thin boxes over the ink, one for each figure of a number; the chosen one is marked, and marks between digits are fainter.
// A touch in a box chooses its figure, but a stroke that begins there belongs to the pad. Keys and screen readers choose
// beside the answer.

import { figureOf } from "../explain/lattice.js";
import { el } from "./dom.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Place } from "../explain/figures.js" */
/** @import { Moment, Sheet } from "../state/moment.js" */

/** A box that ends lower on the sheet, as a fraction of its height, has no room for its label beneath it. */
const LOW = 0.86;
/** A pointer that has moved less, in CSS pixels, has only touched. */
const TOUCH = 4;

export class FigureBoxes {
  /** @type {Sheet | null} */
  #sheet = null;
  /** @type {HTMLElement[]} */
  #boxes = [];
  /** @type {PointerEvent | null} A pointer that is down in a box, and has not moved yet. */
  #pressed = null;
  #element = el("div", { class: "figure-boxes", "aria-hidden": "true" });
  #pad;
  #chosen;

  /** @param {HTMLElement} pad  Takes the strokes; the boxes lie beside it. @param {(figure: Moment) => void} chosen */
  constructor(pad, chosen) {
    this.#pad = pad;
    this.#chosen = chosen;
    pad.after(this.#element);
    this.#element.addEventListener("pointerdown", (event) => (this.#pressed = event));
    this.#element.addEventListener("pointermove", (event) => this.#drag(event));
  }

  /** @param {Moment | null} moment  The chosen figure; null if no number is read. */
  render(moment) {
    const sheet = moment?.sheet ?? null;
    if (sheet !== this.#sheet) this.#build(sheet);
    this.#boxes.forEach((box, i) => box.toggleAttribute("data-chosen", sheet?.figures[i] === moment));
  }

  /** @param {Sheet | null} sheet */
  #build(sheet) {
    this.#sheet = sheet;
    this.#boxes = sheet ? sheet.figures.flatMap((figure) => (figure.place ? [this.#box(figure, figure.place, sheet.snapshot)] : [])) : [];
    const marks = sheet ? sheet.reading.marks.map(({ box }) => lay(el("div", { class: "mark-box" }), box, sheet.snapshot)) : [];
    this.#element.toggleAttribute("data-lines", (sheet?.reading.lines.length ?? 0) > 1);
    this.#element.replaceChildren(...marks, ...this.#boxes);
  }

  /** @param {Moment} figure @param {Place} place @param {Snapshot} snapshot @returns {HTMLElement} */
  #box(figure, place, snapshot) {
    const { digit, verdict } = figure.answer;
    const label = el("span", {}, figureOf({ digit: digit ?? 0, verdict }));
    const box = lay(el("div", { class: "figure-box", "data-verdict": verdict }, label), place, snapshot);
    box.toggleAttribute("data-low", snapshot.frame.top + snapshot.frame.unit * (place[1] + place[3]) > LOW);
    box.addEventListener("click", () => this.#chosen(figure));
    return box;
  }

  /** Hands a pointer that draws over to the pad, which captures it. @param {PointerEvent} event */
  #drag(event) {
    const pressed = this.#pressed;
    if (pressed?.pointerId !== event.pointerId || event.buttons === 0) return;
    if (Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < TOUCH) return;
    this.#pressed = null;
    for (const each of [pressed, event]) this.#pad.dispatchEvent(new PointerEvent(each.type, each));
  }
}

/** @param {HTMLElement} element @param {Place} place @param {Snapshot} snapshot @returns {HTMLElement}  The element, where the place is on the sheet. */
function lay(element, [left, top, width, height], { frame: { left: x, top: y, unit } }) {
  const sides = { left: x + unit * left, top: y + unit * top, width: unit * width, height: unit * height };
  for (const [side, share] of Object.entries(sides)) element.style.setProperty(side, `${100 * share}cqh`); // of the sheet's height: it may grow wider
  return element;
}
