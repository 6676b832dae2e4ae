// Numbers of a list: where the largest is, the least and the most, and the largest whatever the sign. They go through the
// list, for one of any length may be too long to be spread into the arguments of Math.max.

/** @param {ArrayLike<number>} values @returns {number}  The index of the largest; of the first, where several are. */
export const argmax = (values) => Array.from(values).reduce((best, value, i, all) => (value > all[best] ? i : best), 0);

/** @param {number[]} values @returns {[number, number]}  The least and the most. */
export const extentOf = (values) =>
  values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

/** @param {ArrayLike<number>} values @returns {number}  The largest absolute value; 0 of none. */
export const strongestOf = (values) => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
