// Store of the page: the drawing's answers so far, which of them is being looked at, its explanation, and what the
// person has chosen. It asks the server and notifies a listener; it knows nothing of the DOM.

import { Explainer, fetchGallery, fetchPath, fetchTypical, predictAll, queryOf } from "../server/explanations.js";
import { Predictor } from "../server/predictor.js";
import { Moments } from "./moments.js";

/** @import { Picture, Snapshot } from "../drawing/snapshot.js" */
/** @import { Explanation, Gallery, Path } from "../server/explanations.js" */
/** @import { Prediction } from "../server/predictor.js" */
/** @import { Moment, Switches } from "./moments.js" */
/**
 * @typedef {object} Focus  All of it may be null.
 * @property {number | null} target  The digit that is argued for; else the answer.
 * @property {number | null} against  The digit that it is weighed against; else the runner-up.
 * @property {string | null} unit  The neuron that is inspected: "hidden1.17".
 */
/** @typedef {Focus & Switches} Choice  What the person has chosen. */
/** @typedef {{explanation: Explanation, snapshot: Snapshot}} Explained */
/**
 * Everything that a view may show.
 * @typedef {object} State
 * @property {Moment | null} moment  The one being looked at; null on a blank pad.
 * @property {Explained | null} explained  The parts of its answer; while somebody draws, of one a little older.
 * @property {boolean} unavailable  Whether they could not be had: then there are none, not old ones.
 * @property {boolean} fresh  Whether they were asked for with what is chosen now.
 * @property {Moments} moments
 * @property {number | null} viewed  The number of the moment being looked at; null for the latest.
 * @property {Choice} choice  For a moment of the past with what was switched then.
 * @property {boolean} live  Whether a stroke is being drawn.
 */
/**
 * @typedef {object} Listener
 * @property {(state: State, why: "answer" | "explanation" | "choice" | "view" | "blank") => void} changed
 * @property {(answer: Prediction, number: number) => void} answered
 * @property {(sentence: string) => void} problem
 * @property {(reachable: boolean) => void} reach
 * @property {(sentence: string) => void} returned  From the past, and why.
 */

/** Between two explanations while somebody draws: the answers come first. */
const EXPLAIN_EVERY_MS = 120;
/** What is switched counts from now on: a moment of the past keeps the network that it had. */
const RETURNED = "What you switched counts from now on, so this is your drawing as it is now.";
/** @type {(keyof Choice)[]} What of it an explanation depends on. */
const EXPLAINED_BY = ["target", "against", "unit", "off", "skip"];
/** @type {Choice} */
const NO_CHOICE = { target: null, against: null, unit: null, off: new Set(), skip: new Set() };

export class Store {
  moments = new Moments();
  choice = NO_CHOICE;
  /** Whether some view on show needs explanations. */
  needsExplanations = false;
  /** @type {Explained | null} */
  #explained = null;
  /** Whether the last that were asked for could not be had. */
  #unavailable = false;
  /** What was chosen when that was asked for. */
  #explainedBy = "";
  /** @type {number | null} */
  #viewed = null;
  #live = false;
  #listener;
  #snapshot;
  #network;
  #predictor;
  #explainer;
  /** @type {{snapshot: Snapshot, switches: Switches} | null} What the latest question that was sent is about. */
  #sent = null;
  #explainedAt = 0;
  #timer = 0;
  /** @type {(() => void)[]} Questions that wait until no answer is awaited. */
  #waiting = [];

