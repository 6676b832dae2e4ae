// What keys mean everywhere on the pages.

/** @import { Point } from "./strokes.js" */

/** @type {Record<string, Point>} One step to the right and down. */
export const ARROWS = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

/** @param {KeyboardEvent} event @returns {boolean}  Whether the key belongs to a shortcut of the browser. */
export const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;
