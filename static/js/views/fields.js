// Fields that panels share: one of a few, and one of many.

import { button, el } from "./dom.js";

let fields = 0;

/**
 * One of a few named things, as radio buttons in a row.
 * @param {string} legend @param {(index: number) => void} chosen
 * @returns {{element: HTMLFieldSetElement, show: (names: string[], index: number) => void}}
 */
export function choiceField(legend, chosen) {
  const name = `choice-field-${++fields}`;
  const element = el("fieldset", { class: "choice" }, el("legend", { class: "unseen" }, legend));
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  let shape = "";
  const build = (/** @type {string[]} */ names) => {
    for (const input of inputs) input.parentElement?.remove();
    inputs = names.map(() => el("input", { type: "radio", name }));
    inputs.forEach((input, i) => input.addEventListener("change", () => chosen(i)));
    element.append(...inputs.map((input, i) => el("label", {}, input, el("span", {}, names[i]))));
  };
  const show = (/** @type {string[]} */ names, /** @type {number} */ index) => {
    if (shape !== names.join("\n")) build(names);
    shape = names.join("\n");
    inputs.forEach((input, i) => (input.checked = i === index));
  };
  return { element, show };
}

/**
 * A whole number from 0 on: typed, or gone to step by step, round and round.
 * @param {string} label @param {(value: number) => void} chosen
 * @returns {{element: HTMLElement, show: (value: number, count: number) => void}}
 */
export function stepper(label, chosen) {
  const input = el("input", { type: "number", min: "0", step: "1", inputmode: "numeric", "aria-label": label });
  let [value, count] = [0, 1];
  const go = (/** @type {number} */ to) => chosen((to + count) % count);
  const previous = button("‹", () => go(value - 1), "step");
  const next = button("›", () => go(value + 1), "step");
  previous.ariaLabel = `Previous ${label.toLowerCase()}`;
  next.ariaLabel = `Next ${label.toLowerCase()}`;
  input.addEventListener("change", () => {
    const typed = Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : value;
    const meant = Math.min(count - 1, Math.max(0, typed));
    input.value = `${meant}`;
    chosen(meant);
  });
  const show = (/** @type {number} */ shown, /** @type {number} */ of) => {
    // What is being typed is left alone.
    if (shown !== value || document.activeElement !== input) input.value = `${shown}`;
    [value, count] = [shown, of];
    input.max = `${of - 1}`;
  };
  return { element: el("div", { class: "stepper" }, el("span", { "aria-hidden": "true" }, label), previous, input, next), show };
}
