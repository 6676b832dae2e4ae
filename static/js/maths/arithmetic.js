// Arithmetic of the figures: paths down a valley, lines between points, a signal through layers, numbers in words.

import { interpolate, powerOfTen } from "../explain/numbers.js";

/** @typedef {[number, number]} Place */
/** @typedef {"plain" | "momentum" | "nesterov" | "adam"} Optimizer */
/** @typedef {{rate: number, momentum: number, steep: number, start: Place, steps: number}} Descent */

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** @param {Place} place @param {number} steep @returns {number}  Of the valley, (a² + steep·b²) / 2. */
export const height = ([a, b], steep) => (a * a + steep * b * b) / 2;

/**
 * One step of one coordinate, as in model/optimizers.py; it changes the memory.
 * @type {Record<Optimizer, (gradient: number, memory: {m: number, v: number}, t: number, descent: Descent) => number>}
 */
const STEPS = {
  plain: (gradient) => gradient,
  momentum: (gradient, memory, _, { momentum }) => (memory.v = momentum * memory.v + gradient),
  nesterov: (gradient, memory, _, { momentum }) => {
    memory.v = momentum * memory.v + gradient;
    return gradient + momentum * memory.v;
  },
  adam: (gradient, memory, t) => {
    memory.m += (1 - BETA1) * (gradient - memory.m);
    memory.v += (1 - BETA2) * (gradient * gradient - memory.v);
    return memory.m / (1 - BETA1 ** t) / (Math.sqrt(memory.v / (1 - BETA2 ** t)) + EPSILON);
  },
};

/** @param {Optimizer} optimizer @param {Descent} descent @returns {Place[]}  The places it visits, the start first. */
export function descend(optimizer, descent) {
  const slopes = [1, descent.steep];
  const memories = slopes.map(() => ({ m: 0, v: 0 }));
  const places = [descent.start];
  for (let t = 1; t <= descent.steps; t++) {
    const step = (/** @type {number} */ at, /** @type {number} */ i) =>
      at - descent.rate * STEPS[optimizer](slopes[i] * at, memories[i], t, descent);
    places.push(/** @type {Place} */ (places[t - 1].map(step)));
  }
  return places;
}

/** @param {number[]} at  Rising. @param {number[]} values @param {number} t @returns {number}  On straight lines between them. */
export const between = (at, values, t) => interpolate(at, values.map((value) => [value]), t)[0];

/**
 * Scaling all weights of ReLU layers without biases by s scales the signal after layer k by sᵏ, exactly.
 * @param {number[]} sizes  After each layer, the input first. @param {number} s @returns {number[]}
 */
export const rescaled = (sizes, s) => sizes.map((size, k) => size * s ** k);

/** @param {number} value @param {number} [figures] @returns {string}  As the server writes it. */
export function formatNumber(value, figures) {
  if (!Number.isFinite(value)) return "beyond all numbers";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.001 && size < 1e6) return `${Number(value.toPrecision(figures ?? 4))}`.replace("-", "−");
  const [digits, power] = value.toExponential((figures ?? 3) - 1).split("e");
  return `${Number(digits)}·${powerOfTen(Number(power))}`.replace("-", "−");
}

/** @param {number} share @returns {string} */
export const percent = (share) => `${(100 * share).toFixed(2)}%`;
