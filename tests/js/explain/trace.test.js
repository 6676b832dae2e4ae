// The strongest connections, from the answer back through the layers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { strongest, trace, traceUnit } from "../../../static/js/explain/trace.js";

test("the part of a link is exactly activation times weight", () => {
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

test("the trace goes back from the answer through the units that contributed", () => {
  const layers = [[1, 0], [1, 1, 0]];
  const weights = [new Float32Array([1, 2, 3, 4, 5, 6]), new Float32Array([1, 0, 0, 5, 9, 9])];
  const [into, out] = trace(layers, weights, 1);
  assert.deepEqual(out, [{ from: 1, to: 1, part: 5 }]);
  assert.deepEqual(into, [{ from: 0, to: 1, part: 2 }]);
});

test("a layer without weights has no links, nor have those before it", () => {
  assert.deepEqual(trace([[1], [1]], [new Float32Array([1]), null], 0), [[], []]);
  assert.equal(trace([[1], [1]], [null, new Float32Array([1])], 0)[1].length, 1);
});

test("one neuron has the links into it and out of it alone, and none out of it at rest", () => {
  const layers = [[1, 2], [3, 0], [1, 1]];
  const weights = [new Float32Array([1, 5, -4, 5]), new Float32Array([2, -3, 7, 7]), new Float32Array(4)];
  const [into, out, above] = traceUnit(layers, weights, 1, 0);
  assert.deepEqual(into, [{ from: 1, to: 0, part: -8 }, { from: 0, to: 0, part: 1 }]);
  assert.deepEqual(out, [{ from: 0, to: 1, part: -9 }, { from: 0, to: 0, part: 6 }]);
  assert.deepEqual(above, []);
  assert.deepEqual(traceUnit(layers, weights, 1, 1)[1], []);
  assert.deepEqual(traceUnit(layers, [null, null, null], 1, 0), [[], [], []]);
});
