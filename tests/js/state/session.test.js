// The drawing goes along to other pages, and back to one that the browser kept as it was.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keptDrawing, keepDrawing } from "../../../static/js/state/session.js";
import { drawingIn, fragmentOf } from "../../../static/js/state/share-link.js";

/** @import { Stroke } from "../../../static/js/drawing/strokes.js" */

/** @type {Map<string, string>} */
const storage = new Map();
globalThis.sessionStorage = /** @type {any} */ ({
  getItem: (/** @type {string} */ key) => storage.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => storage.set(key, value),
  removeItem: (/** @type {string} */ key) => storage.delete(key),
});

const [seven, four] = [0.7, 0.4].map((x) => [{ erase: false, width: 0.08, points: [{ x, y: 1 / 3 }] }]);
const memoized = (/** @type {Stroke[]} */ strokes) => drawingIn(fragmentOf(strokes));

/** A page with a drawing, which is left and shown again. @param {Stroke[]} drawn */
function pageWith(drawn) {
  const events = new EventTarget();
  const page = { drawn, shown: 0, save: () => events.dispatchEvent(new Event("pagehide")), show };
  globalThis.addEventListener = /** @type {any} */ (events.addEventListener.bind(events));
  keepDrawing(
    () => page.drawn,
    (strokes) => ((page.drawn = strokes), page.shown++),
  );
  function show(/** @type {boolean} */ persisted) {
    events.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  }
  return page;
}

test("what a page leaves the next one finds, and a blank one leaves nothing", () => {
  const page = pageWith(seven);
  page.save();
  assert.deepEqual(keptDrawing(), memoized(seven));
  page.drawn = [];
  page.save();
  assert.equal(keptDrawing(), null);
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

test("Back leaves a drawing alone that nothing replaced, and a page that loads sees to itself", () => {
  const page = pageWith(seven);
  page.save();
  page.show(true);
  pageWith(four).save();
  page.show(false);
  pageWith([]).save();
  page.show(true);
  assert.deepEqual([page.drawn, page.shown], [seven, 0]);
});
