// The arithmetic and the words of the page /training.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accuracyOf, filled, testedIn } from "../../../static/js/training/calibration.js";
import { namesThatFit } from "../../../static/js/training/checkpoint-chart.js";
import { cellInWords, commonest, missingInWords, neighbour } from "../../../static/js/training/confusion.js";
import { quantile } from "../../../static/js/explain/numbers.js";
import { fromFloat16 } from "../../../static/js/server/float16.js";
import { readingOf } from "../../../static/js/training/curves.js";
import { columnOf } from "../../../static/js/training/filters.js";
import { placeOn, rangeOf, ticksOf, valueAt } from "../../../static/js/training/log-scale.js";
import { nameOf, seenOf, sentenceOf, summaryOf, whenOf } from "../../../static/js/training/narration.js";

const CHECKPOINTS = [{ steps: 0, epochs: 0 }, { steps: 1, epochs: 0.001 }, { steps: 57, epochs: 0.2 }, { steps: 1200, epochs: 3.25 }, { steps: 90_000, epochs: 240 }];

/** @param {number} digit @param {number} share @returns {number[]} */
const sure = (digit, share) => Array.from({ length: 10 }, (_, i) => (i === digit ? share : (1 - share) / 9));

test("a checkpoint is named by its steps in the first epoch, and by its epochs from then on", () => {
  assert.deepEqual(CHECKPOINTS.map(nameOf), ["start", "1 step", "57 steps", "3.3 epochs", "240 epochs"]);
  assert.equal(nameOf({ steps: 400, epochs: 1 }), "1 epoch");
  assert.equal(whenOf(CHECKPOINTS[0]), "before the first step");
  assert.equal(whenOf(CHECKPOINTS[2]), "after 57 steps");
  assert.equal(seenOf(CHECKPOINTS[2], 256), "It has seen 14,592 pictures.");
  assert.equal(seenOf(CHECKPOINTS[2], null), "");
  assert.equal(seenOf(CHECKPOINTS[4], 256), "It has seen about 23,000,000 pictures."); // the last batch of an epoch is smaller
});

test("a checkpoint's answer is a sentence with its certainty", () => {
  assert.equal(sentenceOf(CHECKPOINTS[1], sure(3, 0.14)), "After 1 step: 14.0% sure of a 3.");
  assert.equal(sentenceOf(CHECKPOINTS[0], sure(8, 0.2)), "Before the first step: 20.0% sure of an 8.");
});

test("the narration tells since when the answer has stayed, and since when it has been sure", () => {
  const predictions = [sure(8, 0.2), sure(3, 0.14), sure(5, 0.3), sure(3, 0.6), sure(3, 0.99)];
  assert.equal(summaryOf(CHECKPOINTS, predictions), "It says 3 from epoch 3.3 on, and is sure from epoch 240 on.");
  assert.equal(summaryOf(CHECKPOINTS, predictions.map(() => sure(3, 0.95))), "It guessed 3 before it had learned anything, and is sure at once.");
  assert.equal(summaryOf(CHECKPOINTS, predictions.map(() => sure(3, 0.5))), "It guessed 3 before it had learned anything, and is never quite sure.");
  const early = [sure(8, 0.2), sure(3, 0.14), sure(3, 0.95), sure(3, 0.99), sure(3, 1)];
  assert.equal(summaryOf(CHECKPOINTS, early), "It says 3 from step 1 on, and is sure from step 57 on.");
});

test("numbers of 16 bits are those of IEEE 754", () => {
  const bits = new Uint16Array([0x0000, 0x8000, 0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00]);
  const values = fromFloat16(bits.buffer);
  const known = [0, -0, 1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 65504, Infinity, -Infinity, NaN];
  assert.deepEqual(Array.from(values), known);
});

test("a quantile is one of absolute values", () => {
  assert.equal(quantile([-4, 1, 2, -3], 0.5), 3);
  assert.equal(quantile([-4, 1, 2, -3], 1), 4);
  assert.equal(quantile([], 0.5), 0);
});

test("the picture of a neuron is its column of the weights", () => {
  const weights = Float32Array.from({ length: 784 * 3 }, (_, i) => i);
  const picture = columnOf(weights, 1);
  assert.equal(picture.length, 784);
  assert.deepEqual([picture[0], picture[1], picture[783]], [1, 4, 783 * 3 + 1]);
});

