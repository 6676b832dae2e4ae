// Narration: how the answer to one drawing changed from checkpoint to checkpoint.

import { argmax } from "../explain/numbers.js";
import { aDigit, percent } from "../explain/words.js";

/** @typedef {{steps: number, epochs: number}} Checkpoint  When it was saved. */

/** The probability from which it is called sure. */
const SURE = 0.9;

/** @param {number} epochs @returns {string}  With one decimal below ten. */
function epochsInWords(epochs) {
  const text = epochs < 10 ? epochs.toFixed(1).replace(/\.0$/, "") : epochs.toFixed(0);
  return `${text} epoch${text === "1" ? "" : "s"}`;
}

/** @param {Checkpoint} checkpoint @returns {string}  Such as "57 steps". */
export function nameOf({ steps, epochs }) {
  if (steps === 0) return "start";
  return epochs >= 1 ? epochsInWords(epochs) : `${steps.toLocaleString("en")} step${steps === 1 ? "" : "s"}`;
}

/** @param {Checkpoint} checkpoint @returns {string}  Such as "after 57 steps". */
export const whenOf = (checkpoint) => (checkpoint.steps === 0 ? "before the first step" : `after ${nameOf(checkpoint)}`);

/** @param {Checkpoint} checkpoint @param {number | null} batch  Pictures a step. @returns {string}  How many it has seen until then. */
export function seenOf({ steps, epochs }, batch) {
  if (steps === 0) return "It has seen no picture yet: its weights are random.";
  if (!batch) return "";
  if (epochs < 1) return `It has seen ${(steps * batch).toLocaleString("en")} pictures.`;
  const rounded = (steps * batch).toLocaleString("en", { maximumSignificantDigits: 2 }); // an epoch's last batch is smaller
  return `It has seen about ${rounded} pictures.`;
}

/** @param {string} text @returns {string} */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** @param {Checkpoint} checkpoint @param {number[]} probabilities @returns {string} */
export function sentenceOf(checkpoint, probabilities) {
  const top = argmax(probabilities);
  return `${capital(whenOf(checkpoint))}: ${percent(probabilities[top])} sure of ${aDigit(top)}.`;
}

/**
 * From which checkpoint on the last answer is given, and from which on it is sure.
 * @param {Checkpoint[]} checkpoints @param {number[][]} predictions  The probabilities at each. @returns {string}
 */
export function summaryOf(checkpoints, predictions) {
  const end = argmax(predictions[predictions.length - 1]);
  const settled = predictions.findLastIndex((probabilities) => argmax(probabilities) !== end) + 1;
  const sure = predictions.findLastIndex((probabilities) => probabilities[end] < SURE) + 1;
  const start = settled === 0 ? `It guessed ${end} before it had learned anything` : `It says ${end} from ${pointOf(checkpoints[settled])} on`;
  if (sure === checkpoints.length) return `${start}, and is never quite sure.`;
  return sure <= settled ? `${start}, and is sure at once.` : `${start}, and is sure from ${pointOf(checkpoints[sure])} on.`;
}

/** @param {Checkpoint} checkpoint @returns {string}  Such as "step 57". */
function pointOf(checkpoint) {
  if (checkpoint.steps === 0) return "the start";
  const [count, unit] = nameOf(checkpoint).split(" ");
  return `${unit.replace(/s$/, "")} ${count}`;
}
