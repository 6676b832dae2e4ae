// Stacked areas of ten probabilities along an axis: which digit leads where, and where an area is large enough for its
// name. The axis may be the moments of a drawing or the path from one picture to another.

import { interpolate, strongestOf } from "./numbers.js";

/** @typedef {{x: number, shares: number[]}} Column  The probabilities at x, from 0 to 1. */
/** @typedef {{from: number, to: number, digit: number, faint: boolean}} LeadingSpan  Faint: the likeliest, but not the answer. */
/** @typedef {{x: number, text: string}} Mark  A place where another digit becomes the most probable. */
/** @typedef {{columns: Column[], leadingSpans: LeadingSpan[], marks: Mark[]}} StackedArea */
/** @typedef {{digit: number, x: number, y: number, leadingSpan: LeadingSpan | null}} Label  In pixels. */

/** The width and height of a name, in pixels. */
const MIN_LABEL_PX = 15;
/** Where an area has this share of its largest width, it counts as widest. */
const NEAR_WIDEST = 0.97;

/** @param {Column[]} columns @param {number} x @returns {number[]}  Linear between two columns. */
export const sharesAt = (columns, x) => interpolate(columns.map((column) => column.x), columns.map(({ shares }) => shares), x);

/** @param {Column[]} columns @param {number} from @param {number} to @returns {Column[]}  The columns between, and the two ends. */
export function cut(columns, from, to) {
  const ends = [from, to].map((x) => ({ x, shares: sharesAt(columns, x) }));
  return [ends[0], ...columns.filter(({ x }) => x > from && x < to), ends[1]];
}

/** @param {number[]} shares @param {number} digit @returns {number}  The sum of the shares above a digit; 0 is at the top. */
export function above(shares, digit) {
  let sum = 0;
  for (let i = 0; i < digit; i++) sum += shares[i];
  return sum;
}

/** @param {Column[]} columns @param {number} digit @returns {Column}  The middle of where its area is widest. */
function widest(columns, digit) {
  const most = strongestOf(columns.map(({ shares }) => shares[digit]));
  const candidates = columns.filter(({ shares }) => shares[digit] >= NEAR_WIDEST * most);
  return candidates[Math.floor(candidates.length / 2)];
}

/**
 * Where the names fit: one where a digit leads, and one in each stretch between.
 * @param {StackedArea} area @param {number} width @param {number} height  In pixels. @returns {Label[]}
 */
export function labelsOf({ columns, leadingSpans }, width, height) {
  /** @type {(LeadingSpan & {leadingSpan: LeadingSpan | null})[]} */
  const stretches = leadingSpans.map((leadingSpan) => ({ ...leadingSpan, leadingSpan }));
  for (let digit = 0; digit < columns[0].shares.length; digit++) {
    for (const [from, to] of gaps(leadingSpans.filter((leadingSpan) => leadingSpan.digit === digit))) {
      stretches.push({ from, to, digit, faint: false, leadingSpan: null });
    }
  }
  return stretches.flatMap(({ from, to, digit, leadingSpan }) => {
    if ((to - from) * width < MIN_LABEL_PX) return [];
    const { x, shares } = widest(cut(columns, from, to), digit);
    if (shares[digit] * height < MIN_LABEL_PX) return [];
    const [left, right] = [from * width + MIN_LABEL_PX / 2, to * width - MIN_LABEL_PX / 2];
    const at = Math.min(right, Math.max(left, x * width));
    const there = sharesAt(columns, at / width);
    return there[digit] * height < MIN_LABEL_PX ? [] : [{ digit, x: at, y: (above(there, digit) + there[digit] / 2) * height, leadingSpan }];
  });
}

/** @param {LeadingSpan[]} leadingSpans @returns {[number, number][]}  The stretches between them. */
function gaps(leadingSpans) {
  const ends = [0, ...leadingSpans.flatMap(({ from, to }) => [from, to]), 1];
  return Array.from({ length: ends.length / 2 }, (_, i) => [ends[2 * i], ends[2 * i + 1]]);
}
