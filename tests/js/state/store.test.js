// The store keeps every answer with its drawing, and asks for reasons only when nobody waits for an answer.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Snapshot } from "../../../static/js/drawing/snapshot.js";
import { Explainer, queryOf } from "../../../static/js/server/explanations.js";
import { Moments } from "../../../static/js/state/moments.js";
import { Store } from "../../../static/js/state/store.js";
import { predictionOf, settle } from "../support.js";

/** @import { State } from "../../../static/js/state/store.js" */

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

const answer = (/** @type {number} */ digit) => predictionOf(digit, 1);
const momentOf = (/** @type {number} */ time) => ({ snapshot: new Snapshot([]), answer: answer(time % 10), time, switches: { ablated: new Set(), skip: new Set() } });

class Drawn extends Snapshot {
  get picture() {
    return new Blob(["x"], { type: "image/png" });
  }

  image() {
    return Promise.resolve(new Blob(["x"], { type: "image/png" }));
  }
}

function listened() {
  /** @type {string[]} */
  const seen = [];
  /** @type {State[]} */
  const states = [];
  const store = new Store(
    {
      changed: (state, cause) => (seen.push(cause), states.push(state)),
      answered: () => {},
      problem: (sentence) => seen.push(sentence),
      reach: () => {},
      returned: (sentence) => seen.push(sentence),
    },
    () => new Drawn([]),
  );
  return { store, seen, states };
}

/** Somebody draws, and the server answers. @param {Store} store @param {number} digit @param {boolean} [live] */
async function drawn(store, digit, live = false) {
  store.ask(live);
  await settle();
  await requests[requests.length - 1].reply(200, answer(digit));
}

test("a query holds what was chosen and nothing else", () => {
  assert.equal(queryOf({ target: 0, against: null, off: "hidden1.1,hidden2.0", skip: "" }), "?target=0&off=hidden1.1%2Chidden2.0");
  assert.equal(queryOf({}), "");
});

test("every answer is kept with the drawing that it is about", async () => {
  const { store } = listened();
  for (const digit of [1, 7]) await drawn(store, digit, true);
  assert.deepEqual(store.moments.list.map((moment) => moment.answer.digit), [1, 7]);
  assert.notEqual(store.moments.list[0].snapshot, store.moments.list[1].snapshot);
  assert.deepEqual(store.moments.flips(), [{ index: 1, before: 1, after: 7, switched: false }]);
});

test("no explanation is requested while no panel needs it", async () => {
  const { store } = listened();
  await drawn(store, 3);
  store.strokeEnded();
  await settle();
  assert.deepEqual(requests.map(({ url }) => url), ["/predict"]);
});

test("an explanation is requested after the answer, with what was chosen", async () => {
  const { store, seen } = listened();
  store.needsExplanations = true;
  store.choose({ target: 4, ablated: new Set(["hidden1.2"]) });
  store.ask(false);
  await settle();
  assert.equal(requests[0].url, "/predict?off=hidden1.2");
  await requests[0].reply(200, answer(3));
  assert.equal(requests[1].url, "/explain?target=4&off=hidden1.2");
  await requests[1].reply(200, { target: 4 });
  assert.equal(seen.at(-1), "explanation");
  assert.equal(store.state.explained?.explanation.target, 4);
  assert.equal(store.state.explained?.snapshot, store.state.moment?.snapshot);
});

test("while somebody draws, explanations that delay frames are requested less often, and at once when the stroke ends", async (context) => {
  /** @type {FrameRequestCallback[]} */
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  context.after(() => Reflect.deleteProperty(globalThis, "requestAnimationFrame"));
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const { store } = listened();
  store.needsExplanations = true;
  const asked = () => requests.filter(({ url }) => url === "/explain").length;
  /** One is shown by frames at these times, and there is an answer at another. @param {number[]} times @param {number} later */
  const shown = async (times, later) => {
    await requests[requests.length - 1].reply(200, { target: 3 });
    for (now of times) frames.splice(0).forEach((frame) => frame(now));
    now = later;
    await drawn(store, 3, true);
  };
  await drawn(store, 3, true);
  assert.equal(asked(), 1);
  await shown([10, 26, 43], 200);
  assert.equal(asked(), 2, "after frames in time it is requested soon");
  await shown([260, 320, 380], 600);
  assert.equal(asked(), 2, "after late ones it is not");
  store.strokeEnded();
  await settle();
  assert.equal(asked(), 3);
});

