// The outline of the drawing's ink, over a picture whose colours it would otherwise muddy.

import { CELLS } from "../explain/stroke-attribution.js";
import { css, paletteOf } from "./colour.js";

/** Less ink than this is a soft edge. */
const INKED = 64;

/** @typedef {[number, number, number, number]} Edge  From column and row to column and row. */

/** @param {ArrayLike<number>} ink  784, 0 to 255. @returns {Edge[]}  Between cells with ink and cells without. */
export function edgesOf(ink) {
  const inked = (/** @type {number} */ column, /** @type {number} */ row) =>
    column >= 0 && column < CELLS && row >= 0 && row < CELLS && ink[row * CELLS + column] >= INKED;
  /** @type {Edge[]} */
  const edges = [];
  for (let row = 0; row <= CELLS; row++) {
    for (let column = 0; column <= CELLS; column++) {
      const here = inked(column, row);
      if (here !== inked(column - 1, row)) edges.push([column, row, column, row + 1]);
      if (here !== inked(column, row - 1)) edges.push([column, row, column + 1, row]);
    }
  }
  return edges;
}

/** @param {HTMLCanvasElement} canvas  28×28 cells of any size. @param {ArrayLike<number>} ink */
export function paintContour(canvas, ink) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const cell = canvas.width / CELLS;
  context.strokeStyle = css(paletteOf(canvas).ink);
  context.lineWidth = Math.max(1, cell / 6);
  context.lineCap = "square";
  context.beginPath();
  for (const [left, top, right, bottom] of edgesOf(ink)) {
    context.moveTo(left * cell, top * cell);
    context.lineTo(right * cell, bottom * cell);
  }
  context.stroke();
}
