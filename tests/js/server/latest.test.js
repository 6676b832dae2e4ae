// Questions one at a time, the newest alone answered.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Latest, memoized } from "../../../static/js/server/latest.js";

/** A question whose answer the test gives. */
function question() {
  let answer = (/** @type {string | null} */ _) => {};
  const promise = new Promise((/** @type {(answer: string | null) => void} */ resolve) => (answer = resolve));
  const state = { asked: 0, onSettled: 0, answer };
  return { state, ask: () => (state.asked++, promise), onSettled: () => state.onSettled++ };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the same question is asked once", async () => {
  const [latest, one] = [new Latest(), question()];
  latest.ask(["a", 1], one.ask, one.onSettled);
  latest.ask(["a", 1], one.ask, one.onSettled);
  assert.equal(latest.settled, false);
  one.state.answer("yes");
  await settled();
  latest.ask(["a", 1], one.ask, one.onSettled);
  assert.deepEqual([one.state.asked, one.state.onSettled, latest.answer, latest.settled], [1, 1, "yes", true]);
});

test("while one is under way only the newest waits, and what is stale is dropped", async () => {
  const latest = new Latest();
  const [first, second, third] = [question(), question(), question()];
  [first, second, third].forEach(({ ask, onSettled }, i) => latest.ask([i], ask, onSettled));
  assert.deepEqual([first, second, third].map(({ state }) => state.asked), [1, 0, 0]);
  first.state.answer("old");
  await settled();
  assert.equal(latest.answer, null);
  third.state.answer("new");
  await settled();
  assert.deepEqual([first, second, third].map(({ state }) => [state.asked, state.onSettled]), [[1, 0], [0, 0], [1, 1]]);
  assert.equal(latest.answer, "new");
});

test("no answer is an answer too", async () => {
  const [latest, one] = [new Latest(), question()];
  latest.ask([0], one.ask, one.onSettled);
  one.state.answer(null);
  await settled();
  assert.deepEqual([latest.answer, latest.settled, one.state.onSettled], [null, true, 1]);
});

test("a question that fails, or whoever is told, does not stop the next one", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  const latest = new Latest();
  let failed = 0;
  latest.ask(["fails"], () => Promise.reject(new Error("lost")), () => failed++);
  await settled();
  assert.deepEqual([failed, latest.answer, latest.settled], [1, null, true]);
  const tellers = question();
  latest.ask(["told"], tellers.ask, () => assert.fail("a view that throws"));
  tellers.state.answer("heard");
  await settled();
  const third = question();
  latest.ask(["third"], third.ask, third.onSettled);
  third.state.answer("yes");
  await settled();
  assert.deepEqual([third.state.onSettled, latest.answer], [1, "yes"]);
  assert.equal(reported.mock.callCount(), 2);
});

test("what does not change is asked until there is an answer", async () => {
  const known = new Map();
  assert.equal(await memoized(known, "a", async () => null), null);
  assert.equal(await memoized(known, "a", async () => "pictures"), "pictures");
  assert.equal(await memoized(known, "a", () => assert.fail("asked once too often")), "pictures");
});
