// Fields that panels share: one of a few, one of the ten digits, and one of many.

import { button, el } from "./dom.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
let fields = 0;

/**
 * One of a few named things, as radio buttons in a row.
 * @param {string} legend @param {(index: number) => void} chosen @param {"choice" | "radios" | "digits"} [kind]  How it looks.
 * @returns {{element: HTMLFieldSetElement, show: (names: string[], index: number, without?: number) => void}}
 */
export function choiceField(legend, chosen, kind = "choice") {
  const group = `field-${++fields}`;
  const element = el("fieldset", { class: kind }, el("legend", kind === "choice" ? { class: "unseen" } : {}, legend));
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  let shown = "";
  const build = (/** @type {string[]} */ names) => {
    inputs = names.map((_, i) => el("input", { type: "radio", name: group, value: `${i}` }));
    inputs.forEach((input, i) => input.addEventListener("change", () => chosen(i)));
    element.replaceChildren(element.children[0], ...inputs.map((input, i) => el("label", {}, input, el("span", {}, names[i]))));
  };
  const show = (/** @type {string[]} */ names, /** @type {number} */ index, without = -1) => {
    if (shown !== names.join("\n")) build(names);
    shown = names.join("\n");
    inputs.forEach((input, i) => {
      input.checked = i === index;
      input.disabled = i === without;
    });
  };
  return { element, show };
}

/**
 * One of the ten digits.
 * @param {string} legend @param {(digit: number) => void} chosen
 * @returns {{element: HTMLFieldSetElement, show: (digit: number, without?: number) => void}}
 */
export function digitField(legend, chosen) {
  const { element, show } = choiceField(legend, chosen, "digits");
  show(DIGITS, -1);
  return { element, show: (digit, without) => show(DIGITS, digit, without) };
}

/**
 * A whole number from 0 to a count: typed, or reached step by step, from the last to the first.
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
    // Does not overwrite what is being typed.
    if (shown !== value || document.activeElement !== input) input.value = `${shown}`;
    [value, count] = [shown, of];
    input.max = `${of - 1}`;
  };
  return { element: el("div", { class: "stepper" }, el("span", { "aria-hidden": "true" }, label), previous, input, next), show };
}
