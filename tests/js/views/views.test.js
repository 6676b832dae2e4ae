// What the views compute before they draw: grids, colours, words, links, paths, samples, themes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { moves } from "../../../static/js/drawing/player.js";
import { samples } from "../../../static/js/drawing/samples.js";
import { layerTitle } from "../../../static/js/explain/neurons.js";
import { strongest, trace } from "../../../static/js/explain/trace.js";
import { briefly, percent, ranking, wordsFor } from "../../../static/js/explain/words.js";
import { css, parseRgb, shade } from "../../../static/js/views/colour.js";
import { path } from "../../../static/js/views/connections.js";
import { gridFor, middle } from "../../../static/js/views/grid.js";
import { describeInput } from "../../../static/js/views/input-image.js";
import { nextTheme, themeNamed } from "../../../static/js/views/theme.js";
import { describeTiles } from "../../../static/js/views/tiles.js";

/** @import { Prediction, Verdict } from "../../../static/js/server/predictor.js" */
/** @import { Palette } from "../../../static/js/views/colour.js" */

/** @type {Palette} */
const palette = { ink: [10, 10, 10], paper: [250, 250, 250], pro: [0, 0, 255], con: [255, 128, 0] };

/** @param {Verdict} verdict @param {Record<number, number>} shares @returns {Prediction} */
function answer(verdict, shares) {
  const probabilities = Array.from({ length: 10 }, (_, digit) => shares[digit] ?? 0);
  return { digit: 0, confidence: 0, probabilities, verdict, novelty: 0, activations: [], input: [], model: "m" };
}

test("the seed network's layers are 8×16 and 8×8", () => {
  assert.deepEqual(gridFor(128), { columns: 8, rows: 16 });
  assert.deepEqual(gridFor(64), { columns: 8, rows: 8 });
});

test("a layer of any width fits its grid, which is never wider than high nor higher than twice", () => {
  for (let count = 1; count <= 1024; count++) {
    const { columns, rows } = gridFor(count);
    assert.ok(columns * rows >= count, `${count}`);
    assert.ok(columns <= rows && (rows <= 2 * columns || count < 3), `${count}: ${columns}×${rows}`);
  }
});

test("a prime width leaves few places empty", () => {
  const { columns, rows } = gridFor(127);
  assert.ok(columns * rows - 127 <= 1);
});

test("the middle of the first and the last place are half a place from the edges", () => {
  const box = { left: 100, top: 50, width: 80, height: 160 };
  assert.deepEqual(middle(0, { columns: 8, rows: 16 }, box), { x: 105, y: 55 });
  assert.deepEqual(middle(127, { columns: 8, rows: 16 }, box), { x: 175, y: 205 });
});

test("a colour is written as a style has it, and no alpha is too small to be read", () => {
  assert.equal(css([1, 22, 255]), "rgb(1 22 255 / 1)");
  assert.equal(css([1, 22, 255], 1e-7), "rgb(1 22 255 / 0)");
});

test("colours are read as a browser writes them", () => {
  assert.deepEqual(parseRgb("rgb(1, 22, 255)"), [1, 22, 255]);
});

test("the diverging scale is symmetric about zero", () => {
  const [up, down] = [shade(0.5, 1, palette, true), shade(-0.5, 1, palette, true)];
  assert.equal(up[3], down[3]);
  assert.deepEqual(up.slice(0, 3), palette.pro);
  assert.deepEqual(down.slice(0, 3), palette.con);
});

test("a unit at rest still shows, in no colour that means something", () => {
  const rest = shade(0, 1, palette, true);
  assert.deepEqual(rest.slice(0, 3), palette.ink);
  assert.ok(rest[3] > 0 && rest[3] < 40);
});

test("a layer all at rest has no scale, and that is no fault", () => {
  assert.deepEqual(shade(0, 0, palette, false), shade(0, 1, palette, false));
});

test("a value beyond the scale is as dark as ink gets", () => {
  assert.equal(shade(9, 1, palette, false)[3], 255);
});

test("percentages have one decimal and never round up to certainty", () => {
  assert.equal(percent(0.1234), "12.3%");
  assert.equal(percent(0.99999), ">99.9%");
  assert.equal(percent(1), "100.0%");
  assert.equal(percent(0), "0.0%");
});

test("digits rank by probability, equals in their own order", () => {
  assert.deepEqual(ranking([0.1, 0.6, 0.1, 0.2]), [1, 3, 0, 2]);
});

