// Sends errands to the worker, and gives each its reply. A browser that cannot start the worker runs them here.

import { run } from "./request.js";

/** @import { Report } from "./request-worker.js" */
/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Reply } from "./request.js" */
/** @typedef {{came: (reply: Reply) => void, failed: (error: unknown) => void}} Waiting */

/** @returns {Worker | null} */
const start = () =>
  typeof Worker === "undefined" ? null : new Worker(new URL("./request-worker.js", import.meta.url), { type: "module" });

export class Errands {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #number = 0;
  #worker;

  /** @param {Worker | null} [worker] */
  constructor(worker = start()) {
    this.#worker = worker;
    worker?.addEventListener("message", ({ data }) => this.#report(data));
    worker?.addEventListener("error", () => this.#abandon());
  }

  /** @param {string} url @param {Picture} picture @param {AbortSignal} signal @returns {Promise<Reply>} */
  run(url, picture, signal) {
    const worker = this.#worker;
    if (!worker) return run(url, picture, signal);
    return new Promise((came, failed) => {
      const number = ++this.#number;
      this.#waiting.set(number, { came, failed });
      signal.addEventListener("abort", () => this.#call(number, () => (worker.postMessage({ number }), failed(signal.reason))));
      worker.postMessage({ number, url, picture });
    });
  }

  /** @param {Report} report */
  #report({ number, reply }) {
    this.#call(number, ({ came, failed }) => (reply ? came(reply) : failed(new TypeError("The server is away."))));
  }

  /** There is no worker to be had: from now on without. */
  #abandon() {
    this.#worker = null;
    for (const number of [...this.#waiting.keys()]) this.#call(number, ({ failed }) => failed(new TypeError("The worker is away.")));
  }

  /** @param {number} number @param {(waiting: Waiting) => void} say  At most once for each. */
  #call(number, say) {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (waiting) say(waiting);
  }
}

/** @type {Errands | null} */
let errands = null;

/** @type {import("./request.js").Run} */
export const send = (url, picture, signal) => (errands ??= new Errands()).run(url, picture, signal);
