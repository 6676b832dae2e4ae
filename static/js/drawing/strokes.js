// Strokes as data, and the smoothed curve that is drawn through their points. No DOM.

/** @typedef {{x: number, y: number}} Point  In fractions of the pad's height: (0, 0) top left, (1, 1) bottom right of a square one. */
/** @typedef {{erase: boolean, width: number, points: Point[]}} Stroke  Width is a fraction of the pad's height too. */
/** @typedef {{strokes: readonly Stroke[], wide: boolean}} Sketch  A drawing; wide: it is a number, not one digit. */
/**
 * Anything that strokes can be drawn on: a coverage buffer, a canvas, a list in a test.
 * @typedef {object} Surface
 * @property {(stroke: Stroke) => void} extend  The stroke has a new point.
 * @property {(stroke: Stroke) => void} finish  The pen was lifted: no more points.
 * @property {(stroke: Stroke) => void} drawStroke  A stroke that is already whole.
 * @property {() => void} clear
 */

/** Longest straight piece of a smoothed curve, as a fraction of the pad: under a pixel of the picture sent. */
const FLATNESS = 0.008;
const MOST_PIECES = 48;

/** A square root, which is the same in every browser; `Math.hypot` need not be, and is slow. @param {Point} a @param {Point} b @returns {number} */
export const distance = (a, b) => Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);

/** @param {Point[]} path @returns {number} */
export const lengthOfPath = (path) => path.slice(1).reduce((sum, point, i) => sum + distance(path[i], point), 0);

/** @param {Point} a @param {Point} b @param {number} t @returns {Point} */
export const between = (a, b, t) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });

/**
 * A quadratic curve as straight pieces, both ends included.
 * @param {Point} from @param {Point} control @param {Point} to @returns {Point[]}
 */
export function flatten(from, control, to) {
  const length = distance(from, control) + distance(control, to);
  const pieces = Math.min(MOST_PIECES, Math.max(1, Math.ceil(length / FLATNESS)));
  const path = [];
  for (let i = 0; i <= pieces; i++) {
    const t = i / pieces;
    path.push(between(between(from, control, t), between(control, to, t), t));
  }
  return path;
}

/**
 * The part of the curve that is final once point `i` is known: the curve goes through the midpoints between points and
 * bends towards the points themselves, so a new point only changes what comes after the last midpoint.
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
 * Points at even distances along a path, both ends included: a pen at a steady speed.
 * @param {Point[]} path @param {number} step @returns {Point[]}
 */
export function resample(path, step) {
  const out = [path[0]];
  let leftover = 0;
  for (let i = 1; i < path.length; i++) {
    const length = distance(path[i - 1], path[i]);
    let along = step - leftover;
    for (; along < length; along += step) out.push(between(path[i - 1], path[i], along / length));
    leftover = length - (along - step);
  }
  if (path.length > 1) out.push(path[path.length - 1]);
  return out;
}

/**
 * What is final of a stroke's smoothed curve, as one path: the parts that the points from `first` to before `end` made final.
 * @param {Point[]} points @param {number} [first] @param {number} [end] @returns {Point[]}
 */
export function settledCurve(points, first = 0, end = points.length) {
  const path = [];
  for (let i = first; i < end; i++) path.push(...settled(points, i));
  return path;
}

/**
 * The smoothed curve to where the pen is.
 * @param {Point[]} points @param {number} [first] @returns {Point[]}
 */
export const curve = (points, first = 0) => settledCurve(points, first).concat(tail(points));
