// The answers of all checkpoints of a training to one drawing, and a slider to choose a checkpoint.

import { oncePerFrame } from "../drawing/frames.js";
import { Toolbar } from "../drawing/toolbar.js";
import { argmax } from "../explain/numbers.js";
import { BLANK, UNANSWERED } from "../explain/words.js";
import { Predictor } from "../server/predictor.js";
import { buildBars, renderBars } from "../views/bars.js";
import { find, setText } from "../views/dom.js";
import { StatusLine } from "../views/status-line.js";
import { networkQuery } from "./api.js";
import { chooseByPointer, renderCheckpointChart } from "./checkpoint-chart.js";
import { seenOf, sentenceOf, summaryOf, whenOf } from "./narration.js";

/** @import { Announcer } from "../views/announcer.js" */
/** @import { History, Judgement } from "../server/api.js" */
/**
 * @typedef {object} Listener
 * @property {(checkpoint: number) => void} visited  Another checkpoint is shown.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {() => void} returned  The server is back.
 */

/** How long each checkpoint is shown while the training is played, in milliseconds. */
const STEP_MS = 450;

export class CheckpointSlider {
  #listener;
  #checkpoints;
  #batch;
  #reducedMotion;
  #checkpoint;
  /** @type {number[][] | null} The probabilities at every checkpoint; null on a blank pad. */
  #predictions = null;
  #timer = 0;
  #asked = 0;
  #askNextFrame = oncePerFrame(() => this.#ask());
  #announcer;
  #chart = /** @type {HTMLCanvasElement} */ (find("#checkpoint-chart"));
  #slider = /** @type {HTMLInputElement} */ (find("#checkpoint-slider"));
  #play = find("#play");
  #bars = find("#bars");
  #predictor;
  status = new StatusLine(find("#status"), find("#workspace"));
  toolbar;

  /**
   * @param {History} history  With at least one checkpoint. @param {() => boolean} reducedMotion @param {Announcer} announcer
   * @param {Listener} listener
   */
  constructor({ stages: checkpoints, batch_size: batch }, reducedMotion, announcer, listener) {
    this.#announcer = announcer;
    this.#listener = listener;
    this.#checkpoints = checkpoints;
    this.#batch = batch;
    this.#reducedMotion = reducedMotion;
    this.#checkpoint = checkpoints.length - 1;
    this.#predictor = /** @type {Predictor<Judgement>} */ (
      new Predictor(
        {
          answer: (answer, number) => this.#answered(answer, number),
          problem: (sentence) => this.status.report(sentence),
          reach: (reachable) => this.#reached(reachable),
        },
        { path: "/training/judge" },
      )
    );
    const announce = (/** @type {string} */ sentence) => announcer.say(sentence);
    const touched = () => this.status.dropNotice();
    this.toolbar = new Toolbar(find("#workspace"), { touched, changed: this.#askNextFrame, ended: () => this.#ended(), announce }, reducedMotion);
    this.#listen();
  }

  #listen() {
    buildBars(this.#bars, 10);
    this.#slider.parentElement?.style.setProperty("--checkpoints", `${this.#checkpoints.length}`);
    this.#slider.addEventListener("input", () => (this.#pause(), this.visit(this.#slider.valueAsNumber)));
    this.#play.addEventListener("click", () => this.#playOrPause());
    chooseByPointer(this.#chart, this.#checkpoints.length, (checkpoint) => (this.#pause(), this.visit(checkpoint)));
    new ResizeObserver(() => this.repaint()).observe(this.#chart);
    this.#label();
  }

  /** @param {number} checkpoint */
  visit(checkpoint) {
    this.#checkpoint = checkpoint;
    this.repaint();
    this.#listener.visited(checkpoint);
  }

  /** Draws everything again: another checkpoint, drawing, size or other colours. */
  repaint() {
    const [checkpoints, predictions, checkpoint] = [this.#checkpoints, this.#predictions, this.#checkpoint];
    const probabilities = predictions?.[checkpoint] ?? null;
    const sentence = probabilities ? sentenceOf(checkpoints[checkpoint], probabilities) : this.status.away && !this.toolbar.pad.blank ? UNANSWERED.verdict : BLANK.verdict;
    renderCheckpointChart(this.#chart, { checkpoints, predictions, checkpoint });
    renderBars(this.#bars, probabilities);
    this.#slider.value = `${checkpoint}`;
    this.#slider.setAttribute("aria-valuetext", probabilities ? sentence : whenOf(checkpoints[checkpoint]));
    find("#answer").textContent = probabilities ? `${argmax(probabilities)}` : "–";
    setText(find("#sentence"), sentence);
    setText(find("#examples-seen"), seenOf(checkpoints[checkpoint], this.#batch));
    setText(find("#narration"), predictions ? summaryOf(checkpoints, predictions) : "");
    this.#chart.setAttribute("aria-label", `The ten probabilities at ${checkpoints.length} stages of the training. ${predictions ? summaryOf(checkpoints, predictions) : ""}`);
  }

  /** A request of the page had no reply: the server may be away. */
  suspect() {
    void this.#predictor.suspect();
  }

  /** @param {boolean} reachable */
  #reached(reachable) {
    this.status.reach(reachable);
    this.repaint();
    if (reachable) this.#listener.returned();
  }

  #ask() {
    const { pad } = this.toolbar;
    if (pad.blank) return this.#clear();
    if (this.status.away) this.repaint(); // no answer comes that would
    this.#asked = this.#predictor.ask(() => pad.snapshot().picture, networkQuery());
  }

  #ended() {
    this.#announcer.expect(this.toolbar.showsPlaceholder ? Infinity : this.#asked + Number(this.#askNextFrame.pending));
    this.#listener.ended();
  }

  #clear() {
    this.#predictor.cancel();
    this.#predictions = null;
    this.#announcer.expect(Infinity);
    this.status.report();
    this.repaint();
  }

  /** @param {Judgement} answer @param {number} number */
  #answered({ probabilities, blank }, number) {
    this.status.report();
    this.#predictions = blank ? null : probabilities;
    this.repaint();
    if (blank) return;
    const [checkpoints, checkpoint] = [this.#checkpoints, this.#checkpoint];
    this.#announcer.answered(number, () => `${sentenceOf(checkpoints[checkpoint], probabilities[checkpoint])} ${summaryOf(checkpoints, probabilities)}`);
  }

  /** Plays on from the checkpoint, or from the first; for those who asked for less motion, one step at a time. */
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
    this.#play.textContent = this.#reducedMotion() ? "Next stage" : this.#timer ? "Pause" : "Play its training";
  }
}
