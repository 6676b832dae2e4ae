// The network's own numbers, fetched once for each model, the last layer first: that is what an answer is explained by.

import { fetchParameters } from "./api.js";

/** @import { Prediction } from "./api.js" */

export class Parameters {
  model = "";
  /** @type {number[]} Width of every layer, pixels to digits. */
  sizes = [];
  /** @type {(Float32Array | null)[]} Of each layer, row by row: inputs × outputs. */
  weights = [];
  /** @type {(Float32Array | null)[]} */
  biases = [];
  #came;

  /** @param {() => void} came  Called whenever another layer is there. */
  constructor(came) {
    this.#came = came;
  }

  /** @returns {boolean} */
  get complete() {
    const all = [...this.weights, ...this.biases];
    return this.sizes.length > 1 && all.length === 2 * (this.sizes.length - 1) && all.every((array) => array !== null);
  }

  /** Forgets what was lost on the way, so that it is asked for again. */
  retry() {
    if (!this.complete) this.model = "";
  }

  /** @param {Prediction} answer  Gets the numbers of the network that gave it. */
  async learn({ model, input, activations, probabilities }) {
    if (model === this.model) return;
    this.model = model;
    this.sizes = [input.length, ...activations.map(({ values }) => values.length), probabilities.length];
    [this.weights, this.biases] = [[], []];
    for (let k = this.sizes.length - 1; k > 0; k--) {
      const [inputs, outputs] = [this.sizes[k - 1], this.sizes[k]];
      const found = await Promise.all([
        fetchParameters("weights", k, model, inputs * outputs),
        fetchParameters("biases", k, model, outputs),
      ]);
      if (this.model !== model) return; // another network answers meanwhile
      [this.weights[k - 1], this.biases[k - 1]] = found;
      this.#came();
    }
  }
}
