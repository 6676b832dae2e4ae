// The first layer growing out of noise: its weights at each checkpoint, asked for when they are looked at and then kept.
// All checkpoints are shown on the last one's scale, early ones as pale as they are, unless each is to have its own.

import { fetchWeights } from "./api.js";
import { Filters, fullColour } from "./filters.js";
import { whenOf } from "./narration.js";

/** @import { Checkpoint } from "./narration.js" */

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

export class FirstLayer {
  /** @type {Map<number, Promise<Float32Array | null>>} */
  #known = new Map();
  #wanted = -1;
  /** @type {number | null} What is in full colour at all checkpoints. */
  #shared = null;
  #filters;
  #checkpoints;
  #own = /** @type {HTMLInputElement} */ (find("#own-scale"));

  /** @param {Checkpoint[]} checkpoints @param {(sentence: string) => void} say */
  constructor(checkpoints, say) {
    this.#checkpoints = checkpoints;
    this.#filters = new Filters(find("#filters"), find("#neuron"), find("#neuron-line"), say);
    this.#own.addEventListener("change", () => void this.show(this.#wanted));
  }

  repaint() {
    this.#filters.repaint();
  }

  /** @param {number} checkpoint */
  async show(checkpoint) {
    this.#wanted = checkpoint;
    const [weights, last] = await Promise.all([this.#weights(checkpoint), this.#weights(this.#checkpoints.length - 1)]);
    if (this.#wanted !== checkpoint || !weights || !last) return;
    this.#shared ??= fullColour(last);
    this.#filters.render(weights, this.#own.checked ? fullColour(weights) : this.#shared, whenOf(this.#checkpoints[checkpoint]));
    if (checkpoint + 1 < this.#checkpoints.length) void this.#weights(checkpoint + 1); // where it is played, the next one is due soon
  }

  /** @param {number} checkpoint @returns {Promise<Float32Array | null>} */
  #weights(checkpoint) {
    const known = this.#known.get(checkpoint);
    if (known) return known;
    const asked = fetchWeights(checkpoint);
    this.#known.set(checkpoint, asked);
    void asked.then((weights) => weights ?? this.#known.delete(checkpoint)); // it may be there next time
    return asked;
  }
}
