// A network's weights, and its biases, fetched once for each model, the last layer first, since connections are followed
// back from the answer. What could not be fetched is fetched again when it is asked for later, though not every time.

import { LONG_TIMEOUT_MS, fetchOptional } from "./fetch-optional.js";
import { fromFloat16 } from "./float16.js";

/** @import { Prediction } from "./predictor.js" */
/** @import { Fetch } from "./request.js" */

/** Time between a failure and the next try. */
const RETRY_MS = 2000;

export class Parameters {
  model = "";
  /** @type {number[]} Width of every layer, pixels to digits. */
  sizes = [];
  /** @type {(Float32Array | null)[]} Of each layer, row by row: inputs × outputs. */
  weights = [];
  /** @type {(Float32Array | null)[]} Of each layer, where the numbers are exact. */
  biases = [];
  /** The model whose parameters are being fetched; empty if none are. */
  #loading = "";
  /** The first layer that was asked for. */
  #first = Infinity;
  #retryAt = 0;
  #onLayer;
  #exact;
  #fetch;
  #now;

  /**
   * @param {() => void} onLayer  Called when another layer has come, or could not be fetched.
   * @param {{exact?: boolean, fetch?: typeof fetchParameters, now?: () => number}} [options]  Exact numbers, whose sums are
   *   the server's; or weights alone, in half as many bytes, right to three figures: enough for pictures and lines.
   */
  constructor(onLayer, { exact = false, fetch = fetchParameters, now = () => performance.now() } = {}) {
    this.#onLayer = onLayer;
    this.#exact = exact;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @returns {boolean} */
  get complete() {
    return this.sizes.length > 1 && this.#has(1);
  }

  /** @returns {boolean}  Whether the latest try has failed. */
  get failed() {
    return this.#loading === "" && this.#retryAt > 0 && !this.#has(this.#first);
  }

  /** The server is back: what failed may be asked for at once. */
  retry() {
    this.#retryAt = 0;
  }

  /** Fetches the parameters of the network that gave an answer. @param {Prediction} answer @param {number} [first]  The first layer that is needed. */
  async load({ model, input, activations, probabilities }, first = 1) {
    if (model !== this.model) {
      this.sizes = [input.length, ...activations.map(({ values }) => values.length), probabilities.length];
      [this.model, this.weights, this.biases, this.#first, this.#retryAt] = [model, [], [], Infinity, 0];
    }
    this.#first = Math.min(this.#first, first);
    if (this.#loading === model || this.#has(first) || this.#now() < this.#retryAt) return;
    this.#loading = model;
    await this.#fetchMissing(model);
    if (this.model !== model) return; // another network answers meanwhile
    [this.#loading, this.#retryAt] = ["", this.#has(this.#first) ? 0 : this.#now() + RETRY_MS];
    if (this.failed) this.#onLayer();
  }

  /** @param {number} first @returns {boolean}  Whether all layers from this one on are there. */
  #has(first) {
    const layers = this.sizes.map((_, k) => k).filter((k) => k >= Math.max(1, first));
    return layers.every((k) => this.weights[k - 1] && (!this.#exact || this.biases[k - 1]));
  }

  /** @param {string} model */
  async #fetchMissing(model) {
    for (let k = this.sizes.length - 1; k >= this.#first; k--) {
      if (this.weights[k - 1] && (!this.#exact || this.biases[k - 1])) continue;
      const [inputs, outputs] = [this.sizes[k - 1], this.sizes[k]];
      const found = await Promise.all([
        this.#fetch("weights", k, model, inputs * outputs, this.#exact),
        this.#exact ? this.#fetch("biases", k, model, outputs, true) : null,
      ]);
      if (this.model !== model) return;
      [this.weights[k - 1], this.biases[k - 1]] = found;
      this.#onLayer();
    }
  }
}

/**
 * One layer's weights, row by row (`inputs` rows of `outputs` numbers), or its biases; null if the server gives none. Answers
 * come first.
 * @param {"weights" | "biases"} kind @param {number} layer @param {string} model @param {number} count @param {boolean} exact
 * @param {Fetch} [fetch] @returns {Promise<Float32Array | null>}
 */
export async function fetchParameters(kind, layer, model, count, exact, fetch) {
  const read = (/** @type {Response} */ response) => response.arrayBuffer();
  const url = `/model/${kind}/${layer}?network=${encodeURIComponent(model)}${exact ? "" : "&bits=16"}`;
  const bytes = await fetchOptional(url, { init: { priority: "low" }, read, timeout: LONG_TIMEOUT_MS, fetch });
  if (bytes?.byteLength !== count * (exact ? 4 : 2)) return null;
  return exact ? new Float32Array(bytes) : fromFloat16(bytes);
}
