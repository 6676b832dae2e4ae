// Wires the page of the training: the time machine, the first layer, the curves, and the figures of the report.

import { carried, carry } from "./carry.js";
import { forgetPalette } from "./colour.js";
import { drawingIn } from "./share.js";
import { themeButton } from "./theme.js";
import { Confusion } from "./training/confusion.js";
import { Curves } from "./training/curves.js";
import { Filters, fullColour } from "./training/filters.js";
import { renderDigits, renderHonesty, testedIn } from "./training/honesty.js";
import { Machine } from "./training/machine.js";
import { fetchHistory, fetchReport, fetchWeights } from "./training/server.js";
import { whenOf } from "./training/story.js";

/** @import { History, Report } from "./training/server.js" */

/** The digit on the pad before anybody draws. */
const WELCOME = 3;

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const say = (/** @type {string} */ sentence) => void (find("#announcer").textContent = sentence);

/** @type {(() => void)[]}  What is painted, not styled, is painted anew in other colours. */
const painted = [];

/** The first layer's weights at each stage, asked for when they are looked at. */
class Growth {
  /** @type {Map<number, Promise<Float32Array | null>>} */
  #known = new Map();
  #wanted = -1;
  #filters;
  #stages;

  /** @param {History["stages"]} stages */
  constructor(stages) {
    this.#stages = stages;
    this.#filters = new Filters(find("#filters"), find("#neuron"), find("#neuron-line"), say);
    painted.push(() => this.#filters.repaint());
  }

  /** @param {number} stage */
  async show(stage) {
    this.#wanted = stage;
    const [weights, last] = await Promise.all([this.#weights(stage), this.#weights(this.#stages.length - 1)]);
    if (this.#wanted !== stage || !weights || !last) return;
    this.#filters.render(weights, fullColour(last), whenOf(this.#stages[stage]));
    if (stage + 1 < this.#stages.length) void this.#weights(stage + 1); // where it is played, the next one is due soon
  }

  /** @param {number} stage @returns {Promise<Float32Array | null>} */
  #weights(stage) {
    const known = this.#known.get(stage);
    if (known) return known;
    const asked = fetchWeights(stage);
    this.#known.set(stage, asked);
    void asked.then((weights) => weights ?? this.#known.delete(stage)); // it may be there next time
    return asked;
  }
}

/** @param {History} history */
function showHistory(history) {
  const { epochs, stages } = history;
  const curves = epochs.length ? new Curves(epochs) : null;
  if (curves) find("#curves").replaceChildren(curves.element);
  if (!stages.length) return;
  const growth = new Growth(stages);
  const visited = (/** @type {number} */ stage) => {
    void growth.show(stage);
    curves?.mark(stages[stage].epochs, whenOf(stages[stage]));
  };
  const machine = new Machine(history, () => stillness.matches, { visited, said: say });
  const { stand } = machine;
  painted.push(() => (stand.pad.repaint(), machine.repaint()));
  machine.visit(stages.length - 1);
  const strokes = drawingIn(location.hash) ?? carried();
  if (strokes) stand.show(strokes);
  else stand.welcome(WELCOME);
  carry(() => (stand.welcoming ? [] : stand.pad.snapshot().strokes));
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

async function start() {
  themeButton(find("#theme"), () => {
    forgetPalette();
    for (const repaint of painted) repaint();
  });
  const known = /** @type {HTMLElement} */ (find("main")).dataset;
  const [history, report] = await Promise.all(["history" in known ? fetchHistory() : null, "report" in known ? fetchReport() : null]);
  if (history) showHistory(history);
  if (report) showReport(report, "mistakes" in known);
}

void start();
