// What the server knows of the training. All of it only adds detail: null where there is none to be had.

import { ask } from "../server/fetch-optional.js";
import { fromHalves } from "./float16.js";

/** @import { Stage } from "./narration.js" */
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

/** In milliseconds. It is most of the page: a slow line gets its time. */
const patience = 60_000;

/** @returns {Promise<History | null>} */
export const fetchHistory = () => ask("/training/history", { patience });

/** @returns {Promise<Report | null>} */
export const fetchReport = async () => /** @type {{report: Report | null} | null} */ (await ask("/model", { patience }))?.report ?? null;

/** @param {number} digit @param {number} answer @returns {Promise<Mistakes | null>} */
export const fetchMistakes = (digit, answer) => ask(`/training/mistakes/${digit}/${answer}`, { patience });

/** @param {number} stage @returns {Promise<Float32Array | null>}  Row by row: a row a pixel, a column a neuron. */
export const fetchWeights = (stage) =>
  ask(`/training/weights/${stage}`, { patience, read: async (response) => fromHalves(await response.arrayBuffer()) });
