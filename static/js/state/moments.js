// The drawing's life so far: every answer with the drawing and the network it was about, and where the answer flipped.

import { ranking } from "../explain/words.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Prediction } from "../server/predictor.js" */
/**
 * What was switched when a question was asked: it belongs to the answer.
 * @typedef {object} Switches
 * @property {ReadonlySet<string>} off  Neurons that are switched off.
 * @property {ReadonlySet<string>} skip  Steps of the preprocessing that are left out: "fit", "centre".
 */
/** @typedef {{snapshot: Snapshot, answer: Prediction, time: number, switches: Switches}} Moment  Time in milliseconds. */
/** @typedef {{index: number, before: number, after: number, switched: boolean}} Flip  Switched: not by drawing alone. */

/** More than these are thinned: every second one goes. */
const MOST = 360;

/** @param {Prediction} answer @returns {number}  The likeliest digit, whatever the verdict. */
export const topDigit = ({ probabilities }) => ranking(probabilities)[0];

/** @param {ReadonlySet<string>} a @param {ReadonlySet<string>} b @returns {boolean} */
const same = (a, b) => a.size === b.size && [...a].every((name) => b.has(name));

export class Moments {
  /** @type {Moment[]} */
  list = [];

  clear() {
    this.list = [];
  }

  /** @param {Moment} moment */
  push(moment) {
    this.list.push(moment);
    if (this.list.length > MOST) this.list = this.list.filter((_, i) => i % 2 === 0 || i === this.list.length - 1);
  }

  /** @returns {Flip[]}  Where another digit took the lead. */
  flips() {
    return this.list.slice(1).flatMap(({ answer, switches }, i) => {
      const last = this.list[i];
      const [before, after] = [topDigit(last.answer), topDigit(answer)];
      const switched = !same(switches.off, last.switches.off) || !same(switches.skip, last.switches.skip);
      return before === after ? [] : [{ index: i + 1, before, after, switched }];
    });
  }
}
