// The time machine: one drawing, judged by the network at every stage of its education, and a slider from stage to stage.

import { Stand } from "../drawing/toolbar.js";
import { AWAY } from "../explain/words.js";
import { Predictor } from "../server/predictor.js";
import { buildBars, renderBars } from "../views/bars.js";
import { tell } from "../views/dom.js";
import { followPointer, renderScore } from "./checkpoint-chart.js";
import { leaderOf, seenOf, sentenceOf, storyOf, whenOf } from "./narration.js";

/** @import { History, Judgement } from "./api.js" */
/**
 * @typedef {object} Listener
 * @property {(stage: number) => void} visited  Another stage is looked at.
 * @property {(sentence: string) => void} said  What a screen reader should hear.
 */

/** How long each stage is shown when its education is played, in milliseconds. */
const PACE_MS = 450;

/** @template {HTMLElement} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

export class Machine {
  #listener;
  #stages;
  #batch;
  #still;
  #stage;
  /** @type {number[][] | null} The probabilities at every stage; null on a blank sheet. */
  #judged = null;
  #frame = 0;
  #timer = 0;
  #asked = 0;
  /** The question whose answer a screen reader is to hear. */
  #toAnnounce = Infinity;
  #score = /** @type {HTMLCanvasElement} */ (find("#score"));
  #scrub = /** @type {HTMLInputElement} */ (find("#scrub"));
  #play = find("#play");
  #bars = find("#bars");
  #predictor;
  stand;

  /** @param {History} history  With at least one stage. @param {() => boolean} still @param {Listener} listener */
  constructor({ stages, batch_size: batch }, still, listener) {
    this.#listener = listener;
    this.#stages = stages;
    this.#batch = batch;
    this.#still = still;
    this.#stage = stages.length - 1;
    this.#predictor = /** @type {Predictor<Judgement>} */ (
      new Predictor(
        { answer: (judgement, number) => this.#answered(judgement, number), problem: report, reach: (there) => report(there ? "" : AWAY) },
        { path: "/training/judge" },
      )
    );
    this.stand = new Stand(find("#stage"), { changed: () => this.#ask(), ended: () => this.#ended(), said: listener.said }, still);
    this.#listen();
  }

  #listen() {
    buildBars(this.#bars, 10);
    this.#scrub.parentElement?.style.setProperty("--stages", `${this.#stages.length}`);
    this.#scrub.addEventListener("input", () => (this.#pause(), this.visit(this.#scrub.valueAsNumber)));
    this.#play.addEventListener("click", () => this.#playOrPause());
    followPointer(this.#score, this.#stages.length, (stage) => (this.#pause(), this.visit(stage)));
    new ResizeObserver(() => this.repaint()).observe(this.#score);
    this.#label();
  }

  /** @param {number} stage */
  visit(stage) {
    this.#stage = stage;
    this.repaint();
    this.#listener.visited(stage);
  }

  /** Another stage, another drawing, another size or other colours. */
  repaint() {
    const [stages, judged, stage] = [this.#stages, this.#judged, this.#stage];
    const probabilities = judged?.[stage] ?? null;
    const sentence = probabilities ? sentenceOf(stages[stage], probabilities) : "Draw a digit.";
    renderScore(this.#score, { stages, judged, stage });
    renderBars(this.#bars, probabilities);
    this.#scrub.value = `${stage}`;
    this.#scrub.setAttribute("aria-valuetext", probabilities ? sentence : whenOf(stages[stage]));
    find("#answer").textContent = probabilities ? `${leaderOf(probabilities)}` : "–";
    tell(find("#sentence"), sentence);
    tell(find("#seen"), seenOf(stages[stage], this.#batch));
    tell(find("#whole"), judged ? storyOf(stages, judged) : "");
    this.#score.setAttribute("aria-label", `The ten probabilities at ${stages.length} stages of the training. ${judged ? storyOf(stages, judged) : ""}`);
  }

  /** Asks about the drawing as it is now, at most once a frame. */
  #ask() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const { pad } = this.stand;
      if (pad.blank) this.#wipe();
      else this.#asked = this.#predictor.ask(() => pad.snapshot().picture);
    });
  }

  #ended() {
    this.#toAnnounce = this.stand.welcoming ? Infinity : this.#asked + (this.#frame ? 1 : 0);
  }

  #wipe() {
    this.#predictor.forget();
    this.#judged = null;
    this.#toAnnounce = Infinity;
    report("");
    this.repaint();
  }

  /** @param {Judgement} judgement @param {number} number */
  #answered({ probabilities, blank }, number) {
    report("");
    this.#judged = blank ? null : probabilities;
    this.repaint();
    if (number < this.#toAnnounce || blank) return;
    this.#toAnnounce = Infinity;
    this.#listener.said(`${sentenceOf(this.#stages[this.#stage], probabilities[this.#stage])} ${storyOf(this.#stages, probabilities)}`);
  }

  /** From the first stage, or on from where it was paused; a step at a time for those who asked for less motion. */
  #playOrPause() {
    if (this.#timer) return this.#pause();
    const last = this.#stages.length - 1;
    const next = this.#stage === last ? 0 : this.#stage + 1;
    this.visit(next);
    if (this.#still()) return;
    this.#timer = window.setInterval(() => {
      if (this.#stage < last) this.visit(this.#stage + 1);
      if (this.#stage >= last) this.#pause();
    }, PACE_MS);
    this.#label();
  }

  #pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#label();
  }

  #label() {
    this.#play.textContent = this.#still() ? "Next stage" : this.#timer ? "Pause" : "Play its education";
  }
}

/** @param {string} sentence  What keeps the answer on show from being about the drawing on the pad. */
function report(sentence) {
  tell(find("#status"), sentence);
  find("#stage").toggleAttribute("data-stale", sentence !== "");
}
