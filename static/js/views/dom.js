// Elements in one expression: what a panel is made of.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Record<string, string>} [attributes] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** @param {string} label @param {() => void} action @param {string} [kind]  Its class. @returns {HTMLButtonElement} */
export function button(label, action, kind = "plain") {
  const made = el("button", { type: "button", class: kind }, label);
  made.addEventListener("click", action);
  return made;
}

/** @param {Element} element @param {string} words  A live region that is told the same again says it again. */
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

let fields = 0;

/**
 * One of the ten digits, as radio buttons in a row.
 * @param {string} legend @param {(digit: number) => void} chosen
 * @returns {{element: HTMLFieldSetElement, show: (digit: number, without?: number) => void}}
 */
export function digitField(legend, chosen) {
  const name = `digit-field-${++fields}`;
  const inputs = Array.from({ length: 10 }, (_, digit) => el("input", { type: "radio", name, value: `${digit}` }));
  inputs.forEach((input, digit) => input.addEventListener("change", () => chosen(digit)));
  const labels = inputs.map((input, digit) => el("label", {}, input, el("span", {}, `${digit}`)));
  const element = el("fieldset", { class: "digits" }, el("legend", {}, legend), ...labels);
  const show = (/** @type {number} */ shown, without = -1) =>
    inputs.forEach((input, digit) => {
      input.checked = digit === shown;
      input.disabled = digit === without;
    });
  return { element, show };
}

/**
 * One of several names, as radio buttons in a row.
 * @param {string} legend @param {(index: number) => void} chosen
 * @returns {{element: HTMLFieldSetElement, show: (names: string[], shown: number) => void}}
 */
export function radioField(legend, chosen) {
  const group = `radio-field-${++fields}`;
  const element = el("fieldset", { class: "radios" }, el("legend", {}, legend));
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  const show = (/** @type {string[]} */ names, /** @type {number} */ shown) => {
    if (element.dataset.names !== names.join("\n")) {
      element.dataset.names = names.join("\n");
      inputs = names.map((_, i) => el("input", { type: "radio", name: group, value: `${i}` }));
      inputs.forEach((input, i) => input.addEventListener("change", () => chosen(i)));
      element.replaceChildren(element.children[0], ...inputs.map((input, i) => el("label", {}, input, el("span", {}, names[i]))));
    }
    inputs.forEach((input, i) => (input.checked = i === shown));
  };
  return { element, show };
}
