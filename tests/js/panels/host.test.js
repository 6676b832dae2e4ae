// The panels, without a page: each shows the scene while it is open, whatever becomes of the others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PanelHost, reveal } from "../../../static/js/panels/host.js";

/** @import { Panel } from "../../../static/js/panels/host.js" */

/** What the panels need of a page: folding elements, and frames that the test shows. */
function pageWith(/** @type {Record<string, Panel>} */ panels, top = 0, scrollIntoView = () => {}) {
  const all = Object.keys(panels).map((id) => /** @type {any} */ (Object.assign(new EventTarget(), { id, open: false, querySelector: () => ({}), getBoundingClientRect: () => ({ top }), scrollIntoView })));
  /** @type {(() => void)[]} */
  const frames = [];
  Object.assign(globalThis, { innerHeight: 900 });
  globalThis.requestAnimationFrame = (callback) => frames.push(() => callback(0));
  const element = /** @type {any} */ ({ querySelector: (/** @type {string} */ selector) => all.find(({ id }) => selector === `#${id}`) });
  const panelHost = new PanelHost(element, panels, /** @type {any} */ ({ store: { state: {}, explain: () => {} } }));
  const open = (/** @type {number} */ i) => {
    all[i].open = true;
    all[i].dispatchEvent(new Event("toggle"));
  };
  return { panelHost, open, frame: () => frames.splice(0).forEach((show) => show()) };
}

test("a panel that throws is reported, and those after it are shown all the same", (context) => {
  const reported = context.mock.method(console, "error", () => {});
  let shown = 0;
  const broken = { needsExplanations: false, build: () => () => assert.fail("no such layer") };
  const { panelHost, open, frame } = pageWith({ broken, sound: { needsExplanations: false, build: () => () => shown++ } });
  open(0);
  open(1);
  panelHost.render();
  frame();
  assert.deepEqual([shown, reported.mock.callCount()], [2, 2]);
  panelHost.render();
  frame();
  assert.deepEqual([shown, reported.mock.callCount()], [3, 3]);
});

test("a folded panel is neither built nor rendered", () => {
  let built = 0;
  const { panelHost, frame } = pageWith({ folded: { needsExplanations: true, build: () => (built++, () => {}) } });
  panelHost.render();
  frame();
  assert.equal(built, 0);
});

test("an opened panel is scrolled to the top of the window, unless it begins near there, once it is rendered", () => {
  /** @type {string[]} */
  const done = [];
  const at = (/** @type {number} */ top) => /** @type {any} */ ({
    getBoundingClientRect: () => ({ top }),
    scrollIntoView: (/** @type {ScrollIntoViewOptions} */ { behavior, block }) => done.push(`${top} ${block} ${behavior}`),
  });
  const { open } = pageWith({ low: { needsExplanations: false, build: () => () => done.push("rendered") } }, 1333, () => done.push("scrolled"));
  for (const top of [-10, 0, 299, 301, 1333]) reveal(at(top), top > 1000);
  assert.deepEqual(done, ["-10 start smooth", "301 start smooth", "1333 start instant"]);
  open(0);
  assert.deepEqual(done.slice(3), ["rendered", "scrolled"]);
});
