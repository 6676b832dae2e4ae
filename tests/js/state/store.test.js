// The desk keeps every answer with its drawing, and asks for reasons only when nobody waits for an answer.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Snapshot } from "../../../static/js/drawing/snapshot.js";
import { Explainer, queryOf } from "../../../static/js/server/explanations.js";
import { Moments } from "../../../static/js/state/moments.js";
import { Desk } from "../../../static/js/state/store.js";

/** @import { Prediction } from "../../../static/js/server/predictor.js" */
/** @import { Scene } from "../../../static/js/state/store.js" */

/** @type {{url: string, reply: (status: number, body: unknown) => Promise<void>}[]} */
let requests = [];

beforeEach(() => {
  requests = [];
  globalThis.window = /** @type {any} */ (globalThis);
  globalThis.fetch = /** @type {any} */ (
    (/** @type {string} */ url) =>
      new Promise((resolve) => {
        const reply = async (/** @type {number} */ status, /** @type {unknown} */ body) => {
          resolve(Response.json(body, { status }));
          await settle();
        };
        requests.push({ url, reply });
      })
  );
});
// What is still asked is answered with a refusal, else its timers would keep this process alive.
afterEach(async () => {
  await settle();
  while (requests.length) await /** @type {(typeof requests)[0]} */ (requests.shift()).reply(404, {});
});

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};

/** @param {number} digit @returns {Prediction} */
const answer = (digit) =>
  /** @type {any} */ ({ digit, verdict: "digit", probabilities: Array.from({ length: 10 }, (_, i) => Number(i === digit)), model: "m" });

class Drawn extends Snapshot {
  get picture() {
    return new Blob(["x"], { type: "image/png" });
  }

  image() {
    return Promise.resolve(new Blob(["x"], { type: "image/png" }));
  }
}

function deskWith() {
  /** @type {string[]} */
  const seen = [];
  /** @type {Scene[]} */
  const scenes = [];
  const desk = new Desk(
    {
      changed: (scene, why) => (seen.push(why), scenes.push(scene)),
      answered: () => {},
      problem: (sentence) => seen.push(sentence),
      reach: () => {},
      returned: (sentence) => seen.push(sentence),
    },
    () => new Drawn([]),
  );
  return { desk, seen, scenes };
}

test("a query holds what was chosen and nothing else", () => {
  assert.equal(queryOf({ target: 0, against: null, off: "hidden1.1,hidden2.0", skip: "" }), "?target=0&off=hidden1.1%2Chidden2.0");
  assert.equal(queryOf({}), "");
});

test("every answer is kept with the drawing that it is about", async () => {
  const { desk } = deskWith();
  for (const digit of [1, 7]) {
    desk.ask(true);
    await settle();
    await requests[requests.length - 1].reply(200, answer(digit));
  }
  assert.deepEqual(desk.moments.list.map((moment) => moment.answer.digit), [1, 7]);
  assert.notEqual(desk.moments.list[0].snapshot, desk.moments.list[1].snapshot);
  assert.deepEqual(desk.moments.flips(), [{ index: 1, before: 1, after: 7, switched: false }]);
});

test("nobody is asked for reasons that no view shows", async () => {
  const { desk } = deskWith();
  desk.ask(false);
  await settle();
  await requests[0].reply(200, answer(3));
  desk.rest();
  await settle();
  assert.deepEqual(requests.map(({ url }) => url), ["/predict"]);
});

test("reasons are asked for after the answer, and with what was chosen", async () => {
  const { desk, seen } = deskWith();
  desk.curious = true;
  desk.choose({ target: 4, off: new Set(["hidden1.2"]) });
  desk.ask(false);
  await settle();
  assert.equal(requests[0].url, "/predict?off=hidden1.2");
  await requests[0].reply(200, answer(3));
  assert.equal(requests[1].url, "/explain?target=4&off=hidden1.2");
  await requests[1].reply(200, { target: 4 });
  assert.equal(seen.at(-1), "explanation");
  assert.equal(desk.scene.explained?.explanation.target, 4);
  assert.equal(desk.scene.explained?.snapshot, desk.scene.moment?.snapshot);
});

