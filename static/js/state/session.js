// The drawing in session storage: it is kept from page to page while the tab is open, one digit and a number apart, with
// which of the two is on the pad.

import { drawingIn, fragmentOf } from "./share-link.js";

/** @import { Sketch } from "../drawing/strokes.js" */

const MODE = "mode";
/** @param {boolean} wide @returns {string} */
const keyOf = (wide) => (wide ? "number" : "drawing");

/**
 * Saves the drawing when the page is left, and shows what another page has saved when the browser goes back to this one.
 * @param {() => Sketch} current  What is on the pad. @param {(sketch: Sketch) => void} show
 */
export function keepDrawing(current, show) {
  addEventListener("pagehide", () => save(current()));
  addEventListener("pageshow", ({ persisted }) => {
    const now = current();
    const sketch = persisted ? drawingIn(read(keyOf(now.wide))) : null;
    if (sketch && fragmentOf(sketch) !== fragmentOf(now)) show(sketch);
  });
}

/** @param {Sketch} sketch */
function save(sketch) {
  const key = keyOf(sketch.wide);
  write(key, sketch.strokes.length ? fragmentOf(sketch) : "");
}

/** @param {string} key @param {string} text */
function write(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // storage may be forbidden or full: it is then forgotten
  }
}

/** @param {string} key @returns {string}  Empty if nothing is stored, or storage is forbidden. */
function read(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {boolean} wide */
export const keepMode = (wide) => write(MODE, wide ? "number" : "");

/** @returns {boolean}  Whether numbers were drawn when the page was left. */
export const keptMode = () => read(MODE) === "number";

/** @param {boolean} [wide] @returns {Sketch | null}  The digit or the number that another page has saved; nothing after a reload. */
export function keptDrawing(wide = false) {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return navigation?.type === "reload" ? null : drawingIn(read(keyOf(wide)));
}
