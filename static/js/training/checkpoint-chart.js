// Chart of the ten probabilities at every checkpoint: a row for each digit, a column for each checkpoint.

import { blankCanvas } from "../drawing/canvas.js";
import { argmax } from "../explain/numbers.js";
import { css, paletteOf } from "../views/colour.js";
import { followPointer } from "../views/dom.js";
import { nameOf } from "./narration.js";

/** @import { Rgb } from "../views/colour.js" */
/** @import { Checkpoint } from "./narration.js" */
/** @typedef {{checkpoints: Checkpoint[], predictions: number[][] | null, checkpoint: number}} Shown */

/** Pixels left of the columns for the digits, and below them for the names of checkpoints. */
const [LEFT, BELOW] = [20, 20];
const ROWS = 10;
/** The opacity of the chosen column, and of the bars of digits that are not the most probable. */
const [CHOSEN, OTHERS] = [0.09, 0.4];

/**
 * The checkpoints whose names fit side by side: the first, the last, and those that fit between.
 * @param {number[]} widths  Of the names, in pixels. @param {number} column @param {number} gap @returns {number[]}
 */
export function namesThatFit(widths, column, gap) {
  const last = widths.length - 1;
  const span = (/** @type {number} */ i) => {
    const middle = (i + 0.5) * column;
    const left = Math.min(Math.max(0, middle - widths[i] / 2), widths.length * column - widths[i]);
    return { left, right: left + widths[i] };
  };
  const chosen = [0];
  for (let i = 1; i < last; i++) {
    const { left, right } = span(i);
    if (left >= span(chosen[chosen.length - 1]).right + gap && right + gap <= span(last).left) chosen.push(i);
  }
  return last > 0 && span(last).left >= span(0).right + gap ? [...chosen, last] : chosen;
}

/** @param {HTMLCanvasElement} canvas @param {Shown} shown */
export function renderCheckpointChart(canvas, { checkpoints, predictions, checkpoint }) {
  const { context, width, height } = blankCanvas(canvas);
  const { ink } = paletteOf(canvas);
  context.font = `${getComputedStyle(canvas).fontSize} system-ui, sans-serif`;
  const [row, column] = [(height - BELOW) / ROWS, (width - LEFT) / checkpoints.length];
  context.fillStyle = css(ink, CHOSEN);
  context.fillRect(LEFT + checkpoint * column, 0, column, height - BELOW);
  context.textBaseline = "middle";
  for (let digit = 0; digit < ROWS; digit++) {
    context.fillStyle = css(ink, 0.75);
    context.fillText(`${digit}`, 2, (digit + 0.5) * row);
    context.fillStyle = css(ink, 0.15);
    context.fillRect(LEFT, (digit + 1) * row - 1, width - LEFT, 1);
  }
  predictions?.forEach((probabilities, i) => {
    const top = argmax(probabilities);
    probabilities.forEach((share, digit) => {
      const tall = share * (row - 4);
      context.fillStyle = css(ink, digit === top ? 1 : OTHERS);
      context.fillRect(LEFT + i * column + 1, (digit + 1) * row - 1 - tall, Math.max(1, column - 2), tall);
    });
  });
  paintNames(context, checkpoints, { column, width, height, ink });
}

/**
 * @param {CanvasRenderingContext2D} context @param {Checkpoint[]} checkpoints
 * @param {{column: number, width: number, height: number, ink: Rgb}} ground
 */
function paintNames(context, checkpoints, { column, width, height, ink }) {
  context.fillStyle = css(ink, 0.75);
  const names = checkpoints.map(nameOf);
  const widths = names.map((name) => context.measureText(name).width);
  for (const i of namesThatFit(widths, column, 12)) {
    const left = LEFT + (i + 0.5) * column - widths[i] / 2;
    context.fillText(names[i], Math.min(Math.max(LEFT, left), width - widths[i]), height - BELOW / 2 + 2);
  }
}

/** @param {HTMLCanvasElement} canvas @param {number} count  Checkpoints. @param {(checkpoint: number) => void} chosen */
export function chooseByPointer(canvas, count, chosen) {
  followPointer(canvas, (x, width) => {
    const checkpoint = Math.floor(((x - LEFT) / (width - LEFT)) * count);
    chosen(Math.min(count - 1, Math.max(0, checkpoint)));
  });
}
