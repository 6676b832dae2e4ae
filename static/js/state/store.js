// Store of the page: the drawing's answers so far, which of them is being looked at, its explanation, and what the
// person has chosen. It asks the server, about a digit or about a number, and notifies a listener; it knows nothing of the
// DOM.

import { samePlace } from "../explain/figures.js";
import { Explainer, fetchExplanation, fetchGallery, fetchPath, predictAll, queryOf } from "../server/explanations.js";
import { Predictor } from "../server/predictor.js";
import { Throttle } from "../server/throttle.js";
import { drawingOf, momentsOfSheet } from "./moment.js";
import { Moments } from "./moments.js";

/** @import { Picture, Snapshot } from "../drawing/snapshot.js" */
/** @import { Explanation, Gallery, Path, Predictions } from "../server/api.js" */
/** @import { DigitOrNumber } from "../server/predictor.js" */
/** @import { Moment, Switches } from "./moment.js" */
/**
 * @typedef {object} Focus  All of it may be null.
 * @property {number | null} target  The digit to explain; null for the answer.
 * @property {number | null} against  The digit it is compared with; null for the runner-up.
 * @property {string | null} unit  The neuron that is inspected: "hidden1.17".
 */
/** @typedef {Focus & Switches} Choice  What the person has chosen. */
/** @typedef {{explanation: Explanation, snapshot: Snapshot}} Explained */
/**
 * Everything that a view may show.
 * @typedef {object} State
 * @property {Moment | null} moment  The one being looked at; null on a blank pad. Of a number, the chosen figure.
 * @property {Explained | null} explained  The explanation of its answer; while somebody draws, of one a little older.
 * @property {boolean} unavailable  Whether the server gave none; an old one is not shown then.
 * @property {boolean} fresh  Whether it was asked for with what is chosen now.
 * @property {Moments} moments
 * @property {Moment | null} viewed  The moment of the past being looked at; null for the latest.
 * @property {Choice} choice  A moment of the past has the switches it had then.
 * @property {boolean} live  Whether a stroke is being drawn.
 * @property {boolean} away  Whether the server is.
 */
/**
 * @typedef {object} Listener
 * @property {(state: State, cause: "answer" | "explanation" | "choice" | "figure" | "view" | "blank" | "reach") => void} changed
 * @property {(answer: DigitOrNumber, number: number) => void} answered
 * @property {(sentence: string, status: number) => void} problem
 * @property {(reachable: boolean) => void} reach
 * @property {(sentence: string) => void} returned  The view has returned from the past, with the reason.
 */

/** Least time between two explanations while somebody draws: answers have priority. Where they delay frames, it is more. */
const EXPLAIN_EVERY_MS = 120;
/** A switch counts from now on: a moment of the past keeps its network. */
const RETURNED = "What you switched counts from now on, so this is your drawing as it is now.";
/** @type {(keyof Choice)[]} The choices that an explanation depends on. */
const EXPLAINED_BY = ["target", "against", "unit", "ablated", "skip"];
/** Choices that have another name in a URL. @type {Partial<Record<keyof Choice, string>>} */
const QUERY_NAMES = { ablated: "off" };
/** What a reading of a number is asked for with. */
const ALL_OF_IT = { activations: "true", segmentation: "true" };
/** @type {Choice} */
const NO_CHOICE = { target: null, against: null, unit: null, ablated: new Set(), skip: new Set() };

/** @param {Moment | null} before @param {Moment | null} now @returns {boolean}  Whether they are about two figures of a number. */
const another = (before, now) => !!before?.place && !!now?.place && samePlace([now.place], before.place) < 0;

export class Store {
  moments = new Moments();
  choice = NO_CHOICE;
  /** Whether an open panel needs explanations. */
  needsExplanations = false;
  /** @type {Explained | null} */
  #explained = null;
  /** Whether the server gave no explanation. */
  #unavailable = false;
  /** What was chosen when the explanation was asked for. */
  #explainedBy = "";
  /** @type {Moment | null} Not its index: the list is thinned. */
  #viewed = null;
  #live = false;
  #away = false;
  /** Whether the drawing is to be read as a number. */
  #number = false;
  #listener;
  #snapshot;
  #network;
  #predictor;
  #explainer;
  /** @type {{snapshot: Snapshot, switches: Switches} | null} The latest question that was sent. */
  #sent = null;
  /** Of the explanations while somebody draws. */
  #pace = new Throttle();
  #timer = 0;
  /** A request had no reply: the server may be away. */
  #lost = () => void this.#predictor.suspect();
  /** @type {(() => void)[]} Requests that wait until no answer is awaited. */
  #waiting = [];

