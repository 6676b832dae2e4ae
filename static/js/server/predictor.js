// Talks to the server. The latest drawing wins: one request under way, one waiting, each numbered, so that an old
// answer never replaces a newer one; and when the server is away, it waits for it and asks again.

import { postByWorker } from "./worker-client.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Fetch, Reply, Post } from "./request.js" */
/**
 * @typedef {"digit" | "unsure" | "not-a-digit" | "blank"} Verdict
 * @typedef {{layer: string, values: number[]}} Activation
 * @typedef {object} Prediction
 * @property {number | null} digit
 * @property {number} confidence
 * @property {number[]} probabilities
 * @property {Verdict} verdict
 * @property {number} novelty
 * @property {Activation[]} activations
 * @property {number[]} input
 * @property {string} model
 */
/**
 * @template {{probabilities: unknown[]}} [Answer=Prediction]
 * @typedef {object} Listener
 * @property {(answer: Answer, number: number) => void} answer
 * @property {(sentence: string) => void} problem  The server understood, and refused.
 * @property {(reachable: boolean) => void} reach
 */
/** @typedef {{number: number, picture: () => Picture, query: string}} Question */

/** No answer in this long is no server. */
export const TIMEOUT_MS = 8000;
/** Between looks at /readyz; the last one repeats. */
const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 4000];
/** What a proxy says while the server behind it is away. */
const AWAY = [502, 503, 504];

/** The server's own sentence for an error. */
export class Problem extends Error {}

/** @template {{probabilities: unknown[]}} [Answer=Prediction] */
export class Predictor {
  #number = 0;
  #shown = 0;
  #reachable = true;
  /** Losses in a row: a server that looks ready and yet fails is asked less and less often. */
  #failures = 0;
  /** @type {Question | null} */
  #waiting = null;
  /** @type {AbortController | null} */
  #inFlight = null;
  #wake = () => {};
  #listener;
  #post;
  #fetch;
  #retryDelays;
  #timeout;
  #path;

  /**
   * @param {Listener<Answer>} listener
   * @param {{post?: Post, fetch?: Fetch, retryDelays?: number[], timeout?: number, path?: string}} [options]  The path of what
   *   is asked.
   */
  constructor(
    listener,
    {
      post = postByWorker,
      fetch = (url, init) => globalThis.fetch(url, init),
      retryDelays = RETRY_DELAYS_MS,
      timeout = TIMEOUT_MS,
      path = "/predict",
    } = {},
  ) {
    this.#listener = listener;
    this.#post = post;
    this.#fetch = fetch;
    this.#retryDelays = retryDelays;
    this.#timeout = timeout;
    this.#path = path;
  }

  /**
   * Asks about a drawing; `picture` runs only when its turn comes, so skipped drawings cost nothing.
   * @param {() => Picture} picture @param {string} [query]  Of the URL. @returns {number} This question's number.
   */
  ask(picture, query = "") {
    this.#waiting = { number: ++this.#number, picture, query };
    this.#pump();
    return this.#number;
  }

  /** @returns {boolean}  Whether no answer is awaited. */
  get idle() {
    return this.#inFlight === null && this.#waiting === null;
  }

  /** The pad was cleared: no answer that is still under way matters. */
  cancel() {
    this.#waiting = null;
    this.#inFlight?.abort();
    this.#inFlight = null;
  }

  /** Looks for the server now instead of at the next interval. */
  checkServer() {
    this.#wake();
  }

  async #pump() {
    if (this.#inFlight || !this.#waiting || !this.#reachable) return;
    const question = this.#waiting;
    const controller = new AbortController();
    this.#waiting = null;
    this.#inFlight = controller;
    const outcome = await this.#send(question, controller);
    if (this.#inFlight !== controller) return; // forgotten meanwhile
    this.#inFlight = null;
    safely(() => outcome(question));
    this.#pump();
  }

  /**
   * What to do with the answer, or with its absence: never throws.
   * @param {Question} question @param {AbortController} controller @returns {Promise<(question: Question) => void>}
   */
  async #send(question, controller) {
    const timer = setTimeout(() => controller.abort(), this.#timeout);
    try {
      const answer = answerIn(await this.#post(this.#path + question.query, question.picture(), controller.signal));
      return ({ number }) => this.#deliver(answer, number);
    } catch (error) {
      if (error instanceof Problem) return () => this.#listener.problem(error.message);
      return (lost) => void this.#recover(lost);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {Answer} answer @param {number} number */
  #deliver(answer, number) {
    if (number <= this.#shown) return;
    this.#shown = number;
    this.#failures = 0;
    this.#listener.answer(answer, number);
  }

  /** @param {Question} lost */
  async #recover(lost) {
    this.#waiting ??= lost;
    this.#reachable = false;
    safely(() => this.#listener.reach(false));
    do await this.#pause(this.#retryDelays[Math.min(this.#failures++, this.#retryDelays.length - 1)]);
    while (!(await this.#ready()));
    this.#reachable = true;
    safely(() => this.#listener.reach(true));
    this.#pump();
  }

  /** @returns {Promise<boolean>} */
  async #ready() {
    try {
      return (await this.#fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(this.#timeout) })).ok;
    } catch {
      return false;
    }
  }

  /** @param {number} ms @returns {Promise<void>} */
  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** @param {() => void} notify  Whoever is told may fail: the next question is asked all the same. */
function safely(notify) {
  try {
    notify();
  } catch (error) {
    console.error(error);
  }
}

/**
 * @template Answer @param {Reply} reply @returns {Answer}
 * @throws {Problem} when the server answers with an error
 * @throws {TypeError} when it is a proxy that answers, for the server is away
 */
function answerIn({ status, body }) {
  if (AWAY.includes(status)) throw new TypeError("The server is away.");
  if (status !== 200) throw new Problem(body?.detail ?? `The server answered ${status}.`);
  if (!Array.isArray(body?.probabilities)) throw new Problem("The server's answer could not be read.");
  return body;
}
