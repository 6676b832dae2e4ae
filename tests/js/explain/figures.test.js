// The figures of a number, found by their places, and what is said about them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { figuresOf, lineOf, nearestPlace, samePlace } from "../../../static/js/explain/figures.js";
import { figureLabel, figureWords, spokenNumber, wordsForNumber } from "../../../static/js/explain/number-words.js";
import { digitAt, predictionOf, readingOf } from "../support.js";

const four = digitAt(4, [10, 20, 30, 60]);
const two = digitAt(2, [50, 20, 30, 60]);
const letter = digitAt(6, [90, 20, 30, 60], { verdict: "not-a-digit" });

test("a figure that grows while it is written is the same one, and its neighbour is another", () => {
  const places = [[10, 20, 30, 60], [50, 20, 30, 60]];
  assert.equal(samePlace(places, [52, 20, 5, 60]), 1);
  assert.equal(samePlace([[52, 20, 5, 60]], places[1]), 0);
  assert.equal(samePlace(places, [38, 20, 10, 60]), -1);
  assert.equal(samePlace([], places[0]), -1);
});

test("a stroke belongs to the nearest figure, and of two around it to the smaller", () => {
  const places = [[0, 0, 100, 100], [40, 40, 10, 10], [200, 0, 50, 100]];
  assert.equal(nearestPlace(places, { x: 45, y: 45 }), 1);
  assert.equal(nearestPlace(places, { x: 190, y: 50 }), 2);
});

test("figures are counted from left to right, line by line", () => {
  const reading = readingOf([[four, two], [letter]]);
  assert.deepEqual(figuresOf(reading), [four, two, letter]);
  assert.deepEqual([0, 1, 2].map((figure) => lineOf(reading, figure)), [0, 0, 1]);
});

test("a number is said to be what it is, likely, or perhaps, and the next reading is named", () => {
  const words = (/** @type {Parameters<typeof readingOf>[1]} */ changes) => wordsForNumber(readingOf([[four, two]], changes));
  assert.equal(words({ confidence: 0.99 }).verdict, "This is 42.");
  assert.equal(words({ confidence: 0.7 }).verdict, "This looks like 42.");
  assert.equal(words({ confidence: 0.4 }).verdict, "This may be 42, but I am not sure.");
  const alternatives = [{ text: "47\n1", confidence: 0.2 }];
  assert.equal(words({ confidence: 0.7, alternatives }).reason, "70.0% sure of all of it. Otherwise: 47 / 1, at 20.0%.");
});

test("letters are no number, one letter leaves a part of it, and nothing is nothing", () => {
  assert.equal(wordsForNumber(readingOf([[letter, letter]])).verdict, "This does not look like a number to me.");
  assert.equal(wordsForNumber(readingOf([[four, letter]])).verdict, "I can read a part of this: 4?.");
  assert.equal(wordsForNumber(readingOf([[four, letter]], { confidence: 0.05 })).verdict, "This does not look like a number to me.");
  assert.equal(wordsForNumber(readingOf([])).answer, "–");
});

test("several lines are counted, not run together", () => {
  assert.equal(wordsForNumber(readingOf([[four], [two]])).verdict, "These are 2 lines of numbers.");
});

test("a screen reader hears a number digit by digit, once", () => {
  assert.equal(spokenNumber(readingOf([[four, letter], [two]], { confidence: 0.9 })), "These are 2 lines of numbers. four, unreadable; next line: two. 90.0% sure of all of it.");
});

test("a figure's label says which it is, what it is and how sure that is", () => {
  assert.equal(figureLabel(predictionOf(4, 0.9), 0, 2), "Figure 1 of 2: 4, 90.0%");
  assert.equal(figureLabel(predictionOf(4, 0.5, { verdict: "unsure" }), 1, 2), "Figure 2 of 2: 4, not sure, 50.0%");
  assert.equal(figureLabel(predictionOf(4, 0.9, { verdict: "not-a-digit" }), 0, 1), "Figure 1 of 1: unreadable");
  assert.match(figureWords(predictionOf(4, 0.995), 0, 2), /^Figure 1 of 2: this is a 4\. 99\.5% sure\./);
});
