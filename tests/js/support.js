// What several tests need: a prediction, and time for promises to settle.

/** @import { Prediction } from "../../static/js/server/predictor.js" */

/** Lets everything that can happen without the server happen. @returns {Promise<void>} */
export async function settle() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

/** @param {number} digit @param {number} [share] @param {Partial<Prediction>} [changes] @returns {Prediction} */
export const predictionOf = (digit, share = 0.91, changes = {}) => ({
  digit, confidence: share, verdict: "digit", novelty: 0, activations: [], input: [], placement: null, model: "m",
  probabilities: Array.from({ length: 10 }, (_, i) => (i === digit ? share : (1 - share) / 9)), ...changes,
});
