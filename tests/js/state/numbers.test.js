// The store, while a number is written: one figure of it is what the page is about.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Snapshot } from "../../../static/js/drawing/snapshot.js";
import { Store } from "../../../static/js/state/store.js";
import { digitAt, readingOf, settle } from "../support.js";

/** @import { Digit, Reading } from "../../../static/js/server/api.js" */
/** @import { Stroke } from "../../../static/js/drawing/strokes.js" */

/** @type {{url: string, body: unknown, reply: (body: unknown) => Promise<void>}[]} */
let requests = [];

beforeEach(() => {
  requests = [];
  globalThis.window = /** @type {any} */ (globalThis);
  globalThis.fetch = /** @type {any} */ (
    (/** @type {string} */ url, /** @type {RequestInit} */ { body } = {}) =>
      new Promise((resolve) => {
        const reply = async (/** @type {unknown} */ body) => {
          resolve(Response.json(body));
          await settle();
        };
        requests.push({ url, body, reply });
      })
  );
});
afterEach(async () => {
  await settle();
  while (requests.length) await requests.shift()?.reply({});
});

/** A figure's place: 30 pixels wide. @param {number} left @returns {number[]} */
const at = (left) => [left, 20, 30, 60];
const input = Array.from({ length: 784 }, (_, i) => (i === 406 ? 255 : 0));
const [four, two, seven] = [digitAt(4, at(10), { input }), digitAt(2, at(50)), digitAt(7, at(90))];

/** An upright stroke in the middle of a figure. @param {Digit} figure @returns {Stroke} */
function strokeIn({ box: [left, top, width, height] }) {
  const x = (left - 4 + width / 2) / 112;
  return { erase: false, width: 0.08, points: [{ x, y: (top - 4) / 112 }, { x, y: (top - 4 + height) / 112 }] };
}

class Sheet extends Snapshot {
  get picture() {
    return new Blob(["x"], { type: "image/png" });
  }
}

function listened() {
  /** @type {string[]} */
  const seen = [];
  /** @type {Stroke[]} */
  let strokes = [];
  const store = new Store(
    {
      changed: (_, cause) => seen.push(cause),
      answered: () => {},
      problem: (sentence) => seen.push(sentence),
      reach: () => {},
      returned: (sentence) => seen.push(sentence),
    },
    () => new Sheet(strokes, { aspect: 3, wide: true }),
  );
  /** Somebody has written, and the server answers. @param {Digit[][]} lines @param {Partial<Reading>} [changes] */
  const written = async (lines, changes) => {
    strokes = lines.flat().map(strokeIn);
    store.ask(false, true);
    await settle();
    await requests.splice(0).at(-1)?.reply(readingOf(lines, changes));
  };
  return { store, seen, written };
}

/** @param {Store} store @returns {(number | null | undefined)[]} */
const digits = (store) => store.moments.list.map(({ answer }) => answer.digit);

test("a number is asked about with its layers and its cuts, and without the steps that only one digit has", async () => {
  const { store } = listened();
  store.choose({ skip: new Set(["fit"]), ablated: new Set(["hidden1.2"]) });
  store.ask(true, true);
  await settle();
  assert.equal(requests[0].url, "/read?off=hidden1.2&activations=true&segmentation=true");
  assert.deepEqual([...store.choice.skip], []);
});

test("the figure that was written last is looked at, and its own ink is its drawing", async () => {
  const { store, written } = listened();
  await written([[four]]);
  assert.equal(store.state.moment?.answer.digit, 4);
  await written([[four, two]]);
  assert.equal(store.state.moment?.answer.digit, 2);
  assert.equal(store.state.moment?.snapshot.strokes.length, 1);
  assert.equal(store.state.moment?.sheet?.snapshot.strokes.length, 2);
});

test("a chosen figure stays chosen while others are written, until it is gone", async () => {
  const { store, written, seen } = listened();
  await written([[four, two]]);
  store.look(/** @type {any} */ (store.state.moment?.sheet?.figures[0]));
  assert.equal(store.state.moment?.answer.digit, 4);
  assert.equal(seen.at(-1), "figure");
  await written([[four, two, seven]]);
  assert.equal(store.state.moment?.answer.digit, 4);
  await written([[two, seven]]);
  assert.equal(store.state.moment?.answer.digit, 7);
});

