// The latest drawing wins, whatever the server does: slow, refusing, away, back again.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Predictor } from "../../../static/js/server/predictor.js";
import { postPicture } from "../../../static/js/server/request.js";
import { settle } from "../support.js";

/** @typedef {{url: string, init: RequestInit, answer: (response: Response) => Promise<void>, fail: () => Promise<void>}} Call */

const prediction = (/** @type {number} */ digit) => Response.json({ digit, probabilities: new Array(10).fill(0.1) });
const problem = (/** @type {number} */ status, /** @type {string} */ detail) =>
  Response.json({ status, detail }, { status, headers: { "Content-Type": "application/problem+json" } });

/** @type {(() => void)[]} */
const ends = [];
// What is awaited would keep its timer, and this process, for as long as a page waits: the server answers in the end.
afterEach(() => ends.splice(0).forEach((end) => end()));

/** A server that answers when the test tells it to, and a page that records. @param {object} [options] @param {object} [listener] */
function state(options, listener) {
  /** @type {Call[]} */
  const calls = [];
  /** @type {(string | number | null)[]} */
  const seen = [];
  let ended = false;
  const fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init = {}) =>
    new Promise((/** @type {(response: Response) => void} */ resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      if (ended) return resolve(new Response());
      calls.push({ url, init, answer: (response) => (resolve(response), settle()), fail: () => (reject(new TypeError("Failed to fetch")), settle()) });
    });
  const predictor = new Predictor(
    {
      answer: (answer) => seen.push("digit" in answer ? answer.digit : answer.text),
      problem: (sentence) => seen.push(sentence),
      reach: (reachable) => seen.push(reachable ? "back" : "away"),
      ...listener,
    },
    { post: (url, picture, signal) => postPicture(url, picture, signal, fetch), fetch, retryDelays: [1], ...options },
  );
  ends.push(() => {
    predictor.cancel();
    ended = true;
    for (const { answer } of calls) void answer(new Response());
    predictor.checkServer();
  });
  const ask = (/** @type {string} */ drawing) => (predictor.ask(() => new Blob([drawing], { type: "image/png" })), settle());
  const sent = () => Promise.all(calls.map(({ url, init }) => (init.body ? /** @type {Blob} */ (init.body).text() : url)));
  return { calls, seen, predictor, ask, sent };
}

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await settle();
}

test("a drawing is posted as the PNG it is", async () => {
  const { calls, ask, seen } = state();
  await ask("seven");
  assert.equal(calls[0].url, "/predict");
  assert.equal(new Headers(calls[0].init.headers).get("Content-Type"), "image/png");
  await calls[0].answer(prediction(7));
  assert.deepEqual(seen, [7]);
});

test("while one request is under way only the latest drawing waits", async () => {
  const { calls, ask, sent } = state();
  ["first", "second", "third"].forEach(ask);
  await settle();
  assert.deepEqual(await sent(), ["first"]);
  await calls[0].answer(prediction(1));
  assert.deepEqual(await sent(), ["first", "third"]);
});

test("a drawing that was skipped is never encoded", async () => {
  const { calls, predictor, ask } = state();
  ask("first");
  predictor.ask(() => assert.fail("encoded"));
  await ask("third");
  await calls[0].answer(prediction(1));
  assert.equal(calls.length, 2);
});

test("an old answer after a new one is not shown", async () => {
  const { calls, predictor, ask, seen } = state();
  await ask("old");
  predictor.cancel();
  await ask("new");
  await calls[1].answer(prediction(2));
  await calls[0].answer(prediction(1));
  assert.deepEqual(seen, [2]);
});

test("clearing the pad cancels the request under way, and the next is sent at once", async () => {
  const { calls, predictor, ask, seen } = state();
  await ask("old");
  predictor.cancel();
  assert.equal(calls[0].init.signal?.aborted, true);
  await ask("new");
  assert.equal(calls.length, 2);
  assert.deepEqual(seen, []);
});

test("a refusal is reported in the server's own sentence, and the next drawing is asked about", async () => {
  const { calls, ask, seen } = state();
  await ask("huge");
  await calls[0].answer(problem(413, "The picture is too large."));
  await ask("small");
  await calls[1].answer(prediction(3));
  assert.deepEqual(seen, ["The picture is too large.", 3]);
});

