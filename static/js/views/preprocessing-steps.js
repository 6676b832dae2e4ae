// The four pictures between a drawing and what the network sees, each at any moment of its step.

import { blankCanvas, transformAbout } from "../drawing/canvas.js";
import { FITTED, centreOfMass, areaBetween } from "../explain/preprocessing.js";
import { CELLS, unturned } from "../explain/stroke-attribution.js";
import { css, paletteOf } from "./colour.js";
import { paintDrawing } from "./drawing-window.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Steps } from "../explain/preprocessing.js" */
/** @import { Area } from "../explain/stroke-attribution.js" */
/** @typedef {{snapshot: Snapshot, view: Area, steps: Steps | null, input: ArrayLike<number>, fit: boolean}} StepImages  View: of the first step; steps null: not known. */
/** @typedef {{context: CanvasRenderingContext2D, size: number, ink: string, halo: string}} Board */

const DASHES = [4, 3];

/** @type {((board: Board, images: StepImages, t: number) => void)[]} What each step shows, t from 0 to 1. */
const STEPS = [boxed, fitted, centred, pixels];

/** @param {HTMLCanvasElement} canvas @param {number} step @param {StepImages} images @param {number} t */
export function renderStep(canvas, step, images, t) {
  const { context, width: size } = blankCanvas(canvas);
  const { ink, paper } = paletteOf(canvas);
  STEPS[step]({ context, size, ink: css(ink), halo: css(paper, 0.5) }, images, t);
}

/** @param {Board} board @param {Path2D} path @param {number[]} dashes  Of a thin line that is visible on any photo. */
function guide({ context, ink, halo }, path, dashes) {
  context.save();
  context.setLineDash(dashes);
  for (const [colour, width, alpha] of /** @type {[string, number, number][]} */ ([[halo, 3, 1], [ink, 1, 0.6]])) {
    [context.strokeStyle, context.lineWidth, context.globalAlpha] = [colour, width, alpha];
    context.stroke(path);
  }
  context.restore();
}

/** @param {Board} board @param {StepImages} images @param {number} t */
function boxed(board, { snapshot, view, steps }, t) {
  const { context, size, ink } = board;
  paintDrawing(context, snapshot, view, size, ink);
  if (!steps) return;
  const { left, top, right, bottom } = steps.box;
  const scale = size / view.side;
  const [width, height] = [(right - left) * scale, (bottom - top) * scale];
  const path = new Path2D();
  path.rect((left - view.left) * scale, (top - view.top) * scale, width, height);
  guide(board, path, t < 1 ? [2 * (width + height) * t, 2 * (width + height)] : []); // drawn from its first corner on
}

/** @param {Board} board @param {StepImages} images @param {number} t */
function fitted(board, { snapshot, view, steps, fit }, t) {
  if (!steps) return;
  paintDrawing(board.context, snapshot, areaBetween(view, steps.fitted, t), board.size, board.ink);
  if (t === 1) frame(board, fit ? FITTED : CELLS);
}

/** @param {Board} board @param {StepImages} images @param {number} t */
function centred(board, { snapshot, steps, input }, t) {
  if (!steps) return;
  paintDrawing(board.context, snapshot, areaBetween(steps.fitted, steps.centred, t), board.size, board.ink);
  if (t === 1) paintCentreOfMass(board, centreOfMass(input));
}

/** @param {Board} board @param {StepImages} images @param {number} t  The drawing fades into its pixels. */
function pixels({ context, size, ink }, { snapshot, steps, input }, t) {
  if (steps && t < 1) {
    context.save();
    context.globalAlpha = 1 - t;
    turn(context, size, steps.centred);
    paintDrawing(context, snapshot, steps.centred, size, ink);
    context.restore();
  }
  context.fillStyle = ink;
  const edge = (/** @type {number} */ cell) => Math.round((cell * size * devicePixelRatio) / CELLS) / devicePixelRatio;
  for (let i = 0; i < input.length; i++) {
    if (!input[i]) continue;
    const [column, row] = [i % CELLS, Math.floor(i / CELLS)];
    context.globalAlpha = (t * input[i]) / 255;
    context.fillRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
  }
}

/** What is painted is turned as it is read, about the middle. @param {CanvasRenderingContext2D} context @param {number} size @param {Area} area */
function turn(context, size, area) {
  const [a, b, c, d] = unturned(area);
  const scale = 1 / (a * d - b * c);
  transformAbout(context, size / 2, size / 2, [scale * d, -scale * b, -scale * c, scale * a]); // the inverse
}

/** @param {Board} board @param {number} cells  The side of the square that the ink has to fit in. */
function frame(board, cells) {
  const [side, start] = [(board.size * cells) / CELLS, (board.size * (1 - cells / CELLS)) / 2];
  const path = new Path2D();
  path.rect(start, start, side, side);
  guide(board, path, DASHES);
}

/** @param {Board} board @param {{x: number, y: number}} at  In cells: the ring; the cross marks the middle. */
function paintCentreOfMass(board, at) {
  const { context, size, ink } = board;
  guide(board, new Path2D(`M0 ${size / 2}H${size}M${size / 2} 0V${size}`), DASHES);
  context.lineWidth = 2;
  context.beginPath();
  context.arc((at.x * size) / CELLS, (at.y * size) / CELLS, 5, 0, 2 * Math.PI);
  context.globalCompositeOperation = "destination-out"; // visible on ink too
  context.fill();
  context.globalCompositeOperation = "source-over";
  context.strokeStyle = ink;
  context.stroke();
}
