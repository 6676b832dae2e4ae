// Wires the page of the training: the time machine, the first layer, the curves, and the figures of the report.

import { UNSHOWN } from "./explain/words.js";
import { keptDrawing, keepDrawing } from "./state/session.js";
import { drawingIn } from "./state/share-link.js";
import { fetchHistory, fetchReport } from "./training/api.js";
import { renderDigits, renderCalibration, testedIn } from "./training/calibration.js";
import { CheckpointSlider } from "./training/checkpoint-slider.js";
import { Confusion } from "./training/confusion.js";
import { Curves } from "./training/curves.js";
import { FirstLayer } from "./training/first-layer.js";
import { whenOf } from "./training/narration.js";
import { resetPalette } from "./views/colour.js";
import { themeButton } from "./views/theme.js";

/** @import { History, Report } from "./training/api.js" */

/** The digit on the pad before anybody draws: one that takes the network a while to learn. */
const WELCOME = 5;

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const say = (/** @type {string} */ sentence) => void (find("#announcer").textContent = sentence);

/** @type {(() => void)[]}  What is painted, not styled, is painted anew in other colours. */
const painted = [];

/** @param {History} history */
function showHistory(history) {
  const { epochs, stages } = history;
  const curves = epochs.length ? new Curves(epochs) : null;
  if (curves) find("#curves").replaceChildren(curves.element);
  if (!stages.length) return;
  const firstLayer = new FirstLayer(stages, say);
  painted.push(() => firstLayer.repaint());
  const visited = (/** @type {number} */ stage) => {
    void firstLayer.show(stage);
    curves?.mark(stages[stage].epochs, whenOf(stages[stage]));
  };
  const slider = new CheckpointSlider(history, () => reducedMotion.matches, { visited, announce: say });
  const { toolbar } = slider;
  painted.push(() => (toolbar.pad.repaint(), slider.repaint()));
  slider.visit(stages.length - 1);
  const strokes = drawingIn(location.hash) ?? keptDrawing();
  if (strokes) toolbar.open(strokes);
  else toolbar.write(WELCOME, { welcomes: true, atOnce: true });
  keepDrawing(() => toolbar.drawn, (drawn) => toolbar.open(drawn));
}

/** @param {Report} report @param {boolean} pictured  Whether the server holds the misread pictures. */
function showReport(report, pictured) {
  const tested = testedIn(report);
  if (!report.mnist_test || tested.length === 0) return;
  const confusion = new Confusion(find("#confusion"), report.mnist_test.confusion, pictured);
  painted.push(() => confusion.repaint());
  renderDigits(find("#digits"), tested);
  renderCalibration(find("#calibration"), tested);
}

function start() {
  themeButton(find("#theme"), () => {
    resetPalette();
    for (const repaint of painted) repaint();
  });
  const known = /** @type {HTMLElement} */ (find("main")).dataset;
  const gone = (/** @type {string} */ place) => void (find(place).textContent = UNSHOWN);
  if ("history" in known) void fetchHistory().then((history) => (history ? showHistory(history) : ["#status", "#curves"].forEach(gone)));
  if ("report" in known) void fetchReport().then((report) => (report ? showReport(report, "mistakes" in known) : gone("#confusion")));
}

start();
