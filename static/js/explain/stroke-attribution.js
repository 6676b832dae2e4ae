// Attribution to strokes: each of the network's cells shares its part among the strokes that inked it, in proportion, so
// the attributions of the strokes add up to that of the ink.

import { Raster } from "../drawing/raster.js";
import { PICTURE_SIZE } from "../drawing/snapshot.js";
import { curve, distance, lengthOfPath } from "../drawing/strokes.js";
import { extentOf } from "./numbers.js";

/** @import { Frame } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Placement } from "../server/api.js" */
/**
 * A square on the pad, in fractions of its height. What is seen of it may be turned, by degrees clockwise, and slanted, by
 * cells to the right for each cell up, about its middle.
 * @typedef {{left: number, top: number, side: number, rotation?: number, slant?: number}} Area
 */

/** @type {number} Cells along a side of what the network sees. */
export const CELLS = 28;
/** Samples of the strokes' ink in a cell, in each direction. */
const SAMPLES = 4;

/**
 * @param {Pick<Placement, "left" | "top" | "cell"> & Partial<Pick<Placement, "rotation" | "slant">>} placement @param {Frame} frame
 * @returns {Area}  The position of the 28×28 on the pad.
 */
export function areaOf({ left, top, cell, rotation = 0, slant = 0 }, frame) {
  return { left: frame.left + frame.unit * left, top: frame.top + frame.unit * top, side: CELLS * cell * frame.unit, rotation, slant };
}

/**
 * How a place in an area that is turned becomes its place on the pad, about the area's middle.
 * @param {Pick<Area, "rotation" | "slant">} area @returns {[number, number, number, number]}  As of a canvas: x becomes ax + cy, and y, bx + dy.
 */
export function unturned({ rotation = 0, slant = 0 }) {
  const [sine, cosine] = [Math.sin((rotation * Math.PI) / 180), Math.cos((rotation * Math.PI) / 180)];
  return [cosine, -sine, sine + slant, cosine];
}

/** @param {Area} area @returns {(column: number, row: number) => {x: number, y: number}}  Where on the pad a place is, in cells. */
export function placesIn(area) {
  const [a, b, c, d] = unturned(area);
  const [step, middle] = [area.side / CELLS, CELLS / 2];
  return (column, row) => {
    const [right, down] = [column - middle, row - middle];
    return { x: area.left + step * (middle + a * right + c * down), y: area.top + step * (middle + b * right + d * down) };
  };
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
  const placeOf = placesIn(area);
  return Float64Array.from({ length: CELLS * CELLS }, (_, cell) => {
    let sum = 0;
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
      const column = (cell % CELLS) + ((sample % SAMPLES) + 0.5) / SAMPLES;
      const row = Math.floor(cell / CELLS) + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
      sum += coverageAt(raster, placeOf(column, row));
    }
    return sum;
  });
}

/** @param {Raster} raster @param {{x: number, y: number}} point @returns {number} */
function coverageAt({ coverage, width, height }, { x, y }) {
  const [column, row] = [Math.floor(x * height), Math.floor(y * height)];
  return column >= 0 && column < width && row >= 0 && row < height ? coverage[row * width + column] : 0;
}

/**
 * @param {number} cell @param {readonly Stroke[]} strokes @param {number[]} owners @param {Area} area
 * @returns {number}  Which of the owners.
 */
function nearestTo(cell, strokes, owners, area) {
  const middle = placesIn(area)((cell % CELLS) + 0.5, Math.floor(cell / CELLS) + 0.5);
  const gaps = owners.map((i) => extentOf(strokes[i].points.map((point) => distance(point, middle)))[0]);
  return gaps.indexOf(extentOf(gaps)[0]);
}

/** @param {Stroke} stroke @returns {number}  The length of its line, in pads. */
export const lengthOf = ({ points }) => lengthOfPath(curve(points));
