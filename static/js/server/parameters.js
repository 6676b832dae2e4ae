// The network's own numbers, fetched once for each model, the last layer first: that is what an answer is explained by.
// What is lost on the way is fetched again with a later answer, though not with every one.



/** @import { Prediction } from "./predictor.js" */
/** @import { Fetch } from "./request.js" */

/** Between a loss and the next try. */
const RETRY_MS = 2000;

export class Parameters {
  model = "";
  /** @type {number[]} Width of every layer, pixels to digits. */
  sizes = [];
  /** @type {(Float32Array | null)[]} Of each layer, row by row: inputs × outputs. */
  weights = [];
  /** @type {(Float32Array | null)[]} */
  biases = [];
  /** The model whose numbers are under way; empty if none are. */
  #loading = "";
  #retryAt = 0;
  #onLayer;
  #fetch;
  #now;

  /**
   * @param {() => void} onLayer  Called whenever another layer is there.
   * @param {{fetch?: typeof fetchParameters, now?: () => number}} [options]
   */
  constructor(onLayer, { fetch = fetchParameters, now = () => performance.now() } = {}) {
    this.#onLayer = onLayer;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @returns {boolean} */
  get complete() {
    const all = [...this.weights, ...this.biases];
    return this.sizes.length > 1 && all.length === 2 * (this.sizes.length - 1) && all.every(Boolean); // the last layer comes first: before it there are holes
  }

  /** The server is back: what was lost on the way may be asked for with the next answer. */
  retry() {
    this.#retryAt = 0;
  }

  /** @param {Prediction} answer  Gets the numbers of the network that gave it. */
  async load({ model, input, activations, probabilities }) {
    if (model === this.model && (this.complete || this.#loading === model || this.#now() < this.#retryAt)) return;
    if (model !== this.model) {
      this.sizes = [input.length, ...activations.map(({ values }) => values.length), probabilities.length];
      [this.model, this.weights, this.biases] = [model, [], []];
    }
    this.#loading = model;
    await this.#fetchMissing(model);
    if (this.model !== model) return; // another network answers meanwhile
    [this.#loading, this.#retryAt] = ["", this.#now() + RETRY_MS];
  }

  /** @param {string} model */
  async #fetchMissing(model) {
    for (let k = this.sizes.length - 1; k > 0; k--) {
      if (this.weights[k - 1] && this.biases[k - 1]) continue;
      const [inputs, outputs] = [this.sizes[k - 1], this.sizes[k]];
      const found = await Promise.all([
        this.#fetch("weights", k, model, inputs * outputs),
        this.#fetch("biases", k, model, outputs),
      ]);
      if (this.model !== model) return;
      [this.weights[k - 1], this.biases[k - 1]] = found;
      this.#onLayer();
    }
  }
}

/**
 * One layer's weights, row by row (`inputs` rows of `outputs` numbers), or its biases. Null when there are none to be
 * had, for they only add detail.
 * @param {"weights" | "biases"} kind @param {number} layer @param {string} model @param {number} count
 * @param {Fetch} [fetch] @returns {Promise<Float32Array | null>}
 */
export async function fetchParameters(kind, layer, model, count, fetch = (url) => globalThis.fetch(url)) {
  try {
    const response = await fetch(`/model/${kind}/${layer}?network=${encodeURIComponent(model)}`);
    const bytes = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
    return bytes.byteLength === 4 * count ? new Float32Array(bytes) : null;
  } catch {
    return null;
  }
}
