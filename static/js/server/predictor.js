// Requests for predictions, and for readings of numbers. The latest drawing wins: one request is under way and one waits, each with a number, so that an
// old answer never replaces a newer one. While the server is away, it is polled, and then asked again.

import { address } from "./address.js";
import { within } from "./request.js";
import { postByWorker } from "./worker-client.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Fetch, Reply, Post } from "./request.js" */
/** @typedef {import("./api.js").Prediction & Required<Pick<import("./api.js").Prediction, "activations" | "input">>} Prediction */
/** @typedef {Prediction | import("./api.js").Reading} DigitOrNumber */
/**
 * @template {{probabilities: unknown[]} | {lines: unknown[]}} [Answer=DigitOrNumber]
 * @typedef {object} Listener
 * @property {(answer: Answer, number: number) => void} answer
 * @property {(sentence: string, status: number) => void} problem  The server refused the drawing.
 * @property {(reachable: boolean) => void} reach
 */
/** @typedef {{number: number, picture: () => Picture, query: string, path: string}} Question */

/** A server that takes longer is taken to be away. */
export const TIMEOUT_MS = 8000;
/** Delays between requests to /readyz; the last one repeats. */
const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 4000];
/** Statuses of a proxy that reaches no server. */
const GATEWAY_ERRORS = [502, 503, 504];
/** @param {number} status @returns {boolean} */
export const isAway = (status) => GATEWAY_ERRORS.includes(status);

/** @typedef {{post: Post, fetch: Fetch, retryDelays: number[], timeout: number, path: string}} Options  Path: of the URL. */
/** @type {Options} */
const DEFAULTS = {
  post: postByWorker, fetch: (url, init) => globalThis.fetch(address(url), init), retryDelays: RETRY_DELAYS_MS, timeout: TIMEOUT_MS, path: "/predict",
};

/** An error with the server's own sentence. */
export class Problem extends Error {
  /** @param {string} sentence @param {number} status  Of the reply. */
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** @template {{probabilities: unknown[]} | {lines: unknown[]}} [Answer=DigitOrNumber] */
export class Predictor {
  #number = 0;
  #shown = 0;
  #reachable = true;
  /** Failures in a row: a server that is ready and yet fails is asked less and less often. */
  #failures = 0;
  /** @type {Question | null} */
  #waiting = null;
  /** @type {AbortController | null} */
  #inFlight = null;
  #wake = () => {};
  #listener;
  #options;

  /** @param {Listener<Answer>} listener @param {Partial<Options>} [options] */
  constructor(listener, options) {
    this.#listener = listener;
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * Asks about a drawing. `picture` is called only when it is sent, so skipped drawings cost nothing.
   * @param {() => Picture} picture @param {string} [query]  Of the URL. @param {string} [path]
   * @returns {number} This question's number.
   */
  ask(picture, query = "", path = this.#options.path) {
    this.#waiting = { number: ++this.#number, picture, query, path };
    this.#pump();
    return this.#number;
  }

  /** @returns {boolean}  Whether no answer is awaited. */
  get idle() {
    return this.#inFlight === null && this.#waiting === null;
  }

  /** Drops the waiting question and the answer that is under way: the pad was cleared. */
  cancel() {
    this.#waiting = null;
    this.#inFlight?.abort();
    this.#inFlight = null;
  }

  /** Polls the server now instead of after the delay. */
  checkServer() {
    this.#wake();
  }

  /** Something else had no reply: if the server is away, it is waited for, as if a question had been lost. */
  async suspect() {
    if (!this.idle || !this.#reachable) return; // a question of its own will tell, or has told
    if (!(await this.#answers())) void this.#recover(null);
  }

  async #pump() {
    if (this.#inFlight || !this.#waiting || !this.#reachable) return;
    const question = this.#waiting;
    const controller = new AbortController();
    this.#waiting = null;
    this.#inFlight = controller;
    const outcome = await this.#send(question, controller);
    if (this.#inFlight !== controller) return; // cancelled meanwhile
    this.#inFlight = null;
    safely(() => outcome(question));
    this.#pump();
  }

  /**
   * Sends a question; returns what to do with the answer, or with its absence. Never throws.
   * @param {Question} question @param {AbortController} controller @returns {Promise<(question: Question) => void>}
   */
  async #send(question, controller) {
    const { post, timeout } = this.#options;
    try {
      const answer = answerIn(await within(timeout, (signal) => post(question.path + question.query, question.picture(), signal), controller));
      return ({ number }) => this.#deliver(answer, number);
    } catch (error) {
      if (error instanceof Problem) return () => this.#listener.problem(error.message, error.status);
      return (lost) => void this.#recover(lost);
    }
  }

  /** @param {Answer} answer @param {number} number */
  #deliver(answer, number) {
    if (number <= this.#shown) return;
    this.#shown = number;
    this.#failures = 0;
    this.#listener.answer(answer, number);
  }

  /** @param {Question | null} lost */
  async #recover(lost) {
    this.#waiting ??= lost;
    if (!this.#reachable) return; // it is waited for already
    this.#reachable = false;
    safely(() => this.#listener.reach(false));
    do await this.#pause(this.#delay());
    while (!(await this.#ready()));
    this.#reachable = true;
    safely(() => this.#listener.reach(true));
    this.#pump();
  }

  /** @returns {number}  Until the server is polled next. */
  #delay() {
    const { retryDelays } = this.#options;
    return retryDelays[Math.min(this.#failures++, retryDelays.length - 1)];
  }

  /** @returns {Promise<boolean>} */
  async #ready() {
    try {
      return (await this.#readiness()).ok;
    } catch {
      return false;
    }
  }

  /** @returns {Promise<boolean>}  Whether there is a server, ready or not. */
  async #answers() {
    try {
      return !isAway((await this.#readiness()).status);
    } catch {
      return false;
    }
  }

  #readiness() {
    const { fetch, timeout } = this.#options;
    return within(timeout, (signal) => fetch("/readyz", { cache: "no-store", signal }));
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

/** Calls a listener. If it throws, the next question is asked all the same. @param {() => void} notify */
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
 * @throws {TypeError} when a proxy answers that the server is away
 */
function answerIn({ status, body }) {
  if (isAway(status)) throw new TypeError("The server is away.");
  if (status !== 200) throw new Problem(body?.detail ?? `The server answered ${status}.`, status);
  if (!Array.isArray(body?.probabilities ?? body?.lines)) throw new Problem("The server's answer could not be read.", status);
  return body;
}
