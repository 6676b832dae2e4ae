// Logarithmic axes: where a value lies, and which round numbers are marked.

/** @typedef {{from: number, to: number}} Range  Of values above zero. */

/** @param {number} value @param {Range} range @returns {number}  From 0 to 1, and beyond for what lies beyond. */
export function placeOn(value, { from, to }) {
  return to > from ? Math.log(value / from) / Math.log(to / from) : 0;
}

/** @param {number} place @param {Range} range @returns {number}  The value there. */
export const valueAt = (place, { from, to }) => from * (to / from) ** place;

/** @param {number[]} values @param {number} floor  Less is shown as this. @returns {Range}  From a round number to one. */
export function rangeOf(values, floor) {
  const shown = values.filter(Number.isFinite).map((value) => Math.max(floor, value));
  const [from, to] = [Math.min(...shown), Math.max(...shown)];
  return { from: roundBelow(from), to: roundAbove(to) };
}

/** The steps between two powers of ten at which an axis may end. */
const ROUND = [1, 2, 5, 10];

/** @param {number} value @returns {number} */
function roundBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * (ROUND.findLast((step) => step * power <= value * (1 + 1e-9)) ?? 1);
}

/** @param {number} value @returns {number} */
function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * (ROUND.find((step) => step * power >= value * (1 - 1e-9)) ?? 10);
}

/** @param {Range} range @returns {number[]}  The powers of ten and, where these are few, twice and five times them. */
export function ticksOf({ from, to }) {
  const all = [];
  for (let power = Math.floor(Math.log10(from) + 1e-9); 10 ** power <= to * (1 + 1e-9); power++) {
    for (const step of [1, 2, 5]) all.push({ value: Number((step * 10 ** power).toPrecision(6)), step });
  }
  const panelHost = all.filter(({ value }) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
  const tens = panelHost.filter(({ step }) => step === 1);
  return (tens.length > 1 ? tens : panelHost).map(({ value }) => value);
}
