// Attribution to strokes: the network's cells are laid over the strokes, and each cell's part in the answer goes to the
// strokes that inked it, in proportion; so the attributions of the strokes add up to that of the ink.

import { Raster } from "../drawing/raster.js";
import { PICTURE_SIZE } from "../drawing/snapshot.js";
import { curve, distance } from "../drawing/strokes.js";

/** @import { Frame } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Placement } from "../server/explanations.js" */
/** @typedef {{left: number, top: number, side: number}} Area  A square on the pad, in fractions of it. */

/** @type {number} Cells along a side of what the network sees. */
export const CELLS = 28;
/** Places in a cell, each way, where the strokes are looked at. */
const SAMPLES = 4;

/** @param {Placement} placement @param {Frame} frame @returns {Area}  Where the 28×28 lies on the pad. */
export function areaOf({ left, top, cell }, frame) {
  return { left: frame.left + frame.unit * left, top: frame.top + frame.unit * top, side: CELLS * cell * frame.unit };
}

/** @param {readonly Stroke[]} strokes @returns {number[]}  The numbers of those that are ink. */
export const inkStrokes = (strokes) => strokes.flatMap(({ erase }, i) => (erase ? [] : [i]));

/** @param {readonly Stroke[]} strokes @param {number} without @returns {Stroke[]}  The drawing without that stroke. */
export const withoutStroke = (strokes, without) => strokes.filter((_, i) => i !== without);

/**
 * How much of each cell's ink is whose: for every ink stroke 784 shares; over the strokes they add up to 1.
 * @param {readonly Stroke[]} strokes @param {Area} area
 * @param {ArrayLike<number>} [inked]  784; cells where it is 0 have no ink to share. @returns {Float64Array[]}
 */
export function sharesOf(strokes, area, inked) {
  const owners = inkStrokes(strokes);
  if (owners.length === 1) return [new Float64Array(CELLS * CELLS).fill(1)];
  const inks = owners.map((i) => inkOf(strokes, i, area));
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    if (inked?.[cell] === 0) continue;
    const sum = inks.reduce((total, ink) => total + ink[cell], 0);
    // A soft edge may reach a cell that no sample hits: it belongs to the nearest stroke.
    const nearest = sum === 0 ? nearestTo(cell, strokes, owners, area) : -1;
    inks.forEach((ink, owner) => (ink[cell] = sum > 0 ? ink[cell] / sum : Number(owner === nearest)));
  }
  return inks;
}

/**
 * The attribution of each ink stroke; they add up to the sum of the parts.
 * @param {ArrayLike<number>} parts  784. @param {Float64Array[]} shares @returns {number[]}
 */
export const attributionOf = (parts, shares) =>
  shares.map((share) => share.reduce((sum, amount, cell) => sum + amount * parts[cell], 0));

/**
 * A stroke's own ink in each cell, what was erased after it taken off.
 * @param {readonly Stroke[]} strokes @param {number} index @param {Area} area @returns {Float64Array}
 */
function inkOf(strokes, index, area) {
  const raster = new Raster(PICTURE_SIZE);
  raster.lay(strokes[index]);
  for (const later of strokes.slice(index + 1)) if (later.erase) raster.lay(later);
  const step = area.side / CELLS;
  return Float64Array.from({ length: CELLS * CELLS }, (_, cell) => {
    let sum = 0;
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
      const x = area.left + step * ((cell % CELLS) + ((sample % SAMPLES) + 0.5) / SAMPLES);
      const y = area.top + step * (Math.floor(cell / CELLS) + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES);
      sum += coverageAt(raster, x, y);
    }
    return sum;
  });
}

/** @param {Raster} raster @param {number} x @param {number} y @returns {number} */
function coverageAt({ coverage, size }, x, y) {
  const [column, row] = [Math.floor(x * size), Math.floor(y * size)];
  return column >= 0 && column < size && row >= 0 && row < size ? coverage[row * size + column] : 0;
}

/**
 * @param {number} cell @param {readonly Stroke[]} strokes @param {number[]} owners @param {Area} area
 * @returns {number}  Which of the owners.
 */
function nearestTo(cell, strokes, owners, area) {
  const step = area.side / CELLS;
  const middle = { x: area.left + step * ((cell % CELLS) + 0.5), y: area.top + step * (Math.floor(cell / CELLS) + 0.5) };
  const gaps = owners.map((i) => Math.min(...strokes[i].points.map((point) => distance(point, middle))));
  return gaps.indexOf(Math.min(...gaps));
}

/** @param {Stroke} stroke @returns {number}  The length of its line, in pads. */
export function lengthOf({ points }) {
  const path = curve(points);
  return path.slice(1).reduce((sum, point, i) => sum + distance(path[i], point), 0);
}
