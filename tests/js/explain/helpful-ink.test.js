// Dots where the network would like them, in the pad's own measures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dotAt, finePercent, gainText, onPad, placeIn, improving } from "../../../static/js/explain/helpful-ink.js";
import { predictionOf } from "../support.js";

const area = { left: 0.15, top: -0.1, side: 0.7 };
/** @param {number} row @param {number} column */
const cell = (row, column) => ({ row, column, log_odds: 1, digit: 7 });

const answer = (/** @type {number} */ share) => predictionOf(7, share);

test("a dot is two cells wide, in the middle of its cell", () => {
  const { points, width, erase } = dotAt(cell(8, 0), area);
  assert.ok(Math.abs(width - 0.05) < 1e-12 && !erase);
  assert.deepEqual(points.map(({ x, y }) => [x.toFixed(4), y.toFixed(4)]), [["0.1625", "0.1125"]]);
});

test("in an area that is turned, the dot goes where the cell was before", () => {
  const [{ points: [plain] }, { points: [turned] }] = [dotAt(cell(13, 27), area), dotAt(cell(27, 14), { ...area, rotation: 90 })];
  assert.ok(Math.hypot(turned.x - plain.x, turned.y - plain.y) < 1e-12);
});

test("a cell may lie beyond the pad, where nobody can draw", () => {
  assert.deepEqual([onPad(dotAt(cell(8, 0), area)), onPad(dotAt(cell(2, 0), area))], [true, false]);
});

test("places are named by where they are in the drawing", () => {
  const strokes = [{ erase: false, width: 0.08, points: [{ x: 0.2, y: 0.2 }, { x: 0.6, y: 0.8 }] }];
  assert.equal(placeIn({ x: 0.22, y: 0.1 }, strokes), "at the top left");
  assert.equal(placeIn({ x: 0.4, y: 0.5 }, strokes), "in the middle");
});

test("only dots that raise the digit's probability are kept, the most helpful first", () => {
  const dots = [8, 9, 10].map((row) => ({ dot: dotAt(cell(row, 0), area), place: `row ${row}` }));
  const spots = improving(dots, 0.2, [answer(0.3), answer(0.1), answer(0.6)], 7);
  assert.deepEqual(spots.map(({ place, after }) => [place, after]), [["row 10", 0.6], ["row 8", 0.3]]);
});

test("small probabilities are written with a significant figure", () => {
  assert.deepEqual([0.123, 0.0005, 0.000123, 0.0000097, 4e-7, 1e-9].map(finePercent), ["12.3%", "0.1%", "0.01%", "0.001%", "0.00004%", "almost 0%"]);
  const spot = { dot: dotAt(cell(8, 0), area), place: "", digit: 7 };
  assert.equal(gainText({ ...spot, before: 0.12, after: 0.41 }, 7), "7 from 12.0% to 41.0%");
  assert.equal(gainText({ ...spot, before: 0.12, after: 0.12001 }, 7), "7 a little up, at 12.0%");
});
