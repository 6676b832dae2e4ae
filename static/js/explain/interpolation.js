// The straight path from one picture to another: the network's answer anywhere on it, and where the answer flips.
// Logits are linear between two breakpoints, so logits are interpolated, not probabilities.

import { softmax } from "./forward.js";
import { argmax, interpolate } from "./numbers.js";
import { percent } from "./words.js";

/** @import { Flip, Path } from "../server/api.js" */
/** @import { StackedArea } from "./stacked-area.js" */

/** Places on the path that a chart shows, besides the tipping points. */
const PLACES = 240;

/** @param {Path} path @param {number} t  From 0 to 1. @returns {number[]} */
export const logitsAt = ({ at, logits }, t) => interpolate(at, logits, t);

/** @param {Path} path @param {number} t @returns {number[]} */
export const probabilitiesAt = (path, t) => softmax(logitsAt(path, t), path.temperature);

/** @param {Path} path @param {number} t @returns {number}  The likeliest digit there; at a tipping point the new one. */
export function digitAt({ logits, flips }, t) {
  return flips.findLast(({ at }) => at <= t)?.after ?? argmax(logits[0]);
}

/** @param {Path} path @returns {number}  How often a neuron becomes active or inactive. */
export const breakpointsOf = ({ at }) => at.filter((place) => place > 0 && place < 1).length;

/** @param {Path} path @returns {StackedArea} */
export function stackedAreaOf(path) {
  const even = Array.from({ length: PLACES + 1 }, (_, i) => i / PLACES);
  const places = [...new Set([...even, ...path.flips.map(({ at }) => at)])].sort((a, b) => a - b);
  const ends = [0, ...path.flips.map(({ at }) => at), 1];
  return {
    columns: places.map((x) => ({ x, shares: probabilitiesAt(path, x) })),
    leadingSpans: ends.slice(1).map((to, i) => ({ from: ends[i], to, digit: digitAt(path, ends[i]), faint: false })),
    marks: path.flips.map(({ at }) => ({ x: at, text: percentAt(at) })),
  };
}

/** @param {number} at @returns {string}  "37.2%". */
export const percentAt = (at) => `${(100 * at).toFixed(1)}%`;

/** @param {ArrayLike<number>} from @param {ArrayLike<number>} to @param {number} t @returns {number[]} */
export const mixed = (from, to, t) => Array.from(from, (value, i) => value + t * (to[i] - value));

/** @param {ArrayLike<number>} from @param {ArrayLike<number>} part  The share of each pixel's ink that fades, 0 to 1. @returns {number[]} */
export const faded = (from, part) => Array.from(from, (value, i) => value * (1 - part[i]));

/** @param {Flip} flip @param {string} how  "faded", "of the way". @returns {string} */
export const flipSentence = ({ at, before, after }, how) => `At ${percentAt(at)} ${how}, ${before} becomes ${after}`;

/**
 * The first flip, or that there is none, in a sentence.
 * @param {Path} path @param {{how: string, end: string}} words  "faded", "Even without it". @returns {string}
 */
export function summaryOf(path, { how, end }) {
  if (path.flips.length === 0) return `${end}, it stays ${digitAt(path, 1)}.`;
  return `${flipSentence(path.flips[0], how)}.`;
}

/** @param {Path} path @param {number} t @returns {string}  "7 (93.1%)". */
export function answerAt(path, t) {
  const digit = digitAt(path, t);
  return `${digit} (${percent(probabilitiesAt(path, t)[digit])})`;
}
