// Thin boxes over the ink, one for each figure of a number; the chosen one is marked, and marks between digits are fainter.
// The buttons beside the answer are for keys and screen readers; here a pointer chooses.

import { figureOf } from "../explain/lattice.js";
import { el } from "./dom.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Place } from "../explain/figures.js" */
/** @import { Moment, Sheet } from "../state/moment.js" */

/** A box that ends lower on the sheet, as a fraction of its height, has no room for its tab beneath it. */
const LOW = 0.86;

export class FigureBoxes {
  /** @type {Sheet | null} */
  #sheet = null;
  /** @type {HTMLElement[]} */
  #boxes = [];
  #element = el("div", { class: "figure-boxes", "aria-hidden": "true" });
  #chosen;

  /** @param {HTMLElement} sheet  Of the pad. @param {(figure: Moment) => void} chosen */
  constructor(sheet, chosen) {
    this.#chosen = chosen;
    sheet.append(this.#element);
  }

  /** @param {Moment | null} moment  The chosen figure; null if no number is read. */
  render(moment) {
    const sheet = moment?.sheet ?? null;
    if (sheet !== this.#sheet) this.#build(sheet);
    this.#boxes.forEach((box, i) => box.toggleAttribute("data-chosen", sheet?.figures[i] === moment));
  }

  /** @returns {HTMLElement | null}  The box of the chosen figure. */
  get chosen() {
    return this.#boxes.find((box) => box.hasAttribute("data-chosen")) ?? null;
  }

  /** @param {Sheet | null} sheet */
  #build(sheet) {
    this.#sheet = sheet;
    this.#boxes = sheet ? sheet.figures.flatMap((figure) => (figure.place ? [this.#box(figure, figure.place, sheet.snapshot)] : [])) : [];
    const marks = sheet ? sheet.reading.marks.map(({ box }) => lay(el("div", { class: "mark-box" }), box, sheet.snapshot)) : [];
    this.#element.replaceChildren(...marks, ...this.#boxes);
  }

  /** @param {Moment} figure @param {Place} place @param {Snapshot} snapshot @returns {HTMLElement} */
  #box(figure, place, snapshot) {
    const { digit, verdict } = figure.answer;
    const tab = el("div", { class: "figure-tab" }, figureOf({ digit: digit ?? 0, verdict }));
    const box = lay(el("div", { class: "figure-box", "data-verdict": verdict }, tab), place, snapshot);
    const { frame } = snapshot;
    box.toggleAttribute("data-low", frame.top + frame.unit * (place[1] + place[3]) > LOW);
    box.addEventListener("click", () => this.#chosen(figure));
    return box;
  }
}

/** @param {HTMLElement} element @param {Place} place @param {Snapshot} snapshot @returns {HTMLElement}  The element, where the place is on the sheet. */
function lay(element, [left, top, width, height], { frame: { left: x, top: y, unit } }) {
  const sides = { left: x + unit * left, top: y + unit * top, width: unit * width, height: unit * height };
  for (const [side, share] of Object.entries(sides)) element.style.setProperty(side, `${100 * share}cqh`); // of the sheet's height: it may grow wider
  return element;
}
