// History of a drawing: every answer with its drawing and its network, and where the answer flipped.

import { argmax } from "../explain/numbers.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Prediction } from "../server/predictor.js" */
/**
 * What was ablated or skipped when a question was asked; it belongs to the answer.
 * @typedef {object} Switches
 * @property {ReadonlySet<string>} ablated  Units such as "hidden1.17".
 * @property {ReadonlySet<string>} skip  Steps of the preprocessing that are left out: "fit", "centre".
 */
/** @typedef {{snapshot: Snapshot, answer: Prediction, time: number, switches: Switches}} Moment  Time in milliseconds. */
/** @typedef {{index: number, before: number, after: number, switched: boolean}} Flip  Switched: a switch changed the answer, not drawing alone. */

/** A longer list is thinned: every second moment goes. */
const MOST = 360;

/** @param {ReadonlySet<string>} a @param {ReadonlySet<string>} b @returns {boolean} */
const same = (a, b) => a.size === b.size && [...a].every((name) => b.has(name));

export class Moments {
  /** @type {Moment[]} */
  list = [];

  clear() {
    this.list = [];
  }

  /** @param {Moment} moment @param {Moment | null} [viewed]  The one being looked at: it stays. */
  push(moment, viewed = null) {
    this.list.push(moment);
    if (this.list.length <= MOST) return;
    this.list = this.list.filter((each, i) => i % 2 === 0 || each === moment || each === viewed);
  }

  /** @returns {Flip[]}  Where another digit became the most probable. */
  flips() {
    return this.list.slice(1).flatMap(({ answer, switches }, i) => {
      const last = this.list[i];
      const [before, after] = [argmax(last.answer.probabilities), argmax(answer.probabilities)];
      const switched = !same(switches.ablated, last.switches.ablated) || !same(switches.skip, last.switches.skip);
      return before === after ? [] : [{ index: i + 1, before, after, switched }];
    });
  }
}
