// The first layer growing out of noise: its weights at each stage, asked for when they are looked at and then kept. All
// stages are shown on the last one's scale, early ones as pale as they are, unless each is to have its own.

import { fetchWeights } from "./api.js";
import { Filters, fullColour } from "./filters.js";
import { whenOf } from "./narration.js";

/** @import { Stage } from "./narration.js" */

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

export class Growth {
  /** @type {Map<number, Promise<Float32Array | null>>} */
  #known = new Map();
  #wanted = -1;
  /** @type {number | null} What is in full colour at all stages. */
  #shared = null;
  #filters;
  #stages;
  #own = /** @type {HTMLInputElement} */ (find("#own"));

  /** @param {Stage[]} stages @param {(sentence: string) => void} say */
  constructor(stages, say) {
    this.#stages = stages;
    this.#filters = new Filters(find("#filters"), find("#neuron"), find("#neuron-line"), say);
    this.#own.addEventListener("change", () => void this.show(this.#wanted));
  }

  repaint() {
    this.#filters.repaint();
  }

  /** @param {number} stage */
  async show(stage) {
    this.#wanted = stage;
    const [weights, last] = await Promise.all([this.#weights(stage), this.#weights(this.#stages.length - 1)]);
    if (this.#wanted !== stage || !weights || !last) return;
    this.#shared ??= fullColour(last);
    this.#filters.render(weights, this.#own.checked ? fullColour(weights) : this.#shared, whenOf(this.#stages[stage]));
    if (stage + 1 < this.#stages.length) void this.#weights(stage + 1); // where it is played, the next one is due soon
  }

  /** @param {number} stage @returns {Promise<Float32Array | null>} */
  #weights(stage) {
    const known = this.#known.get(stage);
    if (known) return known;
    const asked = fetchWeights(stage);
    this.#known.set(stage, asked);
    void asked.then((weights) => weights ?? this.#known.delete(stage)); // it may be there next time
    return asked;
  }
}
