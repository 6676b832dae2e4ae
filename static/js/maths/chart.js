// Parts of small charts: paths through points, scales, and a slider with its value in words.

import { find } from "../views/dom.js";

/** @typedef {[number, number]} Point */

/** @param {Point[]} points @returns {string}  The data of a path; points far away are clamped for the renderer. */
export const trail = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${bounded(x)} ${bounded(y)}`).join("");

/** @param {number} value @returns {number} */
const bounded = (value) => Math.round(100 * Math.min(Math.max(value || 0, -9999), 9999)) / 100;

/**
 * @param {[number, number]} from @param {[number, number]} to
 * @returns {(value: number) => number}  The linear map from one range to the other.
 */
export const scale = ([a, b], [left, right]) => (value) => left + ((value - a) / (b - a)) * (right - left);

/** @param {Element} figure @param {string} name @returns {number[]}  From its data attribute. */
export const numbersOf = (figure, name) => (figure.getAttribute(`data-${name}`) ?? "").split(" ").map(Number);

/**
 * A slider with its value in words beside it; `moved` is called whenever it moves.
 * @param {Element} figure @param {string} id @param {(value: number) => string} words @param {() => void} moved
 * @returns {() => number}  Its value.
 */
export function slider(figure, id, words, moved) {
  const input = /** @type {HTMLInputElement} */ (find(`#${id}`, figure));
  const output = find(`output[for="${id}"]`, figure);
  input.addEventListener("input", () => {
    output.textContent = words(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
    moved();
  });
  return () => input.valueAsNumber;
}
