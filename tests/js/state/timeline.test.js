// The timeline of a drawing: the places of its moments, the schedule of a replay, the summary.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Snapshot } from "../../../static/js/drawing/snapshot.js";
import { Moments } from "../../../static/js/state/moments.js";
import { dueAt, nearest, nextStep, placeOf, timelineOf, scheduleOf, summaryOf } from "../../../static/js/state/timeline.js";
import { predictionOf } from "../support.js";


/** @import { Prediction } from "../../../static/js/server/predictor.js" */

/** @param {[number, number, Prediction["verdict"]?, string[]?][]} all  Digits with their times, and the neurons that were ablated. */
function moments(all) {
  const moments = new Moments();
  for (const [digit, time, verdict = "digit", ablated = []] of all) {
    moments.push([{ snapshot: new Snapshot([]), answer: predictionOf(digit, 0.91, { verdict }), time, switches: { ablated: new Set(ablated), skip: new Set() } }]);
  }
  return moments;
}

test("moments are evenly spaced, from one edge to the other", () => {
  assert.deepEqual([0, 1, 2].map((index) => placeOf(index, 3)), [0, 0.5, 1]);
  assert.equal(placeOf(0, 1), 1);
  assert.deepEqual([-1, 0.2, 0.3, 0.9, 7].map((share) => nearest(share, 3)), [0, 0, 1, 2, 2]);
});

test("another digit becomes the most probable half way between its first moment and the one before", () => {
  const { leadingSpans, marks } = timelineOf(moments([[1, 0], [1, 10], [7, 20]]));
  assert.deepEqual(leadingSpans.map(({ from, to, digit }) => [from, to, digit]), [[0, 0.75, 1], [0.75, 1, 7]]);
  assert.deepEqual(marks, [{ x: 0.75, text: "1 → 7" }]);
});

test("a digit that leads without being the answer is marked as faint", () => {
  const { leadingSpans, marks } = timelineOf(moments([[1, 0, "not-a-digit"], [1, 10]]));
  assert.deepEqual(leadingSpans.map(({ faint }) => faint), [true, false]);
  assert.deepEqual(marks, []);
});

test("a single moment fills the timeline", () => {
  const { columns, leadingSpans } = timelineOf(moments([[4, 0]]));
  assert.deepEqual(columns.map(({ x }) => x), [0, 1]);
  assert.deepEqual(leadingSpans.map(({ from, to }) => [from, to]), [[0, 1]]);
});

test("a replay keeps the drawing's speed, but shortens long pauses", () => {
  const schedule = scheduleOf(moments([[1, 1000], [1, 1040], [7, 61_000], [7, 61_050]]).list);
  assert.deepEqual(schedule, [0, 40, 340, 390]);
  assert.deepEqual([0, 39, 40, 339, 1e6].map((elapsed) => dueAt(schedule, elapsed)), [0, 0, 1, 1, 3]);
});

test("step by step it goes from the start to each flip and to now", () => {
  const all = moments([[1, 0], [1, 1], [7, 2], [7, 3], [9, 4], [9, 5]]);
  assert.deepEqual([5, 0, 1, 2, 4].map((viewed) => nextStep(all, viewed)), [0, 2, 2, 4, 5]);
});

test("where the last flip is the last moment, the step to it is the step to now", () => {
  const all = moments([[1, 0], [7, 1], [7, 2], [9, 3]]);
  assert.deepEqual([0, 1, 3].map((viewed) => nextStep(all, viewed)), [1, 3, 0]);
});

test("a flip by switching is marked, and does not count as a change of mind", () => {
  const all = moments([[1, 0], [7, 1], [3, 2, "digit", ["hidden1.4"]], [3, 3, "digit", ["hidden1.4"]], [7, 4], [1, 5]]);
  assert.deepEqual(all.flips().map(({ switched }) => switched), [false, true, true, false]);
  assert.deepEqual(timelineOf(all).marks.map(({ text }) => text), ["1 → 7", "7 → 3, switched", "3 → 7, switched", "7 → 1"]);
  assert.equal(summaryOf(all), "It changed its mind twice while you drew. Switching changed the answer twice.");
  const only = moments([[1, 0], [7, 1, "digit", ["hidden1.4"]]]);
  assert.equal(summaryOf(only), "It never changed its mind while you drew. Switching changed the answer once.");
});

test("the summary counts the changes of mind", () => {
  assert.match(summaryOf(moments([[1, 0]])), /one answer/);
  assert.match(summaryOf(moments([[1, 0], [1, 1]])), /towards 1 from the first/);
  assert.match(summaryOf(moments([[1, 0], [7, 1]])), /once on the way to 7/);
  assert.match(summaryOf(moments([[1, 0], [7, 1], [1, 2], [4, 3]])), /3 times on the way to 4/);
});
