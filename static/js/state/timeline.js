// Timeline of a drawing: its moments as stacked areas, evenly spaced, and the schedule of a replay with short pauses.

import { argmax } from "../explain/numbers.js";

/** @import { StackedArea, LeadingSpan } from "../explain/stacked-area.js" */
/** @import { Moment } from "./moment.js" */
/** @import { Flip, Moments } from "./moments.js" */

/** The longest pause of a replay, in milliseconds. */
const PAUSE_MS = 300;

/** @param {number} index @param {number} count @returns {number}  The place of a moment, from 0 to 1. */
export const placeOf = (index, count) => (count > 1 ? index / (count - 1) : 1);

/** @param {number} place  From 0 to 1. @param {number} count @returns {number}  The nearest moment. */
export const nearest = (place, count) => Math.round(Math.min(1, Math.max(0, place)) * (count - 1));

/** @param {Moments} moments  At least one. @returns {StackedArea} */
export function timelineOf(moments) {
  const { list } = moments;
  const columns = list.map(({ answer }, i) => ({ x: placeOf(i, list.length), shares: answer.probabilities }));
  if (columns.length === 1) columns.unshift({ ...columns[0], x: 0 });
  const marks = moments.flips().map((flip) => ({ x: boundary(flip.index, list.length), text: flipLabel(flip) }));
  return { columns, leadingSpans: leadingSpansOf(list), marks };
}

/** @param {Flip} flip @returns {string} */
export const flipLabel = ({ before, after, switched }) => `${before} → ${after}${switched ? ", switched" : ""}`;

/** @param {number} index @param {number} count @returns {number}  Half way between a moment and the one before. */
const boundary = (index, count) => (placeOf(index, count) + placeOf(index - 1, count)) / 2;

/** @param {Moment[]} list @returns {LeadingSpan[]} */
function leadingSpansOf(list) {
  /** @type {LeadingSpan[]} */
  const leadingSpans = [];
  list.forEach(({ answer }, i) => {
    const [digit, faint] = [argmax(answer.probabilities), ["not-a-digit", "several"].includes(answer.verdict)];
    const last = leadingSpans[leadingSpans.length - 1];
    if (last?.digit === digit && last.faint === faint) return;
    const from = last ? boundary(i, list.length) : 0;
    if (last) last.to = from;
    leadingSpans.push({ from, to: 1, digit, faint });
  });
  return leadingSpans;
}

/** @param {Moment[]} list @returns {number[]}  When each is shown in a replay, in milliseconds from its start. */
export function scheduleOf(list) {
  let at = 0;
  return list.map(({ time }, i) => (at += i ? Math.min(PAUSE_MS, Math.max(0, time - list[i - 1].time)) : 0));
}

/** @param {number[]} schedule @param {number} elapsed @returns {number}  The moment that is due. */
export const dueAt = (schedule, elapsed) => Math.max(0, schedule.findLastIndex((at) => at <= elapsed));

/** @param {Moments} moments @param {number} viewed @returns {number}  The next index worth a look; after the last, the first. */
export function nextStep(moments, viewed) {
  const steps = [...moments.flips().map(({ index }) => index), moments.list.length - 1];
  return steps.find((index) => index > viewed) ?? 0;
}

/** @param {number} count @returns {string} */
const times = (count) => ["", "once", "twice"][count] ?? `${count} times`;

/** @param {Moments} moments @returns {string}  What happened, in a sentence. */
export function summaryOf(moments) {
  const [all, last] = [moments.flips(), moments.list[moments.list.length - 1]];
  const end = `${argmax(last.answer.probabilities)}`;
  const flips = all.filter(({ switched }) => !switched).length;
  if (moments.list.length < 2) return "So far there is one answer, and none before it to look back at.";
  if (flips < all.length) return `It ${flips ? `changed its mind ${times(flips)}` : "never changed its mind"} while you drew. Switching changed the answer ${times(all.length - flips)}.`;
  if (flips === 0) return `It leaned towards ${end} from the first dot on.`;
  return `It changed its mind ${times(flips)} on the way to ${end}.`;
}
