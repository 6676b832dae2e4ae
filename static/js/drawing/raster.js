// How much ink covers each pixel. A stroke is drawn on a coverage buffer in short straight pieces, each once, so a long
// drawing costs only its newest piece. No DOM.

import { curve, settled, tail } from "./strokes.js";

/** @import { Point, Stroke, Surface } from "./strokes.js" */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/** Less coverage than this is a soft edge, not ink. */
const INKED = 64;

/**
 * Where the ink is in a picture, in fractions of its height; null on a blank pad.
 * @param {ArrayLike<number>} picture  0 paper to 255 ink, row by row. @param {number} [width]  A square's, unless given.
 * @returns {Box | null}
 */
export function boundsOf(picture, width = Math.round(Math.sqrt(picture.length))) {
  const height = picture.length / width;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (picture[row * width + column] < INKED) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  return right < 0 ? null : { left: left / height, top: top / height, right: (right + 1) / height, bottom: (bottom + 1) / height };
}

/** How much ink covers each pixel of a picture: 0 paper, 255 ink. @implements {Surface} */
export class Raster {
  width = 0;
  coverage = new Uint8Array();

  /** @param {number} height  In pixels; the unit of all points. @param {number} [aspect]  Width by height. */
  constructor(height, aspect = 1) {
    this.height = height;
    this.resize(aspect);
  }

  /** Makes it as wide, and blank. @param {number} aspect */
  resize(aspect) {
    this.width = Math.round(this.height * aspect);
    this.coverage = new Uint8Array(this.width * this.height);
  }

  clear() {
    this.coverage.fill(0);
  }

  /** @returns {Raster} */
  copy() {
    const twin = new Raster(this.height, this.width / this.height);
    twin.coverage.set(this.coverage);
    return twin;
  }

  /** @returns {boolean} */
  get blank() {
    for (const value of this.coverage) if (value) return false; // asked before every question: a callback takes long
    return true;
  }

  /** @param {Stroke} stroke */
  extend(stroke) {
    this.#draw(settled(stroke.points, stroke.points.length - 1), stroke);
  }

  /** @param {Stroke} stroke */
  finish(stroke) {
    this.#draw(tail(stroke.points), stroke);
  }

  /** @param {Stroke} stroke */
  drawStroke(stroke) {
    this.#draw(curve(stroke.points), stroke);
  }

  /** @param {Point[]} path @param {Stroke} stroke */
  #draw(path, { width, erase }) {
    for (let i = 1; i < path.length; i++) this.#capsule(path[i - 1], path[i], width, erase);
  }

  /**
   * One straight piece with round ends. Pieces overlap where they join, so ink takes the greater coverage, never the
   * sum, and the eraser the lesser.
   * @param {Point} from @param {Point} to @param {number} width @param {boolean} erase
   */
  #capsule(from, to, width, erase) {
    const n = this.height;
    const [ax, ay, bx, by] = [from.x * n, from.y * n, to.x * n, to.y * n];
    const [dx, dy, reach] = [bx - ax, by - ay, (width * n) / 2 + 0.5];
    const length2 = dx * dx + dy * dy;
    const [left, right] = span(ax, bx, reach, this.width);
    const [top, bottom] = span(ay, by, reach, n);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
        const t = length2 && Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
        const gap = Math.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2);
        if (gap < reach) this.#blend(row * this.width + column, Math.round(255 * Math.min(1, reach - gap)), erase);
      }
    }
  }

  /** @param {number} at @param {number} value @param {boolean} erase */
  #blend(at, value, erase) {
    const old = this.coverage[at];
    this.coverage[at] = erase ? Math.min(old, 255 - value) : Math.max(old, value);
  }

  /** @returns {Box | null} */
  bounds() {
    return boundsOf(this.coverage, this.width);
  }

  /** @returns {Raster}  It without the blank paper to the right of the ink, though no narrower than a square. */
  upToInk() {
    const { width, height } = this;
    if (width <= height) return this;
    const end = Math.round((this.bounds()?.right ?? 0) * height) + 1; // a soft edge is one pixel
    if (end >= width) return this;
    const part = new Raster(height, Math.max(height, end) / height);
    for (let row = 0; row < height; row++) part.coverage.set(this.coverage.subarray(row * width, row * width + part.width), row * part.width);
    return part;
  }
}

/**
 * The pixels that two coordinates and their reach touch, cut to the picture.
 * @param {number} a @param {number} b @param {number} reach @param {number} size @returns {[number, number]}
 */
function span(a, b, reach, size) {
  const first = Math.max(0, Math.floor(Math.min(a, b) - reach));
  return [first, Math.min(size, Math.ceil(Math.max(a, b) + reach))];
}
