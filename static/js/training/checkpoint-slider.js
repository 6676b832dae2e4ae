// One drawing, read by the network at every checkpoint of its training, and a slider from checkpoint to checkpoint.

import { Toolbar } from "../drawing/toolbar.js";
import { AWAY } from "../explain/words.js";
import { Predictor } from "../server/predictor.js";
import { buildBars, renderBars } from "../views/bars.js";
import { setText } from "../views/dom.js";
import { followPointer, renderCheckpointChart } from "./checkpoint-chart.js";
import { topDigit, seenOf, sentenceOf, summaryOf, whenOf } from "./narration.js";

/** @import { History, CheckpointPredictions } from "./api.js" */
/**
 * @typedef {object} Listener
 * @property {(checkpoint: number) => void} visited  Another checkpoint is looked at.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 */

/** How long each checkpoint is shown when the training is played, in milliseconds. */
const STEP_MS = 450;

/** @template {HTMLElement} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

export class CheckpointSlider {
  #listener;
  #checkpoints;
  #batch;
  #reducedMotion;
  #checkpoint;
  /** @type {number[][] | null} The probabilities at every checkpoint; null on a blank pad. */
  #predictions = null;
  #frame = 0;
  #timer = 0;
  #asked = 0;
  /** The question whose answer a screen reader is to hear. */
  #toAnnounce = Infinity;
  #chart = /** @type {HTMLCanvasElement} */ (find("#checkpoint-chart"));
  #slider = /** @type {HTMLInputElement} */ (find("#checkpoint-slider"));
  #play = find("#play");
  #bars = find("#bars");
  #predictor;
  toolbar;

  /** @param {History} history  With at least one checkpoint. @param {() => boolean} reducedMotion @param {Listener} listener */
  constructor({ stages: checkpoints, batch_size: batch }, reducedMotion, listener) {
    this.#listener = listener;
    this.#checkpoints = checkpoints;
    this.#batch = batch;
    this.#reducedMotion = reducedMotion;
    this.#checkpoint = checkpoints.length - 1;
    this.#predictor = /** @type {Predictor<CheckpointPredictions>} */ (
      new Predictor(
        { answer: (answer, number) => this.#answered(answer, number), problem: report, reach: (there) => report(there ? "" : AWAY) },
        { path: "/training/judge" },
      )
    );
    this.toolbar = new Toolbar(find("#stage"), { changed: () => this.#ask(), ended: () => this.#ended(), announce: listener.announce }, reducedMotion);
    this.#listen();
  }

  #listen() {
    buildBars(this.#bars, 10);
    this.#slider.parentElement?.style.setProperty("--checkpoints", `${this.#checkpoints.length}`);
    this.#slider.addEventListener("input", () => (this.#pause(), this.visit(this.#slider.valueAsNumber)));
    this.#play.addEventListener("click", () => this.#playOrPause());
    followPointer(this.#chart, this.#checkpoints.length, (checkpoint) => (this.#pause(), this.visit(checkpoint)));
    new ResizeObserver(() => this.repaint()).observe(this.#chart);
    this.#label();
  }

  /** @param {number} checkpoint */
  visit(checkpoint) {
    this.#checkpoint = checkpoint;
    this.repaint();
    this.#listener.visited(checkpoint);
  }

  /** Another checkpoint, another drawing, another size or other colours. */
  repaint() {
    const [checkpoints, predictions, checkpoint] = [this.#checkpoints, this.#predictions, this.#checkpoint];
    const probabilities = predictions?.[checkpoint] ?? null;
    const sentence = probabilities ? sentenceOf(checkpoints[checkpoint], probabilities) : "Draw a digit.";
    renderCheckpointChart(this.#chart, { checkpoints, predictions, checkpoint });
    renderBars(this.#bars, probabilities);
    this.#slider.value = `${checkpoint}`;
    this.#slider.setAttribute("aria-valuetext", probabilities ? sentence : whenOf(checkpoints[checkpoint]));
    find("#answer").textContent = probabilities ? `${topDigit(probabilities)}` : "–";
    setText(find("#sentence"), sentence);
    setText(find("#examples-seen"), seenOf(checkpoints[checkpoint], this.#batch));
    setText(find("#narration"), predictions ? summaryOf(checkpoints, predictions) : "");
    this.#chart.setAttribute("aria-label", `The ten probabilities at ${checkpoints.length} stages of the training. ${predictions ? summaryOf(checkpoints, predictions) : ""}`);
  }

  /** Asks about the drawing as it is now, at most once a frame. */
  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const { pad } = this.toolbar;
      if (pad.blank) this.#clear();
      else this.#asked = this.#predictor.ask(() => pad.snapshot().picture);
    });
  }

  #ended() {
    this.#toAnnounce = this.toolbar.welcoming ? Infinity : this.#asked + (this.#frame ? 1 : 0);
  }

  #clear() {
    this.#predictor.cancel();
    this.#predictions = null;
    this.#toAnnounce = Infinity;
    report("");
    this.repaint();
  }

  /** @param {CheckpointPredictions} answer @param {number} number */
  #answered({ probabilities, blank }, number) {
    report("");
    this.#predictions = blank ? null : probabilities;
    this.repaint();
    if (number < this.#toAnnounce || blank) return;
    this.#toAnnounce = Infinity;
    this.#listener.announce(`${sentenceOf(this.#checkpoints[this.#checkpoint], probabilities[this.#checkpoint])} ${summaryOf(this.#checkpoints, probabilities)}`);
  }

  /** From the first checkpoint, or on from where it was paused; a step at a time for those who asked for less motion. */
  #playOrPause() {
    if (this.#timer) return this.#pause();
    const last = this.#checkpoints.length - 1;
    const next = this.#checkpoint === last ? 0 : this.#checkpoint + 1;
    this.visit(next);
    if (this.#reducedMotion()) return;
    this.#timer = window.setInterval(() => {
      if (this.#checkpoint < last) this.visit(this.#checkpoint + 1);
      if (this.#checkpoint >= last) this.#pause();
    }, STEP_MS);
    this.#label();
  }

  #pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#label();
  }

  #label() {
    this.#play.textContent = this.#reducedMotion() ? "Next stage" : this.#timer ? "Pause" : "Play its education";
  }
}

/** @param {string} sentence  What keeps the answer on show from being about the drawing on the pad. */
function report(sentence) {
  setText(find("#status"), sentence);
  find("#stage").toggleAttribute("data-stale", sentence !== "");
}
