// Numbers become words that add up and say what is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Snapshot } from "../../../static/js/drawing/snapshot.js";
import { placeIn } from "../../../static/js/explain/helpful-ink.js";
import { roundToSum, strongestRegion, namesOf, reasonFor, shapeOf, signed, strokeParts, timesAsLikely } from "../../../static/js/explain/reasons.js";
import { aDigit } from "../../../static/js/explain/words.js";
import { terms } from "../../../static/js/panels/pixel-attribution.js";

/** @import { Stroke } from "../../../static/js/drawing/strokes.js" */
/** @import { Explanation } from "../../../static/js/server/api.js" */

/** @param {number[][]} points @returns {Stroke} */
const stroke = (points) => ({ erase: false, width: 0.08, points: points.map(([x, y]) => ({ x, y })) });
const bar = stroke([[0.3, 0.25], [0.7, 0.24]]);
const foot = stroke([[0.3, 0.85], [0.7, 0.85]]);
const upright = stroke([[0.5, 0.25], [0.5, 0.85]]);
const bent = stroke([[0.3, 0.2], [0.7, 0.2], [0.5, 0.5], [0.45, 0.9]]);
const ring = stroke([[0.5, 0.2], [0.3, 0.5], [0.5, 0.8], [0.7, 0.5], [0.52, 0.21]]);
const dot = stroke([[0.5, 0.5]]);

/** @param {Partial<Explanation>} changes @returns {Explanation} */
const explanation = (changes) =>
  /** @type {Explanation} */ ({ target: 7, against: 1, log_odds: 5, bias: -1, parts: new Array(784).fill(0), ...changes });

/** @param {Record<number, number>} values */
const partsWith = (values) => Array.from({ length: 784 }, (_, i) => values[i] ?? 0);

test("strokes are named by their shape", () => {
  assert.deepEqual([bar, upright, bent, ring, dot].map(shapeOf), ["bar", "upright", "curve", "loop", "dot"]);
  assert.equal(shapeOf(stroke([[0.3, 0.8], [0.7, 0.2]])), "slant");
});

test("a name is as short as it can be while all are different", () => {
  assert.deepEqual(namesOf([bent, bar]), ["the long stroke", "the bar"]);
  assert.deepEqual(namesOf([bar, upright, foot]), ["the bar at the top", "the upright", "the bar at the bottom"]);
  assert.deepEqual(namesOf([bar]), ["the stroke"]);
  assert.deepEqual(new Set(namesOf([bar, bar, bar])).size, 3);
});

test("rounded numbers add up", () => {
  const rounded = roundToSum([0.333, 0.333, 0.334], 1);
  assert.equal(rounded.reduce((a, b) => a + b, 0).toFixed(1), "1.0");
  for (const values of [[1.26, -0.74, 3.333], [-5.055, 2.505, 0.001, -0.004], [0, 0]]) {
    const sum = roundToSum(values, 2).reduce((a, b) => a + b, 0);
    assert.equal(sum.toFixed(2), (Math.round(values.reduce((a, b) => a + b, 0) * 100) / 100).toFixed(2));
    roundToSum(values, 2).forEach((value, i) => assert.ok(Math.abs(value - values[i]) <= 0.01 + 1e-9));
  }
});

test("signs have a real minus, and zero has plus-minus", () => {
  assert.deepEqual([1.25, -1.25, 0.01, -0.01].map((value) => signed(value)), ["+1.3", "−1.3", "±0.0", "±0.0"]);
});

test("log-odds are written as how many times as likely", () => {
  assert.equal(timesAsLikely(0), "just as likely as");
  assert.equal(timesAsLikely(Math.log(3)), "3.0 times as likely as");
  assert.equal(timesAsLikely(Math.log(1234)), "1,200 times as likely as");
  assert.equal(timesAsLikely(-Math.log(20)), "20 times less likely than");
  assert.equal(timesAsLikely(40), "over a million times as likely as");
  assert.equal(timesAsLikely(-40), "not a millionth as likely as");
});

