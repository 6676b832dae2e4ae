// Requests about the training; null if the server does not answer.

import { LONG_TIMEOUT_MS, fetchOptional } from "../server/fetch-optional.js";
import { fromFloat16 } from "../server/float16.js";

/** @import { History, Mistakes, Report } from "../server/api.js" */

const timeout = LONG_TIMEOUT_MS;

/** @returns {Promise<History | null>} */
export const fetchHistory = () => fetchOptional("/training/history", { timeout });

/** @returns {Promise<Report | null>} */
export const fetchReport = async () => /** @type {{report: Report | null} | null} */ (await fetchOptional("/model", { timeout }))?.report ?? null;

/** @param {number} digit @param {number} answer @returns {Promise<Mistakes | null>} */
export const fetchMistakes = (digit, answer) => fetchOptional(`/training/mistakes/${digit}/${answer}`, { timeout });

/** @param {number} checkpoint @returns {Promise<Float32Array | null>}  Row by row: a row a pixel, a column a neuron. */
export const fetchWeights = (checkpoint) =>
  fetchOptional(`/training/weights/${checkpoint}`, { timeout, read: async (response) => fromFloat16(await response.arrayBuffer()) });
