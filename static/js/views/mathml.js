// Formulas in the browser's own MathML, element by element, and the numbers that stand in them.

/** @typedef {Node | string} Child */

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {string} name @param {...Child} children @returns {MathMLElement} */
export function m(name, ...children) {
  const element = document.createElementNS(MATHML, name);
  element.append(...children);
  return element;
}

/** @param {string} name @returns {MathMLElement} */
export const mi = (name) => m("mi", name);
/** @param {string} sign @returns {MathMLElement} */
export const mo = (sign) => m("mo", sign);
/** @param {string} base @param {string | number} index @returns {MathMLElement} */
export const sub = (base, index) => m("msub", mi(base), typeof index === "number" ? m("mn", `${index}`) : mi(index));

/** @param {number} value @param {number} [places] @returns {MathMLElement}  With a real minus. */
export function mn(value, places = 3) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? m("mrow", mo("−"), m("mn", text)) : m("mn", text);
}

/** @param {number} value @param {number} [places] @returns {MathMLElement}  In brackets if it is below zero. */
export const factor = (value, places = 3) =>
  value < 0 ? m("mrow", mo("("), mn(value, places), mo(")")) : mn(value, places);

/** @param {string} label  The formula in words. @param {...Child} children @returns {MathMLElement} */
export function formula(label, ...children) {
  const element = m("math", m("mrow", ...children));
  if (label) element.setAttribute("aria-label", label);
  element.setAttribute("displaystyle", "true");
  return element;
}

/** @param {number} value  Above zero. @returns {string}  Three figures, and a power of ten where it is far from one. */
export function brief(value) {
  if (value >= 0.01 && value < 1e5) return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 4 });
  if (!(value > 0 && value < Infinity)) return value > 0 ? "beyond all counting" : "0";
  const [digits, power] = value.toExponential(1).split("e");
  const raised = Array.from(`${Math.abs(Number(power))}`, (figure) => SUPERSCRIPTS[Number(figure)]).join("");
  return `${digits} · 10${Number(power) < 0 ? "⁻" : ""}${raised}`;
}
