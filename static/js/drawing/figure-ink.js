// The ink of one digit of a number: the strokes in its box. A stroke that writes several digits is cut.

import { resample } from "./strokes.js";

/** @import { Box } from "./raster.js" */
/** @import { Point, Stroke } from "./strokes.js" */

/** The share of a stroke in one box from which it is all of that digit: it may reach into a neighbour's box. */
const MOST = 0.8;
/** The distance of the points by which a stroke is shared out, in fractions of the pad's height. */
const STEP = 0.01;

/**
 * @param {readonly Stroke[]} strokes @param {Box[]} boxes  That of the digit, and those of the others.
 * @returns {Stroke[]}  The digit's, and everything erased.
 */
export function strokesWithin(strokes, boxes) {
  return strokes.flatMap((stroke) => (stroke.erase ? [stroke] : partsWithin(stroke, boxes)));
}

/** @param {Stroke} stroke @param {Box[]} boxes @returns {Stroke[]}  Its parts in the first box. */
function partsWithin(stroke, boxes) {
  const points = resample(stroke.points, STEP);
  const owners = points.map((point) => ownerOf(point, boxes));
  const shares = boxes.map((_, i) => owners.filter((owner) => owner === i).length / points.length);
  if (shares.some((share) => share >= MOST)) return shares[0] >= MOST ? [stroke] : [];
  return runsOf(points.map((point, i) => (owners[i] === 0 ? point : null))).map((run) => ({ ...stroke, points: run }));
}

/** @param {Point} point @param {Box[]} boxes @returns {number}  The box it is in, of several the one whose middle is nearest; −1 for none. */
function ownerOf({ x, y }, boxes) {
  const gaps = boxes.map(({ left, top, right, bottom }) =>
    x < left || x > right || y < top || y > bottom ? Infinity : Math.abs(2 * x - left - right) / (right - left),
  );
  const least = Math.min(...gaps);
  return least === Infinity ? -1 : gaps.indexOf(least);
}

/** @param {(Point | null)[]} points @returns {Point[][]}  Those between two gaps. */
function runsOf(points) {
  /** @type {Point[][]} */
  const runs = [[]];
  for (const point of points) {
    const run = runs[runs.length - 1];
    if (point) run.push(point);
    else if (run.length) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}
