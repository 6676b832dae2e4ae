// Asks the server for more than an answer: why, what if, and what a neuron has seen. All of it can wait: the store asks
// only while no answer is awaited. And it only adds detail: what is not to be had, or not in time, is null.

import { fetchOptional } from "./fetch-optional.js";
import { TIMEOUT_MS } from "./predictor.js";
import { postByWorker } from "./worker-client.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Prediction } from "./predictor.js" */
/** @import { Post } from "./request.js" */
/**
 * @typedef {{layer: string, digits: number[], log_odds: number[]}} Knockouts
 * @typedef {{row: number, column: number, log_odds: number, digit: number}} HelpfulCell
 * @typedef {{layer: string, number: number, part: number}} Feed
 */
/**
 * @typedef {object} Placement  In pixels of the picture that was sent.
 * @property {number} left  Where the 28×28 cells lie.
 * @property {number} top
 * @property {number} cell
 * @property {[number, number]} fitted  Where they lay before they were centred: left and top.
 * @property {[number, number, number, number]} box  Around the ink.
 */
/**
 * @typedef {object} Inspected  total = constant + Σ pixel · picture; value = max(0, total).
 * @property {string} layer
 * @property {number} number
 * @property {number} bias
 * @property {number} total
 * @property {number} value
 * @property {number} constant
 * @property {number[]} picture
 * @property {Feed[]} feeds
 * @property {number[]} votes
 */
/**
 * @typedef {object} Explanation  log_odds = bias + ink; ink = the sum of the parts.
 * @property {number | null} digit
 * @property {number[]} probabilities
 * @property {import("./predictor.js").Verdict} verdict
 * @property {number} target
 * @property {number} against
 * @property {number} log_odds
 * @property {number} bias
 * @property {number} ink
 * @property {number[]} parts
 * @property {number[]} logit_parts
 * @property {number[]} logits
 * @property {number[]} biases
 * @property {number} temperature
 * @property {Knockouts[]} knockouts
 * @property {HelpfulCell[]} helpful_ink
 * @property {Inspected} [unit]
 * @property {Placement | null} placement
 * @property {string} model
 */
/** @typedef {{at: number, before: number, after: number}} Flip */
/** @typedef {{at: number[], logits: number[][], flips: Flip[], temperature: number}} Path */
/** @typedef {{pictures: number[][], labels: number[], values: number[]}} Gallery */
/** @typedef {{snapshot: Snapshot, query: string}} Question */

/**
 * The part of a URL after the path, without what is empty.
 * @param {Record<string, string | number | null | undefined>} fields @returns {string}
 */
export function queryOf(fields) {
  const filled = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = filled.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  return query && `?${query}`;
}

/** @param {unknown} content @returns {RequestInit} */
const asJson = (content) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(content),
});

/** @param {Blob} image @returns {Promise<string>} */
export async function base64Of(image) {
  const bytes = new Uint8Array(await image.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * The answers to many pictures at once, without the layers.
 * @param {Blob[]} images @param {string} query @returns {Promise<Prediction[] | null>}
 */
export async function predictAll(images, query) {
  const sent = { images: await Promise.all(images.map(base64Of)) };
  const url = `/predict${query ? `${query}&` : "?"}activations=false`;
  const reply = /** @type {{predictions: Prediction[]} | null} */ (await fetchOptional(url, { init: asJson(sent) }));
  return reply?.predictions ?? null;
}

/**
 * The straight way between two pictures of 784 pixels from 0 to 255.
 * @param {ArrayLike<number>} from @param {ArrayLike<number>} to @param {string} query
 * @returns {Promise<Path | null>}
 */
export const fetchPath = (from, to, query) =>
  fetchOptional(`/explain/path${query}`, { init: asJson({ from: Array.from(from), to: Array.from(to) }) });

/**
 * The training pictures that light a neuron most.
 * @param {string} unit @param {string} model @returns {Promise<Gallery | null>}
 */
export const fetchGallery = (unit, model) => fetchOptional(`/model/gallery/${unit}${queryOf({ network: model })}`);

/**
 * A typical training picture of each digit.
 * @param {string} model @returns {Promise<Gallery | null>}
 */
export const fetchTypical = (model) => fetchOptional(`/model/gallery/typical${queryOf({ network: model })}`);

/** Explanations one at a time: a newer question replaces one that waits, and none is asked while an answer is awaited. */
export class Explainer {
  /** @type {Question | null} */
  #waiting = null;
  /** @type {AbortController | null} */
  #inFlight = null;
  #listener;
  #free;
  #post;
  #timeout;

  /**
   * @param {(explanation: Explanation | null, question: Question) => void} listener  Null: it could not be had.
   * @param {() => boolean} free  Whether no answer is awaited.
   * @param {{post?: Post, timeout?: number}} [options]
   */
  constructor(listener, free, { post = postByWorker, timeout = TIMEOUT_MS } = {}) {
    this.#listener = listener;
    this.#free = free;
    this.#post = post;
    this.#timeout = timeout;
  }

  /** @param {Question} question */
  ask(question) {
    this.#waiting = question;
    void this.pump();
  }

  cancel() {
    this.#waiting = null;
    this.#inFlight?.abort();
    this.#inFlight = null;
  }

  /** An answer has come, or the last explanation has: perhaps there is time now. */
  async pump() {
    if (this.#inFlight || !this.#waiting || !this.#free()) return;
    const [question, controller] = [this.#waiting, new AbortController()];
    [this.#waiting, this.#inFlight] = [null, controller];
    const explanation = await this.#explain(question, controller);
    if (this.#inFlight !== controller) return; // forgotten meanwhile
    this.#inFlight = null;
    try {
      this.#listener(explanation, question);
    } catch (error) {
      console.error(error); // whoever was told failed: the next question is asked all the same
    }
    void this.pump();
  }

  /** @param {Question} question @param {AbortController} controller @returns {Promise<Explanation | null>} */
  async #explain({ snapshot, query }, controller) {
    const timer = setTimeout(() => controller.abort(), this.#timeout);
    try {
      const { status, body } = await this.#post(`/explain${query}`, snapshot.picture, controller.signal);
      return status === 200 ? body : null;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