test("the only figure stays chosen too, once a person has chosen it", async () => {
  const { store, written, seen } = listened();
  await written([[four]]);
  store.look(/** @type {any} */ (store.state.moment));
  assert.notEqual(seen.at(-1), "figure"); // it was looked at before
  await written([[four, two]]);
  assert.equal(store.state.moment?.answer.digit, 4);
});

test("the digits that are compared are those of a figure: with the next one they are forgotten", async () => {
  const { store, written } = listened();
  await written([[four]]);
  store.choose({ target: 9 });
  await written([[digitAt(4, [10, 20, 34, 60])]]);
  assert.equal(store.choice.target, 9);
  await written([[four, two]]);
  assert.equal(store.choice.target, null);
});

test("the history is that of the chosen figure", async () => {
  const { store, written } = listened();
  await written([[digitAt(1, [10, 20, 12, 60])]]);
  await written([[four]]);
  await written([[four, two]]);
  assert.deepEqual(digits(store), [2]);
  store.look(/** @type {any} */ (store.state.moment?.sheet?.figures[0]));
  assert.deepEqual(digits(store), [1, 4, 4]);
  assert.deepEqual(store.moments.flips().map(({ index }) => index), [1]);
});

test("a moment of the past shows its own number, and so do its other figures", async () => {
  const { store, written } = listened();
  await written([[four, two]]);
  await written([[four, two, seven]]);
  store.look(/** @type {any} */ (store.state.moment?.sheet?.figures[1]));
  store.view(store.moments.list[0]);
  assert.equal(store.state.moment?.sheet?.reading.text, "42");
  store.look(/** @type {any} */ (store.state.moment?.sheet?.figures[0]));
  assert.deepEqual([store.state.moment?.sheet?.reading.text, store.state.moment?.answer.digit], ["42", 4]);
  store.view(null);
  assert.deepEqual([store.state.moment?.sheet?.reading.text, store.state.moment?.answer.digit], ["427", 4]);
});

test("ink that is no number is blank, and the history goes on after it", async () => {
  const { store, written } = listened();
  await written([]);
  assert.equal(store.state.moment?.answer.verdict, "blank");
  await written([[four]]);
  assert.deepEqual(digits(store), [4]);
});

test("an answer about one digit ends the history of a number", async () => {
  const { store, written } = listened();
  await written([[four]]);
  store.ask(false, false);
  await settle();
  assert.equal(requests[0].url, "/predict");
  await requests.splice(0)[0].reply({ ...digitAt(3, []), model: "m" });
  assert.deepEqual(digits(store), [3]);
});

test("the explanation of a figure is asked for with the picture that the network saw of it", async () => {
  const { store, written } = listened();
  store.needsExplanations = true;
  await written([[four]]);
  await settle();
  assert.equal(requests[0].url, "/explain");
  assert.deepEqual(JSON.parse(await /** @type {Blob} */ (requests[0].body).text()), { pixels: input });
});

test("with another figure the reasons of the last one are gone until the new ones come", async () => {
  const { store, written } = listened();
  store.needsExplanations = true;
  await written([[four, digitAt(2, at(50), { input })]]);
  await requests.splice(0)[0].reply({ target: 2 });
  const explained = () => store.state.explained;
  assert.equal(explained()?.explanation.target, 2);
  store.look(/** @type {any} */ (store.state.moment?.sheet?.figures[0]));
  assert.equal(explained(), null);
  await settle();
  await requests.splice(0)[0].reply({ target: 4 });
  assert.deepEqual([explained()?.explanation.target, explained()?.snapshot === store.state.moment?.snapshot], [4, true]);
});

test("sheets with many figures are kept in the history for a shorter time", async () => {
  const { store, written } = listened();
  const crowd = Array.from({ length: 200 }, (_, i) => digitAt(i % 10, at(40 * i)));
  for (let i = 0; i < 20; i++) await written([crowd]);
  assert.ok(store.moments.list.length <= 8);
});
