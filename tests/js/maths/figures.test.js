// The arithmetic of the figures on the page of the mathematics.

import assert from "node:assert/strict";
import { test } from "node:test";
import { between, height, powerOfTen, rescaled, formatNumber, descend } from "../../../static/js/maths/arithmetic.js";

/** @type {import("../../../static/js/maths/arithmetic.js").Descent} */
const descent = { rate: 0.035, momentum: 0.8, steep: 25, start: [-9, 2], steps: 40 };
const last = (/** @type {number[][]} */ places) => places[places.length - 1];
const close = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b)), `${a} ${b}`);

test("plain descent shrinks each coordinate by its own factor", () => {
  const [a, b] = last(descend("plain", descent));
  close(a, -9 * (1 - 0.035) ** 40);
  close(b, 2 * (1 - 25 * 0.035) ** 40);
});

test("without momentum all ways but Adam are the plain one", () => {
  const reducedMotion = { ...descent, momentum: 0 };
  assert.deepEqual(descend("momentum", reducedMotion), descend("plain", reducedMotion));
  assert.deepEqual(descend("nesterov", reducedMotion), descend("plain", reducedMotion));
});

test("Adam's first step is as long as the rate, whatever the slope", () => {
  const [a, b] = descend("adam", descent)[1];
  close(a, -9 + 0.035);
  assert.ok(Math.abs(b - (2 - 0.035)) < 1e-8);
});

test("the valley is steep across", () => assert.equal(height([2, 1], 25), 14.5));

test("between two points there is a straight line, and the ends are met", () => {
  const [at, values] = [[0, 0.5, 1], [1, 3, -1]];
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map((t) => between(at, values, t)), [1, 2, 3, 1, -1]);
});

test("a factor for the weights counts once a layer", () => assert.deepEqual(rescaled([1, 1, 2], 0.5), [1, 0.5, 0.5]));

test("numbers are said as the server says them", () => {
  const words = [109386.2, -0.138282, 4.64e-10, 0, 2, Infinity].map((value) => formatNumber(value));
  assert.deepEqual(words, ["109400", "−0.1383", "4.64·10⁻¹⁰", "0", "2", "beyond all numbers"]);
  assert.equal(powerOfTen(-12), "10⁻¹²");
});