test("a place on a logarithmic axis and its value are inverse", () => {
  const range = { from: 1, to: 100 };
  assert.deepEqual([1, 10, 100].map((value) => placeOn(value, range)), [0, 0.5, 1]);
  assert.ok(Math.abs(valueAt(0.25, range) - 100 ** 0.25) < 1e-12);
  assert.equal(placeOn(5, { from: 5, to: 5 }), 0);
});

test("an axis ends at round numbers around its values and is marked at others", () => {
  assert.deepEqual(rangeOf([0.023, 0.98, NaN], 1e-4), { from: 0.02, to: 1 });
  assert.deepEqual(rangeOf([0, 3], 0.01), { from: 0.01, to: 5 });
  assert.deepEqual(ticksOf({ from: 0.02, to: 1 }), [0.1, 1]);
  assert.deepEqual(ticksOf({ from: 1, to: 9 }), [1, 2, 5]);
  assert.deepEqual(ticksOf({ from: 1, to: 240 }), [1, 10, 100]);
});

test("the first and the last checkpoint are named, and those between whose names fit", () => {
  assert.deepEqual(namesThatFit([30, 40, 40, 40, 60], 100, 10), [0, 1, 2, 3, 4]);
  assert.deepEqual(namesThatFit([30, 40, 40, 40, 60], 25, 10), [0, 4]);
  assert.deepEqual(namesThatFit([30, 30, 30, 30, 30, 30], 25, 10), [0, 2, 5]);
  assert.deepEqual(namesThatFit([30], 25, 10), [0]);
});

test("in a confusion matrix the commonest mistake is found, and from each cell the next that is not zero", () => {
  const matrix = [[9, 0, 2], [1, 8, 0], [0, 4, 7]];
  assert.deepEqual(commonest(matrix), [2, 1]);
  assert.deepEqual(neighbour(matrix, [0, 0], [0, 1]), [0, 2]);
  assert.deepEqual(neighbour(matrix, [0, 2], [1, 0]), [2, 2]);
  assert.deepEqual(neighbour(matrix, [0, 2], [0, 1]), [0, 2]);
});

test("a cell tells what was mistaken for what", () => {
  assert.equal(cellInWords(9, 8, 1), "1 test picture of a 9 was taken for an 8.");
  assert.equal(cellInWords(4, 9, 5), "5 test pictures of a 4 were taken for a 9.");
  assert.equal(cellInWords(1, 1, 1130), "1130 test pictures of a 1 were read right.");
});

test("pictures that could not be fetched and pictures that nobody stored have different sentences", () => {
  assert.match(missingInWords(true), /could not be fetched: choose the cell again/);
  assert.match(missingInWords(false), /not stored/);
});

test("only bins with answers are shown, and only test sets that were measured", () => {
  const bins = filled({ counts: [0, 3, 5], confidence: [null, 0.5, 0.9], right: [null, 1, 0.8] });
  assert.deepEqual(bins, [{ count: 3, confidence: 0.5, right: 1 }, { count: 5, confidence: 0.9, right: 0.8 }]);
  const reliability = { counts: [], confidence: [], right: [] };
  const figures = { digits: 9, accuracy: 1, standard_error: 0, accuracy_per_writer: null, accuracy_per_digit: [], loss: 0, calibration_error: 0, reliability, verdicts: {}, confusion: [] };
  assert.deepEqual(testedIn({ model: "m", mnist_test: figures }).map(({ kind }) => kind), ["mnist"]);
  assert.deepEqual(testedIn({ model: "m" }), []);
});

test("an accuracy is told with its standard error and, where they are known, with the worst and the best writer's", () => {
  const figures = { accuracy: 0.98034, standard_error: 0.0041, accuracy_per_writer: null };
  assert.equal(accuracyOf(figures), "98.03% ± 0.41");
  const writers = { writers: 14, worst: 0.9451, median: 0.98, best: 1 };
  assert.equal(accuracyOf({ ...figures, accuracy_per_writer: writers }), "98.03% ± 0.41 (of 14 writers 94.5% to 100.0%)");
});

test("an epoch is read out with both losses and both errors", () => {
  const epoch = { number: 5, steps: 0, rate: 0, gradient_norm: 0, dead_neurons: 0, loss: 0.4461, accuracy: 0.91806, validation_loss: 0.04653, validation_accuracy: 0.98681 };
  assert.equal(readingOf(epoch), "Epoch 5: loss 0.446 in learning, 0.0465 in validation; error 8.19% and 1.32%.");
});
