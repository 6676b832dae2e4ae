// An answer in words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { briefly, percent, ranking, wordsFor } from "../../../static/js/explain/words.js";

/** @import { Prediction } from "../../../static/js/server/predictor.js" */

/** @param {Prediction["verdict"]} verdict @param {Record<number, number>} shares @returns {Prediction} */
function answer(verdict, shares) {
  const probabilities = Array.from({ length: 10 }, (_, digit) => shares[digit] ?? 0);
  return { digit: 0, confidence: 0, probabilities, verdict, novelty: 0, activations: [], input: [], placement: null, model: "m" };
}

test("percentages have one decimal and never round up to certainty", () => {
  assert.equal(percent(0.1234), "12.3%");
  assert.equal(percent(0.99999), ">99.9%");
  assert.equal(percent(1), "100.0%");
  assert.equal(percent(0), "0.0%");
});

test("digits rank by probability, equals in their own order", () => {
  assert.deepEqual(ranking([0.1, 0.6, 0.1, 0.2]), [1, 3, 0, 2]);
});

test("a sure answer is worded as sure, and no other digit comes near", () => {
  assert.deepEqual(wordsFor(answer("digit", { 7: 0.997, 1: 0.003 })), {
    answer: "7",
    verdict: "This is a 7.",
    reason: "99.7% sure. No other digit reaches 0.5%.",
  });
});

test("a likely answer names its runner-up", () => {
  const { verdict, reason } = wordsFor(answer("digit", { 8: 0.9, 3: 0.1 }));
  assert.equal(verdict, "This looks like an 8.");
  assert.equal(reason, "90.0% sure. Runner-up: 3 at 10.0%.");
});

test("an unsure answer names both digits", () => {
  const words = wordsFor(answer("unsure", { 4: 0.52, 9: 0.48 }));
  assert.equal(words.answer, "4");
  assert.equal(words.verdict, "Too close to call between 4 and 9.");
});

test("an unsure answer whose runner-up is far behind is doubt, not closeness", () => {
  const words = wordsFor(answer("unsure", { 6: 0.545, 0: 0.063 }));
  assert.equal(words.verdict, "Perhaps a 6, but I am not sure.");
  assert.equal(words.reason, "6 has only 54.5%; next is 0 with 6.3%.");
});

test("an unsure answer that is itself probable is in doubt for other ways of seeing the picture", () => {
  /** @type {Prediction["placement"]} */
  const placement = { left: 0, top: 0, cell: 10, fitted: [0, 0], box: [0, 0, 1, 1], ground: "dark on light", removed: [], hypotheses: 3, alternatives: [], digits: 1, certainty: 0.6, rotation: 0, slant: 0 };
  for (const share of [0.998, 0.9]) {
    const words = wordsFor({ ...answer("unsure", { 6: share, 0: 0.001 }), placement });
    assert.equal(words.verdict, "Perhaps a 6, but I am not sure.");
    assert.equal(words.reason, "Other ways of seeing it, or of cutting it, show other digits, or none.");
  }
});

test("a drawing that is no digit gets no answer, only the closest digit", () => {
  const words = wordsFor(answer("not-a-digit", { 4: 0.9 }));
  assert.equal(words.answer, "–");
  assert.match(words.reason, /closest is 4/);
});

test("a blank pad asks for a drawing", () => {
  assert.equal(wordsFor(answer("blank", {})).answer, "–");
});

test("the short form of an answer is the same everywhere", () => {
  assert.equal(briefly(answer("digit", { 3: 0.9, 9: 0.1 })), "3 (90.0%)");
  assert.equal(briefly(answer("unsure", { 3: 0.5, 9: 0.4 })), "3 (50.0%), too close to call");
  assert.equal(briefly(answer("unsure", { 3: 0.5, 9: 0.1 })), "3 (50.0%), not sure");
  assert.equal(briefly(answer("not-a-digit", { 3: 0.9 })), "no digit (closest: 3)");
  assert.equal(briefly(answer("blank", {})), "nothing");
});
