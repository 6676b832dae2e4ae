// The steps from a drawing to 28×28 pixels: the part of the pad that each step shows.

import { CELLS, areaOf } from "./stroke-attribution.js";

/** @import { Box } from "../drawing/raster.js" */
/** @import { Frame } from "../drawing/snapshot.js" */
/** @import { Placement } from "../server/api.js" */
/** @import { Area } from "./stroke-attribution.js" */
/**
 * @typedef {object} Steps  In fractions of the pad.
 * @property {Box} box  Around the ink.
 * @property {Area} fitted  What 28×28 cells show after shrinking.
 * @property {Area} centred  What they show after centring: what the network sees.
 */

/** @type {Record<string, string>} What was left out, in words. */
const REMOVED = {
  lines: "ruled lines", edge: "the edge of the sheet", frame: "a frame", underline: "an underline", specks: "specks", other: "other writing", outline: "the hollow of an outline", gaps: "gaps in the strokes",
};
const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

/** Cells along the longer side of the ink once it is fitted. */
export const FITTED = 20;

/**
 * How the drawing was found: "Dark on light. Left out: ruled lines. Three ways of seeing it were read; …".
 * @param {Pick<Placement, "ground" | "removed" | "hypotheses">} placement @returns {string}
 */
export function findingWords({ ground, removed, hypotheses }) {
  const words = removed.map((what) => REMOVED[what] ?? what);
  const sentences = [ground === "transparent" ? "Ink on nothing: what is transparent is the ground." : `${ground[0].toUpperCase()}${ground.slice(1)}.`];
  if (words.length) sentences.push(`Left out: ${words.join(", ")}.`);
  if (hypotheses > 1) sentences.push(`${NUMBERS[hypotheses] ?? hypotheses} ways of seeing it were read; most speaks for this digit.`);
  return sentences.join(" ");
}

/** @param {Pick<Placement, "rotation" | "slant">} placement @returns {string}  How the drawing was turned to be read; empty if it was not. */
export function turnWords({ rotation, slant }) {
  if (rotation) return `Turned ${Math.abs(rotation)}° ${rotation > 0 ? "clockwise" : "anticlockwise"} to be read`;
  return slant ? `Slanted to the ${slant > 0 ? "right" : "left"} to be read` : "";
}

/** @param {Pick<Placement, "left" | "top" | "cell" | "fitted" | "box"> & Partial<Pick<Placement, "rotation" | "slant">>} placement @param {Frame} frame @returns {Steps} */
export function stepsOf(placement, frame) {
  const [left, top, right, bottom] = placement.box;
  const box = {
    left: frame.left + frame.unit * left,
    top: frame.top + frame.unit * top,
    right: frame.left + frame.unit * right,
    bottom: frame.top + frame.unit * bottom,
  };
  const [x, y] = placement.fitted;
  const { rotation: _, slant: __, ...upright } = placement; // it is turned once it was centred
  return { box, fitted: areaOf({ ...upright, left: x, top: y }, frame), centred: areaOf(placement, frame) };
}

/** @param {Area} a @param {Area} b @param {number} t  From 0 to 1. @returns {Area}  Between the two. */
export function areaBetween(a, b, t) {
  const mix = (/** @type {number} */ from, /** @type {number} */ to) => from + t * (to - from);
  return { left: mix(a.left, b.left), top: mix(a.top, b.top), side: mix(a.side, b.side) };
}

/** @param {Steps} steps @returns {{right: number, down: number}}  How far the ink moves, in cells. */
export function shiftOf({ fitted, centred }) {
  const cell = centred.side / CELLS;
  return { right: (fitted.left - centred.left) / cell, down: (fitted.top - centred.top) / cell };
}

/** @param {ArrayLike<number>} picture  784. @returns {{x: number, y: number}}  Its centre of mass, in cells. */
export function centreOfMass(picture) {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < picture.length; i++) {
    sum += picture[i];
    x += picture[i] * ((i % CELLS) + 0.5);
    y += picture[i] * (Math.floor(i / CELLS) + 0.5);
  }
  return sum ? { x: x / sum, y: y / sum } : { x: CELLS / 2, y: CELLS / 2 };
}

/** @param {{right: number, down: number}} shift @returns {string}  "0.4 cells right, 1.2 down". */
export function shiftWords({ right, down }) {
  const part = (/** @type {number} */ by, /** @type {string} */ ahead, /** @type {string} */ back) =>
    Math.abs(by) < 0.05 ? [] : [`${Math.abs(by).toFixed(1)} ${by > 0 ? ahead : back}`];
  const parts = [...part(right, "right", "left"), ...part(down, "down", "up")];
  return parts.length ? `Moved by cells: ${parts.join(", ")}` : "It was there already";
}
