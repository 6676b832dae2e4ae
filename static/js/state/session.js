// The drawing in session storage: it is kept from page to page while the tab is open.

import { drawingIn, fragmentOf } from "./share-link.js";

/** @import { Stroke } from "../drawing/strokes.js" */

const KEY = "drawing";

/**
 * Saves the drawing when the page is left, and shows what another page has saved when the browser goes back to this one.
 * @param {() => readonly Stroke[]} current  What is on the pad. @param {(strokes: Stroke[]) => void} show
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
    // storage may be forbidden or full: the drawing is then lost
  }
}

/** @returns {string}  The drawing as a fragment; empty if none is stored, or storage is forbidden. */
function saved() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @returns {Stroke[] | null}  What another page has saved; nothing after a reload. */
export function keptDrawing() {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return navigation?.type === "reload" ? null : drawingIn(saved());
}
