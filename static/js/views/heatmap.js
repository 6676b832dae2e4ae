// Heat map of the parts of a sum: blue for, orange against, and the stronger, the more opaque. Parts against are also
// crossed by a stroke, so that they can be told apart without colours.

import { contextOf, newCanvas, transformAbout, widthOf } from "../drawing/canvas.js";
import { strongestOf } from "../explain/numbers.js";
import { CELLS, unturned } from "../explain/stroke-attribution.js";
import { css, paletteOf, setPixel } from "./colour.js";

/** @import { Area } from "../explain/stroke-attribution.js" */
/** @import { Palette } from "./colour.js" */

/** Weaker than this share of the strongest is not painted. */
const FAINT = 0.02;
/** The opacity of the ink beneath. */
const BENEATH = 0.22;
/** From this share on, a part against is crossed. */
const MARKED = 0.25;
/** Opacity is the strength to this power, so that weak parts are seen. */
const CURVE = 0.6;

/**
 * @param {CanvasRenderingContext2D} context @param {Area} area  In pixels of the canvas. @param {ArrayLike<number>} parts
 * 784. @param {Palette} palette @param {number} [most]  The part in full colour. @param {number} [columns]
 */
export function paintParts(context, area, parts, palette, most = strongestOf(parts), columns = CELLS) {
  if (most === 0) return;
  const picture = new ImageData(columns, Math.ceil(parts.length / columns));
  const cell = area.side / columns;
  context.save();
  transformAbout(context, area.left + area.side / 2, area.top + area.side / 2, unturned(area)); // to where it was drawn
  context.beginPath();
  for (let i = 0; i < parts.length; i++) {
    const share = Math.min(1, Math.abs(parts[i]) / most);
    if (share < FAINT) continue;
    setPixel(picture, i, parts[i] > 0 ? palette.pro : palette.con, Math.round(255 * share ** CURVE));
    if (parts[i] > 0 || share < MARKED) continue;
    const [x, y] = [area.left + (i % columns) * cell, area.top + Math.floor(i / columns) * cell];
    context.moveTo(x + cell * 0.25, y + cell * 0.75);
    context.lineTo(x + cell * 0.75, y + cell * 0.25);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(onePixelACell(picture), area.left, area.top, area.side, picture.height * cell);
  context.lineWidth = Math.max(1, cell / 9);
  context.lineCap = "butt";
  context.strokeStyle = css(palette.paper, 0.9);
  context.stroke();
  context.restore();
}

/** @type {HTMLCanvasElement | null} Used again and again. */
let cells = null;

/** @param {ImageData} picture @returns {HTMLCanvasElement}  To be painted at once. */
function onePixelACell(picture) {
  cells ??= newCanvas(picture.width, picture.height);
  [cells.width, cells.height] = [picture.width, picture.height];
  contextOf(cells).putImageData(picture, 0, 0);
  return cells;
}

/**
 * Shows 784 parts on a canvas of their own, with the ink beneath in grey.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} parts @param {ArrayLike<number> | null} ink  0 to 255.
 * @param {string} label  For screen readers. @param {number} [most]
 */
export function renderHeat(canvas, parts, ink, label, most) {
  const side = CELLS * Math.max(1, Math.round((widthOf(canvas) * devicePixelRatio) / CELLS) || 8);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = contextOf(canvas);
  const palette = paletteOf(canvas);
  context.clearRect(0, 0, side, side);
  if (ink) {
    const picture = new ImageData(CELLS, CELLS);
    for (let i = 0; i < ink.length; i++) setPixel(picture, i, palette.ink, Math.round(BENEATH * ink[i]));
    context.imageSmoothingEnabled = false;
    context.drawImage(onePixelACell(picture), 0, 0, side, side);
  }
  paintParts(context, { left: 0, top: 0, side }, parts, palette, most);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
}
