// The drawing goes along from page to page, for as long as the tab is open.

import { drawingIn, fragmentOf } from "./share-link.js";

/** @import { Stroke } from "../drawing/strokes.js" */

const KEY = "drawing";

/**
 * @param {() => readonly Stroke[]} take  What is on the pad when the page is left; nothing keeps nothing.
 * @param {(strokes: Stroke[]) => void} show  What another page left, when the browser's Back brings this one as it was.
 */
export function carry(take, show) {
  addEventListener("pagehide", () => leave(take()));
  addEventListener("pageshow", ({ persisted }) => {
    const strokes = persisted ? drawingIn(leftBehind()) : null;
    if (strokes && fragmentOf(strokes) !== fragmentOf(take())) show(strokes);
  });
}

/** @param {readonly Stroke[]} strokes */
function leave(strokes) {
  try {
    if (strokes.length) sessionStorage.setItem(KEY, fragmentOf(strokes));
    else sessionStorage.removeItem(KEY);
  } catch {
    // storage may be forbidden, or full: the drawing then stays behind
  }
}

/** @returns {string}  As it is kept; empty when nothing is, or nothing may be. */
function leftBehind() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @returns {Stroke[] | null}  What another page left; nothing when this one is loaded again. */
export function carried() {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return way?.type === "reload" ? null : drawingIn(leftBehind());
}
