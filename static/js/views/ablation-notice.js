// Notice that neurons or steps of the preprocessing are switched off, with a button that restores them.

/** @import { Choice } from "../state/store.js" */

/** @type {Record<string, string>} */
const STEPS = { fit: "fitting to size", centre: "centring" };

/** @param {Pick<Choice, "off" | "skip">} choice @returns {string}  Empty if all is whole. */
export function ablationSummary({ off, skip }) {
  const neurons = off.size === 1 ? "1 neuron is" : `${off.size} neurons are`;
  const parts = [...(off.size ? [`${neurons} switched off`] : []), ...[...skip].map((step) => `${STEPS[step]} is left out`)];
  return parts.length ? `${parts.join(", ").replace(/^./, (first) => first.toUpperCase())}.` : "";
}

/** @param {HTMLElement} element @param {Choice} choice @param {() => void} restore */
export function renderAblationNotice(element, choice, restore) {
  const sentence = ablationSummary(choice);
  if (sentence === element.dataset.sentence) return;
  element.dataset.sentence = sentence;
  element.hidden = sentence === "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Make it whole";
  button.addEventListener("click", restore);
  element.replaceChildren(`${sentence} `, button);
}