test("strokes of any number of points are named, and so is a place among them", () => {
  const long = stroke(Array.from({ length: 200_000 }, (_, i) => [0.3 + (i % 400) / 1000, 0.5]));
  assert.deepEqual(namesOf([long, upright]), ["the long stroke", "the upright"]);
  assert.equal(placeIn({ x: 0.69, y: 0.5 }, [long]), "at the top right");
});

test("eight and only eight has another article", () => {
  assert.deepEqual([7, 8].map(aDigit), ["a 7", "an 8"]);
});

test("the strongest region is the one with the largest sum of parts", () => {
  const parts = partsWith({ [5 * 28 + 5]: 1, [5 * 28 + 6]: 1, [22 * 28 + 20]: 1.5, [13 * 28 + 13]: -4 });
  assert.deepEqual(strongestRegion(parts), { name: "at the top left", part: 2 });
  assert.deepEqual(strongestRegion(partsWith({})), { name: "", part: 0 });
});

test("the sentence names the stroke with the largest part", () => {
  const strokes = { names: ["the long stroke", "the bar"], parts: [2, 4.07] };
  assert.equal(reasonFor(explanation({}), strokes), "A 7 rather than a 1 because of the bar: +4.1.");
});

test("strokes that add nearly the same are named together", () => {
  const strokes = { names: ["the long stroke", "the bar", "the dot"], parts: [3.4, 4.07, 2] };
  assert.equal(reasonFor(explanation({}), strokes), "A 7 rather than a 1 because of the long stroke and the bar: +3.4 and +4.1.");
  const alike = { names: ["a", "b", "c"], parts: [3, 3, 3] };
  assert.equal(reasonFor(explanation({ log_odds: -3 }), alike), "Not a 7 but a 1, though a, b and c speak for 7: +3.0, +3.0 and +3.0.");
});

test("the sentence about a drawing of one stroke names a region", () => {
  const parts = partsWith({ [3 * 28 + 14]: 3, [24 * 28 + 14]: -1 });
  assert.equal(
    reasonFor(explanation({ parts, target: 8 }), { names: ["the stroke"], parts: [2] }),
    "An 8 rather than a 1 because of the ink at the top: +3.0.",
  );
});

test("the sentence about a digit that loses tells that it loses", () => {
  const strokes = { names: ["the long stroke", "the bar"], parts: [-2, 1] };
  assert.equal(reasonFor(explanation({ log_odds: -3 }), strokes), "Not a 7 but a 1, though the bar speaks for 7: +1.0.");
  assert.equal(
    reasonFor(explanation({ log_odds: -3 }), { names: ["a", "b"], parts: [-2, -1] }),
    "Not a 7 but a 1: no ink speaks for 7.",
  );
});

test("the terms of the sum are the parts for, the parts against, and the bias", () => {
  const found = terms(explanation({ parts: partsWith({ 3: 2.004, 4: 1, 5: -0.5 }), bias: 0.25 }));
  assert.deepEqual(found.map(([, value]) => Number(value.toFixed(2))), [3, -0.5, 0.25]);
});

test("the names and parts of strokes are computed once for an explanation", () => {
  /** @type {import("../../../static/js/server/api.js").Placement} */
  const placement = {
    left: 0, top: 0, cell: 4, fitted: [0, 0], box: [0, 0, 112, 112], ground: "dark on light", removed: [], hypotheses: 1, alternatives: [], digits: 1, certainty: 1, rotation: 0, slant: 0,
  };
  const explained = { explanation: explanation({ placement, parts: partsWith({ 400: 2 }) }), snapshot: new Snapshot([bar, foot]) };
  const found = strokeParts(explained);
  assert.deepEqual(found.names, ["the bar at the top", "the bar at the bottom"]);
  assert.equal(found.parts[0] + found.parts[1], 2);
  assert.equal(strokeParts(explained), found);
  assert.deepEqual(strokeParts({ ...explained, explanation: explanation({ placement: null }) }), { names: [], parts: [] });
});
