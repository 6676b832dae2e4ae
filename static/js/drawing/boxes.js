// Boxes around a digit on a photo: drawn between two corners, moved by keys, and carried between the pad and the photo.

import { photoFrame } from "./snapshot.js";

/** @import { Point } from "./strokes.js" */
/** @typedef {[number, number, number, number]} Box  Left, top, right, bottom, in fractions of the pad's width and height. */
/** @typedef {{width: number, height: number}} Size  Of a photo, in pixels. */

/** How far an arrow key moves a side of the box, as a fraction of the pad. */
const STEP = 1 / 28;
/** A box with a shorter side, as a fraction of the pad, is none: the finger only touched the pad. */
const SMALLEST = 0.03;

/** @param {Point} a @param {Point} b @returns {Box}  Between two corners, within the pad. */
export function boxBetween(a, b) {
  const [left, right] = [a.x, b.x].map(clamp).sort((one, other) => one - other);
  const [top, bottom] = [a.y, b.y].map(clamp).sort((one, other) => one - other);
  return [left, top, right, bottom];
}

/** @param {Box} box @param {Point} arrow @param {boolean} resizes @returns {Box}  Moved by an arrow key, or its far sides. */
export function boxMoved([left, top, right, bottom], arrow, resizes) {
  const [x, y] = [arrow.x * STEP, arrow.y * STEP];
  if (resizes) return [left, top, Math.max(left + STEP, clamp(right + x)), Math.max(top + STEP, clamp(bottom + y))];
  const [across, down] = [Math.min(1 - right, Math.max(-left, x)), Math.min(1 - bottom, Math.max(-top, y))];
  return [left + across, top + down, right + across, bottom + down];
}

/**
 * @param {readonly number[]} box  In pixels of the photo. @param {Size} photo @param {number} [aspect]  Of the pad.
 * @returns {Box}  In fractions of the pad.
 */
export function boxOnPad([left, top, right, bottom], { width, height }, aspect = 1) {
  const frame = photoFrame(width, height, aspect);
  const x = (/** @type {number} */ at) => clamp((frame.left + frame.unit * at) / aspect);
  const y = (/** @type {number} */ at) => clamp(frame.top + frame.unit * at);
  return [x(left), y(top), x(right), y(bottom)];
}

/** @param {Box} box  In fractions of the pad. @param {Size} photo @param {number} [aspect]  Of the pad. @returns {Box}  In pixels of the photo. */
export function boxOnPhoto([left, top, right, bottom], { width, height }, aspect = 1) {
  const frame = photoFrame(width, height, aspect);
  const x = (/** @type {number} */ at) => Math.min(width, Math.max(0, (aspect * at - frame.left) / frame.unit));
  const y = (/** @type {number} */ at) => Math.min(height, Math.max(0, (at - frame.top) / frame.unit));
  return [x(left), y(top), x(right), y(bottom)];
}

/** @param {number} value @returns {number} */
const clamp = (value) => Math.min(1, Math.max(0, value));

/** @param {Box} box  On the pad. @returns {boolean}  Whether it is one. */
export const isLarge = ([left, top, right, bottom]) => right - left >= SMALLEST && bottom - top >= SMALLEST;
