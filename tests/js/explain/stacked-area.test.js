// Stacked bands and their names.

import assert from "node:assert/strict";
import { test } from "node:test";

import { above, cut, labelsOf, sharesAt } from "../../../static/js/explain/stacked-area.js";

/** @import { StackedArea } from "../../../static/js/explain/stacked-area.js" */

/** @type {StackedArea} Two digits that change places. */
const area = {
  columns: [{ x: 0, shares: [0.9, 0.1] }, { x: 0.5, shares: [0.5, 0.5] }, { x: 1, shares: [0.1, 0.9] }],
  leadingSpans: [{ from: 0, to: 0.5, digit: 0, faint: false }, { from: 0.5, to: 1, digit: 1, faint: false }],
  marks: [{ x: 0.5, text: "0 → 1" }],
};

test("between two columns the shares change evenly, and beyond the ends not at all", () => {
  assert.deepEqual(sharesAt(area.columns, 0.25).map((share) => share.toFixed(3)), ["0.700", "0.300"]);
  assert.deepEqual(sharesAt(area.columns, -1), [0.9, 0.1]);
  assert.deepEqual(sharesAt(area.columns, 2), [0.1, 0.9]);
});

test("a part of the axis has its own ends and all columns between", () => {
  assert.deepEqual(cut(area.columns, 0.25, 0.75).map(({ x }) => x), [0.25, 0.5, 0.75]);
});

test("a digit's area is below those of the smaller digits", () => {
  assert.equal(above([0.25, 0.5, 0.25], 2), 0.75);
});

test("a name is within its area, once where the digit is the most probable and once where it is not", () => {
  const labels = labelsOf(area, 400, 200);
  assert.deepEqual(labels.map(({ digit, leadingSpan }) => [digit, leadingSpan !== null]), [[0, true], [1, true], [0, false], [1, false]]);
  for (const { digit, x, y } of labels) {
    const shares = sharesAt(area.columns, x / 400);
    assert.ok(y > 200 * above(shares, digit) && y < 200 * above(shares, digit + 1));
  }
});

test("an area that is too small has no name", () => {
  assert.deepEqual(labelsOf(area, 20, 200), []);
  assert.deepEqual(labelsOf(area, 400, 10), []);
});