  /**
   * @param {Listener} listener @param {() => Snapshot} snapshot  What is on the pad now.
   * @param {string} [network]  Which one answers; the server's choice, if it is empty.
   */
  constructor(listener, snapshot, network = "") {
    this.#listener = listener;
    this.#snapshot = snapshot;
    this.#network = network;
    this.#predictor = new Predictor({
      answer: (answer, number) => this.#answered(answer, number),
      problem: (sentence) => (listener.problem(sentence), this.#becameIdle()),
      reach: listener.reach,
    });
    this.#explainer = new Explainer(
      (explanation, { snapshot, query }) => this.#explanationArrived(explanation && { explanation, snapshot }, query),
      () => this.#predictor.idle,
    );
  }

  /** @returns {State} */
  get state() {
    const { moments } = this;
    const viewed = this.#viewed;
    const moment = moments.list[viewed ?? moments.list.length - 1] ?? null;
    const choice = viewed === null ? this.choice : { ...this.choice, ...moment?.switches };
    const fresh = this.#explainedBy === this.#queryFor(choice, EXPLAINED_BY);
    const blank = !moment || moment.answer.verdict === "blank";
    const [explained, unavailable] = blank ? [null, false] : [this.#explained, this.#unavailable];
    return { moment, explained, unavailable, fresh, moments, viewed, choice, live: this.#live };
  }

  /** The drawing has changed. @param {boolean} live @returns {number}  This question's number. */
  ask(live) {
    this.#live = live;
    this.#viewed = null;
    const { off, skip } = this.choice;
    return this.#predictor.ask(() => this.#question({ off, skip }), this.query("off", "skip"));
  }

  /** The stroke is complete: nothing is in a hurry any more. */
  strokeEnded() {
    this.#live = false;
    this.explain();
  }

  checkServer() {
    this.#predictor.checkServer();
  }

  /** The pad is blank: that needs no server. */
  clear() {
    this.#predictor.cancel();
    this.#explainer.cancel();
    clearTimeout(this.#timer);
    this.moments.clear();
    [this.#explained, this.#unavailable, this.#viewed, this.#live] = [null, false, null, false];
    this.choice = { ...this.choice, target: null, against: null };
    this.#listener.changed(this.state, "blank");
    this.#becameIdle();
  }

  /** @param {Partial<Choice>} choice */
  choose(choice) {
    const switched = "off" in choice || "skip" in choice;
    const returned = switched && this.#viewed !== null;
    if (returned) this.#viewed = null;
    this.choice = { ...this.choice, ...choice };
    this.#listener.changed(this.state, "choice");
    if (returned) this.#listener.returned(RETURNED);
    if (!this.state.moment && this.#predictor.idle) return;
    if (switched) this.ask(this.#live);
    else this.explain();
  }

  /** @param {string} unit  Switches a neuron off, or on again: it becomes what it is not in the scene. */
  toggle(unit) {
    const off = new Set(this.choice.off);
    if (this.state.choice.off.has(unit)) off.delete(unit);
    else off.add(unit);
    this.choose({ off });
  }

  /** @param {number | null} index  Looks at a moment of the past; null: at the drawing as it is. */
  view(index) {
    const viewed = index === this.moments.list.length - 1 ? null : index;
    if (viewed === this.#viewed) return;
    this.#viewed = viewed;
    this.#listener.changed(this.state, "view");
    this.explain();
  }

  /** Asks for the parts of the answer being looked at, if somebody wants them; soon rather than now while drawing. */
  explain() {
    clearTimeout(this.#timer);
    const { moment } = this.state;
    if (!this.needsExplanations || !moment || moment.answer.verdict === "blank") return;
    const early = this.#live ? this.#explainedAt + EXPLAIN_EVERY_MS - performance.now() : 0;
    if (early > 0) this.#timer = window.setTimeout(() => this.explain(), early);
    else this.#explainer.ask({ snapshot: moment.snapshot, query: this.#queryFor({ ...this.choice, ...moment.switches }, EXPLAINED_BY) });
  }

  /** @param {...keyof Choice} names @returns {string}  The network and what of the scene's choice, as part of a URL. */
  query(...names) {
    return this.#queryFor(this.state.choice, names);
  }

  /**
   * What would be answered to these.
   * @param {Snapshot[]} snapshots @param {Partial<Choice>} [choice]  What is chosen otherwise.
   * @returns {Promise<Prediction[] | null>}
   */
  async whatIf(snapshots, choice = {}) {
    const query = this.#queryFor({ ...this.state.choice, ...choice }, ["off", "skip"]);
    await this.#untilIdle();
    const images = await Promise.all(snapshots.map((snapshot) => snapshot.image()));
    return images.length ? predictAll(images, query) : [];
  }

  /**
   * The straight way between two pictures of 784 pixels, 0 to 255.
   * @param {ArrayLike<number>} from @param {ArrayLike<number>} to @returns {Promise<Path | null>}
   */
  async path(from, to) {
    const query = this.query("off");
    await this.#untilIdle();
    return fetchPath(from, to, query);
  }

  /** @param {string} unit @returns {Promise<Gallery | null>}  The training pictures that light a neuron most. */
  async gallery(unit) {
    const model = this.state.moment?.answer.model ?? "";
    await this.#untilIdle();
    return fetchGallery(unit, model);
  }

  /** @returns {Promise<Gallery | null>}  A typical training picture of each digit. */
  async typical() {
    const model = this.state.moment?.answer.model ?? "";
    await this.#untilIdle();
    return fetchTypical(model);
  }

  /** @returns {Promise<void>}  Until no answer is awaited: answers come first. */
  #untilIdle() {
    return this.#predictor.idle ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Perhaps no answer is awaited any more. */
  #becameIdle() {
    if (!this.#predictor.idle) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
    void this.#explainer.pump();
  }

  /** @param {Switches} switches @returns {Picture} */
  #question(switches) {
    const snapshot = this.#snapshot();
    this.#sent = { snapshot, switches };
    return snapshot.picture;
  }

  /** @param {Prediction} answer @param {number} number */
  #answered(answer, number) {
    if (!this.#sent) return;
    this.moments.push({ ...this.#sent, answer, time: performance.now() });
    try {
      this.#listener.changed(this.state, "answer");
      this.#listener.answered(answer, number);
      this.explain();
    } finally {
      this.#becameIdle(); // whoever was told may have failed: others wait all the same
    }
  }

  /** @param {Explained | null} explained  Null: it could not be had. @param {string} query */
  #explanationArrived(explained, query) {
    this.#explainedAt = performance.now();
    this.#explainedBy = query;
    [this.#explained, this.#unavailable] = [explained, explained === null];
    this.#listener.changed(this.state, "explanation");
  }

  /** @param {Choice} choice @param {(keyof Choice)[]} names @returns {string} */
  #queryFor(choice, names) {
    const chosen = names.map((name) => [name, choice[name]]);
    const fields = chosen.map(([name, value]) => [name, value instanceof Set ? [...value].join(",") : value]);
    return queryOf({ network: this.#network, ...Object.fromEntries(fields) });
  }
}
