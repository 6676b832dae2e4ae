// The lattice of a line: ways through it, and what they read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf, bestThrough, figureOf, groupsOf, middleOf, movedCut, readingOf, sameWay, through, throughInk, toggled } from "../../../static/js/explain/lattice.js";

/** @import { Group, Segmentation } from "../../../static/js/server/api.js" */

/** @param {number} start @param {number} end @param {number} digit @param {number} score @param {Partial<Group>} [changes] @returns {Group} */
const group = (start, end, digit, score, changes = {}) => ({ start, end, digit, score, confidence: 0.9, verdict: "digit", text: `${digit}`, box: [10 * start, 0, 10 * (end - start), 10], ...changes });

/** Three pieces; the first two are a 4 together, or a 1 and something. @type {Segmentation} */
const lattice = {
  cuts: [0, 10, 20, 30].map((x) => ({ points: /** @type {[number, number][]} */ ([[x, 0], [x + 2, 10]]), ink: x === 10 ? 0.8 : 0 })),
  groups: [group(0, 1, 1, -4), group(0, 2, 4, -0.1), group(1, 2, 6, -5, { verdict: "not-a-digit", text: "?" }), group(2, 3, 2, -0.2)],
  best: [0, 2, 3],
  second: [0, 1, 2, 3],
};

test("a way reads the groups between its cuts, and its score is the sum of theirs", () => {
  const best = readingOf(lattice, lattice.best);
  assert.equal(best.text, "42");
  assert.ok(Math.abs((best.score ?? NaN) + 0.3) < 1e-12);
  assert.equal(readingOf(lattice, lattice.second).text, "1?2");
  const withDot = { ...lattice, groups: [...lattice.groups, group(3, 4, 4, -1, { text: "" })] };
  assert.equal(readingOf(withDot, [0, 2, 3, 4]).text, "42");
});

test("a part that was not read as one digit leaves a way without a score", () => {
  assert.deepEqual(readingOf(lattice, [0, 1, 3]), { text: "1…", score: null });
  assert.deepEqual(groupsOf(lattice, [0, 3]), [null]);
});

test("a cut is added where there is none, and taken away where there is one", () => {
  assert.deepEqual(toggled([0, 2, 3], 1), [0, 1, 2, 3]);
  assert.deepEqual(toggled([0, 1, 2, 3], 2), [0, 1, 3]);
});

test("a moved cut stays between its neighbours, and the ends of the line stay where they are", () => {
  assert.deepEqual(movedCut([0, 4, 9], 4, 6), [0, 6, 9]);
  assert.deepEqual(movedCut([0, 4, 9], 4, 12), [0, 8, 9]);
  assert.deepEqual(movedCut([0, 4, 6, 9], 6, 2), [0, 4, 5, 9]);
  assert.deepEqual(movedCut([0, 4, 9], 0, 2), [0, 4, 9]);
  assert.deepEqual(movedCut([0, 4, 9], 7, 2), [0, 4, 9]);
});

test("the way through a group has its cuts and none inside it", () => {
  assert.deepEqual(through([0, 1, 2, 3], { start: 0, end: 2 }), [0, 2, 3]);
  assert.deepEqual(through([0, 3], { start: 1, end: 2 }), [0, 1, 2, 3]);
  assert.ok(sameWay(through([0, 2, 3], { start: 0, end: 2 }), [0, 2, 3]));
});

test("the best way through a group is the best one to it and the best one from it", () => {
  const other = group(1, 3, 5, -1);
  const scores = bestThrough({ cuts: lattice.cuts, groups: [...lattice.groups, other] });
  const rounded = [...scores].map(([{ start, end }, score]) => [start, end, Math.round(10 * score) / 10]);
  assert.deepEqual(rounded, [[0, 1, -5], [0, 2, -0.3], [1, 2, -9.2], [2, 3, -0.3], [1, 3, -5]]);
});

test("the best way through a group that leads nowhere does not exist", () => {
  assert.deepEqual([...bestThrough({ cuts: lattice.cuts, groups: [group(0, 3, 8, -1), group(1, 3, 5, 0), group(0, 2, 4, 0)] }).values()], [-1]);
});

test("of many groups the likeliest that have room are shown, those of the way and of the runner-up first", () => {
  const cuts = Array.from({ length: 31 }, (_, i) => ({ points: /** @type {[number, number][]} */ ([[i, 0]]), ink: 0 }));
  const ends = Array.from({ length: 29 }, (_, i) => i + 1);
  const groups = ends.flatMap((end) => [group(0, end, 1, -end), group(end, 30, 2, 0)]);
  const bars = barsOf({ cuts, groups, best: [0, 1, 30], second: [0, 25, 30] }, [0, 20, 30]);
  const fromTheLeft = bars.filter(({ group: { start } }) => start === 0);
  assert.deepEqual(fromTheLeft.map(({ group: { end }, row }) => [end, row]), [[20, 0], [25, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7]]);
  assert.equal(barsOf(lattice, lattice.best).length, lattice.groups.length);
});

test("bars do not overlap, and those of the way are nearest to the ink", () => {
  const bars = barsOf({ ...lattice, groups: [...lattice.groups, group(1, 3, 5, -9)] }, lattice.best);
  assert.deepEqual(bars.map(({ group: { start, end }, row }) => [start, end, row]), [[0, 2, 0], [2, 3, 0], [0, 1, 1], [1, 2, 1], [1, 3, 2]]);
});

test("a cut through ink is told from one in a gap, and ink that is no digit reads as a question mark", () => {
  assert.deepEqual(lattice.cuts.map(throughInk), [false, true, false, false]);
  assert.equal(middleOf(lattice.cuts[1]), 11);
  assert.equal(figureOf(lattice.groups[2]), "?");
});
