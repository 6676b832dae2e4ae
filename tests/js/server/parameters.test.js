// The network's own numbers come once, and what was lost comes with a later answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Parameters, fetchParameters } from "../../../static/js/server/parameters.js";

/** @import { Prediction } from "../../../static/js/server/predictor.js" */

/** @param {string} model @returns {Prediction} */
const answerOf = (model) =>
  /** @type {any} */ ({ model, input: new Array(4), activations: [{ layer: "hidden1", values: [0, 0, 0] }], probabilities: [0, 1] });

/** A server that loses what the test names, and a clock that the test sets. */
function served() {
  const state = { lost: new Set(), now: 0, arrived: 0, asked: /** @type {string[]} */ ([]) };
  const fetch = async (/** @type {string} */ kind, /** @type {number} */ layer, /** @type {string} */ _, /** @type {number} */ count) => {
    state.asked.push(`${kind} ${layer}`);
    return state.lost.has(`${kind} ${layer}`) ? null : new Float32Array(count);
  };
  return { state, parameters: new Parameters(() => state.arrived++, { fetch, now: () => state.now }) };
}

test("the numbers of a model are fetched once, the last layer first", async () => {
  const { state, parameters } = served();
  await Promise.all([parameters.load(answerOf("a")), parameters.load(answerOf("a"))]);
  await parameters.load(answerOf("a"));
  assert.deepEqual(state.asked, ["weights 2", "biases 2", "weights 1", "biases 1"]);
  assert.deepEqual([parameters.complete, state.arrived, parameters.weights[0]?.length], [true, 2, 12]);
});

test("the parameters are complete only once every layer has come", async () => {
  const whole = /** @type {boolean[]} */ ([]);
  const fetch = async (/** @type {string} */ _, /** @type {number} */ __, /** @type {string} */ ___, /** @type {number} */ count) =>
    new Float32Array(count);
  const parameters = new Parameters(() => whole.push(parameters.complete), { fetch });
  await parameters.load(answerOf("a"));
  assert.deepEqual(whole, [false, true]);
});

test("a failed layer is fetched again with a later answer, though not with every one", async () => {
  const { state, parameters } = served();
  state.lost.add("biases 2");
  await parameters.load(answerOf("a"));
  assert.equal(parameters.complete, false);
  [state.lost, state.asked] = [new Set(), []];
  await parameters.load(answerOf("a"));
  assert.deepEqual(state.asked, []);
  state.now = 60_000;
  await parameters.load(answerOf("a"));
  assert.deepEqual([state.asked, parameters.complete], [["weights 2", "biases 2"], true]);
});

test("once the server is back, the next answer fetches what failed", async () => {
  const { state, parameters } = served();
  state.lost.add("weights 1");
  await parameters.load(answerOf("a"));
  state.lost.clear();
  parameters.retry();
  await parameters.load(answerOf("a"));
  assert.equal(parameters.complete, true);
});

test("another network's parameters replace those still being fetched", async () => {
  const { state, parameters } = served();
  const first = parameters.load(answerOf("a"));
  await parameters.load(answerOf("b"));
  await first;
  assert.deepEqual([parameters.model, parameters.complete, state.asked.length], ["b", true, 6]);
});

test("weights come as rows of floats", async () => {
  const bytes = new Float32Array([1, 2, 3, 4, 5, 6]).buffer;
  const weights = await fetchParameters("weights", 2, "m", 6, async (url) => {
    assert.equal(url, "/model/weights/2?network=m");
    return new Response(bytes);
  });
  assert.deepEqual(weights && [...weights], [1, 2, 3, 4, 5, 6]);
});

test("weights of another shape, a refusal and a missing server give null", async () => {
  const short = async () => new Response(new Float32Array(5).buffer);
  const refused = async () => new Response(null, { status: 404 });
  const away = async () => Promise.reject(new TypeError("Failed to fetch"));
  for (const fetch of [short, refused, away]) assert.equal(await fetchParameters("biases", 1, "m", 6, fetch), null);
});
