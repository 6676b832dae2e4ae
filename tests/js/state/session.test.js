// The drawing goes along to other pages, and back to one that the browser kept as it was.

import assert from "node:assert/strict";
import { test } from "node:test";

import { firstDrawing, keepDrawing, keepMode, keepNetwork, keptDrawing, keptMode, saveDrawing } from "../../../static/js/state/session.js";
import { dropOldLink, drawingIn, fragmentOf } from "../../../static/js/state/share-link.js";

/** @import { Sketch } from "../../../static/js/drawing/strokes.js" */

/** @type {Map<string, string>} */
const storage = new Map();
globalThis.sessionStorage = /** @type {any} */ ({
  getItem: (/** @type {string} */ key) => storage.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => storage.set(key, value),
  removeItem: (/** @type {string} */ key) => storage.delete(key),
});

const [seven, four, many] = [0.7, 0.4, 4].map((x) => ({ strokes: [{ erase: false, width: 0.08, points: [{ x, y: 1 / 3 }] }], wide: x > 1 }));
const nothing = { strokes: [], wide: false };
const memoized = (/** @type {Sketch} */ sketch) => drawingIn(fragmentOf(sketch));

/** A page with a drawing, which is left and shown again. @param {Sketch} drawn */
function pageWith(drawn) {
  const events = new EventTarget();
  const page = { drawn, shown: 0, save: () => events.dispatchEvent(new Event("pagehide")), show };
  globalThis.addEventListener = /** @type {any} */ (events.addEventListener.bind(events));
  globalThis.dispatchEvent = events.dispatchEvent.bind(events);
  keepDrawing(() => page.drawn, (sketch) => ((page.drawn = sketch), page.shown++));
  function show(/** @type {boolean} */ persisted) {
    events.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  }
  return page;
}

test("a page keeps its drawing for the next one, and a blank page keeps none", () => {
  const page = pageWith(seven);
  page.save();
  assert.deepEqual(keptDrawing(), memoized(seven));
  page.drawn = nothing;
  page.save();
  assert.equal(keptDrawing(), null);
});

test("a drawing takes the place of the photo that was kept, and a blank page does not", () => {
  storage.set("inkscope-photo", "image/png,AA==");
  saveDrawing(nothing);
  assert.ok(storage.has("inkscope-photo"));
  saveDrawing(four);
  assert.ok(!storage.has("inkscope-photo"));
});

test("Back brings what was drawn on the other page, once", () => {
  const [first, second] = [pageWith(seven), pageWith(four)];
  first.save();
  second.save();
  first.show(true);
  assert.deepEqual(first.drawn, memoized(four));
  first.save();
  first.show(true);
  assert.equal(first.shown, 1);
});

test("Back brings what was drawn on the other page where that one is hidden only afterwards", () => {
  const page = pageWith(seven);
  page.save();
  saveDrawing(four);
  globalThis.dispatchEvent(new Event("visibilitychange")); // comes before pageshow
  page.show(true);
  assert.deepEqual(page.drawn, memoized(four));
});

test("Back keeps a drawing that nothing replaced, and a page that loads anew shows none", () => {
  const page = pageWith(seven);
  page.save();
  page.show(true);
  pageWith(four).save();
  page.show(false);
  pageWith(nothing).save();
  page.show(true);
  assert.deepEqual([page.drawn, page.shown], [seven, 0]);
});

test("a number is kept apart from a digit, and so is which of the two was on the pad", () => {
  pageWith(many).save();
  pageWith(seven).save();
  assert.deepEqual([keptDrawing(true), keptDrawing()], [memoized(many), memoized(seven)]);
  keepMode(true);
  assert.equal(keptMode(), true);
  keepMode(false);
  assert.equal(keptMode(), false);
});

test("a page that is loaded again or returned to shows the last drawing, and a link that is opened its own", () => {
  const opened = (/** @type {string} */ type, /** @type {Sketch} */ linked) => {
    performance.getEntriesByType = /** @type {any} */ (() => [{ type }]);
    globalThis.location = /** @type {any} */ ({ hash: linked.strokes.length ? fragmentOf(linked) : "" });
    return firstDrawing(() => assert.fail());
  };
  pageWith(seven).save();
  assert.deepEqual(["reload", "back_forward", "navigate"].map((type) => opened(type, four)), [seven, seven, four].map(memoized));
  assert.deepEqual(["reload", "back_forward", "navigate"].map((type) => opened(type, nothing)), [seven, seven, seven].map(memoized));
  pageWith(nothing).save();
  assert.deepEqual(["reload", "navigate"].map((type) => opened(type, four)), [four, four].map(memoized));
});

test("a link leaves the address once the pad shows something else", () => {
  globalThis.location = /** @type {any} */ ({ hash: fragmentOf(four), pathname: "/", search: "?network=wide" });
  /** @type {unknown[]} */
  const addresses = [];
  globalThis.history = /** @type {any} */ ({ replaceState: (/** @type {unknown[]} */ ...given) => addresses.push(given[2]) });
  dropOldLink(four);
  assert.deepEqual(addresses, []);
  dropOldLink(nothing);
  assert.deepEqual(addresses, ["/?network=wide"]);
});

test("a page that names no network goes on to the one that was named last, if the server still has it", () => {
  /** @type {string[]} */
  const gone = [];
  let others = [{ search: "?network=wide" }];
  globalThis.document = /** @type {any} */ ({ querySelectorAll: () => others });
  const opened = (/** @type {string} */ search) => {
    globalThis.location = /** @type {any} */ ({ search, href: `http://here/${search}#why`, replace: (/** @type {string} */ url) => gone.push(url) });
    return keepNetwork();
  };
  assert.deepEqual(["", "?network=wide", "", "?present"].map(opened), [false, false, true, true]);
  assert.deepEqual(gone, ["http://here/?network=wide#why", "http://here/?present=&network=wide#why"]);
  others = [];
  assert.equal(opened(""), false);
});
