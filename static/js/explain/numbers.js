// Arithmetic on lists of numbers. Extremes are found by going through the list: a long one cannot be spread into the
// arguments of Math.max.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {ArrayLike<number>} values @returns {number}  The index of the largest; of the first, where several are. */
export function argmax(values) {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[largest]) largest = i;
  return largest;
}

/** @param {number[]} values @returns {[number, number]}  The least and the most. */
export const extentOf = (values) =>
  values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

/** @param {ArrayLike<number>} values @returns {number}  The largest absolute value; 0 of none. */
export function strongestOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** @param {ArrayLike<number>} values @param {number} share @returns {number}  The quantile of the absolute values. */
export function quantile(values, share) {
  const sorted = Float32Array.from(values, Math.abs).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

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
