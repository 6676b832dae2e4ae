// The panels, without a page: each shows the scene while it is open, whatever becomes of the others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PanelHost, reveal } from "../../../static/js/panels/host.js";

/** @import { Panel } from "../../../static/js/panels/host.js" */

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** What the panels need of a page: folding elements, and frames that the test shows. */
function pageWith(/** @type {Record<string, Panel>} */ panels, { fetchPanels = async () => panels, state = {}, top = 0, scrollIntoView = () => {} } = {}) {
  const bodies = Object.keys(panels).map(() => ({ textContent: "", hidden: false }));
  const notices = bodies.map(() => ({ hidden: true }));
  const all = Object.keys(panels).map((id, i) => {
    const querySelector = (/** @type {string} */ name) => (name === ".away" ? notices : bodies)[i];
    return /** @type {any} */ (Object.assign(new EventTarget(), { id, open: false, querySelector, getBoundingClientRect: () => ({ top }), scrollIntoView }));
  });
  /** @type {(() => void)[]} */
  const frames = [];
  /** @type {(() => void) | null} */
  let grow = null;
  class Observer {
    constructor(/** @type {(entries: {target: unknown}[]) => void} */ grown) {
      this.observe = (/** @type {unknown} */ target) => (grow = () => grown([{ target }]))(); // as a browser's: at once, too
      this.disconnect = () => (grow = null);
    }
  }
  const acts = new EventTarget();
  Object.assign(globalThis, { innerHeight: 900, ResizeObserver: Observer, addEventListener: acts.addEventListener.bind(acts) });
  globalThis.requestAnimationFrame = (callback) => frames.push(() => callback(0));
  const element = /** @type {any} */ ({ querySelectorAll: () => all, querySelector: (/** @type {string} */ selector) => all.find(({ id }) => selector === `#${id}`) });
  const panelHost = new PanelHost(element, fetchPanels, /** @type {any} */ ({ store: { state, explain: () => {} } }));
  const open = (/** @type {number} */ i) => {
    all[i].open = true;
    all[i].dispatchEvent(new Event("toggle"));
    return settled();
  };
  const act = (/** @type {string} */ kind) => acts.dispatchEvent(new Event(kind));
  return { panelHost, open, bodies, notices, act, grow: () => grow?.(), frame: () => frames.splice(0).forEach((show) => show()) };
}

test("a panel that throws is reported, and those after it are shown all the same", async (context) => {
  const reported = context.mock.method(console, "error", () => {});
  let shown = 0;
  const broken = { needsExplanations: false, build: () => () => assert.fail("no such layer") };
  const { panelHost, open, frame } = pageWith({ broken, sound: { needsExplanations: false, build: () => () => shown++ } });
  await open(0);
  await open(1);
  panelHost.render();
  frame();
  assert.deepEqual([shown, reported.mock.callCount()], [2, 2]);
  panelHost.render();
  frame();
  assert.deepEqual([shown, reported.mock.callCount()], [3, 3]);
});

test("while the server is away each panel says so, in place of what it has not got, and then goes on", async () => {
  const state = { away: true, moment: {}, explained: null };
  const panel = { build: () => () => {} };
  const { panelHost, open, frame, bodies, notices } = pageWith({ reasons: { ...panel, needsExplanations: true }, past: { ...panel, needsExplanations: false } }, { state });
  await open(0);
  await open(1);
  const hidden = () => [...notices, ...bodies].map((each) => each.hidden);
  assert.deepEqual(hidden(), [false, false, true, false]);
  state.away = false;
  panelHost.render();
  frame();
  assert.deepEqual(hidden(), [true, true, false, false]);
});

test("a folded panel is neither built nor rendered", () => {
  let built = 0;
  const { panelHost, frame } = pageWith({ folded: { needsExplanations: true, build: () => (built++, () => {}) } });
  panelHost.render();
  frame();
  assert.equal(built, 0);
});

test("a panel whose module does not load says so, and is there once it loads", async () => {
  let [reachable, shown] = [false, 0];
  const panels = { late: { needsExplanations: false, build: () => () => shown++ } };
  const fetchPanels = async () => (reachable ? panels : assert.fail("no connection"));
  const { panelHost, open, bodies } = pageWith(panels, { fetchPanels });
  await open(0);
  assert.match(bodies[0].textContent, /did not load/);
  reachable = true;
  await panelHost.fetch(); // for another panel
  await settled();
  assert.deepEqual([bodies[0].textContent, shown], ["", 1]);
});

test("an opened panel is scrolled to the top of the window, unless it begins near there, once it is rendered", async () => {
  /** @type {string[]} */
  const done = [];
  const at = (/** @type {number} */ top) => /** @type {any} */ ({
    getBoundingClientRect: () => ({ top }),
    scrollIntoView: (/** @type {ScrollIntoViewOptions} */ { behavior, block }) => done.push(`${top} ${block} ${behavior}`),
  });
  const { open } = pageWith({ low: { needsExplanations: false, build: () => () => done.push("rendered") } }, { top: 1333, scrollIntoView: () => done.push("scrolled") });
  for (const top of [-10, 0, 299, 301, 1333]) reveal(at(top), top > 1000);
  assert.deepEqual(done, ["-10 start smooth", "301 start smooth", "1333 start instant"]);
  await open(0);
  assert.deepEqual(done.slice(3), ["rendered", "scrolled"]);
});

test("an opened panel is scrolled up again as its content comes, until the person does something", async () => {
  let scrolled = 0;
  const { open, act, grow } = pageWith({ last: { needsExplanations: false, build: () => () => {} } }, { top: 538, scrollIntoView: () => scrolled++ });
  await open(0);
  grow();
  assert.equal(scrolled, 2);
  act("wheel");
  grow();
  assert.equal(scrolled, 2);
});

test("a panel is not brought into view where the person did something while it was built", async () => {
  let scrolled = 0;
  const { open, act } = pageWith({ last: { needsExplanations: false, build: () => () => {} } }, { top: 538, scrollIntoView: () => scrolled++ });
  const opened = open(0);
  act("wheel");
  await opened;
  assert.equal(scrolled, 0);
});
