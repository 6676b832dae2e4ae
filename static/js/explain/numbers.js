// Arithmetic on lists of numbers. Extremes are found by going through the list: a long one cannot be spread into the
// arguments of Math.max.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {ArrayLike<number>} values @returns {number}  The index of the largest; of the first, where several are. */
export const argmax = (values) => Array.from(values).reduce((largest, value, i, all) => (value > all[largest] ? i : largest), 0);

/** @param {number[]} values @returns {[number, number]}  The least and the most. */
export const extentOf = (values) =>
  values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

/** @param {ArrayLike<number>} values @returns {number}  The largest absolute value; 0 of none. */
export const strongestOf = (values) => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Straight lines between rows of numbers at rising places; beyond the ends, the rows there.
 * @param {number[]} places @param {number[][]} rows @param {number} x @returns {number[]}
 */
export function interpolate(places, rows, x) {
  const next = places.findIndex((place) => place >= x);
  if (next <= 0) return rows[next === 0 ? 0 : rows.length - 1];
  const part = (x - places[next - 1]) / (places[next] - places[next - 1]);
  return rows[next - 1].map((value, i) => value + part * (rows[next][i] - value));
}

/** @param {number} power @returns {string}  Such as 10⁻⁴. */
export const powerOfTen = (power) =>
  `10${power < 0 ? "⁻" : ""}${Array.from(`${Math.abs(power)}`, (figure) => SUPERSCRIPTS[Number(figure)]).join("")}`;
