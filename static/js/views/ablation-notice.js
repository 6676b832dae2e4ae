// Says that the answer is not the whole network's, or not of the whole preprocessing, and offers to mend it.

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
  if (sentence === element.dataset.says) return;
  element.dataset.says = sentence;
  element.hidden = sentence === "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Make it whole";
  button.addEventListener("click", restore);
  element.replaceChildren(`${sentence} `, button);
}
