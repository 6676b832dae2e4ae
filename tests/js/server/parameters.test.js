// The network's own numbers come once, and what was lost comes with a later answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Parameters, fetchParameters } from "../../../static/js/server/parameters.js";

/** @import { Prediction } from "../../../static/js/server/predictor.js" */

/** @param {string} model @returns {Prediction} */
const answerOf = (model) =>
  /** @type {any} */ ({ model, input: new Array(4), activations: [{ layer: "hidden1", values: [0, 0, 0] }], probabilities: [0, 1] });

/** A server that loses what the test names, and a clock that the test sets. */
function served(exact = true) {
  const state = { lost: new Set(), now: 0, arrived: 0, asked: /** @type {string[]} */ ([]) };
  const fetch = async (/** @type {string} */ kind, /** @type {number} */ layer, /** @type {string} */ _, /** @type {number} */ count) => {
    state.asked.push(`${kind} ${layer}`);
    return state.lost.has(`${kind} ${layer}`) ? null : new Float32Array(count);
  };
  return { state, parameters: new Parameters(() => state.arrived++, { exact, fetch, now: () => state.now }) };
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
  const parameters = new Parameters(() => whole.push(parameters.complete), { exact: true, fetch });
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

test("what is shown as pictures and lines needs no biases, and its first layer only when that is asked for", async () => {
  const { state, parameters } = served(false);
  await parameters.load(answerOf("a"), 2);
  assert.deepEqual([state.asked, parameters.complete, parameters.failed], [["weights 2"], false, false]);
  await parameters.load(answerOf("a"), 1);
  assert.deepEqual([state.asked, parameters.complete], [["weights 2", "weights 1"], true]);
});

test("a first layer that is asked for while others are on their way comes with them", async () => {
  const { state, parameters } = served(false);
  const others = parameters.load(answerOf("a"), 2);
  await parameters.load(answerOf("a"), 1);
  await others;
  assert.deepEqual([state.asked, parameters.complete], [["weights 2", "weights 1"], true]);
});

test("weights that did not come are told from those on their way", async () => {
  const { state, parameters } = served(false);
  state.lost.add("weights 1");
  const loading = parameters.load(answerOf("a"));
  assert.equal(parameters.failed, false);
  await loading;
  assert.deepEqual([parameters.failed, state.arrived], [true, 3]);
});

/** @param {ArrayBuffer} bytes @param {string} url @returns {import("../../../static/js/server/request.js").Fetch} */
const replying = (bytes, url) => async (asked) => {
  assert.equal(asked, url);
  return new Response(bytes);
};

test("weights come as rows of floats, exact or in half as many bytes", async () => {
  const exact = replying(new Float32Array([1, 2, 3, 4, 5, 6]).buffer, "/model/weights/2?network=m");
  assert.deepEqual(await fetchParameters("weights", 2, "m", 6, true, exact), new Float32Array([1, 2, 3, 4, 5, 6]));
  const half = replying(new Uint16Array([0x3c00, 0xc000]).buffer, "/model/weights/2?network=m&bits=16");
  assert.deepEqual(await fetchParameters("weights", 2, "m", 2, false, half), new Float32Array([1, -2]));
});

test("weights of another shape, a refusal and a missing server give null", async () => {
  const short = async () => new Response(new Float32Array(5).buffer);
  const refused = async () => new Response(null, { status: 404 });
  const away = async () => Promise.reject(new TypeError("Failed to fetch"));
  for (const fetch of [short, refused, away]) assert.equal(await fetchParameters("biases", 1, "m", 6, true, fetch), null);
});
