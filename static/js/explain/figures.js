// The figures of a number: digits of a reading, each with its place in the picture that was sent.

import { argmax } from "./numbers.js";

/** @import { Reading, Digit } from "../server/api.js" */
/** @import { Point } from "../drawing/strokes.js" */
/** @typedef {readonly number[]} Place  Left, top, width and height, in pixels of the picture that was sent. */

/** Two places are the same figure's if they share at least this part of the smaller one: a figure grows while it is written. */
const SHARED = 0.5;

/** @param {Reading} reading @returns {Digit[]}  From left to right, line by line. */
export const figuresOf = ({ lines }) => lines.flatMap(({ digits }) => digits);

/** @param {Place} a @param {Place} b @returns {number}  The area that they share. */
function shared([left, top, width, height], [otherLeft, otherTop, otherWidth, otherHeight]) {
  const across = Math.min(left + width, otherLeft + otherWidth) - Math.max(left, otherLeft);
  const down = Math.min(top + height, otherTop + otherHeight) - Math.max(top, otherTop);
  return Math.max(0, across) * Math.max(0, down);
}

/** @param {Place} place @returns {number} */
const areaOf = ([, , width, height]) => width * height;

/** @param {readonly Place[]} places @param {Place} wanted @returns {number}  The index of the same figure; -1 if there is none. */
export function samePlace(places, wanted) {
  const parts = places.map((place) => shared(place, wanted));
  const best = argmax(parts);
  return parts.length && parts[best] > 0 && parts[best] >= SHARED * Math.min(areaOf(places[best]), areaOf(wanted)) ? best : -1;
}

/** @param {Place} place @param {Point} point @returns {number} */
function distanceTo([left, top, width, height], { x, y }) {
  return Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
}

/** @param {readonly Place[]} places  At least one. @param {Point} point @returns {number}  The index of the nearest; of several, the smallest. */
export function nearestPlace(places, point) {
  const order = places.map((place, i) => ({ i, gap: distanceTo(place, point), area: areaOf(place) }));
  return order.sort((a, b) => a.gap - b.gap || a.area - b.area)[0].i;
}

/** @param {Reading} reading @param {number} figure  Its index. @returns {number}  The index of its line. */
export function lineOf({ lines }, figure) {
  let end = 0;
  return lines.findIndex(({ digits }) => figure < (end += digits.length));
}
