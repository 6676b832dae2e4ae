// Strokes to pixels, at the edges: one point, equal points, ink outside the pad, the eraser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Raster, boundsOf } from "../../../static/js/drawing/raster.js";
import { curve, distance, flatten, resample, settled, settledCurve, tail } from "../../../static/js/drawing/strokes.js";

/** @import { Point, Stroke } from "../../../static/js/drawing/strokes.js" */

const SIZE = 40;
const onePoint = [{ x: 0.5, y: 0.5 }];
const twoEqualPoints = [onePoint[0], { ...onePoint[0] }];
const zigzag = [0.1, 0.5, 0.2, 0.8, 0.4, 0.9].map((y, i) => ({ x: 0.1 + 0.15 * i, y }));
const leavingThePad = [{ x: 0.5, y: 0.5 }, { x: 1.4, y: 0.5 }];
const outsideThePad = [{ x: 1.3, y: -0.4 }, { x: 1.4, y: -0.3 }];

/** @param {Point[]} points @param {Partial<Stroke>} [rest] @returns {Stroke} */
const stroke = (points, rest) => ({ erase: false, width: 0.1, points, ...rest });

/** @param {...Stroke} strokes */
function rasterOf(...strokes) {
  const raster = new Raster(SIZE);
  strokes.forEach((each) => raster.drawStroke(each));
  return raster;
}

/** @param {Raster} raster @returns {number} */
const inkOf = (raster) => raster.coverage.reduce((sum, value) => sum + value, 0) / 255;

test("one point is a round dot of the brush's area", () => {
  const area = inkOf(rasterOf(stroke(onePoint)));
  assert.ok(Math.abs(area - Math.PI * (0.05 * SIZE) ** 2) < 0.5, `${area}`);
});

test("two equal points are the same dot", () => {
  assert.deepEqual(rasterOf(stroke(twoEqualPoints)).coverage, rasterOf(stroke(onePoint)).coverage);
});

test("a straight stroke covers its length times its width, and a half circle at each end", () => {
  const area = inkOf(rasterOf(stroke([{ x: 0.25, y: 0.5 }, { x: 0.75, y: 0.5 }])));
  const exact = 0.5 * SIZE * 0.1 * SIZE + Math.PI * (0.05 * SIZE) ** 2;
  assert.ok(Math.abs(area - exact) < 1, `${area} is not ${exact}`);
});

test("a stroke drawn point by point is the same as one drawn whole", () => {
  const growing = new Raster(SIZE);
  zigzag.forEach((_, i) => growing.extend(stroke(zigzag.slice(0, i + 1))));
  growing.finish(stroke(zigzag));
  assert.deepEqual(growing.coverage, rasterOf(stroke(zigzag)).coverage);
});

test("what is final of a growing stroke, chunk by chunk, and the rest are the whole curve", () => {
  const chunk = 2;
  const path = [];
  for (let end = chunk; end <= zigzag.length; end += chunk) {
    const grown = settledCurve(zigzag.slice(0, end), end - chunk);
    assert.deepEqual(settledCurve(zigzag, end - chunk, end), grown);
    path.push(...grown);
  }
  assert.deepEqual([...path, ...tail(zigzag)], curve(zigzag));
});

test("a stroke that crosses itself is no darker there", () => {
  const once = rasterOf(stroke(zigzag));
  assert.deepEqual(rasterOf(stroke(zigzag), stroke(zigzag)).coverage, once.coverage);
});

test("a stroke leaving the pad is cut at its edge and does not come back on the other side", () => {
  const raster = rasterOf(stroke(leavingThePad));
  assert.equal(raster.bounds()?.right, 1);
  assert.ok((raster.bounds()?.left ?? 0) > 0.4);
});

test("a stroke outside the pad leaves it blank", () => {
  assert.ok(rasterOf(stroke(outsideThePad)).blank);
});

test("the eraser over ink takes away what it covers and nothing else", () => {
  const line = stroke([{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }]);
  const cut = rasterOf(line, stroke(onePoint, { erase: true, width: 0.3 }));
  assert.equal(cut.coverage[(SIZE / 2) * SIZE + SIZE / 2], 0);
  assert.equal(cut.coverage[(SIZE / 2) * SIZE + 8], 255);
});

test("the eraser over everything leaves a blank raster", () => {
  assert.ok(rasterOf(stroke(zigzag), stroke(onePoint, { erase: true, width: 3 })).blank);
});

