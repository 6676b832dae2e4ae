// The panels, without a page: each shows the scene while it is open, whatever becomes of the others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PanelHost } from "../../../static/js/panels/host.js";

/** @import { Panel } from "../../../static/js/panels/host.js" */

/** What the panels need of a page: folding elements, and frames that the test shows. */
function pageWith(/** @type {Record<string, Panel>} */ panels) {
  const all = Object.keys(panels).map((id) => /** @type {any} */ (Object.assign(new EventTarget(), { id, open: false, querySelector: () => ({}) })));
  /** @type {(() => void)[]} */
  const frames = [];
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
