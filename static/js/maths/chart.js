// Small charts in SVG: points to paths, and the slider under them with its value in words.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {[number, number]} Point */

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name @param {Record<string, string | number>} attributes @param {string} [words] @returns {SVGElementTagNameMap[K]}
 */
export function shape(name, attributes, words = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`);
  element.textContent = words;
  return element;
}

/** @param {Point[]} points @returns {string}  As the data of a path; far away points stay within reach of the renderer. */
export const trail = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${bounded(x)} ${bounded(y)}`).join("");

/** @param {number} value @returns {number} */
const bounded = (value) => Math.round(100 * Math.min(Math.max(value || 0, -9999), 9999)) / 100;

/**
 * @param {[number, number]} from @param {[number, number]} to
 * @returns {(value: number) => number}  The straight line that sends one range to the other.
 */
export const scale = ([a, b], [left, right]) => (value) => left + ((value - a) / (b - a)) * (right - left);

/** @param {Element} figure @param {string} name @returns {number[]}  What the server wrote there. */
export const numbersOf = (figure, name) => (figure.getAttribute(`data-${name}`) ?? "").split(" ").map(Number);

/**
 * @template {Element} [T=HTMLElement]
 * @param {Element} figure @param {string} selector @returns {T}
 */
export const part = (figure, selector) => /** @type {T} */ (figure.querySelector(selector));

/**
 * A slider that says its value in words; `moved` is called whenever it moves.
 * @param {Element} figure @param {string} id @param {(value: number) => string} words @param {() => void} moved
 * @returns {() => number}  Its value.
 */
export function slider(figure, id, words, moved) {
  const input = /** @type {HTMLInputElement} */ (part(figure, `#${id}`));
  const output = part(figure, `output[for="${id}"]`);
  input.addEventListener("input", () => {
    output.textContent = words(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
    moved();
  });
  return () => input.valueAsNumber;
}