test("no explanation is requested while an answer is awaited", async () => {
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

test("an explanation that does not come in time is aborted, and the next is requested", async () => {
  /** @type {unknown[]} */
  const told = [];
  /** @type {import("../../../static/js/server/request.js").Post} */
  const hung = (url, _, signal) =>
    new Promise((resolve, reject) => {
      if (url.endsWith("2")) return resolve({ status: 200, body: { n: 2 } });
      signal.addEventListener("abort", () => reject(new DOMException("too late", "AbortError")));
    });
  const explainer = new Explainer((explanation) => told.push(explanation), () => true, { post: hung, timeout: 5 });
  explainer.ask({ snapshot: new Drawn([]), query: "?target=1" });
  explainer.ask({ snapshot: new Drawn([]), query: "?target=2" });
  while (told.length < 2) await settle();
  assert.deepEqual(told, [null, { n: 2 }]);
});

test("neither a drawing that cannot be sent nor a listener that throws stops the explanations", async (context) => {
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

test("if the server gives no explanation there is none, not that of another drawing", async () => {
  const { store, seen } = listened();
  store.needsExplanations = true;
  await drawn(store, 3);
  await requests[1].reply(200, { target: 3 });
  assert.deepEqual([store.state.explained?.explanation.target, store.state.unavailable], [3, false]);
  await drawn(store, 8);
  await requests[3].reply(500, {});
  assert.deepEqual([store.state.explained, store.state.unavailable, seen.at(-1)], [null, true, "explanation"]);
  store.choose({ target: 1 });
  await settle();
  await requests[4].reply(200, { target: 1 });
  assert.deepEqual([store.state.explained?.explanation.target, store.state.unavailable], [1, false]);
});

test("a server that goes away while nobody draws is waited for, and asked about the drawing again", async () => {
  const { store, seen } = listened();
  store.needsExplanations = true;
  await drawn(store, 3);
  await requests[1].reply(502, {}); // the explanation
  assert.equal(store.state.away, false);
  await requests[2].reply(502, {});
  assert.deepEqual([store.state.away, seen.at(-1)], [true, "reach"]);
  store.checkServer();
  await settle();
  await requests[3].reply(200, {});
  await requests[4].reply(200, answer(8));
  await requests[5].reply(200, { target: 8 });
  assert.deepEqual(requests.map(({ url }) => url), ["/predict", "/explain", "/readyz", "/readyz", "/predict", "/explain"]);
  assert.deepEqual([store.state.away, store.state.explained?.explanation.target], [false, 8]);
});

test("a server that refuses an explanation is not away", async () => {
  const { store } = listened();
  store.needsExplanations = true;
  await drawn(store, 3);
  await requests[1].reply(503, {}); // it is busy
  await requests[2].reply(200, {});
  assert.deepEqual([store.state.away, store.state.unavailable, requests.length], [false, true, 3]);
});

test("no other request is sent while an answer is awaited, whatever its outcome", async () => {
  const { store } = listened();
  for (const [status, body] of /** @type {[number, unknown][]} */ ([[200, answer(3)], [422, { detail: "no" }]])) {
    store.ask(false);
    await settle();
    const asked = [store.whatIf([new Drawn([])]), store.path([0], [1]), store.gallery("hidden1.2"), store.gallery("typical")];
    await settle();
    assert.deepEqual(requests.map(({ url }) => url), ["/predict"]);
    await requests[0].reply(status, body);
    await settle();
    assert.equal(requests.length, 5);
    for (const { reply } of requests.splice(0)) await reply(404, {});
    assert.deepEqual(await Promise.all(asked), [null, null, null, null]);
  }
  store.ask(false);
  await settle();
  const asked = store.gallery("typical");
  store.clear();
  await settle();
  await requests[1].reply(404, {});
  assert.equal(await asked, null);
});

test("a listener that throws does not block waiting requests", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  const { store, seen } = listened();
  seen.push = () => assert.fail("a view");
  store.ask(false);
  await settle();
  const asked = store.gallery("typical");
  await requests[0].reply(200, answer(3));
  assert.equal(requests.length, 2);
  await requests[1].reply(404, {});
  assert.deepEqual([await asked, reported.mock.callCount()], [null, 1]);
});

test("to ablate or restore a neuron asks again", async () => {
  const { store } = listened();
  await drawn(store, 3);
  store.toggle("hidden2.5");
  await settle();
  assert.equal(requests[1].url, "/predict?off=hidden2.5");
  await requests[1].reply(200, answer(8));
  store.toggle("hidden2.5");
  await settle();
  assert.equal(requests[2].url, "/predict");
});

test("a moment of the past can be looked at, and drawing on returns to now", async () => {
  const { store, seen } = listened();
  for (const digit of [1, 7]) await drawn(store, digit, true);
  const [first, last] = store.moments.list;
  store.view(first);
  assert.equal(store.state.moment?.answer.digit, 1);
  assert.equal(store.state.viewed, first);
  assert.equal(seen.at(-1), "view");
  store.view(last);
  assert.equal(store.state.viewed, null);
  store.view(first);
  store.ask(true);
  assert.equal(store.state.viewed, null);
});

/** A store with two moments: before and after a neuron was ablated and a step skipped. */
async function switchedStore() {
  const made = listened();
  made.store.needsExplanations = true;
  await drawn(made.store, 1);
  await requests[1].reply(404, {});
  made.store.choose({ ablated: new Set(["hidden1.2"]), skip: new Set(["fit"]) });
  await settle();
  await requests[2].reply(200, answer(7));
  assert.equal(requests[3].url, "/explain?off=hidden1.2&skip=fit");
  await requests[3].reply(404, {});
  requests = [];
  return made;
}

test("a moment of the past is explained, and asked about, with the network that it had", async () => {
  const { store } = await switchedStore();
  store.view(store.moments.list[0]);
  await settle();
  assert.equal(requests[0].url, "/explain");
  assert.deepEqual([store.state.choice.ablated.size, store.state.choice.skip.size, store.query("ablated", "skip")], [0, 0, ""]);
  void store.whatIf([new Drawn([])]);
  await settle();
  assert.equal(requests[1].url, "/predict?activations=false");
  store.view(null);
  assert.equal(store.query("ablated", "skip"), "?off=hidden1.2&skip=fit");
});

test("what is switched while looking back counts from now on: the view returns to now, with a notice", async () => {
  const { store, seen } = await switchedStore();
  store.view(store.moments.list[0]);
  await settle();
  await requests.splice(0)[0].reply(404, {});
  store.toggle("hidden1.5"); // which is on in the past, and now
  await settle();
  assert.equal(store.state.viewed, null);
  assert.match(/** @type {string} */ (seen.at(-1)), /^What you switched counts from now on/);
  assert.equal(requests[0].url, "/predict?off=hidden1.2%2Chidden1.5&skip=fit");
  await requests.splice(0)[0].reply(200, answer(7));
  await requests.splice(0)[0].reply(404, {});
  store.view(store.moments.list[0]);
  await settle();
  await requests.splice(0)[0].reply(404, {});
  store.toggle("hidden1.2"); // which is on in the past: it stays ablated now
  await settle();
  assert.equal(requests[0].url, "/predict?off=hidden1.2%2Chidden1.5&skip=fit");
});

test("an answer that comes after a switch was made still belongs to the network that gave it", async () => {
  const { store } = listened();
  store.ask(false);
  await settle();
  store.choose({ ablated: new Set(["hidden2.0"]) });
  await requests[0].reply(200, answer(1));
  assert.deepEqual([...store.moments.list[0].switches.ablated], []);
  assert.equal(requests[1].url, "/predict?off=hidden2.0");
});

test("a blank pad has no moments, no explanation and no chosen digits", async () => {
  const { store } = listened();
  store.choose({ target: 4, ablated: new Set(["hidden1.2"]) });
  await drawn(store, 3);
  store.clear();
  assert.equal(store.state.moment, null);
  assert.equal(store.choice.target, null);
  assert.deepEqual([...store.choice.ablated], ["hidden1.2"]);
});

test("the moment being looked at stays the same one while the list is thinned", async () => {
  for (const index of [100, 101, 300]) {
    const { store } = listened();
    for (let i = 0; i < 360; i++) store.moments.push([momentOf(i)]);
    store.ask(true);
    await settle();
    const past = store.moments.list[index];
    store.view(past);
    await requests.splice(0)[0].reply(200, answer(3));
    assert.ok(store.moments.list.length < 200);
    assert.deepEqual([store.state.moment, store.state.viewed], [past, past]);
    assert.ok(store.moments.list.includes(past));
  }
});

test("a long drawing's moments are thinned, and its last one stays", () => {
  const moments = new Moments();
  for (let i = 0; i < 1000; i++) moments.push([momentOf(i)]);
  assert.ok(moments.list.length <= 361);
  assert.equal(moments.list.at(-1)?.time, 999);
  assert.equal(moments.list[0].time, 0);
});

test("of a photo, what the network saw of it is explained, and the photo is not sent again", async () => {
  const photo = /** @type {any} */ ({ image: new Blob(["photo"], { type: "image/jpeg" }), width: 10, height: 10 });
  const snapshot = new Snapshot([], { photo });
  const input = Array.from({ length: 784 }, (_, i) => (i === 406 ? 255 : 0));
  const placement = /** @type {any} */ ({ box: [1, 2, 3, 4] });
  /** @type {[unknown, unknown][]} */
  const seen = [];
  const explainer = new Explainer((explanation) => seen.push([explanation?.placement, sent]), () => true, {
    post: async (_, picture) => ((sent = /** @type {Blob} */ (picture)), { status: 200, body: { placement: null } }),
  });
  /** @type {Blob | undefined} */
  let sent;
  explainer.ask({ snapshot, query: "", input, placement, seen: true });
  await settle();
  assert.deepEqual([seen[0][0], sent?.type], [placement, "application/json"]);
  assert.deepEqual(JSON.parse((await sent?.text()) ?? ""), { pixels: input });
  explainer.ask({ snapshot, query: "", input: input.map((ink) => 255 - ink), placement, seen: true }); // ink all around: light on dark, to the server
  await settle();
  assert.equal(sent, photo.image);
});
