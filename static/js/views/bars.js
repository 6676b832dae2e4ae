// Ten bars, one a digit: how much of its belief the network gives to each.

import { percent, ranking } from "../explain/words.js";

/** @param {HTMLElement} list @param {number} count */
export function buildBars(list, count) {
  list.replaceChildren(...Array.from({ length: count }, (_, digit) => row(digit)));
}

/** @param {number} digit @returns {HTMLElement} */
function row(digit) {
  const [item, label, track, fill, share] = ["li", "span", "span", "span", "span"].map((name) => document.createElement(name));
  item.dataset.digit = `${digit}`;
  label.className = "digit";
  label.textContent = `${digit}`;
  track.className = "track";
  track.ariaHidden = "true"; // the percentage says it
  fill.className = "fill";
  share.className = "share";
  track.append(fill);
  item.append(label, track, share);
  return item;
}

/**
 * @param {HTMLElement} list @param {number[] | null} probabilities  Null where there is nothing to weigh.
 */
export function renderBars(list, probabilities) {
  const best = probabilities ? ranking(probabilities)[0] : -1;
  Array.from(list.children).forEach((item, digit) => {
    const share = /** @type {HTMLElement} */ (item.lastElementChild);
    const text = probabilities ? percent(probabilities[digit]) : "–";
    if (share.textContent !== text) share.textContent = text; // even the same words would be laid out anew
    const transform = `scaleX(${(probabilities?.[digit] ?? 0).toFixed(4)})`;
    const { style } = /** @type {HTMLElement} */ (item.querySelector(".fill"));
    if (style.transform !== transform) style.transform = transform;
    item.classList.toggle("best", digit === best);
  });
}
