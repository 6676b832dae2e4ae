// Ten bars: the probability of each digit.

import { argmax } from "../explain/numbers.js";
import { percent } from "../explain/words.js";
import { el, setText } from "./dom.js";

/** @param {HTMLElement} list @param {number} count */
export function buildBars(list, count) {
  list.replaceChildren(...Array.from({ length: count }, (_, digit) => row(digit)));
}

/** @param {number} digit @returns {HTMLElement} */
function row(digit) {
  const track = el("span", { class: "track", "aria-hidden": "true" }, el("span", { class: "fill" })); // the percentage is the text
  return el("li", { "data-digit": `${digit}` }, el("span", { class: "digit" }, `${digit}`), track, el("span", { class: "share" }));
}

/**
 * @param {HTMLElement} list @param {number[] | null} probabilities  Null on a blank pad.
 */
export function renderBars(list, probabilities) {
  const top = probabilities ? argmax(probabilities) : -1;
  Array.from(list.children).forEach((item, digit) => {
    setText(/** @type {Element} */ (item.lastElementChild), probabilities ? percent(probabilities[digit]) : "–");
    const transform = `scaleX(${(probabilities?.[digit] ?? 0).toFixed(4)})`;
    const { style } = /** @type {HTMLElement} */ (item.querySelector(".fill"));
    if (style.transform !== transform) style.transform = transform;
    item.classList.toggle("top", digit === top);
  });
}
