// The path between two pictures: logits in straight lines, exact tipping points, and the words for them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { softmax } from "../../../static/js/explain/forward.js";
import { answerAt, stackedAreaOf, breakpointsOf, digitAt, faded, logitsAt, mixed, probabilitiesAt, summaryOf, flipSentence } from "../../../static/js/explain/interpolation.js";

/** @import { Path } from "../../../static/js/server/api.js" */

/** @type {Path} Digit 0 falls to digit 1 with a kink at 0.5. */
const path = {
  at: [0, 0.5, 1],
  logits: [[4, 0], [4, 2], [0, 6]],
  flips: [{ at: 0.625, before: 0, after: 1 }],
  temperature: 2,
  model: "m",
};
/** @type {Path} */
const reducedMotion = { ...path, logits: [[4, 0], [4, 2], [4, 3]], flips: [] };
const faded100 = { how: "faded", end: "Even without it" };

test("logits, not probabilities, are straight lines between breakpoints", () => {
  assert.deepEqual(logitsAt(path, 0.25), [4, 1]);
  assert.deepEqual(logitsAt(path, 0.75), [2, 4]);
  assert.deepEqual(probabilitiesAt(path, 0.25), softmax([4, 1], 2));
  assert.deepEqual([0, 0.5, 1].map((t) => logitsAt(path, t)), path.logits);
});

test("at a tipping point both digits are equally likely, and the new one is the answer", () => {
  const [before, after] = probabilitiesAt(path, 0.625);
  assert.ok(Math.abs(before - after) < 1e-12);
  assert.deepEqual([0, 0.6249, 0.625, 1].map((t) => digitAt(path, t)), [0, 0, 1, 1]);
});

test("there is a column at each tipping point, and a leading digit between two", () => {
  const { columns, leadingSpans, marks } = stackedAreaOf(path);
  assert.ok(columns.some(({ x }) => x === 0.625));
  assert.deepEqual(leadingSpans.map(({ from, to, digit }) => [from, to, digit]), [[0, 0.625, 0], [0.625, 1, 1]]);
  assert.deepEqual(marks, [{ x: 0.625, text: "62.5%" }]);
});

test("the ends of the path are no breakpoints", () => assert.equal(breakpointsOf(path), 1));

test("the summary names the exact place, or that nothing tips", () => {
  assert.equal(summaryOf(path, faded100), "At 62.5% faded, 0 becomes 1.");
  assert.equal(summaryOf(reducedMotion, faded100), "Even without it, it stays 0.");
  assert.equal(flipSentence({ at: 0.3719, before: 7, after: 1 }, "of the way"), "At 37.2% of the way, 7 becomes 1");
  assert.equal(answerAt(reducedMotion, 1), "0 (62.2%)");
});

test("pictures fade and mix pixel by pixel", () => {
  assert.deepEqual(faded([200, 100, 0], [1, 0.25, 1]), [0, 75, 0]);
  assert.deepEqual(mixed([0, 100], [255, 0], 0.5), [127.5, 50]);
});
