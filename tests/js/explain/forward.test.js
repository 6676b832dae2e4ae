// The forward pass as sums that can be read: terms, the path to a digit, softmax and its temperature.

import assert from "node:assert/strict";
import { test } from "node:test";

import { softmax, strongestFor, sumInto, strongestPath } from "../../../static/js/explain/forward.js";
import { reluInWords, temperatureWords } from "../../../static/js/views/forward-steps.js";
import { brief } from "../../../static/js/views/mathml.js";
import { reluPoint } from "../../../static/js/views/relu-plot.js";

const weights = new Float32Array([1, -2, 3, 4, -5, 6]); // 3 inputs × 2 outputs
const biases = new Float32Array([0.5, -1]);

test("a sum is its terms, largest first, and its bias", () => {
  const { terms, bias, total } = sumInto([2, 0, 1], weights, biases, 1);
  assert.deepEqual(terms.map(({ from, part }) => [from, part]), [[2, 6], [0, -4]]);
  assert.equal(bias, -1);
  assert.equal(total, 1);
});

test("the strongest contributor has the largest part, not the largest absolute part", () => {
  assert.equal(strongestFor(sumInto([2, 0, 1], weights, biases, 0)), 0); // +2 against −5
  assert.equal(strongestFor(sumInto([0, 0, 0], weights, biases, 0)), 0);
});

test("the path goes back from the digit through the strongest units, unless others are picked", () => {
  const layers = [[1, 1], [1, 2, 0], [3, 1]];
  const matrices = [[1, 2, 3, 4, 5, 6], [1, 0, 0, 5, 9, 9], [1, 0, 0, 1]];
  const rest = [[0, 0, 0], [0, 0], [0, 0]];
  assert.deepEqual(strongestPath(layers, matrices, rest, 1, []), [1, 1]);
  assert.deepEqual(strongestPath(layers, matrices, rest, 1, [null, 0]), [0, 0]);
  assert.deepEqual(strongestPath(layers, matrices, rest, 1, [2, 9]), [2, 1]); // there is no neuron 9
});

test("softmax adds up to one for any logits", () => {
  const shares = softmax([1000, 999, -1000], 1);
  assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.ok(Math.abs(shares[0] / shares[1] - Math.E) < 1e-9);
});

test("a higher temperature is less sure, and keeps the order", () => {
  const logits = [3, 1, 2];
  const [cold, hot] = [softmax(logits, 0.25), softmax(logits, 4)];
  assert.ok(cold[0] > hot[0]);
  for (const shares of [cold, hot]) assert.ok(shares[0] > shares[2] && shares[2] > shares[1]);
});

test("the words about a temperature say whether it is the network's own, and what another one does", () => {
  assert.match(temperatureWords(1.2, 1.2, [1, 0], 0), /^This is at the network’s own temperature 1.20/);
  assert.match(temperatureWords(1, 2, [1, 0], 0), /^Hotter: less sure\. At temperature 2\.00 the 0 gets 62\.2%, at the network’s own 1\.00 73\.1%/);
  assert.match(temperatureWords(1, 0.5, [1, 0], 0), /^Colder: surer\./);
});

test("a ReLU in words passes on what is above zero, unless the neuron is ablated", () => {
  assert.equal(reluInWords(1, false), "more than zero, and says just that");
  assert.equal(reluInWords(-1, false), "not more than zero, and says nothing, 0");
  for (const preActivation of [1, -1]) assert.equal(reluInWords(preActivation, true), "but it is switched off and says nothing, 0");
});

test("the point is on the ReLU: flat below zero, rising above, and always in the picture", () => {
  assert.equal(reluPoint(-5).y, reluPoint(0).y);
  assert.ok(reluPoint(2).y < reluPoint(1).y);
  assert.deepEqual(reluPoint(2, true), { x: reluPoint(2).x, y: reluPoint(0).y });
  for (const z of [-1e9, 0, 1e9]) assert.ok(reluPoint(z).x >= 8 && reluPoint(z).x <= 192 && reluPoint(z).y >= 8);
});

test("numbers have three figures, and powers of ten far from one", () => {
  assert.equal(brief(0.6961), "0.696");
  assert.equal(brief(16275), "16,300");
  assert.equal(brief(3.31e9), "3.3 · 10⁹");
  assert.equal(brief(8.4e-13), "8.4 · 10⁻¹³");
  assert.equal(brief(0), "0");
  assert.equal(brief(Infinity), "beyond all counting");
});
