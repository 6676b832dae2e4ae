// The picture the network sees, one pixel a value; CSS makes it large.

import { contextOf } from "../drawing/canvas.js";
import { paletteOf, setPixel } from "./colour.js";

/** @param {ArrayLike<number>} input @returns {string} */
export function describeInput(input) {
  const side = Math.round(Math.sqrt(input.length));
  const inked = Array.from(input).filter((value) => value > 0).length;
  if (inked === 0) return `The ${side} by ${side} picture the network sees: blank.`;
  return `The ${side} by ${side} picture the network sees: ink on ${Math.round((100 * inked) / input.length)}% of it.`;
}

/** @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} input  0 paper to 255 ink, row by row. */
export function renderInput(canvas, input) {
  const side = Math.round(Math.sqrt(input.length));
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = contextOf(canvas);
  const picture = context.createImageData(side, side);
  const { ink } = paletteOf(canvas);
  for (let i = 0; i < input.length; i++) setPixel(picture, i, ink, input[i]);
  context.putImageData(picture, 0, 0);
  canvas.setAttribute("aria-label", describeInput(input));
}
