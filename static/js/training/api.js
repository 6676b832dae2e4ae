// What the server knows of the training. All of it only adds detail: null where there is none to be had.

import { fetchOptional } from "../server/fetch-optional.js";
import { fromFloat16 } from "./float16.js";

/** @import { Checkpoint } from "./narration.js" */
/**
 * @typedef {object} Epoch
 * @property {number} number
 * @property {number} loss
 * @property {number} accuracy
 * @property {number} validation_loss
 * @property {number} validation_accuracy
 */
/** @typedef {{model: string, batch_size: number | null, epochs: Epoch[], stages: Checkpoint[]}} History */
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
/** @typedef {{probabilities: number[][], blank: boolean, model: string}} CheckpointPredictions */

/** In milliseconds. It is most of the page: a slow line gets its time. */
const timeout = 60_000;

/** @returns {Promise<History | null>} */
export const fetchHistory = () => fetchOptional("/training/history", { timeout });

/** @returns {Promise<Report | null>} */
export const fetchReport = async () => /** @type {{report: Report | null} | null} */ (await fetchOptional("/model", { timeout }))?.report ?? null;

/** @param {number} digit @param {number} answer @returns {Promise<Mistakes | null>} */
export const fetchMistakes = (digit, answer) => fetchOptional(`/training/mistakes/${digit}/${answer}`, { timeout });

/** @param {number} checkpoint @returns {Promise<Float32Array | null>}  Row by row: a row a pixel, a column a neuron. */
export const fetchWeights = (checkpoint) =>
  fetchOptional(`/training/weights/${checkpoint}`, { timeout, read: async (response) => fromFloat16(await response.arrayBuffer()) });
