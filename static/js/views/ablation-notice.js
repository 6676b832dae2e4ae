// Notice that neurons are ablated or steps of the preprocessing skipped, with a button that restores them.

import { button } from "./dom.js";

/** @import { Choice } from "../state/store.js" */

/** @type {Record<string, string>} */
const STEPS = { fit: "fitting to size", centre: "centring" };

/** @param {Pick<Choice, "ablated" | "skip">} choice @returns {string}  Empty if all is whole. */
export function ablationSummary({ ablated, skip }) {
  const neurons = ablated.size === 1 ? "1 neuron is" : `${ablated.size} neurons are`;
  const parts = [...(ablated.size ? [`${neurons} switched off`] : []), ...[...skip].map((step) => `${STEPS[step]} is left out`)];
  return parts.length ? `${parts.join(", ").replace(/^./, (first) => first.toUpperCase())}.` : "";
}

/** @param {HTMLElement} element @param {Choice} choice @param {() => void} restore */
export function renderAblationNotice(element, choice, restore) {
  const sentence = ablationSummary(choice);
  if (sentence === element.dataset.sentence) return;
  element.dataset.sentence = sentence;
  element.hidden = sentence === "";
  element.replaceChildren(`${sentence} `, button("Make it whole", restore, "link"));
}
