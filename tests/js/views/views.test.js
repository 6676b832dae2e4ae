// What the views compute before they draw: grids, colours, paths, descriptions, themes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { layerTitle } from "../../../static/js/explain/neurons.js";
import { logOddsOf } from "../../../static/js/views/bars.js";
import { css, parseRgb, shade } from "../../../static/js/views/colour.js";
import { path } from "../../../static/js/views/connections.js";
import { changes } from "../../../static/js/views/dom.js";
import { gridFor, middle } from "../../../static/js/views/grid.js";
import { describeInput } from "../../../static/js/views/input-image.js";
import { nextTheme, themeNamed } from "../../../static/js/views/theme.js";
import { ringMarkers } from "../../../static/js/views/ring-markers.js";
import { describeTiles } from "../../../static/js/views/tiles.js";

/** @import { Palette } from "../../../static/js/views/colour.js" */

/** @type {Palette} */
const palette = { ink: [10, 10, 10], paper: [250, 250, 250], pro: [0, 0, 255], con: [255, 128, 0] };

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

test("a colour is written for a style, even with a tiny alpha", () => {
  assert.equal(css([1, 22, 255]), "rgb(1 22 255 / 1)");
  assert.equal(css([1, 22, 255], 1e-7), "rgb(1 22 255 / 0)");
});

test("colours are read as a browser and as a style write them", () => {
  assert.deepEqual(parseRgb("rgb(1, 22, 255)"), [1, 22, 255]);
  assert.deepEqual(parseRgb(" #0116ff "), [1, 22, 255]);
});

test("the diverging scale is symmetric about zero", () => {
  const [up, down] = [shade(0.5, 1, palette, true), shade(-0.5, 1, palette, true)];
  assert.equal(up[1], down[1]);
  assert.deepEqual(up[0], palette.pro);
  assert.deepEqual(down[0], palette.con);
});

test("a unit at rest is visible, in a neutral colour", () => {
  const [colour, opacity] = shade(0, 1, palette, true);
  assert.deepEqual(colour, palette.ink);
  assert.ok(opacity > 0 && opacity < 40);
});

test("a layer with all units at rest is shaded without an error", () => {
  assert.deepEqual(shade(0, 0, palette, false), shade(0, 1, palette, false));
});

test("a value beyond the scale has full opacity", () => {
  assert.equal(shade(9, 1, palette, false)[1], 255);
});

test("a curve is horizontal at both ends, and straight without curvature", () => {
  assert.equal(path({ x: 0, y: 0 }, { x: 100, y: 50 }, 0.5), "M0.0 0.0C50.0 0.0 50.0 50.0 100.0 50.0");
  assert.equal(path({ x: 0, y: 0 }, { x: 100, y: 50 }, 0), "M0.0 0.0L100.0 50.0");
});

test("pictures and layers have descriptions for screen readers", () => {
  assert.match(describeInput(new Uint8Array(784)), /28 by 28.*blank/);
  assert.match(describeInput(new Uint8Array(784).fill(255, 0, 392)), /50%/);
  assert.equal(describeTiles("Hidden layer 1", [0, 0]), "Hidden layer 1: 2 neurons, all at rest.");
  assert.equal(describeTiles("Hidden layer 1", [0, -2, 1]), "Hidden layer 1: 2 of 3 neurons active, neuron 1 most, at -2.00.");
  assert.equal(layerTitle("hidden2"), "Hidden layer 2");
});

test("the themes follow each other in a circle, and an unknown one is the system's", () => {
  assert.equal(nextTheme("auto"), "light");
  assert.equal(nextTheme("dark"), "auto");
  assert.equal(themeNamed("sepia"), "auto");
  assert.equal(themeNamed(null), "auto");
});

test("a ring is whole, however near the edge its dot is", () => {
  /** @type {number[][]} */
  const rings = [];
  const context = /** @type {any} */ ({ canvas: { width: 400 }, beginPath() {}, fill() {}, stroke() {}, fillText() {}, arc: (/** @type {number[]} */ ...ring) => rings.push(ring) });
  Object.assign(globalThis, { devicePixelRatio: 1 });
  const dots = [[0, 0.5], [1.99, 1], [1, 0.5]].map(([x, y]) => ({ points: [{ x, y }], width: 0.08, erase: false }));
  ringMarkers(dots, () => palette)(context, 200);
  assert.deepEqual(rings.map(([x, y]) => [x, y]), [[12, 100], [388, 188], [200, 100]]);
});

test("what is on show is shown anew only if a part of it is another", () => {
  const [changed, explanation] = [changes(), {}];
  assert.deepEqual([changed(explanation, 1), changed(explanation, 1), changed(explanation, 2), changed({}, 2)], [true, false, true, true]);
});

test("log-odds are exact where a probability is almost one or almost nothing", () => {
  const tiny = 1e-20;
  const probabilities = [1 - 2 * tiny, tiny, tiny];
  assert.ok(Math.abs(logOddsOf(probabilities, 0) - Math.log(1 / (2 * tiny))) < 1e-9);
  assert.ok(Math.abs(logOddsOf(probabilities, 1) - Math.log(tiny)) < 1e-9);
  assert.equal(logOddsOf([0.5, 0.5], 0), 0);
});
