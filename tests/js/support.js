// What several tests need: a prediction, a reading, and time for promises to settle.

/** @import { Digit, Line, Reading, Segmentation } from "../../static/js/server/api.js" */
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

/** @param {number} digit @param {number[]} box  Left, top, width, height. @param {Partial<Digit>} [changes] @returns {Digit} */
export const digitAt = (digit, box, changes = {}) => {
  const { probabilities, placement: _, model: __, ...prediction } = predictionOf(digit);
  return /** @type {Digit} */ (/** @type {unknown} */ ({ ...prediction, probabilities, box, placement: null, ...changes }));
};

/**
 * A reading of digits, one list a line.
 * @param {Digit[][]} lines @param {Partial<Reading>} [changes] @param {Segmentation} [segmentation]  Of each line. @returns {Reading}
 */
export function readingOf(lines, changes = {}, segmentation) {
  const text = (/** @type {Digit[]} */ digits) => digits.map(({ digit, verdict }) => (verdict === "not-a-digit" ? "?" : digit)).join("");
  return {
    text: lines.map(text).join("\n"), confidence: 0.97, alternatives: [], marks: [], model: "m",
    lines: lines.map((digits) => /** @type {Line} */ ({ text: text(digits), box: [0, 0, 100, 100], confidence: 0.97, digits, ...(segmentation ? { segmentation } : {}) })),
    ...changes,
  };
}
