// Client of the request worker: sends it requests and gives each its reply. They run on the page until the worker says that
// it is ready, and after it has failed: a browser without module workers, or a script that does not come, costs no answer.

import { address } from "./address.js";
import { postPicture } from "./request.js";

/** @import { WorkerReply } from "./request-worker.js" */
/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Reply } from "./request.js" */
/**
 * @typedef {object} Pending
 * @property {(reply: Reply | Promise<Reply>) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {() => Promise<Reply>} post  On the page.
 */

/** @returns {Worker | null} */
function start() {
  try {
    return new Worker(new URL("./request-worker.js", import.meta.url), { type: "module" });
  } catch {
    return null; // no workers here, or not allowed
  }
}

export class WorkerClient {
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #number = 0;
  /** @type {Worker | null} Once it is ready. */
  #worker = null;

  /** @param {Worker | null} [worker] */
  constructor(worker = start()) {
    worker?.addEventListener("message", ({ data }) => (data === "ready" ? (this.#worker = worker) : this.#report(data)));
    worker?.addEventListener("error", () => this.#dropWorker());
  }

  /** @param {string} url @param {Picture} picture @param {AbortSignal} signal @returns {Promise<Reply>} */
  post(url, picture, signal) {
    const worker = this.#worker;
    const post = () => postPicture(url, picture, signal);
    if (!worker) return post();
    return new Promise((resolve, reject) => {
      const number = ++this.#number;
      this.#pending.set(number, { resolve, reject, post });
      signal.addEventListener("abort", () => this.#settle(number, () => (worker.postMessage({ number }), reject(signal.reason))));
      worker.postMessage({ number, url, picture });
    });
  }

  /** @param {Exclude<WorkerReply, "ready">} report */
  #report({ number, reply }) {
    this.#settle(number, ({ resolve, reject }) => (reply ? resolve(reply) : reject(new TypeError("The server is away."))));
  }

  /** The worker cannot be used: what it was to do, and all that comes, runs on the page. */
  #dropWorker() {
    this.#worker = null;
    for (const number of [...this.#pending.keys()]) this.#settle(number, ({ resolve, post }) => resolve(post()));
  }

  /** @param {number} number @param {(pending: Pending) => void} settle  Called at most once for each request. */
  #settle(number, settle) {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    if (pending) settle(pending);
  }
}

/** @type {WorkerClient | null} */
let client = null;

/** @type {import("./request.js").Post} */
export const postByWorker = (url, picture, signal) => (client ??= new WorkerClient()).post(address(url), picture, signal);
