// Requests for more than an answer: explanations, other drawings, paths and galleries. They can wait: the store sends them
// only while no answer is awaited. They only add detail: what the server does not give, or not in time, is null.

import { fetchOptional } from "./fetch-optional.js";
import { TIMEOUT_MS, isAway } from "./predictor.js";
import { within } from "./request.js";
import { postByWorker } from "./worker-client.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Explanation, Gallery, Path, Placement, Predictions } from "./api.js" */
/** @import { Post } from "./request.js" */
/**
 * A drawing, and what the answer to it has said already: the 28×28 that the network saw, and where they lie. `seen`: these
 * are asked about, not the drawing.
 * @typedef {{snapshot: Snapshot, query: string, input?: ArrayLike<number>, placement?: Placement | null, seen?: boolean}} Question
 */

const SIDE = 28;
/** What the server takes for black at the border of a picture of ink. */
const BLACK = 10;

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
 * @param {Blob[]} images @param {string} query @param {() => void} [lost]  The server may be away. @returns {Promise<Predictions["predictions"] | null>}
 */
export async function predictAll(images, query, lost) {
  const url = `/predict${query ? `${query}&` : "?"}activations=false`;
  if (images.length === 1) {
    const [image] = images; // as it is: a photo in JSON would be a third larger
    const init = { method: "POST", headers: { "Content-Type": image.type }, body: await image.arrayBuffer() };
    const answer = /** @type {Predictions["predictions"][0] | null} */ (await fetchOptional(url, { init, lost }));
    return answer && [answer];
  }
  const sent = { images: await Promise.all(images.map(base64Of)) };
  const reply = /** @type {Predictions | null} */ (await fetchOptional(url, { init: asJson(sent), lost }));
  return reply?.predictions ?? null;
}

/**
 * What is sent to have an answer explained. Neither a photo nor a figure of a number is sent again: the network has seen
 * 28×28 pixels of it, which are a question of their own, unless the server would take them for ink on light.
 * @param {Question} question @returns {Picture}
 */
function explained({ snapshot, input = [], seen = false }) {
  const border = Array.from(input).filter((_, i) => i < SIDE || i >= SIDE * (SIDE - 1) || i % SIDE === 0 || i % SIDE === SIDE - 1);
  const onBlack = border.filter((ink) => ink <= BLACK).length > border.length / 2;
  if (!seen || !onBlack) return snapshot.picture;
  return new Blob([JSON.stringify({ pixels: Array.from(input) })], { type: "application/json" });
}

/**
 * The answers on the straight line between two pictures of 784 pixels from 0 to 255.
 * @param {ArrayLike<number>} from @param {ArrayLike<number>} to @param {string} query
 * @param {() => void} [lost] @returns {Promise<Path | null>}
 */
export const fetchPath = (from, to, query, lost) =>
  fetchOptional(`/explain/path${query}`, { init: asJson({ from: Array.from(from), to: Array.from(to) }), lost });

/**
 * The training pictures that activate a neuron most; for "typical", a typical one of each digit.
 * @param {string} unit @param {string} model @param {() => void} [lost] @returns {Promise<Gallery | null>}
 */
export const fetchGallery = (unit, model, lost) => fetchOptional(`/model/gallery/${unit}${queryOf({ network: model })}`, { lost });

/**
 * @param {Question} question
 * @param {{post?: Post, timeout?: number, controller?: AbortController, lost?: () => void}} [how]  Lost: there was no reply; the server may be away.
 * @returns {Promise<Explanation | null>}  Null: the server gave none.
 */
export async function fetchExplanation(question, { post = postByWorker, timeout = TIMEOUT_MS, controller = new AbortController(), lost } = {}) {
  try {
    const { status, body } = await within(timeout, (signal) => post(`/explain${question.query}`, explained(question), signal), controller);
    if (isAway(status)) lost?.();
    if (status !== 200) return null;
    if (question.placement) body.placement ??= question.placement;
    return body;
  } catch {
    lost?.();
    return null;
  }
}

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
   * @param {{post?: Post, timeout?: number, lost?: () => void}} [options]  Lost: a question had no reply.
   */
  constructor(listener, free, options) {
    this.#listener = listener;
    this.#free = free;
    this.#options = { post: postByWorker, timeout: TIMEOUT_MS, lost: () => {}, ...options };
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
    const lost = () => void (this.#inFlight === controller && this.#options.lost()); // else it was cancelled
    const explanation = await fetchExplanation(question, { ...this.#options, controller, lost });
    if (this.#inFlight !== controller) return; // cancelled meanwhile
    this.#inFlight = null;
    try {
      this.#listener(explanation, question);
    } catch (error) {
      console.error(error); // the next question is asked all the same
    }
    void this.pump();
  }
}
