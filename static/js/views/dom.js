// Elements of a page: found, or made in one expression, and the pieces that several panels are made of.

import { signed } from "../explain/reasons.js";

/** @template {Element} [T=HTMLElement] @param {string} selector @param {ParentNode} [within] @returns {T} */
export const find = (selector, within = document) => /** @type {T} */ (within.querySelector(selector));

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

/**
 * Changes the text of an element that holds nothing else. The text node stays, since a new one would have its style computed
 * too, and the same words are not written again: they would be laid out, and read out, again.
 * @param {Element} element @param {string} words
 */
export function setText(element, words) {
  const text = element.firstChild;
  if (!(text instanceof Text)) element.textContent = words;
  else if (text.data !== words) text.data = words;
}

/** @param {HTMLElement} element @param {boolean} hidden  If it is that already, to set it would compute its style anew. */
export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** @param {string[]} names  An empty one heads nothing. @returns {HTMLElement}  The head of a table. */
export const headOf = (names) => el("thead", {}, el("tr", {}, ...names.map((name) => (name ? el("th", { scope: "col" }, name) : el("td")))));

/** @param {string} name @param {number} value @param {string} [kind] @param {number} [places]  A line of a sum. */
export const sumRow = (name, value, kind = value > 0 ? "pro" : "con", places = 2) =>
  el("tr", { class: kind }, el("th", { scope: "row" }, name), el("td", {}, signed(value, places)));

/**
 * Calls back while a pointer is down on an element and moves, even beyond its edges.
 * @param {HTMLElement} element @param {(x: number, width: number) => void} moved  In pixels from the element's left edge.
 */
export function followPointer(element, moved) {
  const follow = (/** @type {PointerEvent} */ event) => {
    const { left, width } = element.getBoundingClientRect();
    moved(event.clientX - left, width);
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    follow(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) follow(event);
  });
}

/** @returns {(...parts: unknown[]) => boolean}  Whether a part is another than at the last call: else nothing is to be shown anew. */
export function changes() {
  /** @type {unknown[]} */
  let last = [];
  return (...parts) => {
    const before = last;
    last = parts;
    return parts.some((part, i) => part !== before[i]);
  };
}
