// Wires the page of the training: the time machine, the first layer, the curves, and the figures of the report.

import { UNSHOWN } from "./explain/words.js";
import { carried, carry } from "./state/session.js";
import { drawingIn } from "./state/share-link.js";
import { fetchHistory, fetchReport } from "./training/api.js";
import { renderDigits, renderHonesty, testedIn } from "./training/calibration.js";
import { Machine } from "./training/checkpoint-slider.js";
import { Confusion } from "./training/confusion.js";
import { Curves } from "./training/curves.js";
import { Growth } from "./training/first-layer.js";
import { whenOf } from "./training/narration.js";
import { forgetPalette } from "./views/colour.js";
import { themeButton } from "./views/theme.js";

/** @import { History, Report } from "./training/api.js" */

/** The digit on the pad before anybody draws: one that takes the network a while to learn. */
const WELCOME = 5;

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const say = (/** @type {string} */ sentence) => void (find("#announcer").textContent = sentence);

/** @type {(() => void)[]}  What is painted, not styled, is painted anew in other colours. */
const painted = [];

/** @param {History} history */
function showHistory(history) {
  const { epochs, stages } = history;
  const curves = epochs.length ? new Curves(epochs) : null;
  if (curves) find("#curves").replaceChildren(curves.element);
  if (!stages.length) return;
  const growth = new Growth(stages, say);
  painted.push(() => growth.repaint());
  const visited = (/** @type {number} */ stage) => {
    void growth.show(stage);
    curves?.mark(stages[stage].epochs, whenOf(stages[stage]));
  };
  const machine = new Machine(history, () => stillness.matches, { visited, said: say });
  const { stand } = machine;
  painted.push(() => (stand.pad.repaint(), machine.repaint()));
  machine.visit(stages.length - 1);
  const strokes = drawingIn(location.hash) ?? carried();
  if (strokes) stand.open(strokes);
  else stand.write(WELCOME, { welcomes: true, atOnce: true });
  carry(() => stand.drawn, (drawn) => stand.open(drawn));
}

/** @param {Report} report @param {boolean} pictured  Whether the server holds the misread pictures. */
function showReport(report, pictured) {
  const tested = testedIn(report);
  if (!report.mnist_test || tested.length === 0) return;
  const confusion = new Confusion(find("#confusion"), report.mnist_test.confusion, pictured);
  painted.push(() => confusion.repaint());
  renderDigits(find("#digits"), tested);
  renderHonesty(find("#honesty"), tested);
}

function start() {
  themeButton(find("#theme"), () => {
    forgetPalette();
    for (const repaint of painted) repaint();
  });
  const known = /** @type {HTMLElement} */ (find("main")).dataset;
  const gone = (/** @type {string} */ place) => void (find(place).textContent = UNSHOWN);
  if ("history" in known) void fetchHistory().then((history) => (history ? showHistory(history) : ["#status", "#curves"].forEach(gone)));
  if ("report" in known) void fetchReport().then((report) => (report ? showReport(report, "mistakes" in known) : gone("#confusion")));
}

start();
