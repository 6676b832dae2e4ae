// Every request gets its own reply, or its own failure, whatever becomes of the worker.

import assert from "node:assert/strict";
import { test } from "node:test";

import { postPicture } from "../../../static/js/server/request.js";
import { WorkerClient } from "../../../static/js/server/worker-client.js";

/** @import { WorkerRequest, WorkerReply } from "../../../static/js/server/request-worker.js" */

class FakeWorker extends EventTarget {
  /** @type {WorkerRequest[]} */
  orders = [];

  /** @param {WorkerRequest} order */
  postMessage(order) {
    this.orders.push(order);
  }

  /** @param {WorkerReply} report */
  report(report) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: report }));
  }
}

const seven = () => new Blob(["seven"], { type: "image/png" });
const reply = (/** @type {number} */ digit) => ({ status: 200, body: { digit } });

function state({ ready = true } = {}) {
  const worker = new FakeWorker();
  const client = new WorkerClient(/** @type {any} */ (worker));
  if (ready) worker.report("ready");
  const send = (signal = new AbortController().signal) => client.post("/predict", seven(), signal);
  return { worker, send };
}

test("replies reach their questions in any order", async () => {
  const { worker, send } = state();
  const [first, second] = [send(), send()];
  const [one, two] = worker.orders.map(({ number }) => number);
  worker.report({ number: two, reply: reply(2) });
  worker.report({ number: one, reply: reply(1) });
  assert.deepEqual([(await first).body.digit, (await second).body.digit], [1, 2]);
});

test("a question fails if no server answered", async () => {
  const { worker, send } = state();
  const lost = send();
  worker.report({ number: worker.orders[0].number, reply: null });
  await assert.rejects(lost, TypeError);
});

test("a request that is aborted fails at once, and the worker is told", async () => {
  const { worker, send } = state();
  const controller = new AbortController();
  const lost = send(controller.signal);
  controller.abort();
  await assert.rejects(lost, { name: "AbortError" });
  assert.deepEqual(worker.orders[1], { number: worker.orders[0].number });
  worker.report({ number: worker.orders[0].number, reply: reply(1) }); // too late: nobody waits
});

test("until the worker is ready, which it may never be, requests run on the page", async (t) => {
  t.mock.method(globalThis, "fetch", async () => Response.json({ digit: 7 }));
  const { worker, send } = state({ ready: false });
  assert.deepEqual((await send()).body, { digit: 7 });
  assert.equal(worker.orders.length, 0);
  const without = new WorkerClient(); // node has no workers of this kind
  assert.deepEqual((await without.post("/predict", seven(), new AbortController().signal)).body, { digit: 7 });
});

test("if the worker fails, what it was asked and what comes later runs on the page", async (t) => {
  t.mock.method(globalThis, "fetch", async () => Response.json({ digit: 7 }));
  const { worker, send } = state();
  const lost = send();
  worker.dispatchEvent(new Event("error"));
  assert.deepEqual((await lost).body, { digit: 7 });
  assert.deepEqual((await send()).body, { digit: 7 });
  assert.equal(worker.orders.length, 1);
});

test("a reply that is cut off is no reply", async () => {
  const cut = async () => new Response(new ReadableStream({ start: (body) => body.error(new TypeError("cut off")) }));
  await assert.rejects(postPicture("/predict", seven(), new AbortController().signal, cut), TypeError);
});

test("a body that is no JSON is null", async () => {
  const proxy = async () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  assert.deepEqual(await postPicture("/predict", seven(), new AbortController().signal, proxy), { status: 502, body: null });
});
