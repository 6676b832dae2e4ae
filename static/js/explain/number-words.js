// What the page says about a number that was read, in sentences.

import { figuresOf } from "./figures.js";
import { UNREADABLE, figureOf } from "./lattice.js";
import { DIGIT_NAMES, doubtIn, percent, wordsFor } from "./words.js";

/** @import { Prediction } from "../server/predictor.js" */
/** @import { Reading } from "../server/api.js" */
/** @import { Words } from "./words.js" */

/** From this probability on, a number is said to be read for sure; from the next on, likely. */
const [SURE, LIKELY] = [0.95, 0.5];
/** With less, ink of which only a part may be digits is said to be no number. */
const PART = 0.2;
/** Another reading with less is not named. */
const WORTH_NAMING = 0.005;

/** @type {Words} */
export const BLANK_NUMBER = {
  answer: "–",
  verdict: "Write a number.",
  reason: "As many digits as you like, in one line or in several. The sheet grows to the right.",
};

/** There is ink, and no figure in it. @type {Words} */
const NO_NUMBER = { answer: "–", verdict: "I find no digits here.", reason: "What is written is unlike the digits that I learned from." };

/** Most of the ink, or all, is unreadable. */
const UNLIKE_A_NUMBER = { verdict: "This does not look like a number to me.", reason: "Each ? stands for ink that is unlike the digits I learned from." };

/** @param {string} text @returns {string}  On one line. */
export const inline = (text) => text.split("\n").map((line) => line || "nothing").join(" / ");

/** @param {Reading} reading @returns {Words} */
export function wordsForNumber(reading) {
  const { text, confidence, lines } = reading;
  if (lines.length === 0) return NO_NUMBER;
  const read = figuresOf(reading).filter(({ verdict }) => verdict !== "not-a-digit").length;
  const isUnlikely = lines.length === 1 && text.includes(UNREADABLE) && confidence < PART;
  if (read === 0 || isUnlikely) return { answer: text, ...UNLIKE_A_NUMBER };
  return { answer: text, verdict: verdictOf(text, confidence, lines.length), reason: reasonOf(reading) };
}

/** @param {string} text @param {number} confidence @param {number} lines @returns {string} */
function verdictOf(text, confidence, lines) {
  if (lines > 1) return `These are ${lines} lines of numbers.`;
  if (text.includes(UNREADABLE)) return `I can read a part of this: ${text}.`;
  if (confidence < LIKELY) return `This may be ${text}, but I am not sure.`;
  return confidence >= SURE ? `This is ${text}.` : `This looks like ${text}.`;
}

/** @param {Reading} reading @returns {string} */
function reasonOf({ confidence, alternatives }) {
  const [other] = alternatives;
  const sure = `${percent(confidence)} sure of all of it.`;
  return other && other.confidence >= WORTH_NAMING ? `${sure} Otherwise: ${inline(other.text)}, at ${percent(other.confidence)}.` : sure;
}

/** @param {Prediction} figure @param {number} index @param {number} count @returns {string}  Which figure the page shows, and how sure it is of it. */
export function figureWords(figure, index, count) {
  const { verdict, reason } = wordsFor(figure);
  return `Figure ${index + 1} of ${count}: ${verdict[0].toLowerCase()}${verdict.slice(1)} ${reason}`;
}

/** @param {Pick<Prediction, "digit" | "verdict" | "confidence" | "probabilities">} figure @param {number} index @param {number} count @returns {string}  The label of its button. */
export function figureLabel({ digit, verdict, confidence, probabilities }, index, count) {
  const doubt = doubtIn({ verdict, probabilities });
  const what = verdict === "not-a-digit" || digit === null ? "unreadable" : `${digit}, ${doubt && `${doubt}, `}${percent(confidence)}`;
  return `Figure ${index + 1} of ${count}: ${what}`;
}

/** @param {Reading} reading @returns {string}  For screen readers, which would say "2026" as a year. */
export function spokenNumber(reading) {
  const { verdict, reason } = wordsForNumber(reading);
  if (reading.lines.length === 0) return `${verdict} ${reason}`;
  const lines = reading.lines.map(({ digits }) => digits.map((each) => (figureOf({ digit: each.digit ?? 0, verdict: each.verdict }) === UNREADABLE ? "unreadable" : DIGIT_NAMES[each.digit ?? 0])).join(", "));
  return `${verdict} ${lines.join("; next line: ")}. ${reason}`;
}
