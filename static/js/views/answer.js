// The answer in large, its verdict and one sentence of reason.

/** @import { Verdict } from "../api.js" */
/** @import { Words } from "../words.js" */
/** @typedef {{answer: HTMLElement, verdict: HTMLElement, reason: HTMLElement}} Places */

/** @param {Places} places @param {Words} words @param {Verdict} verdict */
export function renderAnswer(places, words, verdict) {
  places.answer.textContent = words.answer;
  places.answer.dataset.verdict = verdict;
  places.verdict.textContent = words.verdict;
  places.reason.textContent = words.reason;
}
