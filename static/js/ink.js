// Strokes become pixels here, with no DOM: a stroke is smoothed into short straight pieces, and each piece is laid on
// a coverage buffer once, so a long drawing costs only its newest piece.

/** @typedef {{x: number, y: number}} Point  In fractions of the pad: (0, 0) top left, (1, 1) bottom right. */
/** @typedef {{erase: boolean, width: number, points: Point[]}} Stroke  Width is a fraction of the pad too. */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/**
 * Anything that strokes can be laid on: a coverage buffer, a canvas, a list in a test.
 * @typedef {object} Surface
 * @property {(stroke: Stroke) => void} extend  The stroke has a new point.
 * @property {(stroke: Stroke) => void} finish  The pen was lifted: no more points.
 * @property {(stroke: Stroke) => void} lay  A stroke that is already whole.
 * @property {() => void} clear
 */

/** Longest straight piece of a smoothed curve, as a fraction of the pad: under a pixel of the picture sent. */
const FLATNESS = 0.008;
const MOST_PIECES = 48;
/** Less coverage than this is a soft edge, not ink. */
const INKED = 64;

/** @param {Point} a @param {Point} b @returns {number} */
export const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** @param {Point} a @param {Point} b @param {number} t @returns {Point} */
export const between = (a, b, t) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });

/**
 * A quadratic curve as straight pieces, both ends included.
 * @param {Point} from @param {Point} control @param {Point} to @returns {Point[]}
 */
export function flatten(from, control, to) {
  const length = distance(from, control) + distance(control, to);
  const pieces = Math.min(MOST_PIECES, Math.max(1, Math.ceil(length / FLATNESS)));
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const t = i / pieces;
    return between(between(from, control, t), between(control, to, t), t);
  });
}

/**
 * The part of the curve that point `i` settles for good: the curve runs through the midpoints of a hand's samples and
 * bends towards the samples themselves, so a new point can only change what lies after the last midpoint.
 * @param {Point[]} points @param {number} i @returns {Point[]}
 */
export function settled(points, i) {
  const [before, corner, now] = [points[i - 2], points[i - 1], points[i]];
  if (!corner) return [now, now];
  const end = between(corner, now, 0.5);
  return before ? flatten(between(before, corner, 0.5), corner, end) : [corner, end];
}

/**
 * The rest of the curve, from the last midpoint to where the pen is.
 * @param {Point[]} points @returns {Point[]}
 */
export function tail(points) {
  const [before, last] = points.slice(-2);
  return last ? [between(before, last, 0.5), last] : [before, before];
}

/**
 * Points at even distances along a path, its two ends kept: a hand at a steady speed.
 * @param {Point[]} path @param {number} step @returns {Point[]}
 */
export function resample(path, step) {
  const out = [path[0]];
  let carried = 0;
  for (let i = 1; i < path.length; i++) {
    const length = distance(path[i - 1], path[i]);
    let along = step - carried;
    for (; along < length; along += step) out.push(between(path[i - 1], path[i], along / length));
    carried = length - (along - step);
  }
  if (path.length > 1) out.push(path[path.length - 1]);
  return out;
}

/**
 * The smoothed curve of a stroke as one path, from what point `first` settled on.
 * @param {Point[]} points @param {number} [first] @returns {Point[]}
 */
export function curve(points, first = 0) {
  const path = [];
  for (let i = first; i < points.length; i++) path.push(...settled(points, i));
  return path.concat(tail(points));
}

/**
 * Where the ink is in a square picture, in fractions of its side; null on a blank sheet.
 * @param {ArrayLike<number>} picture  0 paper to 255 ink, row by row. @returns {Box | null}
 */
export function boundsOf(picture) {
  const n = Math.round(Math.sqrt(picture.length));
  let [left, top, right, bottom] = [n, n, -1, -1];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      if (picture[row * n + column] < INKED) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  return right < 0 ? null : { left: left / n, top: top / n, right: (right + 1) / n, bottom: (bottom + 1) / n };
}

/** How much ink covers each pixel of an n×n picture: 0 paper, 255 ink. @implements {Surface} */
export class Raster {
  /** @param {number} size */
  constructor(size) {
    this.size = size;
    this.coverage = new Uint8Array(size * size);
  }

  clear() {
    this.coverage.fill(0);
  }

  /** @returns {Raster} */
  copy() {
    const twin = new Raster(this.size);
    twin.coverage.set(this.coverage);
    return twin;
  }

  /** @returns {boolean} */
  get blank() {
    return this.coverage.every((value) => value === 0);
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
  lay(stroke) {
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
    const n = this.size;
    const [ax, ay, bx, by] = [from.x * n, from.y * n, to.x * n, to.y * n];
    const [dx, dy, reach] = [bx - ax, by - ay, (width * n) / 2 + 0.5];
    const length2 = dx * dx + dy * dy;
    const [left, right] = span(ax, bx, reach, n);
    const [top, bottom] = span(ay, by, reach, n);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
        const t = length2 && Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
        const gap = Math.hypot(px - t * dx, py - t * dy);
        if (gap < reach) this.#blend(row * n + column, Math.round(255 * Math.min(1, reach - gap)), erase);
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
    return boundsOf(this.coverage);
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
