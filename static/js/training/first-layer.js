// Weights of the first layer at each checkpoint, fetched when they are shown, and cached. Each checkpoint has its own colour
// scale, which shows how noise becomes strokes; or all have the last one's, which shows how the weights grow.

import { find } from "../views/dom.js";
import { fetchWeights } from "./api.js";
import { Filters, fullColour } from "./filters.js";
import { whenOf } from "./narration.js";

/** @import { Checkpoint } from "./narration.js" */

/** @typedef {{weights: Float32Array, most: number}} Scaled  Weights, and the one in full colour on their own scale. */

export class FirstLayer {
  /** @type {Map<number, Promise<Scaled | null>>} */
  #known = new Map();
  #wanted = -1;
  #filters;
  #checkpoints;
  #lost;
  #common = /** @type {HTMLInputElement} */ (find("#common-scale"));

  /** @param {Checkpoint[]} checkpoints @param {(sentence: string) => void} say @param {() => void} lost  A request had no reply. */
  constructor(checkpoints, say, lost) {
    this.#lost = lost;
    this.#checkpoints = checkpoints;
    this.#filters = new Filters(find("#filters"), find("#neuron"), find("#neuron-line"), say);
    this.#common.addEventListener("change", () => void this.show());
  }

  repaint() {
    this.#filters.repaint();
  }

  /** @param {number} [checkpoint]  By default the last one again. */
  async show(checkpoint = this.#wanted) {
    this.#wanted = checkpoint;
    const scale = this.#common.checked ? this.#checkpoints.length - 1 : checkpoint;
    const [shown, scaled] = await Promise.all([this.#scaled(checkpoint), this.#scaled(scale)]);
    if (this.#wanted !== checkpoint || !shown || !scaled) return;
    this.#filters.render(shown.weights, scaled.most, whenOf(this.#checkpoints[checkpoint]));
    if (checkpoint + 1 < this.#checkpoints.length) void this.#scaled(checkpoint + 1); // while the training is played, the next one is needed soon
  }

  /** @param {number} checkpoint @returns {Promise<Scaled | null>} */
  #scaled(checkpoint) {
    const known = this.#known.get(checkpoint);
    if (known) return known;
    const asked = fetchWeights(checkpoint, this.#lost).then((weights) => weights && { weights, most: fullColour(weights) });
    this.#known.set(checkpoint, asked);
    void asked.then((scaled) => scaled ?? this.#known.delete(checkpoint)); // so that it is fetched again
    return asked;
  }
}
