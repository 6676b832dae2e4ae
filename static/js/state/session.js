// What session storage keeps from page to page while the tab is open: the drawing, one digit and a number apart, which of the
// two is on the pad, and which network answers. Other pages of the origin have names of their own.

import { drawingIn, fragmentOf, linkedDrawing } from "./share-link.js";

/** @import { Sketch } from "../drawing/strokes.js" */

const [MODE, NETWORK] = ["inkscope-mode", "inkscope-network"];
export const PHOTO = "inkscope-photo";
/** @param {boolean} wide @returns {string} */
const keyOf = (wide) => (wide ? "inkscope-number" : "inkscope-drawing");

/**
 * Saves the drawing when the page is left, and shows what another page has saved when the browser goes back to this one.
 * @param {() => Sketch} current  What is on the pad. @param {(sketch: Sketch) => void} show
 */
export function keepDrawing(current, show) {
  addEventListener("pagehide", () => saveDrawing(current()));
  addEventListener("pageshow", ({ persisted }) => {
    const now = current();
    const sketch = persisted ? drawingIn(read(keyOf(now.wide))) : null;
    if (sketch && fragmentOf(sketch) !== fragmentOf(now)) show(sketch);
  });
}

/**
 * Saves a drawing, after every stroke: a phone may end a page without a word, and Chromium shows the page that Back leads to
 * before it hides the other one.
 * @param {Sketch} sketch
 */
export function saveDrawing(sketch) {
  const key = keyOf(sketch.wide);
  write(key, sketch.strokes.length ? fragmentOf(sketch) : "");
  if (sketch.strokes.length) write(PHOTO, ""); // it has been drawn over
}

/** @param {string} key @param {string} text */
export function write(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // storage may be forbidden or full: it is then forgotten
  }
}

/** @param {string} key @returns {string}  Empty if nothing is stored, or storage is forbidden. */
export function read(key) {
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

/** @param {boolean} [wide] @returns {Sketch | null}  The digit or the number that was on the pad when a page was left. */
export const keptDrawing = (wide = false) => drawingIn(read(keyOf(wide)));

/**
 * The drawing that a page begins with. A link that is opened shows its own; a page that is loaded again, or returned to,
 * shows the last drawing, even if its address still has an older one.
 * @param {(sentence: string) => void} refuse  Told why the link cannot be opened. @param {boolean} [wide]  Whether a number was drawn last.
 * @returns {Sketch | null}
 */
export function firstDrawing(refuse, wide = false) {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const kept = keptDrawing(wide);
  return (navigation?.type !== "navigate" && kept) || (linkedDrawing(refuse) ?? kept);
}

/**
 * Remembers the network that the address names. Where it names none, the page about the remembered one takes this one's place.
 * @returns {boolean}  Whether it does.
 */
export function keepNetwork() {
  const named = (/** @type {{search: string}} */ { search }) => new URLSearchParams(search).get("network");
  const [now, kept] = [named(location), read(NETWORK)];
  if (now) write(NETWORK, now);
  if (now || !kept) return false;
  const others = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".network-switch a:not([aria-current])"));
  const served = Array.from(others).some((each) => named(each) === kept); // it may be served no more
  const address = new URL(location.href);
  address.searchParams.set("network", kept);
  if (served) location.replace(address.href);
  return served;
}
