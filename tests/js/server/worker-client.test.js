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

function state() {
  const worker = new FakeWorker();
  const client = new WorkerClient(/** @type {any} */ (worker));
  const send = (signal = new AbortController().signal) => client.post("/predict", seven(), signal);
  return { worker, send };
}

test("replies find their questions, in whatever order they come", async () => {
  const { worker, send } = state();
  const [first, second] = [send(), send()];
  const [one, two] = worker.orders.map(({ number }) => number);
  worker.report({ number: two, reply: reply(2) });
  worker.report({ number: one, reply: reply(1) });
  assert.deepEqual([(await first).body.digit, (await second).body.digit], [1, 2]);
});

test("where no server answered, the question fails", async () => {
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

test("a worker that cannot be started loses what it was given, and what comes later does without it", async (t) => {
  const { worker, send } = state();
  const lost = send();
  worker.dispatchEvent(new Event("error"));
  await assert.rejects(lost, TypeError);
  t.mock.method(globalThis, "fetch", async () => Response.json({ digit: 7 }));
  assert.deepEqual((await send()).body, { digit: 7 });
  assert.equal(worker.orders.length, 1);
});

test("a body that is no JSON is none", async () => {
  const proxy = async () => new Response("<h1>Bad gateway</h1>", { status: 502 });
  assert.deepEqual(await postPicture("/predict", seven(), new AbortController().signal, proxy), { status: 502, body: null });
});
