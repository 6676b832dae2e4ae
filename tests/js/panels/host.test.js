// The panels, without a page: each shows the scene while it is open, whatever becomes of the others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PanelHost } from "../../../static/js/panels/host.js";

/** @import { Panel } from "../../../static/js/panels/host.js" */

/** @param {string} id  A panel's element, with its parts by their selectors. */
function elementOf(id) {
  /** @type {Record<string, {hidden?: boolean}>} */
  const parts = { ".body": {}, ".away": {} };
  return Object.assign(new EventTarget(), { id, open: false, parts, querySelector: (/** @type {string} */ name) => parts[name] });
}

/** What the panels need of a page: folding elements, and frames that the test shows. */
function pageWith(/** @type {Record<string, Panel>} */ panels, state = {}) {
  const all = Object.keys(panels).map((id) => /** @type {any} */ (elementOf(id)));
  /** @type {(() => void)[]} */
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(() => callback(0));
  const element = /** @type {any} */ ({ querySelector: (/** @type {string} */ selector) => all.find(({ id }) => selector === `#${id}`) });
  const panelHost = new PanelHost(element, panels, /** @type {any} */ ({ store: { state, explain: () => {} } }));
  const open = (/** @type {number} */ i) => {
    all[i].open = true;
    all[i].dispatchEvent(new Event("toggle"));
  };
  return { panelHost, open, parts: all.map(({ parts }) => parts), frame: () => frames.splice(0).forEach((show) => show()) };
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

test("while the server is away each panel says so, in place of what it has not got, and then goes on", () => {
  const state = { away: true, moment: {}, explained: null };
  const panel = { build: () => () => {} };
  const { panelHost, open, frame, parts } = pageWith({ reasons: { ...panel, needsExplanations: true }, past: { ...panel, needsExplanations: false } }, state);
  open(0);
  open(1);
  const hidden = () => parts.map((each) => [each[".away"].hidden, each[".body"].hidden]);
  assert.deepEqual(hidden(), [[false, true], [false, false]]);
  state.away = false;
  panelHost.render();
  frame();
  assert.deepEqual(hidden(), [[true, false], [true, false]]);
});

test("a folded panel is neither built nor rendered", () => {
  let built = 0;
  const { panelHost, frame } = pageWith({ folded: { needsExplanations: true, build: () => (built++, () => {}) } });
  panelHost.render();
  frame();
  assert.equal(built, 0);
});