test("while an answer is awaited no reason is asked for", async () => {
  let free = false;
  /** @type {unknown[]} */
  const told = [];
  const explainer = new Explainer((explanation) => told.push(explanation), () => free);
  explainer.ask({ snapshot: new Drawn([]), query: "" });
  await settle();
  assert.equal(requests.length, 0);
  free = true;
  explainer.pump();
  await settle();
  explainer.ask({ snapshot: new Drawn([]), query: "?target=1" });
  explainer.ask({ snapshot: new Drawn([]), query: "?target=2" });
  await requests[0].reply(200, { n: 0 });
  assert.deepEqual(requests.map(({ url }) => url), ["/explain", "/explain?target=2"]);
  await requests[1].reply(404, {});
  assert.deepEqual(told, [{ n: 0 }, null]);
});

test("reasons that do not come in time are given up, and the next are asked for", async () => {
  /** @type {unknown[]} */
  const told = [];
  /** @type {import("../../../static/js/server/request.js").Run} */
  const hung = (url, _, signal) =>
    new Promise((resolve, reject) => {
      if (url.endsWith("2")) return resolve({ status: 200, body: { n: 2 } });
      signal.addEventListener("abort", () => reject(new DOMException("too late", "AbortError")));
    });
  const explainer = new Explainer((explanation) => told.push(explanation), () => true, { run: hung, patience: 5 });
  explainer.ask({ snapshot: new Drawn([]), query: "?target=1" });
  explainer.ask({ snapshot: new Drawn([]), query: "?target=2" });
  while (told.length < 2) await settle();
  assert.deepEqual(told, [null, { n: 2 }]);
});

test("neither a drawing that cannot be sent nor a view that throws stops the reasons", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  let told = 0;
  const explainer = new Explainer(() => (told++, assert.fail("a view")), () => true);
  const broken = Object.defineProperty(new Drawn([]), "picture", { get: () => assert.fail("no picture") });
  explainer.ask({ snapshot: broken, query: "" });
  await settle();
  explainer.ask({ snapshot: new Drawn([]), query: "?target=2" });
  await settle();
  await requests[0].reply(200, {});
  assert.deepEqual([told, reported.mock.callCount()], [2, 2]);
});

test("where no reasons are to be had there are none, not those of another drawing", async () => {
  const { desk, seen } = deskWith();
  desk.curious = true;
  desk.ask(false);
  await settle();
  await requests[0].reply(200, answer(3));
  await requests[1].reply(200, { target: 3 });
  assert.deepEqual([desk.scene.explained?.explanation.target, desk.scene.lost], [3, false]);
  desk.ask(false);
  await settle();
  await requests[2].reply(200, answer(8));
  await requests[3].reply(503, {});
  assert.deepEqual([desk.scene.explained, desk.scene.lost, seen.at(-1)], [null, true, "explanation"]);
  desk.choose({ target: 1 });
  await settle();
  await requests[4].reply(200, { target: 1 });
  assert.deepEqual([desk.scene.explained?.explanation.target, desk.scene.lost], [1, false]);
});

test("nothing else is asked while an answer is awaited, whatever becomes of it", async () => {
  const { desk } = deskWith();
  for (const [status, body] of /** @type {[number, unknown][]} */ ([[200, answer(3)], [422, { detail: "no" }]])) {
    desk.ask(false);
    await settle();
    const asked = [desk.whatIf([new Drawn([])]), desk.path([0], [1]), desk.gallery("hidden1.2"), desk.typical()];
    await settle();
    assert.deepEqual(requests.map(({ url }) => url), ["/predict"]);
    await requests[0].reply(status, body);
    await settle();
    assert.equal(requests.length, 5);
    for (const { reply } of requests.splice(0)) await reply(404, {});
    assert.deepEqual(await Promise.all(asked), [null, null, null, null]);
  }
  desk.ask(false);
  await settle();
  const asked = desk.typical();
  desk.clear();
  await settle();
  await requests[1].reply(404, {});
  assert.equal(await asked, null);
});

test("a view that fails keeps nobody waiting who asked for something else", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  const { desk, seen } = deskWith();
  seen.push = () => assert.fail("a view");
  desk.ask(false);
  await settle();
  const asked = desk.typical();
  await requests[0].reply(200, answer(3));
  assert.equal(requests.length, 2);
  await requests[1].reply(404, {});
  assert.deepEqual([await asked, reported.mock.callCount()], [null, 1]);
});

