// Whose ink is it: what strokes are credited with adds up, whatever they look like.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Snapshot, photoFrame, rasterOf } from "../../../static/js/drawing/snapshot.js";
import { areaOf, CELLS, attributionOf, withoutStroke, inkStrokes, placesIn, sharesOf } from "../../../static/js/explain/stroke-attribution.js";

/** @import { Stroke } from "../../../static/js/drawing/strokes.js" */

/** @param {number[][]} points @param {boolean} [erase] @returns {Stroke} */
const stroke = (points, erase = false) => ({ erase, width: 0.08, points: points.map(([x, y]) => ({ x, y })) });

const bar = stroke([[0.2, 0.3], [0.5, 0.3], [0.8, 0.3]]);
const stem = stroke([[0.7, 0.3], [0.5, 0.8]]);
const whole = { left: 0, top: 0, side: 1 };
const cell = (/** @type {number} */ x, /** @type {number} */ y) => Math.floor(y * CELLS) * CELLS + Math.floor(x * CELLS);

test("places of an area that is turned clockwise, or slanted to the right, lie further left on the pad, above its middle", () => {
  const area = areaOf({ left: 10, top: 20, cell: 2 }, { left: 0.1, top: 0, unit: 0.01 });
  const [top, middle] = [[14, 4], [14, 14]].map(([column, row]) => placesIn(area)(column, row));
  for (const turn of [{ rotation: 15 }, { slant: 0.2 }]) {
    const at = placesIn({ ...area, ...turn });
    assert.ok(Math.hypot(at(14, 14).x - middle.x, at(14, 14).y - middle.y) < 1e-12);
    assert.ok(at(14, 4).x < top.x - 0.02);
    assert.ok(at(14, 24).x > top.x + 0.02);
  }
  const turned = placesIn({ ...area, rotation: 90 })(24, 14); // on the right, once it was turned
  assert.ok(Math.hypot(turned.x - top.x, turned.y - top.y) < 1e-12);
});

test("in a turned area, a cell belongs to the stroke that inked it before", () => {
  const [first, second] = sharesOf([bar, stem], { ...whole, rotation: 90 });
  const turned = (/** @type {number} */ x, /** @type {number} */ y) => cell(1 - y, x);
  assert.equal(first[turned(0.25, 0.31)], 1);
  assert.equal(second[turned(0.52, 0.75)], 1);
});

test("over the strokes, the shares of every cell add up to one", () => {
  const shares = sharesOf([bar, stem], { left: -0.1, top: 0.05, side: 1.2 });
  for (let i = 0; i < CELLS * CELLS; i++) assert.ok(Math.abs(shares[0][i] + shares[1][i] - 1) < 1e-12);
});

test("a cell that one stroke alone has inked is that stroke's", () => {
  const [first, second] = sharesOf([bar, stem], whole);
  assert.equal(first[cell(0.25, 0.3)], 1);
  assert.equal(second[cell(0.52, 0.75)], 1);
});

test("where strokes cross they share", () => {
  const [first, second] = sharesOf([stroke([[0.2, 0.5], [0.8, 0.5]]), stroke([[0.5, 0.2], [0.5, 0.8]])], whole);
  const middle = cell(0.499, 0.499);
  assert.ok(Math.abs(first[middle] - 0.5) < 1e-9);
  assert.ok(Math.abs(second[middle] - 0.5) < 1e-9);
});

test("the attributions of the strokes add up to the sum of the parts", () => {
  const parts = Array.from({ length: CELLS * CELLS }, (_, i) => Math.sin(i));
  const attribution = attributionOf(parts, sharesOf([bar, stem, stroke([[0.1, 0.9]])], whole));
  const sum = parts.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(attribution.reduce((a, b) => a + b, 0) - sum) < 1e-9);
});

test("an eraser has no attribution, and the ink under it belongs to what is left", () => {
  const eraser = { ...stroke([[0.2, 0.3], [0.8, 0.3]], true), width: 0.12 };
  assert.deepEqual(inkStrokes([bar, eraser, stem]), [0, 2]);
  const shares = sharesOf([bar, eraser, stem], whole);
  assert.equal(shares.length, 2);
  assert.equal(shares[0][cell(0.67, 0.37)], 0);
  assert.equal(shares[1][cell(0.67, 0.37)], 1);
});

test("an eraser does not change strokes that come after it", () => {
  const eraser = stroke([[0.2, 0.3], [0.8, 0.3]], true);
  const shares = sharesOf([stem, eraser, bar], whole);
  assert.equal(shares[1][cell(0.25, 0.3)], 1);
});

test("a drawing without a stroke keeps the others in their order", () => {
  assert.deepEqual(withoutStroke([bar, stem], 0), [stem]);
});

test("the 28×28 is placed on the pad where the server found it in the picture", () => {
  // 112 pixels and a margin of 4: pixel 4 is the pad's edge, pixel 116 its other one.
  const area = areaOf({ left: 4, top: 60, cell: 4 }, new Snapshot([]).frame);
  assert.ok(Math.abs(area.left) < 1e-12);
  assert.ok(Math.abs(area.top - 0.5) < 1e-12);
  assert.ok(Math.abs(area.side - 1) < 1e-12);
});

test("a photo is on the pad whole and centred", () => {
  assert.deepEqual(photoFrame(200, 100), { left: 0, top: 0.25, unit: 1 / 200 });
  assert.deepEqual(photoFrame(100, 400), { left: 0.375, top: 0, unit: 1 / 400 });
});

test("a snapshot's raster is the ink of its strokes", () => {
  assert.deepEqual(new Snapshot([bar, stem]).raster.coverage, rasterOf([bar, stem]).coverage);
  assert.ok(new Snapshot([]).raster.blank);
});