test("the eraser over blank paper leaves no mark", () => {
  assert.ok(rasterOf(stroke(zigzag, { erase: true })).blank);
});

test("a brush thinner than a pixel still leaves ink", () => {
  assert.ok(inkOf(rasterOf(stroke(zigzag, { width: 0.005 }))) > 1);
});

test("no coverage leaves 0 to 255", () => {
  const values = rasterOf(stroke(zigzag), stroke(onePoint, { erase: true })).coverage;
  assert.equal(Math.max(...values), 255);
  assert.equal(Math.min(...values), 0);
});

test("a copy is independent of its raster", () => {
  const raster = rasterOf(stroke(onePoint));
  const copy = raster.copy();
  raster.clear();
  assert.ok(raster.blank);
  assert.ok(!copy.blank);
});

test("bounds enclose the ink and nothing more", () => {
  const picture = new Uint8Array(16);
  assert.equal(boundsOf(picture), null);
  picture[6] = 255;
  assert.deepEqual(boundsOf(picture), { left: 0.5, top: 0.25, right: 0.75, bottom: 0.5 });
});

test("the curve begins and ends where the pen did", () => {
  const path = curve(zigzag);
  assert.deepEqual(path[0], zigzag[0]);
  assert.deepEqual(path[path.length - 1], zigzag[zigzag.length - 1]);
});

test("the curve has no gaps between its pieces", () => {
  const path = curve(zigzag);
  path.slice(1).forEach((point, i) => assert.ok(distance(path[i], point) < 0.27));
  zigzag.slice(1).forEach((_, i) => {
    const before = settled(zigzag, i);
    const after = settled(zigzag, i + 1);
    assert.ok(distance(before[before.length - 1], after[0]) < 1e-12);
  });
});

test("a later point never changes the settled part", () => {
  const short = settled(zigzag.slice(0, 4), 3);
  assert.deepEqual(settled(zigzag, 3), short);
});

test("one point has a tail without length", () => {
  assert.deepEqual(tail(onePoint), [onePoint[0], onePoint[0]]);
});

test("a curve is cut into more pieces the longer it is, within reason", () => {
  const [a, b, c] = zigzag;
  assert.ok(flatten(a, b, c).length > flatten(a, { x: a.x, y: a.y + 0.01 }, { x: a.x, y: a.y + 0.02 }).length);
  assert.equal(flatten(a, a, a).length, 2);
  assert.ok(flatten({ x: -1e6, y: 0 }, b, c).length < 100);
});

test("resampled points are evenly apart and keep both ends", () => {
  const points = resample(zigzag, 0.05);
  assert.deepEqual(points[0], zigzag[0]);
  assert.deepEqual(points[points.length - 1], zigzag[zigzag.length - 1]);
  points.slice(1).forEach((point, i) => assert.ok(distance(points[i], point) < 0.05 + 1e-9));
});

test("one point resampled is one point", () => {
  assert.deepEqual(resample(onePoint, 0.05), onePoint);
});

test("equal points resampled do not loop for ever", () => {
  assert.deepEqual(resample(twoEqualPoints, 0.05), twoEqualPoints);
});

test("a wide raster holds ink beyond the first square, as a square one holds it", () => {
  const shifted = zigzag.map(({ x, y }) => ({ x: x + 2, y }));
  const raster = new Raster(SIZE, 3);
  raster.drawStroke(stroke(shifted));
  assert.equal(raster.coverage.length, 3 * SIZE * SIZE);
  assert.ok(Math.abs(inkOf(raster) - inkOf(rasterOf(stroke(zigzag)))) < 0.5);
  assert.ok((raster.bounds()?.left ?? 0) >= 2);
  assert.deepEqual([raster.copy().width, raster.copy().coverage], [raster.width, raster.coverage]);
});

test("of a wide raster no more is sent than is written on, and of one digit what its own pad would send", () => {
  const wide = new Raster(SIZE, 6);
  wide.drawStroke(stroke(zigzag));
  assert.deepEqual(wide.upToInk().coverage, rasterOf(stroke(zigzag)).coverage);
  wide.drawStroke(stroke([{ x: 2.5, y: 0.5 }]));
  const sent = wide.upToInk();
  assert.equal(sent.width, 2.55 * SIZE + 1);
  assert.deepEqual(sent.bounds(), wide.bounds());
  assert.equal(inkOf(sent), inkOf(wide));
  wide.drawStroke(stroke([{ x: 6, y: 0.5 }]));
  assert.equal(wide.upToInk(), wide);
});
