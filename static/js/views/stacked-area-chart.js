// Stacked area chart of ten probabilities: the digit that leads is in full ink, the others alternate between two greys.

import { blankCanvas } from "../drawing/canvas.js";
import { above, cut, labelsOf } from "../explain/stacked-area.js";
import { css, paletteOf } from "./colour.js";

/** @import { StackedArea, Column, Mark } from "../explain/stacked-area.js" */
/** @import { Rgb } from "./colour.js" */

/** Pixels above the areas, for the names of the marks. */
const MARGIN = 20;
/** The opacity of digits that are not the most probable, in turn, and of one that is but is not the answer. */
const GREYS = [0.09, 0.2];
const FAINT = 0.62;
/** Pixels between the cursor and a name. */
const CLEAR = 12;
const FONT = "system-ui, sans-serif";

/** @param {Column[]} columns @param {number} digit @param {number} width @param {number} height @returns {Path2D} */
function shapeOf(columns, digit, width, height) {
  const shape = new Path2D();
  const edge = (/** @type {Column} */ { x, shares }, /** @type {number} */ through) =>
    shape.lineTo(x * width, Math.min(1, above(shares, digit + through)) * height);
  for (const column of columns) edge(column, 0);
  for (const column of [...columns].reverse()) edge(column, 1);
  shape.closePath();
  return shape;
}

/**
 * @param {HTMLCanvasElement} canvas @param {StackedArea} area @param {number} cursor  From 0 to 1.
 * @param {string} label  For screen readers.
 */
export function renderStackedArea(canvas, area, cursor, label) {
  const { context, width, height: all } = blankCanvas(canvas);
  const { ink, paper } = paletteOf(canvas);
  const height = all - MARGIN;
  context.translate(0, MARGIN);
  paintAreas(context, area, { width, height, ink, paper });
  paintLabels(context, area, cursor * width, { width, height, ink, paper });
  paintMarks(context, area.marks, { width, height, ink, paper });
  paintCursor(context, cursor * width, { height, ink, paper });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
}

/** @typedef {{width: number, height: number, ink: Rgb, paper: Rgb}} Ground */

/** @param {CanvasRenderingContext2D} context @param {StackedArea} area @param {Ground} ground */
function paintAreas(context, { columns, leadingSpans }, { width, height, ink, paper }) {
  const fill = (/** @type {Column[]} */ part, /** @type {number} */ digit, /** @type {string} */ colour) => {
    const shape = shapeOf(part, digit, width, height);
    context.fillStyle = colour;
    context.fill(shape);
    return shape;
  };
  context.strokeStyle = css(paper);
  columns[0].shares.forEach((_, digit) => context.stroke(fill(columns, digit, css(ink, GREYS[digit % 2]))));
  for (const { from, to, digit, faint } of leadingSpans) {
    const part = cut(columns, from, to);
    fill(part, digit, css(paper)); // not ink on grey
    fill(part, digit, css(ink, faint ? FAINT : 1));
  }
}

/** @param {CanvasRenderingContext2D} context @param {StackedArea} area @param {number} cursor @param {Ground} ground */
function paintLabels(context, area, cursor, { width, height, ink, paper }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { digit, x, y, leadingSpan } of labelsOf(area, width, height)) {
    context.font = `${leadingSpan ? "600 15" : "13"}px ${FONT}`;
    context.fillStyle = css(leadingSpan ? paper : ink);
    context.fillText(`${digit}`, beside(x, cursor, width), y);
  }
}

/** @param {number} x @param {number} cursor @param {number} width @returns {number}  Where the cursor does not cover it. */
function beside(x, cursor, width) {
  if (Math.abs(x - cursor) >= CLEAR) return x;
  const left = x < cursor ? cursor > 2 * CLEAR : cursor > width - 2 * CLEAR;
  return cursor + (left ? -CLEAR : CLEAR);
}

/** @param {CanvasRenderingContext2D} context @param {Mark[]} marks @param {Ground} ground */
function paintMarks(context, marks, { width, height, ink, paper }) {
  let free = 0;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = `12px ${FONT}`;
  for (const { x, text } of marks) {
    for (const [colour, wide] of /** @type {[Rgb, number][]} */ ([[paper, 3], [ink, 1]])) {
      context.fillStyle = css(colour);
      context.fillRect(x * width - wide / 2, -4, wide, height + 4);
    }
    const room = context.measureText(text).width;
    const left = Math.min(width - room, Math.max(0, x * width - room / 2));
    if (left < free) continue; // the name before is in the way: this one is in the list
    context.fillText(text, left, -MARGIN / 2 - 1);
    free = left + room + 8;
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {Omit<Ground, "width">} ground */
function paintCursor(context, x, { height, ink, paper }) {
  for (const [colour, wide] of /** @type {[Rgb, number][]} */ ([[paper, 6], [ink, 2]])) {
    context.fillStyle = css(colour);
    context.fillRect(x - wide / 2, 0, wide, height);
  }
}
