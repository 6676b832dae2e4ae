// The answer in large, its verdict and one sentence of reason.

/** @import { Words } from "../explain/words.js" */
/** @import { Verdict } from "../server/predictor.js" */
/** @typedef {{stage: HTMLElement, answer: HTMLElement, verdict: HTMLElement, reason: HTMLElement}} Places */

/** @param {HTMLElement} element @param {string} words  Even the same ones would be laid out anew. */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @param {Places} places @param {Words} words @param {Verdict} verdict */
export function renderAnswer(places, words, verdict) {
  say(places.answer, words.answer);
  say(places.verdict, words.verdict);
  say(places.reason, words.reason);
  places.stage.dataset.verdict = verdict;
}
