// Wires the page of the training: the checkpoint slider, the first layer, the curves, and the figures of the report.

import { UNSHOWN } from "./explain/words.js";
import { firstDrawing, keepDrawing, keepNetwork, saveDrawing } from "./state/session.js";
import { fetchHistory, fetchReport } from "./training/api.js";
import { renderDigits, renderCalibration, testedIn } from "./training/calibration.js";
import { CheckpointSlider } from "./training/checkpoint-slider.js";
import { Confusion } from "./training/confusion.js";
import { Curves } from "./training/curves.js";
import { FirstLayer } from "./training/first-layer.js";
import { whenOf } from "./training/narration.js";
import { Announcer } from "./views/announcer.js";
import { resetPalette } from "./views/colour.js";
import { find } from "./views/dom.js";
import { themeButton } from "./views/theme.js";

/** @import { History, Report } from "./server/api.js" */

/** The digit on the pad before anybody draws: the network takes a while to learn it. */
const PLACEHOLDER = "5";

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const announcer = new Announcer(find("#announcer"));

/** @type {(() => void)[]}  Repaint what CSS does not colour. */
const painted = [];
/** @type {(() => void)[]}  Ask anew for what had no reply, once the server is back. */
const retried = [];
/** A request had no reply; who asks about drawings finds out whether the server is away. */
let suspect = () => {};
const lost = () => suspect();

/** @returns {Promise<void>}  Resolved once the browser has done what waits: in one task, all of it would hold up strokes. */
const later = () => new Promise((resolve) => setTimeout(resolve));

/** @param {History} history */
async function showHistory(history) {
  const { epochs, stages: checkpoints } = history;
  const curves = epochs.length ? new Curves(epochs) : null;
  if (curves) find("#curves").replaceChildren(curves.element);
  if (!checkpoints.length) return;
  await later();
  const firstLayer = new FirstLayer(checkpoints, (sentence) => announcer.say(sentence), lost);
  retried.push(() => void firstLayer.show());
  painted.push(() => firstLayer.repaint());
  const visited = (/** @type {number} */ checkpoint) => {
    void firstLayer.show(checkpoint);
    curves?.mark(checkpoints[checkpoint].epochs, whenOf(checkpoints[checkpoint]));
  };
  const ended = () => toolbar.showsPlaceholder || saveDrawing(toolbar.drawn);
  const returned = () => retried.forEach((retry) => retry());
  const slider = new CheckpointSlider(history, () => reducedMotion.matches, announcer, { visited, ended, returned });
  const { toolbar, status } = slider;
  suspect = () => slider.suspect();
  painted.push(() => (toolbar.pad.repaint(), slider.repaint()));
  slider.visit(checkpoints.length - 1);
  await later();
  const sketch = firstDrawing((sentence) => status.note(sentence));
  if (sketch) toolbar.open(sketch);
  else toolbar.write(PLACEHOLDER, { placeholder: true, atOnce: true });
  keepDrawing(() => toolbar.drawn, (drawn) => toolbar.open(drawn));
}

/** @param {Report} report @param {boolean} pictured  Whether the server has the misread pictures. */
async function showReport(report, pictured) {
  const tested = testedIn(report);
  if (!report.mnist_test || tested.length === 0) return;
  const confusion = new Confusion(find("#confusion"), report.mnist_test.confusion, pictured, lost);
  retried.push(() => confusion.retry());
  painted.push(() => confusion.repaint());
  await later();
  renderDigits(find("#digits"), tested);
  await later();
  renderCalibration(find("#calibration"), tested);
}

function start() {
  if (keepNetwork()) return;
  themeButton(find("#theme"), () => {
    resetPalette();
    for (const repaint of painted) repaint();
  });
  const known = /** @type {HTMLElement} */ (find("main")).dataset;
  const gone = (/** @type {string} */ place) => document.querySelector(place)?.replaceChildren(UNSHOWN);
  if ("history" in known) void fetchHistory().then((history) => (history ? showHistory(history) : ["#status", "#curves"].forEach(gone)));
  if ("report" in known) void fetchReport().then((report) => (report ? showReport(report, "mistakes" in known) : gone("#confusion")));
}

start();