test("an error page without a sentence is reported by its number", async () => {
  const { calls, ask, seen } = state();
  await ask("x");
  await calls[0].answer(new Response("<h1>oops</h1>", { status: 500 }));
  assert.deepEqual(seen, ["The server answered 500."]);
});

test("an answer that is no prediction is a problem, not an exception", async () => {
  const { calls, ask, seen } = state();
  await ask("x");
  await calls[0].answer(new Response("<html>", { status: 200 }));
  assert.deepEqual(seen, ["The server's answer could not be read."]);
});

test("after a listener has thrown, the next drawing is asked about all the same", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  const fails = () => assert.fail("a view");
  const { calls, seen, predictor, ask, sent } = state({}, { answer: fails, problem: fails, reach: fails });
  ["first", "second", "third"].forEach((drawing) => ask(drawing));
  await settle();
  calls[0].answer(prediction(1));
  await until(() => calls.length === 2);
  await calls[1].answer(problem(413, "The picture is too large."));
  await ask("fourth");
  calls[2].fail();
  await until(() => calls.length === 4);
  calls[3].answer(new Response("{}"));
  await until(() => calls.length === 5);
  assert.deepEqual(await sent(), ["first", "third", "fourth", "/readyz", "fourth"]);
  assert.deepEqual([seen, reported.mock.callCount(), predictor.idle], [[], 4, false]);
});

test("an unreachable server is reported once, waited for, and asked again about the latest drawing", async () => {
  const { calls, ask, seen, sent } = state();
  await ask("old");
  calls[0].fail();
  await until(() => calls.length === 2);
  ask("new");
  calls[1].fail();
  await until(() => calls.length === 3);
  calls[2].answer(new Response("{}"));
  await until(() => calls.length === 4);
  assert.deepEqual(await sent(), ["old", "/readyz", "/readyz", "new"]);
  await calls[3].answer(prediction(5));
  assert.deepEqual(seen, ["away", "back", 5]);
});

test("without a newer drawing, the lost one is asked about again", async () => {
  const { calls, ask, sent } = state();
  await ask("only");
  calls[0].fail();
  await until(() => calls.length === 2);
  calls[1].answer(new Response("{}"));
  await until(() => calls.length === 3);
  assert.deepEqual(await sent(), ["only", "/readyz", "only"]);
});

test("after a clear the lost drawing is not asked about again", async () => {
  const { calls, ask, predictor, seen } = state();
  await ask("only");
  calls[0].fail();
  await until(() => calls.length === 2);
  predictor.cancel();
  calls[1].answer(new Response("{}"));
  await until(() => seen.length === 2);
  await settle();
  assert.equal(calls.length, 2);
});

test("a proxy without its server counts as unreachable", async () => {
  const { calls, ask, seen } = state();
  await ask("x");
  calls[0].answer(new Response("Bad gateway", { status: 502 }));
  await until(() => calls.length === 2);
  calls[1].answer(new Response("draining", { status: 503 }));
  await until(() => calls.length === 3);
  assert.deepEqual(seen, ["away"]);
});

test("a server that never answers counts as unreachable", async () => {
  const { calls, ask, seen } = state({ timeout: 5 });
  ask("x");
  await until(() => calls.length > 0 && seen.length > 0);
  assert.deepEqual(seen, ["away"]);
});

test("checkServer polls the server at once", async () => {
  const { calls, ask, predictor } = state({ retryDelays: [1e6] });
  await ask("x");
  await calls[0].fail();
  predictor.checkServer();
  await until(() => calls.length === 2);
  assert.equal(calls[1].url, "/readyz");
});

test("a number is asked for on its own path, and its lines are an answer", async () => {
  const { predictor, calls, seen } = state();
  predictor.ask(() => new Blob(["x"], { type: "image/png" }), "?activations=true", "/read");
  await settle();
  assert.equal(calls[0].url, "/read?activations=true");
  await calls[0].answer(Response.json({ text: "42", lines: [] }));
  assert.deepEqual(seen, ["42"]);
});
