// A moment: an answer about a digit, and what it is about. The figures of a number are moments of their own, each about its
// own ink, as if it had been drawn alone.

import { figuresOf, nearestPlace } from "../explain/figures.js";
import { boxAround } from "../explain/reasons.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Place } from "../explain/figures.js" */
/** @import { Digit, Reading } from "../server/api.js" */
/** @import { Prediction } from "../server/predictor.js" */
/**
 * What was ablated or skipped when a question was asked; it belongs to the answer.
 * @typedef {object} Switches
 * @property {ReadonlySet<string>} ablated  Units such as "hidden1.17".
 * @property {ReadonlySet<string>} skip  Steps of the preprocessing that are left out: "fit", "centre".
 */
/**
 * @typedef {object} Moment
 * @property {Snapshot} snapshot  The ink of this digit.
 * @property {Prediction} answer
 * @property {number} time  In milliseconds.
 * @property {Switches} switches
 * @property {Sheet} [sheet]  The number that it is a figure of.
 * @property {Place} [place]  Where it stands there; none if nothing was read.
 */
/**
 * A sheet on which a number was read.
 * @typedef {object} Sheet
 * @property {Snapshot} snapshot
 * @property {Reading} reading
 * @property {Moment[]} figures  In the order of the reading; if nothing was read, one that is blank.
 */

/** @param {Moment} moment @returns {Snapshot}  All that was on the pad then. */
export const drawingOf = ({ sheet, snapshot }) => sheet?.snapshot ?? snapshot;

/** Nothing was read. @type {Prediction} */
const NOTHING = {
  digit: null, confidence: 0.1, probabilities: new Array(10).fill(0.1), verdict: "blank", novelty: 0, activations: [], input: [], placement: null, model: "",
};

/** @implements {Moment} */
class Figure {
  /** @type {Snapshot | null} */
  #snapshot = null;

  /** @param {Sheet} sheet @param {Digit} digit @param {number} time @param {Switches} switches */
  constructor(sheet, digit, time, switches) {
    this.sheet = sheet;
    this.place = /** @type {Place} */ (digit.box);
    this.answer = /** @type {Prediction} */ ({ ...digit, model: sheet.reading.model });
    this.time = time;
    this.switches = switches;
  }

  /** @returns {Snapshot}  The ink of this figure alone: made when it is looked at. */
  get snapshot() {
    const others = this.sheet.figures.flatMap(({ place }) => (place && place !== this.place ? [place] : []));
    this.#snapshot ??= this.sheet.snapshot.within(this.place, others);
    return this.#snapshot;
  }
}

/**
 * @param {Snapshot} snapshot @param {Reading} reading @param {number} time @param {Switches} switches
 * @returns {Moment[]}  The sheet's figures.
 */
export function momentsOfSheet(snapshot, reading, time, switches) {
  /** @type {Sheet} */
  const sheet = { snapshot, reading, figures: [] };
  sheet.figures = figuresOf(reading).map((digit) => new Figure(sheet, digit, time, switches));
  if (sheet.figures.length === 0) sheet.figures.push({ sheet, snapshot, answer: NOTHING, time, switches });
  return sheet.figures;
}

/** @param {Moment[]} figures  Of a sheet. @returns {Moment}  The one that the last stroke has written; on a photo, the first. */
export function lastWritten(figures) {
  const snapshot = drawingOf(figures[0]);
  const stroke = snapshot.strokes.findLast(({ erase }) => !erase);
  if (!stroke || figures.length === 1) return figures[0];
  const { left, top, right, bottom } = boxAround(stroke.points);
  const { frame } = snapshot;
  const middle = { x: ((left + right) / 2 - frame.left) / frame.unit, y: ((top + bottom) / 2 - frame.top) / frame.unit };
  return figures[nearestPlace(figures.map(({ place }) => place ?? []), middle)];
}
