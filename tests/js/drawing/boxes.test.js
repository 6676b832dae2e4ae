// Boxes on a photo: drawn, moved by keys, and carried between the pad and the photo's pixels.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boxBetween, boxMoved, boxOnPad, boxOnPhoto, isLarge } from "../../../static/js/drawing/boxes.js";

/** @import { Box } from "../../../static/js/drawing/boxes.js" */

const wide = { width: 4000, height: 2000 };
const [left, right, down] = [{ x: -1, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }];
const near = (/** @type {Box} */ found, /** @type {Box} */ expected) =>
  assert.ok(found.every((side, i) => Math.abs(side - expected[i]) < 1e-9), `${found} is not ${expected}`);

test("a box lies between its corners, whichever was first, within the pad", () => {
  near(boxBetween({ x: 0.5, y: 0.2 }, { x: 0.1, y: 0.6 }), [0.1, 0.2, 0.5, 0.6]);
  near(boxBetween({ x: -0.5, y: 0.2 }, { x: 0.1, y: 1.6 }), [0, 0.2, 0.1, 1]);
});

test("a touch draws no box", () => {
  assert.ok(!isLarge([0.1, 0.1, 0.11, 0.9]));
  assert.ok(isLarge([0.1, 0.1, 0.2, 0.9]));
});

test("keys move a box as far as the edge, and its far sides as near as a step", () => {
  near(boxMoved([0.5, 0.5, 0.6, 0.6], left, false), [0.5 - 1 / 28, 0.5, 0.6 - 1 / 28, 0.6]);
  near(boxMoved([0.01, 0.5, 0.11, 0.6], left, false), [0, 0.5, 0.1, 0.6]);
  near(boxMoved([0.5, 0.5, 0.99, 0.6], right, true), [0.5, 0.5, 1, 0.6]);
  near(boxMoved([0.5, 0.5, 0.51, 0.6], left, true), [0.5, 0.5, 0.5 + 1 / 28, 0.6]);
  near(boxMoved([0.5, 0.9, 0.6, 0.98], down, false), [0.5, 0.92, 0.6, 1]);
});

test("a box on the pad is the same on the photo, which lies in the pad's middle", () => {
  near(boxOnPad([0, 0, 4000, 2000], wide), [0, 0.25, 1, 0.75]);
  near(boxOnPhoto([0, 0, 1, 0.5], wide), [0, 0, 4000, 1000]);
  near(boxOnPhoto(boxOnPad([1000, 500, 1500, 900], wide), wide), [1000, 500, 1500, 900]);
});

test("on a wide pad a photo fills its height, and boxes are carried there and back", () => {
  near(boxOnPad([0, 0, 4000, 2000], wide, 4), [0.25, 0, 0.75, 1]);
  near(boxOnPhoto([0, 0, 0.5, 0.5], wide, 4), [0, 0, 2000, 1000]);
  near(boxOnPhoto(boxOnPad([1000, 500, 1500, 900], wide, 4), wide, 4), [1000, 500, 1500, 900]);
});
