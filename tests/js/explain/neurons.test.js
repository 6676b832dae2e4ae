// One neuron or many: names, pre-activations, effects on the digits, and answers without them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byImportance, digitWeights, displayName, effectsOf, neuronSentence, parseUnit, pixelWeights, preActivationTerms, speech, unitId, votesOf, withoutUnit } from "../../../static/js/explain/neurons.js";
import { argmax } from "../../../static/js/explain/numbers.js";
import { edgesOf } from "../../../static/js/views/contour.js";

/** @import { Explanation, Inspection } from "../../../static/js/server/api.js" */

const layers = [{ layer: "hidden1", values: [0, 3, 1] }, { layer: "hidden2", values: [1, 2] }];
/** @type {Inspection} */
const unit = {
  layer: "hidden2", number: 1, bias: 0.5, total: 2, value: 2, constant: 1,
  picture: [2, -1, 0], feeds: [], votes: [0, 0.1, 0, -0.4, 0, 0, 0, 0.3, 0, 0],
};
/** @type {Explanation} */
const explanation = {
  digit: 7, confidence: 1, novelty: 0, probabilities: [], verdict: "digit", target: 7, against: 1, log_odds: 3, bias: 0, ink: 3, parts: [],
  logit_parts: [], logits: [0, 1, 0, 0, 0, 0, 0, 4, 0, 0], biases: [], temperature: 1, helpful_ink: [], placement: null,
  model: "m",
  knockouts: [{ layer: "hidden1", digits: [7, 7, 7], log_odds: [3, 0.5, 4] }, { layer: "hidden2", digits: [7, 1], log_odds: [2, 2.5] }],
};

test("a neuron has the server's name and a display name", () => {
  assert.equal(unitId({ layer: "hidden1", number: 17 }), "hidden1.17");
  assert.equal(displayName({ layer: "hidden2", number: 3 }), "neuron 3 of hidden layer 2");
});

test("the name of a neuron that does not exist is parsed as null", () => {
  assert.deepEqual(parseUnit("hidden2.1", layers), { layer: "hidden2", number: 1 });
  for (const name of ["hidden2.2", "hidden3.0", "hidden1.-1", "hidden1.", "", null]) assert.equal(parseUnit(name, layers), null);
});

test("the pre-activation of a neuron is what ink adds, what it subtracts, and a constant", () => {
  assert.deepEqual(preActivationTerms(unit, [255, 51, 9]), [2, -0.2, 1]);
  assert.deepEqual(preActivationTerms(unit, [0, 0, 0]), [0, 0, 1]);
});

test("a neuron has one sentence: active, below zero, or ablated", () => {
  assert.equal(neuronSentence(unit, false), "Neuron 1 of hidden layer 2 says 2.00: it argues most for 7 and most against 3.");
  assert.equal(neuronSentence({ ...unit, total: -1.3, value: 0 }, false), "Neuron 1 of hidden layer 2 heard −1.30, less than zero, so it says nothing.");
  assert.equal(neuronSentence({ ...unit, value: 0 }, true), "Neuron 1 of hidden layer 2 is switched off: it heard 2.00 and says nothing.");
});

test("a neuron's votes are compared with their mean, and are products on a calculator", () => {
  const votes = votesOf({ votes: unit.votes.map((vote) => vote + 14.99), value: 2.005 });
  assert.deepEqual(votes.map(({ each }) => each), [0, 0.1, 0, -0.4, 0, 0, 0, 0.3, 0, 0]); // what all get alike says nothing
  let seed = 3;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  for (let i = 0; i < 500; i++) {
    const value = 200 * (random() + 0.5);
    for (const { each, now, places } of votesOf({ votes: unit.votes.map(() => 3 * random()), value })) {
      const [hundredths, last] = [Math.round(100 * Number(value.toFixed(2))), Math.round(10 ** places * each)];
      const product = Math.round(Math.abs(hundredths * last) / 10 ** places); // whole numbers are exact
      assert.equal(Math.round(100 * Math.abs(Number(now.toFixed(2)))), product);
    }
  }
});

test("a neuron's effect is the change of the log-odds without it, and whether the answer changes", () => {
  const [first, second] = effectsOf(explanation);
  assert.deepEqual(first.map(({ change }) => change), [0, -2.5, 1]);
  assert.deepEqual(second[1], { unit: "hidden2.1", change: -0.5, digit: 1, flips: true });
});

test("neurons that change the answer come first, and those that are ablated are left out", () => {
  const effects = effectsOf(explanation);
  const ranked = byImportance(effects, new Set(["hidden2.0"])).map(({ unit: name }) => name);
  assert.deepEqual(ranked, ["hidden2.1", "hidden1.1", "hidden1.0", "hidden1.2"]);
});

test("the answer without a neuron has words", () => {
  const effects = effectsOf(explanation);
  assert.equal(withoutUnit(effects[1][1], 7), "without it 1 instead of 7 (−0.5)");
  assert.equal(withoutUnit(effects[0][1], 7), "without it still 7 (−2.5)");
});

test("the largest of equals is the first", () => assert.equal(argmax([1, 3, 3]), 1));

test("an inked cell has four edges, and neighbours have none between them", () => {
  const ink = new Uint8Array(784);
  ink[0] = 255;
  assert.equal(edgesOf(ink).length, 4);
  ink[1] = 255;
  assert.equal(edgesOf(ink).length, 6);
  assert.equal(edgesOf(new Uint8Array(784).fill(255)).length, 4 * 28);
});

/** Two pixels, three neurons of which the second is at rest, two, and two digits. */
const NETWORK = { layers: [[1, 0.5], [2, 0, 1], [1, 3]], weights: [[1, 2, 3, 4, 5, 6], [1, -1, 9, 9, 2, 1], [1, 2, 3, -4]] };

test("a neuron hears pixels through the neurons below that speak", () => {
  const { layers, weights } = NETWORK;
  assert.deepEqual(pixelWeights(layers, weights, 1, 2), [3, 6]);
  assert.deepEqual(pixelWeights(layers, weights, 2, 0), [1 * 1 + 3 * 2, 4 * 1 + 6 * 2]);
});

test("a neuron speaks to the digits through the neurons above that speak", () => {
  const { layers, weights } = NETWORK;
  assert.deepEqual(digitWeights(layers, weights, 2, 1), [3, -4]);
  assert.deepEqual(digitWeights(layers, weights, 1, 0), [1 * 1 - 1 * 3, 1 * 2 - 1 * -4]);
  assert.deepEqual(digitWeights([[1, 0.5], [2, 0, 1], [0, 3]], weights, 1, 0), [-3, 4]);
});

test("what a neuron says is said in a few words, with the digits once they are known", () => {
  assert.equal(speech(2.314, [0, 3, -1], false), "says 2.31: most for 1, most against 2");
  assert.equal(speech(2.314, null, false), "says 2.31");
  assert.equal(speech(0, [0, 1], false), "is at rest");
  assert.equal(speech(0, null, true), "is switched off");
});
