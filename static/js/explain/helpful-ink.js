// Dots of ink that would help a digit: placed on the drawing itself, and kept only if they raise its probability there.

import { boxAround, placeInBox } from "./reasons.js";
import { CELLS, placesIn } from "./stroke-attribution.js";
import { percent } from "./words.js";

/** @import { Point, Stroke } from "../drawing/strokes.js" */
/** @import { Dab, Prediction } from "../server/api.js" */
/** @import { Area } from "./stroke-attribution.js" */
/** @typedef {{dot: Stroke, place: string, before: number, after: number, digit: number | null}} Suggestion  Probabilities. */

/** The dot's width in cells. */
const WIDTH = 2;
/** A smaller probability is written with its first significant figure. */
const TINY = 0.0005;
const NOTHING = 1e-7;

/** @param {Dab} cell @param {Area} area @returns {Stroke}  One point of a pen. */
export function dotAt({ row, column }, area) {
  return { erase: false, width: (WIDTH * area.side) / CELLS, points: [placesIn(area)(column + 0.5, row + 0.5)] };
}

/** @param {Stroke} dot @param {number} [aspect]  The pad's width by its height. @returns {boolean} */
export const onPad = ({ points: [{ x, y }] }, aspect = 1) => x > 0 && x < aspect && y > 0 && y < 1;

/** @param {Point} point @param {readonly Stroke[]} strokes  All ink. @returns {string}  "at the top left" of the drawing. */
export const placeIn = (point, strokes) => placeInBox(point, boxAround(strokes.flatMap(({ points }) => points)));

/**
 * The dots that raise a digit's probability when they are drawn, the most helpful first.
 * @param {{dot: Stroke, place: string}[]} dots @param {number} before  Its probability now.
 * @param {Prediction[]} answers  With each dot. @param {number} target @returns {Suggestion[]}
 */
export function improving(dots, before, answers, target) {
  const tried = dots.map(({ dot, place }, i) => ({ dot, place, before, after: answers[i].probabilities[target], digit: answers[i].digit }));
  return tried.filter(({ after }) => after > before).sort((a, b) => b.after - a.after);
}

/** @param {number} share @returns {string}  A percentage that never rounds to 0. */
export function finePercent(share) {
  if (share >= TINY) return percent(share);
  if (share < NOTHING) return "almost 0%";
  const rounded = Number((100 * share).toPrecision(1));
  return `${rounded.toFixed(Math.ceil(-Math.log10(rounded)))}%`;
}

/** @param {Suggestion} suggestion @param {number} target @returns {string}  "7 from 12.0% to 41.0%". */
export function gainText({ before, after }, target) {
  const [from, to] = [finePercent(before), finePercent(after)];
  if (from !== to) return `${target} from ${from} to ${to}`;
  return `${target} a little up, at ${from}`;
}
