// The drawing's life so far: every answer with the drawing it was about, and where the answer flipped.

import { ranking } from "./words.js";

/** @import { Prediction } from "./api.js" */
/** @import { Snapshot } from "./snapshot.js" */
/** @typedef {{snapshot: Snapshot, answer: Prediction, time: number}} Moment  Time in milliseconds. */

/** More than these are thinned: every second one goes. */
const MOST = 360;

/** @param {Prediction} answer @returns {number}  The likeliest digit, whatever the verdict. */
export const leader = ({ probabilities }) => ranking(probabilities)[0];

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

  /** @returns {{index: number, before: number, after: number}[]}  Where another digit took the lead. */
  flips() {
    return this.list.slice(1).flatMap(({ answer }, i) => {
      const [before, after] = [leader(this.list[i].answer), leader(answer)];
      return before === after ? [] : [{ index: i + 1, before, after }];
    });
  }
}
