// What the pages say about an answer, in sentences.

/** @import { Prediction } from "../server/predictor.js" */
/** @typedef {{answer: string, verdict: string, reason: string}} Words */

/** @type {readonly string[]} */
export const DIGIT_NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const SURE = 0.99;
/** A runner-up with less is not named. */
const WORTH_NAMING = 0.005;

/** The two best are close if the second has this share of the first's probability. */
const CLOSE = 0.5;

/** @type {Words} */
export const BLANK = {
  answer: "–",
  verdict: "Draw a digit.",
  reason: "Any digit from 0 to 9, as large or small as you like, anywhere on the pad.",
};

/** A photo is being sent, and read. @type {Words} */
export const READING = { answer: "–", verdict: "Reading the photo…", reason: "" };

/** An answer whose own probability is high. */
const ELSEWHERE = "Other ways of seeing it, or of cutting it, show other digits, or none.";

/** Nothing on a photo stands out. @type {Words} */
export const NOTHING_FOUND = {
  answer: "–",
  verdict: "No writing was found on this photo.",
  reason: "Drag a box around the digit, or take the photo closer and in more light.",
};

/** There is ink, and no server to read it. @type {Words} */
export const UNANSWERED = { answer: "–", verdict: "No answer yet.", reason: "" };

/** Shown while no server answers. */
export const UNREACHABLE = "The server cannot be reached. Keep drawing: the answer comes once it is back.";

/** Shown for a link that is over the limits. */
export const TOO_LARGE = "The drawing in this link is too large to be opened here. Draw one of your own: the pad is yours.";

/** Shown for a link whose drawing is not whole. */
export const DAMAGED = "This link is damaged or was cut short, so its drawing cannot be shown. Ask for the link again, and copy all of it.";

/** What a page shows instead of a part that could not be fetched. */
export const UNSHOWN = "The server did not answer. Reload the page to try again.";

/** Shown by a panel if the server gave no explanation. */
export const UNEXPLAINED = "The server gave no reasons for this answer. Change the drawing, and it is asked again.";

/** @param {number} share @returns {string}  Never rounded up to certainty. */
export const percent = (share) => (share < 1 && share >= 0.9995 ? ">99.9%" : `${(100 * share).toFixed(1)}%`);

/** @param {number} digit @returns {string}  With its article. */
export const aDigit = (digit) => (digit === 8 ? "an 8" : `a ${digit}`);

/** @param {number[]} probabilities @returns {number[]}  The digits, most probable first. */
export const ranking = (probabilities) =>
  probabilities.map((_, digit) => digit).sort((a, b) => probabilities[b] - probabilities[a]);

/** @param {Pick<Prediction, "verdict" | "probabilities">} answer @returns {"" | "too close to call" | "not sure"}  The kind of doubt in it. */
export function doubtIn({ verdict, probabilities }) {
  const [top, second] = ranking(probabilities);
  if (verdict !== "unsure") return "";
  return probabilities[second] >= CLOSE * probabilities[top] ? "too close to call" : "not sure";
}

/**
 * A short form of an answer: "7 (99.2%)".
 * @param {Pick<Prediction, "verdict" | "probabilities">} answer @returns {string}
 */
export function briefly({ verdict, probabilities }) {
  const [[top], doubt] = [ranking(probabilities), doubtIn({ verdict, probabilities })];
  if (verdict === "blank") return "nothing";
  if (verdict === "several") return "several digits";
  if (verdict === "not-a-digit") return `no digit (closest: ${top})`;
  return `${top} (${percent(probabilities[top])})${doubt && `, ${doubt}`}`;
}

/** @param {number} count  Of digits, in the mode that reads one. @returns {Words} */
function wordsForSeveral(count) {
  const name = DIGIT_NAMES[count] ?? `${count}`;
  return { answer: "–", verdict: `${name[0].toUpperCase()}${name.slice(1)} digits: read them as a number.`, reason: "Here one digit is read at a time; there, each gets an answer of its own." };
}

/** @param {Prediction} prediction @returns {Words} */
export function wordsFor({ verdict, probabilities, placement }) {
  const [top, second] = ranking(probabilities);
  const shares = { top: percent(probabilities[top]), second: percent(probabilities[second]) };
  switch (verdict) {
    case "blank":
      return BLANK;
    case "several":
      return wordsForSeveral(placement?.digits ?? 2);
    case "not-a-digit":
      return {
        answer: "–",
        verdict: "This does not look like a digit to me.",
        reason: `The closest is ${top}, but it is unlike the digits I learned from.`,
      };
    case "unsure":
      return doubtIn({ verdict, probabilities }) === "not sure"
        ? { answer: `${top}`, verdict: `Perhaps ${aDigit(top)}, but I am not sure.`, reason: (placement?.certainty ?? 1) < probabilities[top] ? ELSEWHERE : `${top} has only ${shares.top}; next is ${second} with ${shares.second}.` }
        : { answer: `${top}`, verdict: `Too close to call between ${top} and ${second}.`, reason: `${top} has ${shares.top}, ${second} has ${shares.second}.` };
    default:
      return {
        answer: `${top}`,
        verdict: probabilities[top] >= SURE ? `This is ${aDigit(top)}.` : `This looks like ${aDigit(top)}.`,
        reason: reasonFor(probabilities, top, second),
      };
  }
}

/** @param {Prediction} prediction @returns {string}  The text for screen readers. */
export const spoken = (prediction) => aloud(wordsFor(prediction));

/** @param {Words} words @returns {string}  The text for screen readers. */
export const aloud = ({ verdict, reason }) => `${verdict} ${reason}`;

/** @param {number[]} probabilities @param {number} top @param {number} second @returns {string} */
function reasonFor(probabilities, top, second) {
  const sure = `${percent(probabilities[top])} sure.`;
  if (probabilities[second] < WORTH_NAMING) return `${sure} No other digit reaches ${percent(WORTH_NAMING)}.`;
  return `${sure} Runner-up: ${second} at ${percent(probabilities[second])}.`;
}
