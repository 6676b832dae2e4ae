// Requests for more than an answer: explanations, other drawings, paths and galleries. They can wait: the store sends them
// only while no answer is awaited. They only add detail: what the server does not give, or not in time, is null.

import { fetchOptional } from "./fetch-optional.js";
import { TIMEOUT_MS } from "./predictor.js";
import { postByWorker } from "./worker-client.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Explanation, Gallery, Path } from "./api.js" */
/** @import { Predictions } from "./api.js" */
/** @import { Post } from "./request.js" */
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
 * @param {Blob[]} images @param {string} query @returns {Promise<Predictions["predictions"] | null>}
 */
export async function predictAll(images, query) {
  const sent = { images: await Promise.all(images.map(base64Of)) };
  const url = `/predict${query ? `${query}&` : "?"}activations=false`;
  const reply = /** @type {Predictions | null} */ (await fetchOptional(url, { init: asJson(sent) }));
  return reply?.predictions ?? null;
}

/**
 * The answers on the straight line between two pictures of 784 pixels from 0 to 255.
 * @param {ArrayLike<number>} from @param {ArrayLike<number>} to @param {string} query
 * @returns {Promise<Path | null>}
 */
export const fetchPath = (from, to, query) =>
  fetchOptional(`/explain/path${query}`, { init: asJson({ from: Array.from(from), to: Array.from(to) }) });

/**
 * The training pictures that activate a neuron most; for "typical", a typical one of each digit.
 * @param {string} unit @param {string} model @returns {Promise<Gallery | null>}
 */
export const fetchGallery = (unit, model) => fetchOptional(`/model/gallery/${unit}${queryOf({ network: model })}`);

/** Asks for one explanation at a time: a newer question replaces a waiting one, and none is sent while an answer is awaited. */
export class Explainer {
  /** @type {Question | null} */
  #waiting = null;
  /** @type {AbortController | null} */
  #inFlight = null;
  #listener;
  #free;
  #options;

  /**
   * @param {(explanation: Explanation | null, question: Question) => void} listener  Null: the server gave none.
   * @param {() => boolean} free  Whether no answer is awaited.
   * @param {{post?: Post, timeout?: number}} [options]
   */
  constructor(listener, free, options) {
    this.#listener = listener;
    this.#free = free;
    this.#options = { post: postByWorker, timeout: TIMEOUT_MS, ...options };
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

  /** Sends the waiting question, if nothing else is under way. */
  async pump() {
    if (this.#inFlight || !this.#waiting || !this.#free()) return;
    const [question, controller] = [this.#waiting, new AbortController()];
    [this.#waiting, this.#inFlight] = [null, controller];
    const explanation = await this.#explain(question, controller);
    if (this.#inFlight !== controller) return; // cancelled meanwhile
    this.#inFlight = null;
    try {
      this.#listener(explanation, question);
    } catch (error) {
      console.error(error); // the next question is asked all the same
    }
    void this.pump();
  }

  /** @param {Question} question @param {AbortController} controller @returns {Promise<Explanation | null>} */
  async #explain({ snapshot, query }, controller) {
    const timer = setTimeout(() => controller.abort(), this.#options.timeout);
    try {
      const { status, body } = await this.#options.post(`/explain${query}`, snapshot.picture, controller.signal);
      return status === 200 ? body : null;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
