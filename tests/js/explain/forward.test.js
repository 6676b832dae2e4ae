// The forward pass as sums that can be read: terms, the path to a digit, softmax and its temperature.

import assert from "node:assert/strict";
import { test } from "node:test";

import { softmax, strongestFor, sumInto, strongestPath, writtenProduct, writtenSum } from "../../../static/js/explain/forward.js";
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

/** A decimal number as a whole number of its last place, which is exact. @param {string} text @returns {[bigint, number]} */
const exactly = (text) => [BigInt(text.replace(".", "")), text.split(".")[1].length];

/** What a calculator has for a product of two written numbers, in whole thousandths. @param {string} a @param {string} b @returns {bigint} */
function thousandths(a, b) {
  const [[x, i], [y, j]] = [exactly(a), exactly(b)];
  const [product, unit] = [x * y, 10n ** BigInt(i + j - 3)];
  const size = ((product < 0n ? -product : product) * 2n + unit) / (2n * unit);
  return product < 0n ? -size : size;
}

test("a written product is that of its written factors on a calculator, and the true one, whatever the numbers", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < 5000; i++) {
    const value = i % 2 ? Math.floor(256 * random()) / 255 : 10 ** (4 * random() - 2);
    const weight = Math.fround((random() - 0.5) * 10 ** (3 * random() - 1));
    const { places, part } = writtenProduct(value, weight);
    const written = [value.toFixed(places[0]), weight.toFixed(places[1])];
    assert.equal(thousandths(written[0], written[1]), BigInt(Math.round(part * 1000)), written.join(" × "));
    assert.ok(Math.abs(part - value * weight) <= 0.0005 + 1e-12, written.join(" × "));
  }
});

test("a factor has more places only where its product needs them", () => {
  assert.deepEqual(writtenProduct(1, -2.3846), { value: 1, weight: -2.3846, places: [3, 3], part: -2.385 });
  assert.deepEqual(writtenProduct(39.955, 0.08575).places, [3, 5]);
});

test("a written sum adds up, its products as they are and the rest as what is left", () => {
  const terms = [0.0014, 1.0014, -2.0004, 0.7777].map((part, from) => ({ from, value: 1, weight: part, part }));
  const sum = { terms, bias: 0.1234, total: terms.reduce((all, { part }) => all + part, 0.1234) };
  const { products, others, rest, bias, total } = writtenSum(sum, 3);
  assert.deepEqual(products.map(({ part }) => part), [0.001, 1.001, -2]);
  assert.deepEqual([others, rest, bias, total], [1, 0.779, 0.123, -0.096]);
  assert.equal(writtenSum({ ...sum, terms: terms.slice(0, 2) }, 3).total, 1.125); // no rest: the total is that of what is written
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
  assert.match(temperatureWords(1.2, 1.2, [1, 0], 0), /^This is at the network’s own temperature 1\.2000/);
  assert.match(temperatureWords(1, 2, [1, 0], 0), /^Hotter: less sure\. At temperature 2\.00 the 0 gets 62\.2%, at the network’s own 1\.0000 73\.1%/);
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
