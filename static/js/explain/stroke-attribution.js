// Attribution to strokes: each of the network's cells shares its part among the strokes that inked it, in proportion, so
// the attributions of the strokes add up to that of the ink.

import { Raster } from "../drawing/raster.js";
import { PICTURE_SIZE } from "../drawing/snapshot.js";
import { curve, distance, lengthOfPath } from "../drawing/strokes.js";
import { extentOf } from "./numbers.js";

/** @import { Frame } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Placement } from "../server/api.js" */
/** @typedef {{left: number, top: number, side: number}} Area  A square on the pad, in fractions of its height. */

/** @type {number} Cells along a side of what the network sees. */
export const CELLS = 28;
/** Samples of the strokes' ink in a cell, in each direction. */
const SAMPLES = 4;

/** @param {Pick<Placement, "left" | "top" | "cell">} placement @param {Frame} frame @returns {Area}  The position of the 28×28 on the pad. */
export function areaOf({ left, top, cell }, frame) {
  return { left: frame.left + frame.unit * left, top: frame.top + frame.unit * top, side: CELLS * cell * frame.unit };
}

/** @param {readonly Stroke[]} strokes @returns {number[]}  The numbers of those that are ink. */
export const inkStrokes = (strokes) => strokes.flatMap(({ erase }, i) => (erase ? [] : [i]));

/** @param {readonly Stroke[]} strokes @param {number} without @returns {Stroke[]}  The drawing without that stroke. */
export const withoutStroke = (strokes, without) => strokes.filter((_, i) => i !== without);

/**
 * The share of every ink stroke in the ink of each cell, 784 each; they add up to 1 over the strokes.
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
    // A soft edge may reach a cell that no sample hits: the cell belongs to the nearest stroke.
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
 * A stroke's ink in each cell, without what was erased later.
 * @param {readonly Stroke[]} strokes @param {number} index @param {Area} area @returns {Float64Array}
 */
function inkOf(strokes, index, area) {
  const raster = new Raster(PICTURE_SIZE, Math.max(1, area.left + area.side)); // as wide as it takes
  raster.drawStroke(strokes[index]);
  for (const later of strokes.slice(index + 1)) if (later.erase) raster.drawStroke(later);
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
function coverageAt({ coverage, width, height }, x, y) {
  const [column, row] = [Math.floor(x * height), Math.floor(y * height)];
  return column >= 0 && column < width && row >= 0 && row < height ? coverage[row * width + column] : 0;
}

/**
 * @param {number} cell @param {readonly Stroke[]} strokes @param {number[]} owners @param {Area} area
 * @returns {number}  Which of the owners.
 */
function nearestTo(cell, strokes, owners, area) {
  const step = area.side / CELLS;
  const middle = { x: area.left + step * ((cell % CELLS) + 0.5), y: area.top + step * (Math.floor(cell / CELLS) + 0.5) };
  const gaps = owners.map((i) => extentOf(strokes[i].points.map((point) => distance(point, middle)))[0]);
  return gaps.indexOf(extentOf(gaps)[0]);
}

/** @param {Stroke} stroke @returns {number}  The length of its line, in pads. */
export const lengthOf = ({ points }) => lengthOfPath(curve(points));
