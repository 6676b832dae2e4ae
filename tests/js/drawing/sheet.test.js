// How wide the sheet for a number is, and the numbers that write themselves on it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numberStrokes, samples } from "../../../static/js/drawing/samples.js";
import { aspectFor, rightOf } from "../../../static/js/drawing/sheet.js";

/** @param {number} x @param {boolean} [erase] */
const dot = (x, erase = false) => ({ erase, width: 0.1, points: [{ x, y: 0.5 }] });

test("a blank sheet is as wide as the pad, at least twice and at most eight times its height", () => {
  assert.deepEqual([1.2, 4.3, 20].map((fitting) => aspectFor(fitting, 0)), [2, 4.3, 8]);
});

test("a sheet is one height wider as soon as there is no room for another digit, and never wider than eight", () => {
  assert.deepEqual([1.3, 1.5, 2.3, 2.5, 7.9].map((right) => aspectFor(2, right)), [2, 3, 3, 4, 8]);
  assert.equal(aspectFor(4.3, 3.8), 5.3);
});

test("ink ends with the pen's own width, and what was erased is no ink", () => {
  assert.equal(rightOf([]), 0);
  assert.ok(Math.abs(rightOf([dot(0.5), dot(2), dot(1), dot(3, true)]) - 2.05) < 1e-9);
});

test("the digits of a number stand one after the other, with gaps, within the height of the sheet", () => {
  const [two, zero] = ["2", "0"].map((digit) => numberStrokes(digit).flat());
  const both = numberStrokes("20").flat();
  const right = Math.max(...two.map(({ x }) => x));
  assert.deepEqual(both.slice(0, two.length), two);
  assert.ok(both.slice(two.length).every(({ x, y }, i) => Math.abs(x - right - zero[i].x) < 1e-9 && y === zero[i].y));
  assert.ok(both.every(({ x, y }) => x > 0.1 && y > 0 && y < 1));
});

test("a digit is added to the right of what is written", () => {
  assert.equal(numberStrokes("4", 1.5).length, samples[4].length);
  assert.ok(numberStrokes("4", 1.5).flat().every(({ x }) => x > 1.6));
});
