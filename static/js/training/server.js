// What the server knows of the training. All of it only adds detail: null where there is none to be had.

import { fromHalves } from "./floats.js";

/** @import { Stage } from "./story.js" */
/**
 * @typedef {object} Epoch
 * @property {number} number
 * @property {number} loss
 * @property {number} accuracy
 * @property {number} validation_loss
 * @property {number} validation_accuracy
 */
/** @typedef {{model: string, batch_size: number | null, epochs: Epoch[], stages: Stage[]}} History */
/** @typedef {{counts: number[], confidence: (number | null)[], right: (number | null)[]}} Reliability */
/**
 * @typedef {object} Figures  Of one test set.
 * @property {number} digits
 * @property {number} accuracy
 * @property {number[]} accuracy_per_digit
 * @property {number} calibration_error
 * @property {Reliability} [reliability]
 * @property {number[][]} confusion
 */
/** @typedef {{mnist_test?: Figures, pen_test?: Figures}} Report */
/** @typedef {{numbers: number[], pictures: number[][], labels: number[], answers: number[], confidence: number[]}} Mistakes */
/** @typedef {{probabilities: number[][], blank: boolean, model: string}} Judgement */

/** @param {string} url @returns {Promise<Response | null>} */
async function ask(url) {
  try {
    const response = await fetch(url);
    return response.ok ? response : null;
  } catch {
    return null;
  }
}

/** @template T @param {string} url @returns {Promise<T | null>} */
async function askJson(url) {
  const response = await ask(url);
  return response ? response.json().catch(() => null) : null;
}

/** @returns {Promise<History | null>} */
export const fetchHistory = () => askJson("/training/history");

/** @returns {Promise<Report | null>} */
export const fetchReport = async () => /** @type {{report: Report | null} | null} */ (await askJson("/model"))?.report ?? null;

/** @param {number} digit @param {number} answer @returns {Promise<Mistakes | null>} */
export const fetchMistakes = (digit, answer) => askJson(`/training/mistakes/${digit}/${answer}`);

/** @param {number} stage @returns {Promise<Float32Array | null>}  Row by row: a row a pixel, a column a neuron. */
export async function fetchWeights(stage) {
  const bytes = await (await ask(`/training/weights/${stage}`))?.arrayBuffer().catch(() => null);
  return bytes ? fromHalves(bytes) : null;
}
