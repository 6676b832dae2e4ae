// Client of the request worker: sends it requests and gives each its reply. Without a worker, they run on the page.

import { postPicture } from "./request.js";

/** @import { WorkerReply } from "./request-worker.js" */
/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Reply } from "./request.js" */
/** @typedef {{resolve: (reply: Reply) => void, reject: (error: unknown) => void}} Pending */

/** @returns {Worker | null} */
const start = () =>
  typeof Worker === "undefined" ? null : new Worker(new URL("./request-worker.js", import.meta.url), { type: "module" });

export class WorkerClient {
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #number = 0;
  #worker;

  /** @param {Worker | null} [worker] */
  constructor(worker = start()) {
    this.#worker = worker;
    worker?.addEventListener("message", ({ data }) => this.#report(data));
    worker?.addEventListener("error", () => this.#dropWorker());
  }

  /** @param {string} url @param {Picture} picture @param {AbortSignal} signal @returns {Promise<Reply>} */
  post(url, picture, signal) {
    const worker = this.#worker;
    if (!worker) return postPicture(url, picture, signal);
    return new Promise((resolve, reject) => {
      const number = ++this.#number;
      this.#pending.set(number, { resolve, reject });
      signal.addEventListener("abort", () => this.#settle(number, () => (worker.postMessage({ number }), reject(signal.reason))));
      worker.postMessage({ number, url, picture });
    });
  }

  /** @param {WorkerReply} report */
  #report({ number, reply }) {
    this.#settle(number, ({ resolve, reject }) => (reply ? resolve(reply) : reject(new TypeError("The server is away."))));
  }

  /** There is no worker to be had: from now on without. */
  #dropWorker() {
    this.#worker = null;
    for (const number of [...this.#pending.keys()]) this.#settle(number, ({ reject }) => reject(new TypeError("The worker is away.")));
  }

  /** @param {number} number @param {(waiting: Pending) => void} say  At most once for each. */
  #settle(number, say) {
    const waiting = this.#pending.get(number);
    this.#pending.delete(number);
    if (waiting) say(waiting);
  }
}

/** @type {WorkerClient | null} */
let client = null;

/** @type {import("./request.js").Post} */
export const postByWorker = (url, picture, signal) => (client ??= new WorkerClient()).post(url, picture, signal);
