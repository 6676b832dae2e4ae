// The arithmetic of the figures: ways down a valley, a line between points, a signal through layers, a number in words.

/** @typedef {[number, number]} Place */
/** @typedef {"plain" | "momentum" | "nesterov" | "adam"} Way */
/** @typedef {{rate: number, momentum: number, steep: number, start: Place, steps: number}} Descent */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** @param {Place} place @param {number} steep @returns {number}  Of the valley, (a² + steep·b²) / 2. */
export const height = ([a, b], steep) => (a * a + steep * b * b) / 2;

/**
 * One step of each coordinate by itself, as model/optimizers.py takes it; the memory is changed.
 * @type {Record<Way, (gradient: number, memory: {m: number, v: number}, t: number, descent: Descent) => number>}
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

/** @param {Way} way @param {Descent} descent @returns {Place[]}  The places it visits, the start first. */
export function descend(way, descent) {
  const slopes = [1, descent.steep];
  const memories = slopes.map(() => ({ m: 0, v: 0 }));
  const places = [descent.start];
  for (let t = 1; t <= descent.steps; t++) {
    const step = (/** @type {number} */ at, /** @type {number} */ i) =>
      at - descent.rate * STEPS[way](slopes[i] * at, memories[i], t, descent);
    places.push(/** @type {Place} */ (places[t - 1].map(step)));
  }
  return places;
}

/**
 * Between two of the places a straight line.
 * @param {number[]} at  Rising. @param {number[]} values @param {number} t @returns {number}
 */
export function between(at, values, t) {
  const i = Math.min(Math.max(at.findIndex((place) => place >= t), 1), at.length - 1);
  return values[i - 1] + ((t - at[i - 1]) / (at[i] - at[i - 1])) * (values[i] - values[i - 1]);
}

/**
 * Scaling all weights of ReLU layers without biases by s scales the signal after layer k by sᵏ, exactly.
 * @param {number[]} sizes  After each layer, the input first. @param {number} s @returns {number[]}
 */
export const rescaled = (sizes, s) => sizes.map((size, k) => size * s ** k);

/** @param {number} power @returns {string}  Such as 10⁻⁴. */
export const powerOfTen = (power) =>
  `10${power < 0 ? "⁻" : ""}${Array.from(`${Math.abs(power)}`, (figure) => SUPERSCRIPTS[Number(figure)]).join("")}`;

/** @param {number} value @param {number} [figures] @returns {string}  As the server says it. */
export function formatNumber(value, figures = 4) {
  if (!Number.isFinite(value)) return "beyond all numbers";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.001 && size < 1e6) return `${Number(value.toPrecision(figures))}`.replace("-", "−");
  const [digits, power] = value.toExponential(2).split("e");
  return `${Number(digits)}·${powerOfTen(Number(power))}`.replace("-", "−");
}

/** @param {number} share @returns {string} */
export const percent = (share) => `${(100 * share).toFixed(2)}%`;
