// The strongest connections, from the answer back through the layers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { strongest, trace } from "../../../static/js/explain/trace.js";

test("a link carries activation times weight, exactly", () => {
  const weights = new Float32Array([1, -2, 3, 4, -5, 6]); // 3 inputs × 2 outputs
  assert.deepEqual(strongest([2, 0, 1], weights, [0, 1], 9), [
    { from: 2, to: 1, part: 6 },
    { from: 2, to: 0, part: -5 },
    { from: 0, to: 1, part: -4 },
    { from: 0, to: 0, part: 2 },
  ]);
});

test("only the strongest links into the chosen units are kept", () => {
  const weights = new Float32Array([1, -2, 3, 4, -5, 6]);
  assert.deepEqual(strongest([2, 0, 1], weights, [0], 1), [{ from: 2, to: 0, part: -5 }]);
});

test("the trace goes back from the answer through the units that carried it", () => {
  const layers = [[1, 0], [1, 1, 0]];
  const weights = [new Float32Array([1, 2, 3, 4, 5, 6]), new Float32Array([1, 0, 0, 5, 9, 9])];
  const [into, out] = trace(layers, weights, 1);
  assert.deepEqual(out, [{ from: 1, to: 1, part: 5 }]);
  assert.deepEqual(into, [{ from: 0, to: 1, part: 2 }]);
});

test("without a layer's weights its links and those before it are none", () => {
  assert.deepEqual(trace([[1], [1]], [new Float32Array([1]), null], 0), [[], []]);
  assert.equal(trace([[1], [1]], [null, new Float32Array([1])], 0)[1].length, 1);
});