  /**
   * @param {Listener} listener @param {() => Snapshot} snapshot  What is on the pad now.
   * @param {string} [network]  The network that answers; the server's default, if empty.
   */
  constructor(listener, snapshot, network = "") {
    this.#listener = listener;
    this.#snapshot = snapshot;
    this.#network = network;
    this.#predictor = new Predictor({
      answer: (answer, number) => this.#answered(answer, number),
      problem: (sentence, status) => (listener.problem(sentence, status), this.#becameIdle()),
      reach: (reachable) => this.#reached(reachable),
    });
    this.#explainer = new Explainer(
      (explanation, { snapshot, query }) => this.#explanationArrived(explanation && { explanation, snapshot }, query),
      () => this.#predictor.idle,
      { lost: this.#lost },
    );
  }

  /** @returns {State} */
  get state() {
    const { moments } = this;
    const viewed = this.#viewed;
    const moment = viewed ?? moments.list.at(-1) ?? null;
    const choice = viewed === null ? this.choice : { ...this.choice, ...moment?.switches };
    const fresh = this.#explainedBy === this.#queryFor(choice, EXPLAINED_BY);
    const blank = !moment || moment.answer.verdict === "blank";
    const [explained, unavailable] = blank ? [null, false] : [this.#explained, this.#unavailable];
    return { moment, explained, unavailable, fresh, moments, viewed, choice, live: this.#live, away: this.#away };
  }

  /** @returns {Snapshot}  What is looked at: a moment of the past, or what is on the pad, even if no answer to it has come. */
  get drawing() {
    return this.#viewed ? drawingOf(this.#viewed) : this.#snapshot();
  }

  /**
   * The drawing has changed.
   * @param {boolean} live @param {boolean} [number]  Whether it is to be read as a number. @returns {number}  This question's number.
   */
  ask(live, number = this.#number) {
    this.#live = live;
    this.#number = number;
    if (number && this.choice.skip.size) this.choice = { ...this.choice, skip: new Set() }; // only one digit has these steps
    this.#viewed = null;
    const { ablated, skip } = this.choice;
    const question = () => this.#question({ ablated, skip });
    if (!number) return this.#predictor.ask(question, this.query("ablated", "skip"));
    return this.#predictor.ask(question, this.#queryFor(this.choice, ["ablated"], ALL_OF_IT), "/read");
  }

  /** The stroke is complete: the explanation is asked for at once. */
  strokeEnded() {
    this.#live = false;
    this.explain();
  }

  checkServer() {
    this.#predictor.checkServer();
  }

  /** The pad is blank: no server is needed for that. */
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
    const switched = "ablated" in choice || "skip" in choice;
    const returned = switched && this.#viewed !== null;
    if (returned) this.#viewed = null;
    this.choice = { ...this.choice, ...choice };
    this.#listener.changed(this.state, "choice");
    if (returned) this.#listener.returned(RETURNED);
    if (!this.state.moment && this.#predictor.idle) return;
    if (switched) this.ask(this.#live);
    else this.explain();
  }

  /** Ablates a neuron or restores it: the opposite of what the view shows. @param {string} unit */
  toggle(unit) {
    const ablated = new Set(this.choice.ablated);
    if (this.state.choice.ablated.has(unit)) ablated.delete(unit);
    else ablated.add(unit);
    this.choose({ ablated });
  }

  /** Looks at a figure of the number, and stays with it while others are written. @param {Moment} figure */
  look(figure) {
    const looked = this.state.moment;
    this.moments.choose(figure);
    if (figure === looked) return;
    if (this.#viewed) this.#viewed = figure;
    this.choice = { ...this.choice, target: null, against: null };
    [this.#explained, this.#unavailable] = [null, false];
    this.#listener.changed(this.state, "figure");
    this.explain();
  }

  /** Looks at a moment of the past; with null, at the drawing as it is. @param {Moment | null} moment */
  view(moment) {
    const viewed = moment === this.moments.list.at(-1) ? null : moment;
    if (viewed === this.#viewed) return;
    this.#viewed = viewed;
    if (!viewed) this.moments.follow();
    this.#listener.changed(this.state, "view");
    this.explain();
  }

  /** Asks for the explanation of the answer on show, if a panel needs it; while somebody draws, a little later. */
  explain() {
    clearTimeout(this.#timer);
    const { moment } = this.state;
    if (!this.needsExplanations || !moment || moment.answer.verdict === "blank") return;
    const early = this.#live && !this.#pace.ready(performance.now(), EXPLAIN_EVERY_MS);
    if (early) this.#timer = window.setTimeout(() => this.explain(), EXPLAIN_EVERY_MS);
    else this.#explainer.ask(this.#explanationOf(moment, this.choice));
  }

  /** @param {Moment} moment @param {Focus} focus */
  #explanationOf({ snapshot, sheet, switches, answer: { input, placement } }, focus) {
    return { snapshot, input, placement, seen: !!(sheet || snapshot.photo), query: this.#queryFor({ ...focus, ...switches }, EXPLAINED_BY) };
  }

  /** The explanation of an answer for any digit, whatever the others explain. @param {Moment} moment @param {number} target */
  async explanation(moment, target) {
    await this.#untilIdle();
    return fetchExplanation(this.#explanationOf(moment, { target, against: null, unit: null }), { lost: this.#lost });
  }

  /** @param {...keyof Choice} names @returns {string}  The network and the named choices, as part of a URL. */
  query(...names) {
    return this.#queryFor(this.state.choice, names);
  }

  /**
   * The answers to other drawings, or with other choices.
   * @param {Snapshot[]} snapshots @param {Partial<Choice>} [choice]
   * @returns {Promise<Predictions["predictions"] | null>}
   */
  async whatIf(snapshots, choice = {}) {
    const query = this.#queryFor({ ...this.state.choice, ...choice }, ["ablated", "skip"]);
    await this.#untilIdle();
    const images = await Promise.all(snapshots.map((snapshot) => snapshot.image()));
    return images.length ? predictAll(images, query, this.#lost) : [];
  }

  /**
   * The answers on the straight line between two pictures of 784 pixels, 0 to 255.
   * @param {ArrayLike<number>} from @param {ArrayLike<number>} to @returns {Promise<Path | null>}
   */
  async path(from, to) {
    const query = this.query("ablated");
    await this.#untilIdle();
    return fetchPath(from, to, query, this.#lost);
  }

  /** @param {string} unit  Or "typical". @returns {Promise<Gallery | null>}  The training pictures that activate it most. */
  async gallery(unit) {
    const model = this.state.moment?.answer.model ?? "";
    await this.#untilIdle();
    return fetchGallery(unit, model, this.#lost);
  }

  /** Once the server is back, the drawing is asked about again: what had no reply belongs to an older answer. @param {boolean} reachable */
  #reached(reachable) {
    this.#away = !reachable;
    this.#listener.reach(reachable);
    this.#listener.changed(this.state, "reach");
    if (reachable && this.#predictor.idle && this.state.moment) this.ask(this.#live);
  }

  /** @returns {Promise<void>}  Resolved once no answer is awaited: answers have priority. */
  #untilIdle() {
    return this.#predictor.idle ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets the waiting requests go, if no answer is awaited any more. */
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

  /** @param {DigitOrNumber} answer @param {number} number */
  #answered(answer, number) {
    if (!this.#sent) return;
    const [{ snapshot, switches }, time, before] = [this.#sent, performance.now(), this.state.moment];
    this.moments.push("lines" in answer ? momentsOfSheet(snapshot, answer, time, switches) : [{ snapshot, switches, answer, time }], this.#viewed);
    if (another(before, this.state.moment)) this.choice = { ...this.choice, target: null, against: null };
    try {
      this.#listener.changed(this.state, "answer");
      this.#listener.answered(answer, number);
      this.explain();
    } finally {
      this.#becameIdle(); // a listener may have thrown: requests are waiting all the same
    }
  }

  /** @param {Explained | null} explained  Null: the server gave none. @param {string} query */
  #explanationArrived(explained, query) {
    if (this.#live) this.#pace.answered(performance.now());
    this.#explainedBy = query;
    [this.#explained, this.#unavailable] = [explained, explained === null];
    this.#listener.changed(this.state, "explanation");
  }

  /** @param {Choice} choice @param {(keyof Choice)[]} names @param {Record<string, string>} [more] @returns {string} */
  #queryFor(choice, names, more = {}) {
    const chosen = names.map((name) => [QUERY_NAMES[name] ?? name, choice[name]]);
    const fields = chosen.map(([name, value]) => [name, value instanceof Set ? [...value].join(",") : value]);
    return queryOf({ network: this.#network, ...Object.fromEntries(fields), ...more });
  }
}