test("switching a neuron off asks anew, and switching it on again too", async () => {
  const { desk } = deskWith();
  desk.ask(false);
  await settle();
  await requests[0].reply(200, answer(3));
  desk.toggle("hidden2.5");
  await settle();
  assert.equal(requests[1].url, "/predict?off=hidden2.5");
  await requests[1].reply(200, answer(8));
  desk.toggle("hidden2.5");
  await settle();
  assert.equal(requests[2].url, "/predict");
});

test("a moment of the past can be looked at, and drawing on returns to now", async () => {
  const { desk, seen } = deskWith();
  for (const digit of [1, 7]) {
    desk.ask(true);
    await settle();
    await requests[requests.length - 1].reply(200, answer(digit));
  }
  desk.view(0);
  assert.equal(desk.scene.moment?.answer.digit, 1);
  assert.equal(desk.scene.viewed, 0);
  assert.equal(seen.at(-1), "view");
  desk.view(1);
  assert.equal(desk.scene.viewed, null);
  desk.view(0);
  desk.ask(true);
  assert.equal(desk.scene.viewed, null);
});

/** A desk with two moments: before and after a neuron and a step were switched off. */
async function switchedDesk() {
  const made = deskWith();
  made.desk.curious = true;
  made.desk.ask(false);
  await settle();
  await requests[0].reply(200, answer(1));
  await requests[1].reply(404, {});
  made.desk.choose({ off: new Set(["hidden1.2"]), skip: new Set(["fit"]) });
  await settle();
  await requests[2].reply(200, answer(7));
  assert.equal(requests[3].url, "/explain?off=hidden1.2&skip=fit");
  await requests[3].reply(404, {});
  requests = [];
  return made;
}

test("a moment of the past is explained, and asked about, with the network that it had", async () => {
  const { desk } = await switchedDesk();
  desk.view(0);
  await settle();
  assert.equal(requests[0].url, "/explain");
  assert.deepEqual([desk.scene.choice.off.size, desk.scene.choice.skip.size, desk.query("off", "skip")], [0, 0, ""]);
  void desk.whatIf([new Drawn([])]);
  await settle();
  assert.equal(requests[1].url, "/predict?activations=false");
  desk.view(null);
  assert.equal(desk.query("off", "skip"), "?off=hidden1.2&skip=fit");
});

test("what is switched while looking back counts from now on: the view returns to now, and says so", async () => {
  const { desk, seen } = await switchedDesk();
  desk.view(0);
  await settle();
  await requests.splice(0)[0].reply(404, {});
  desk.toggle("hidden1.5"); // which is on in the past, and now
  await settle();
  assert.equal(desk.scene.viewed, null);
  assert.match(/** @type {string} */ (seen.at(-1)), /^What you switched counts from now on/);
  assert.equal(requests[0].url, "/predict?off=hidden1.2%2Chidden1.5&skip=fit");
  await requests.splice(0)[0].reply(200, answer(7));
  await requests.splice(0)[0].reply(404, {});
  desk.view(0);
  await settle();
  await requests.splice(0)[0].reply(404, {});
  desk.toggle("hidden1.2"); // which is on in the past: it stays off now
  await settle();
  assert.equal(requests[0].url, "/predict?off=hidden1.2%2Chidden1.5&skip=fit");
});

test("an answer that comes after a switch was made still belongs to the network that gave it", async () => {
  const { desk } = deskWith();
  desk.ask(false);
  await settle();
  desk.choose({ off: new Set(["hidden2.0"]) });
  await requests[0].reply(200, answer(1));
  assert.deepEqual([...desk.moments.list[0].switches.off], []);
  assert.equal(requests[1].url, "/predict?off=hidden2.0");
});

test("a blank sheet has no moments, no reasons and no digits to weigh", async () => {
  const { desk } = deskWith();
  desk.choose({ target: 4, off: new Set(["hidden1.2"]) });
  desk.ask(false);
  await settle();
  await requests[0].reply(200, answer(3));
  desk.clear();
  assert.equal(desk.scene.moment, null);
  assert.equal(desk.choice.target, null);
  assert.deepEqual([...desk.choice.off], ["hidden1.2"]);
});

test("a long drawing's moments are thinned, and its last one stays", () => {
  const moments = new Moments();
  for (let i = 0; i < 1000; i++) moments.push({ snapshot: new Snapshot([]), answer: answer(i % 10), time: i, switches: { off: new Set(), skip: new Set() } });
  assert.ok(moments.list.length <= 361);
  assert.equal(moments.list.at(-1)?.time, 999);
  assert.equal(moments.list[0].time, 0);
});