test("a sure answer says so, and that no other comes near", () => {
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

test("what is no digit gets no digit, only the closest one", () => {
  const words = wordsFor(answer("not-a-digit", { 4: 0.9 }));
  assert.equal(words.answer, "–");
  assert.match(words.reason, /closest is 4/);
});

test("a blank sheet invites", () => {
  assert.equal(wordsFor(answer("blank", {})).answer, "–");
});

test("a link carries activation times weight, exactly", () => {
  const weights = new Float32Array([1, -2, 3, 4, -5, 6]); // 3 inputs × 2 outputs
  assert.deepEqual(strongest([2, 0, 1], weights, [0, 1], 9), [
    { from: 2, to: 1, part: 6 },
    { from: 2, to: 0, part: -5 },
    { from: 0, to: 1, part: -4 },
    { from: 0, to: 0, part: 2 },
  ]);
});

test("only the strongest links into the chosen units are kept", () => {
  const weights = new Float32Array([1, -2, 3, 4, -5, 6]);
  assert.deepEqual(strongest([2, 0, 1], weights, [0], 1), [{ from: 2, to: 0, part: -5 }]);
});

test("the trace goes back from the answer through the units that carried it", () => {
  const layers = [[1, 0], [1, 1, 0]];
  const weights = [new Float32Array([1, 2, 3, 4, 5, 6]), new Float32Array([1, 0, 0, 5, 9, 9])];
  const [into, out] = trace(layers, weights, 1);
  assert.deepEqual(out, [{ from: 1, to: 1, part: 5 }]);
  assert.deepEqual(into, [{ from: 0, to: 1, part: 2 }]);
});

test("without a layer's weights its links and those before it are none", () => {
  assert.deepEqual(trace([[1], [1]], [new Float32Array([1]), null], 0), [[], []]);
  assert.equal(trace([[1], [1]], [null, new Float32Array([1])], 0)[1].length, 1);
});

test("a curve leaves and arrives level, and without curvature it is straight", () => {
  assert.equal(path({ x: 0, y: 0 }, { x: 100, y: 50 }, 0.5), "M0.0 0.0C50.0 0.0 50.0 50.0 100.0 50.0");
  assert.equal(path({ x: 0, y: 0 }, { x: 100, y: 50 }, 0), "M0.0 0.0L100.0 50.0");
});

test("pictures and layers have words for those who do not see them", () => {
  assert.match(describeInput(new Uint8Array(784)), /28 by 28.*blank/);
  assert.match(describeInput(new Uint8Array(784).fill(255, 0, 392)), /50%/);
  assert.equal(describeTiles("Hidden layer 1", [0, 0]), "Hidden layer 1: 2 neurons, all at rest.");
  assert.equal(describeTiles("Hidden layer 1", [0, -2, 1]), "Hidden layer 1: 2 of 3 neurons active, neuron 1 most, at -2.00.");
  assert.equal(layerTitle("hidden2"), "Hidden layer 2");
});

test("there are ten samples, all of them on the pad", () => {
  assert.equal(samples.length, 10);
  for (const { x, y } of samples.flat(2)) assert.ok(x > 0.1 && x < 0.9 && y > 0.1 && y < 0.9);
});

test("a sample is written stroke by stroke, each put down and lifted", () => {
  /** @type {string[]} */
  const log = [];
  const pen = { down: () => void log.push("down"), move: () => void log.push("move"), up: () => void log.push("up") };
  moves(samples[4], pen).forEach((move) => move());
  assert.equal(log.filter((word) => word !== "move").join(" "), "down up down up");
  assert.ok(log.length > 60);
});

test("the themes go round, and an unknown one means as the system says", () => {
  assert.equal(nextTheme("auto"), "light");
  assert.equal(nextTheme("dark"), "auto");
  assert.equal(themeNamed("sepia"), "auto");
  assert.equal(themeNamed(null), "auto");
});

test("an answer in passing is told in the same words everywhere", () => {
  assert.equal(briefly(answer("digit", { 3: 0.9, 9: 0.1 })), "3 (90.0%)");
  assert.equal(briefly(answer("unsure", { 3: 0.5, 9: 0.4 })), "3 (50.0%), too close to call");
  assert.equal(briefly(answer("not-a-digit", { 3: 0.9 })), "no digit (closest: 3)");
  assert.equal(briefly(answer("blank", {})), "nothing");
});
