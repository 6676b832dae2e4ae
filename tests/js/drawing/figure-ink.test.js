// The ink of one digit of a number, found by its box.

import assert from "node:assert/strict";
import { test } from "node:test";

import { strokesWithin } from "../../../static/js/drawing/figure-ink.js";
import { Snapshot, photoFrame } from "../../../static/js/drawing/snapshot.js";

/** @import { Stroke } from "../../../static/js/drawing/strokes.js" */

/** @param {number[]} xs @param {Partial<Stroke>} [rest] @returns {Stroke} */
const line = (xs, rest) => ({ erase: false, width: 0.06, points: xs.map((x, i) => ({ x, y: 0.3 + (0.4 * i) / xs.length })), ...rest });
/** @param {number} left @param {number} right */
const box = (left, right) => ({ left, top: 0.2, right, bottom: 0.8 });

test("a digit has the strokes in its box, as they are", () => {
  const strokes = [line([0.2, 0.5]), line([0.8, 1.1]), line([0.9, 1.2])];
  assert.deepEqual(strokesWithin(strokes, [box(0.7, 1.3)]), strokes.slice(1));
});

test("a stroke that reaches a little into the neighbour's box is all of its own digit", () => {
  const [one, two] = [line([0.2, 0.75]), line([0.7, 1.2])];
  const boxes = [box(0.15, 0.8), box(0.65, 1.25)];
  assert.deepEqual(strokesWithin([one, two], boxes), [one]);
  assert.deepEqual(strokesWithin([one, two], boxes.toReversed()), [two]);
});

test("a stroke that writes two digits is cut between them, and both parts together are all of it", () => {
  const stroke = line([0.2, 0.5, 0.8, 1.1]);
  const boxes = [box(0.1, 0.66), box(0.64, 1.2)];
  const [first, second] = [boxes, boxes.toReversed()].map((each) => strokesWithin([stroke], each));
  assert.equal(first.length, 1);
  assert.equal(second.length, 1);
  const [end, start] = [first[0].points[first[0].points.length - 1], second[0].points[0]];
  assert.ok(start.x > end.x && start.x - end.x < 0.02);
  assert.deepEqual([first[0].points[0], second[0].points.at(-1)], [stroke.points[0], stroke.points.at(-1)]);
});

test("a stroke that leaves a box and comes back is two in it", () => {
  const stroke = line([0.2, 0.5, 0.9, 0.5, 0.2]);
  assert.equal(strokesWithin([stroke], [box(0.1, 0.6)]).length, 2);
});

test("what was erased stays erased", () => {
  const eraser = line([2, 3], { erase: true });
  assert.deepEqual(strokesWithin([line([0.2, 0.5]), eraser], [box(0.1, 0.6)]), [line([0.2, 0.5]), eraser]);
});

test("a box in pixels of the picture that is sent finds the digit, which is then read as one", () => {
  const strokes = [line([0.2, 0.5]), line([2.2, 2.5])];
  const number = new Snapshot(strokes, { aspect: 4, wide: true });
  const { left, top, unit } = number.frame;
  const pixels = [(2.1 - left) / unit, (0.2 - top) / unit, 0.5 / unit, 0.6 / unit];
  const digit = number.within(pixels);
  assert.deepEqual([digit.strokes, digit.aspect, digit.wide, digit.frame], [[strokes[1]], 4, false, number.frame]);
  assert.ok((digit.raster.bounds()?.left ?? 0) > 2);
  assert.deepEqual([number.with([]).strokes, number.with([]).aspect, number.with([]).wide], [[], 4, true]);
});

test("a photo lies in the middle of a wide pad, as large as fits, and a digit of it is the whole photo", () => {
  assert.deepEqual(photoFrame(200, 100, 4), { left: 1, top: 0, unit: 1 / 100 });
  assert.deepEqual(photoFrame(800, 100, 4), { left: 0, top: 0.25, unit: 1 / 200 });
  const photo = /** @type {any} */ ({ width: 200, height: 100 });
  const digit = new Snapshot([], { photo, aspect: 4, wide: true }).within([0, 0, 10, 10]);
  assert.deepEqual([digit.photo, digit.frame], [photo, photoFrame(200, 100, 4)]);
});
