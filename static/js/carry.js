// The drawing goes along from page to page, for as long as the tab is open.

import { drawingIn, fragmentOf } from "./share.js";

/** @import { Stroke } from "./ink.js" */

const KEY = "drawing";

/** @param {() => readonly Stroke[]} take  What is on the pad when the page is left; nothing keeps nothing. */
export function carry(take) {
  addEventListener("pagehide", () => {
    try {
      const strokes = take();
      if (strokes.length) sessionStorage.setItem(KEY, fragmentOf(strokes));
      else sessionStorage.removeItem(KEY);
    } catch {
      // storage may be forbidden, or full: the drawing then stays behind
    }
  });
}

/** @returns {Stroke[] | null}  What another page left; nothing when this one is loaded again. */
export function carried() {
  try {
    const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (way?.type === "reload") return null;
    return drawingIn(sessionStorage.getItem(KEY) ?? "");
  } catch {
    return null;
  }
}
