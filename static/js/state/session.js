// The drawing in session storage: it stays from page to page, for as long as the tab is open.

import { drawingIn, fragmentOf } from "./share-link.js";

/** @import { Stroke } from "../drawing/strokes.js" */

const KEY = "drawing";

/**
 * @param {() => readonly Stroke[]} current  What is on the pad when the page is left; nothing keeps nothing.
 * @param {(strokes: Stroke[]) => void} show  What another page left, when the browser's Back brings this one as it was.
 */
export function keepDrawing(current, show) {
  addEventListener("pagehide", () => save(current()));
  addEventListener("pageshow", ({ persisted }) => {
    const strokes = persisted ? drawingIn(saved()) : null;
    if (strokes && fragmentOf(strokes) !== fragmentOf(current())) show(strokes);
  });
}

/** @param {readonly Stroke[]} strokes */
function save(strokes) {
  try {
    if (strokes.length) sessionStorage.setItem(KEY, fragmentOf(strokes));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage may be forbidden, or full: the drawing then stays behind
  }
}

/** @returns {string}  As it is kept; empty when nothing is, or nothing may be. */
function saved() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @returns {Stroke[] | null}  What another page left; nothing when this one is loaded again. */
export function keptDrawing() {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return way?.type === "reload" ? null : drawingIn(saved());
}
