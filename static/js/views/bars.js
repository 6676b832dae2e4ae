// Ten bars: the probability of each digit, or its log-odds, which tell apart what is almost impossible.

import { argmax } from "../explain/numbers.js";
import { signed } from "../explain/reasons.js";
import { percent } from "../explain/words.js";
import { el, setText } from "./dom.js";

/** Odds beyond e to this power, either way, are off the scale. */
const FARTHEST = 20;

/** @param {number[]} probabilities @param {number} digit @returns {number}  The logarithm of its odds against all others; infinite if they leave nothing. */
export const logOddsOf = (probabilities, digit) =>
  Math.log(probabilities[digit] / probabilities.reduce((sum, share, each) => (each === digit ? sum : sum + share), 0));

/** @param {number} logOdds @returns {string} */
const logOddsText = (logOdds) => (Math.abs(logOdds) > FARTHEST ? `${logOdds > 0 ? ">+" : "<−"}${FARTHEST}` : signed(logOdds));

/** @param {number[]} probabilities @param {number} digit @param {boolean} logOdds @returns {{text: string, length: number}}  The length from 0 to 1. */
function barOf(probabilities, digit, logOdds) {
  if (!logOdds) return { text: percent(probabilities[digit]), length: probabilities[digit] };
  const value = logOddsOf(probabilities, digit);
  return { text: logOddsText(value), length: Math.min(1, Math.max(0, 0.5 + value / (2 * FARTHEST))) };
}

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
 * @param {HTMLElement} list  Marked `data-log-odds`, it has their scale. @param {number[] | null} probabilities  Null on a blank pad.
 */
export function renderBars(list, probabilities) {
  const logOdds = list.hasAttribute("data-log-odds");
  const top = probabilities ? argmax(probabilities) : -1;
  Array.from(list.children).forEach((item, digit) => {
    const { text, length } = probabilities ? barOf(probabilities, digit, logOdds) : { text: "–", length: 0 };
    setText(/** @type {Element} */ (item.lastElementChild), text);
    const transform = `scaleX(${length.toFixed(4)})`;
    const { style } = /** @type {HTMLElement} */ (item.querySelector(".fill"));
    if (style.transform !== transform) style.transform = transform;
    item.classList.toggle("top", digit === top);
  });
}
