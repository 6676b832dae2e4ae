// Sums of the forward pass with their terms: input × weight, largest first, and the bias. The parameters are float32; all
// sums are float64.

import { extentOf } from "./numbers.js";

/** @typedef {{from: number, value: number, weight: number, part: number}} Term  part = value · weight */
/** @typedef {{terms: Term[], bias: number, total: number}} Sum  total = bias + the parts of all terms */

/**
 * The sum that one unit computes; inputs of zero are no terms.
 * @param {ArrayLike<number>} values  The layer below. @param {ArrayLike<number>} weights  Row by row, a row a value.
 * @param {ArrayLike<number>} biases @param {number} unit @returns {Sum}
 */
export function sumInto(values, weights, biases, unit) {
  const width = biases.length;
  /** @type {Term[]} */
  const terms = [];
  for (let from = 0; from < values.length; from++) {
    const [value, weight] = [values[from], weights[from * width + unit]];
    if (value !== 0) terms.push({ from, value, weight, part: value * weight });
  }
  terms.sort((a, b) => Math.abs(b.part) - Math.abs(a.part));
  const bias = biases[unit];
  return { terms, bias, total: terms.reduce((sum, { part }) => sum + part, bias) };
}

/** Decimal places of a product, and the most of its factors. */
export const PLACES = 3;
const MOST_PLACES = 9;
/** So near to the middle between two numbers of that many places, a calculator may round the other way. */
const HALFWAY = 1e-6;

/** @typedef {{value: number, weight: number, places: [number, number], part: number}} Product  Rounded to these places, the factors give the part. */

/** @param {number} value @param {number} places @returns {number} */
const rounded = (value, places) => Number(value.toFixed(places));

/**
 * A product as it is written: its factors have as many places as it takes for their rounded product to be the true one.
 * @param {number} value @param {number} weight @returns {Product}
 */
export function writtenProduct(value, weight) {
  const part = rounded(value * weight, PLACES);
  for (let more = 0; more <= 2 * (MOST_PLACES - PLACES); more++) {
    for (let first = PLACES; first <= PLACES + more; first++) {
      const places = /** @type {[number, number]} */ ([first, 2 * PLACES + more - first]);
      const product = rounded(value, places[0]) * rounded(weight, places[1]);
      const steps = Math.abs(product) * 10 ** PLACES;
      if (rounded(product, PLACES) === part && Math.abs((steps % 1) - 0.5) > HALFWAY) return { value, weight, places, part };
    }
  }
  return { value, weight, places: [MOST_PLACES, MOST_PLACES], part }; // it lies halfway, and may be rounded either way
}

/**
 * A sum as it is written: some products, the rest of them in one number, the bias, and the total, all rounded. The rest takes
 * up what rounding leaves over, so that the column adds up and no product is touched.
 * @param {Sum} sum @param {number} most  Products that are written.
 */
export function writtenSum({ terms, bias, total }, most) {
  const products = terms.slice(0, most).map(({ from, value, weight }) => ({ from, ...writtenProduct(value, weight) }));
  const first = products.reduce((sum, { part }) => sum + part, rounded(bias, PLACES));
  const others = terms.length - products.length;
  const end = rounded(others ? total : first, PLACES);
  return { products, others, rest: rounded(end - first, PLACES), bias: rounded(bias, PLACES), total: end };
}

/** @param {Sum} sum @returns {number}  The input with the largest part; 0 if all are zero. */
export const strongestFor = ({ terms }) =>
  terms.reduce((largest, term) => (term.part > largest.part ? term : largest), { from: terms[0]?.from ?? 0, part: -Infinity }).from;

/**
 * The softmax of logits at a temperature.
 * @param {number[]} logits @param {number} temperature @returns {number[]}
 */
export function softmax(logits, temperature) {
  const [, most] = extentOf(logits); // subtracted, so that nothing overflows
  const powers = logits.map((logit) => Math.exp((logit - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/**
 * The strongest path to a digit, one unit for each hidden layer: the strongest contributor to the next, unless one is picked.
 * @param {ArrayLike<number>[]} layers  The picture in 0–1 and the activations. @param {ArrayLike<number>[]} weights
 * @param {ArrayLike<number>[]} biases @param {number} digit @param {(number | null)[]} picked @returns {number[]}
 */
export function strongestPath(layers, weights, biases, digit, picked) {
  const path = new Array(layers.length - 1).fill(0);
  let above = digit;
  for (let k = path.length - 1; k >= 0; k--) {
    const fits = picked[k] != null && /** @type {number} */ (picked[k]) < layers[k + 1].length;
    above = fits ? /** @type {number} */ (picked[k]) : strongestFor(sumInto(layers[k + 1], weights[k + 1], biases[k + 1], above));
    path[k] = above;
  }
  return path;
}
