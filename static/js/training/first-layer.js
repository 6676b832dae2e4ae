// Weights of the first layer at each checkpoint, fetched when they are shown, and cached. All are on the last one's colour
// scale, unless each checkpoint has its own.

import { find } from "../views/dom.js";
import { fetchWeights } from "./api.js";
import { Filters, fullColour } from "./filters.js";
import { whenOf } from "./narration.js";

/** @import { Checkpoint } from "./narration.js" */

export class FirstLayer {
  /** @type {Map<number, Promise<Float32Array | null>>} */
  #known = new Map();
  #wanted = -1;
  /** @type {number | null} The weight in full colour at all checkpoints. */
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
    if (checkpoint + 1 < this.#checkpoints.length) void this.#weights(checkpoint + 1); // while the training is played, the next one is needed soon
  }

  /** @param {number} checkpoint @returns {Promise<Float32Array | null>} */
  #weights(checkpoint) {
    const known = this.#known.get(checkpoint);
    if (known) return known;
    const asked = fetchWeights(checkpoint);
    this.#known.set(checkpoint, asked);
    void asked.then((weights) => weights ?? this.#known.delete(checkpoint)); // so that it is fetched again
    return asked;
  }
}
