// What the page says about an answer, in plain sentences made of the numbers at hand.

/** @import { Prediction } from "../server/predictor.js" */
/** @typedef {{answer: string, verdict: string, reason: string}} Words */

const SURE = 0.99;
/** Below this a runner-up is not worth its name. */
const WORTH_NAMING = 0.005;

/** @type {Words} */
export const BLANK = {
  answer: "–",
  verdict: "Draw a digit.",
  reason: "Any digit from 0 to 9, as large or small as you like, anywhere on the pad.",
};

/** What the page says while no server answers. */
export const AWAY = "The server cannot be reached. Keep drawing: the answer comes once it is back.";

/** What stands where a part of a page could not be fetched. */
export const UNSHOWN = "The server did not answer. Reload the page to try again.";

/** What a panel says where the reasons that it asked for could not be had. */
export const UNEXPLAINED = "The server gave no reasons for this answer. Change the drawing, and it is asked again.";

/** @param {number} share @returns {string}  Never rounded up to certainty. */
export const percent = (share) => (share < 1 && share >= 0.9995 ? ">99.9%" : `${(100 * share).toFixed(1)}%`);

/** @param {number[]} probabilities @returns {number[]}  The digits, most probable first. */
export const ranking = (probabilities) =>
  probabilities.map((_, digit) => digit).sort((a, b) => probabilities[b] - probabilities[a]);

/**
 * An answer in passing, in the same words everywhere: "7 (99.2%)".
 * @param {Pick<Prediction, "verdict" | "probabilities">} answer @returns {string}
 */
export function briefly({ verdict, probabilities }) {
  const [best] = ranking(probabilities);
  if (verdict === "blank") return "nothing";
  if (verdict === "not-a-digit") return `no digit (closest: ${best})`;
  return `${best} (${percent(probabilities[best])})${verdict === "unsure" ? ", too close to call" : ""}`;
}

/** @param {Prediction} prediction @returns {Words} */
export function wordsFor({ verdict, probabilities }) {
  const [best, second] = ranking(probabilities);
  const shares = { best: percent(probabilities[best]), second: percent(probabilities[second]) };
  switch (verdict) {
    case "blank":
      return BLANK;
    case "not-a-digit":
      return {
        answer: "–",
        verdict: "This does not look like a digit to me.",
        reason: `The closest is ${best}, but it is unlike the digits I learned from.`,
      };
    case "unsure":
      return {
        answer: `${best}`,
        verdict: `Too close to call between ${best} and ${second}.`,
        reason: `${best} has ${shares.best}, ${second} has ${shares.second}.`,
      };
    default:
      return {
        answer: `${best}`,
        verdict: probabilities[best] >= SURE ? `This is ${article(best)}.` : `This looks like ${article(best)}.`,
        reason: reasonFor(probabilities, best, second),
      };
  }
}

/** @param {number} digit @returns {string} */
const article = (digit) => (digit === 8 ? "an 8" : `a ${digit}`);

/** @param {number[]} probabilities @param {number} best @param {number} second @returns {string} */
function reasonFor(probabilities, best, second) {
  const sure = `${percent(probabilities[best])} sure.`;
  if (probabilities[second] < WORTH_NAMING) return `${sure} No other digit reaches ${percent(WORTH_NAMING)}.`;
  return `${sure} Runner-up: ${second} at ${percent(probabilities[second])}.`;
}
