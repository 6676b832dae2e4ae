// Keeps the focus on the page: where the element that has it is removed, hidden or disabled, its panel's title takes it, or
// the pad.

import { oncePerFrame } from "../drawing/frames.js";

/** @param {HTMLElement} element @returns {boolean} */
const usable = (element) => element.isConnected && !element.matches(":disabled") && element.getClientRects().length > 0;

/**
 * @param {HTMLElement} home  Takes the focus of what is in no panel.
 * @returns {() => void}  To be called when the page has changed: it looks after the next frame.
 */
export function keepFocus(home) {
  /** @type {HTMLElement | null} */
  let last = null;
  /** @type {HTMLElement | null} */
  let title = null;
  addEventListener("focusin", ({ target }) => {
    last = /** @type {HTMLElement} */ (target);
    title = last.closest("details")?.querySelector("summary") ?? null;
  });
  return oncePerFrame(() => {
    const lost = document.activeElement === document.body || document.activeElement === last;
    if (!lost || !last || last === home || usable(last)) return; // home is there while somebody draws, when to look would force a layout
    (title && usable(title) ? title : home).focus({ preventScroll: true });
  });
}
