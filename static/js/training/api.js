// Requests about the training; null if the server does not answer.

import { queryOf } from "../server/explanations.js";
import { LONG_TIMEOUT_MS, fetchOptional } from "../server/fetch-optional.js";
import { fromFloat16 } from "../server/float16.js";

/** @import { History, Mistakes, Report } from "../server/api.js" */

const timeout = LONG_TIMEOUT_MS;

/** @returns {string}  The network that the page is about, as part of a URL; empty for the server's default. */
export const networkQuery = () => queryOf({ network: document.querySelector("main")?.dataset.network });

/** @returns {Promise<History | null>} */
export const fetchHistory = () => fetchOptional(`/training/history${networkQuery()}`, { timeout });

/** @returns {Promise<Report | null>} */
export const fetchReport = async () => /** @type {{report: Report | null} | null} */ (await fetchOptional(`/model${networkQuery()}`, { timeout }))?.report ?? null;

/** @param {number} digit @param {number} answer @param {() => void} lost @returns {Promise<Mistakes | null>} */
export const fetchMistakes = (digit, answer, lost) => fetchOptional(`/training/mistakes/${digit}/${answer}${networkQuery()}`, { timeout, lost });

/** @param {number} checkpoint @param {() => void} lost @returns {Promise<Float32Array | null>}  Row by row: a row a pixel, a column a neuron. */
export const fetchWeights = (checkpoint, lost) =>
  fetchOptional(`/training/weights/${checkpoint}${networkQuery()}`, { timeout, lost, read: async (response) => fromFloat16(await response.arrayBuffer()) });
