// The drawing as data: strokes, undo, redo, clear and a palm's stroke taken back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing } from "../../../static/js/drawing/drawing.js";
import { Raster } from "../../../static/js/drawing/raster.js";

/** @param {number} [size] */
function newDrawing(size = 32) {
  const raster = new Raster(size);
  return { raster, drawing: new Drawing(raster) };
}

/** @param {Drawing} drawing @param {number} y @param {boolean} [erase] @param {number} [width] */
function line(drawing, y, erase = false, width = 0.1) {
  drawing.begin({ x: 0.2, y }, width, erase);
  drawing.add({ x: 0.5, y });
  drawing.add({ x: 0.8, y });
  drawing.end();
}

test("a stroke is kept as points, width and tool", () => {
  const { drawing } = newDrawing();
  line(drawing, 0.5, true);
  assert.deepEqual(drawing.strokes, [
    { erase: true, width: 0.1, points: [{ x: 0.2, y: 0.5 }, { x: 0.5, y: 0.5 }, { x: 0.8, y: 0.5 }] },
  ]);
});

test("a point where the pen already is adds nothing", () => {
  const { drawing } = newDrawing();
  drawing.begin({ x: 0.2, y: 0.2 }, 0.1);
  assert.equal(drawing.add({ x: 0.2, y: 0.2 }), false);
  assert.equal(drawing.live?.points.length, 1);
});

test("a point with no pen down adds nothing", () => {
  const { drawing } = newDrawing();
  assert.equal(drawing.add({ x: 0.2, y: 0.2 }), false);
});

test("a pointer far outside the pad costs no more than one just outside", () => {
  const { drawing } = newDrawing();
  drawing.begin({ x: 0.5, y: 0.5 }, 0.1);
  drawing.add({ x: 900, y: -900 });
  assert.deepEqual(drawing.live?.points[1], { x: 1.5, y: -0.5 });
});

test("undo takes back the last stroke, redo puts it back, pixel for pixel", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.3);
  const one = raster.copy().coverage;
  line(drawing, 0.7);
  const two = raster.copy().coverage;
  drawing.undo();
  assert.deepEqual(raster.coverage, one);
  drawing.redo();
  assert.deepEqual(raster.coverage, two);
});

test("undo takes back the eraser too", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.5);
  const before = raster.copy().coverage;
  line(drawing, 0.5, true, 0.2);
  assert.ok(raster.blank);
  drawing.undo();
  assert.deepEqual(raster.coverage, before);
});

test("clear can be undone", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.5);
  drawing.clear();
  assert.ok(raster.blank);
  drawing.undo();
  assert.equal(drawing.strokes.length, 1);
  assert.ok(!raster.blank);
});

test("clearing a blank pad leaves nothing to undo", () => {
  const { drawing } = newDrawing();
  drawing.clear();
  assert.equal(drawing.canUndo, false);
});

test("undo and redo at the ends of the history do nothing", () => {
  const { drawing } = newDrawing();
  drawing.undo();
  drawing.redo();
  assert.deepEqual(drawing.strokes, []);
});

test("a new stroke forgets what could be redone", () => {
  const { drawing } = newDrawing();
  line(drawing, 0.3);
  drawing.undo();
  assert.ok(drawing.canRedo);
  line(drawing, 0.7);
  assert.equal(drawing.canRedo, false);
});

test("undo while the pen is down takes back the stroke under it", () => {
  const { drawing, raster } = newDrawing();
  drawing.begin({ x: 0.5, y: 0.5 }, 0.1);
  drawing.undo();
  assert.equal(drawing.live, null);
  assert.ok(raster.blank);
});

test("an abandoned stroke leaves neither ink nor history", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.3);
  const before = raster.copy().coverage;
  drawing.begin({ x: 0.5, y: 0.8 }, 0.1);
  drawing.cancel();
  assert.deepEqual(raster.coverage, before);
  assert.equal(drawing.strokes.length, 1);
});

test("a stroke that is taken back leaves neither ink nor history, not even to redo", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.3);
  const before = raster.copy().coverage;
  line(drawing, 0.8);
  drawing.takeBack();
  assert.deepEqual(raster.coverage, before);
  assert.deepEqual([drawing.strokes.length, drawing.depth, drawing.canRedo], [1, 1, false]);
});

test("a pen put down twice ends its first stroke", () => {
  const { drawing } = newDrawing();
  drawing.begin({ x: 0.2, y: 0.2 }, 0.1);
  drawing.begin({ x: 0.8, y: 0.8 }, 0.1);
  assert.equal(drawing.strokes.length, 1);
  assert.deepEqual(drawing.live?.points, [{ x: 0.8, y: 0.8 }]);
});

test("rewinding to the beginning leaves no ink and no history", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.5);
  drawing.rewind(0);
  assert.ok(raster.blank);
  assert.equal(drawing.canUndo, false);
});

test("after an interrupted sample, undo brings back what was there before", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.5);
  drawing.clear();
  const depth = drawing.depth;
  line(drawing, 0.2);
  drawing.begin({ x: 0.2, y: 0.8 }, 0.1);
  drawing.rewind(depth);
  assert.equal(raster.blank, true);
  assert.equal(drawing.canRedo, false);
  drawing.undo();
  assert.equal(drawing.strokes.length, 1);
  assert.equal(drawing.strokes[0].points[0].y, 0.5);
});

/** @type {import("../../../static/js/drawing/snapshot.js").Photo} */
const photo = /** @type {any} */ ({ image: "a photo" });

test("a photo in place of a drawing can be undone, and redone", () => {
  const { drawing, raster } = newDrawing();
  line(drawing, 0.5);
  drawing.setPhoto(photo);
  assert.deepEqual([drawing.photo, drawing.strokes.length, raster.blank], [photo, 0, true]);
  drawing.undo();
  assert.deepEqual([drawing.photo, drawing.strokes.length, raster.blank], [null, 1, false]);
  drawing.redo();
  assert.deepEqual([drawing.photo, drawing.strokes.length, raster.blank], [photo, 0, true]);
});

test("drawing puts a photo away, and undo brings it back", () => {
  const { drawing } = newDrawing();
  drawing.setPhoto(photo);
  drawing.begin({ x: 0.5, y: 0.5 }, 0.1);
  assert.equal(drawing.photo, null);
  drawing.cancel(); // a palm's
  assert.equal(drawing.photo, photo);
  line(drawing, 0.5);
  line(drawing, 0.7);
  assert.equal(drawing.photo, null);
  drawing.undo();
  assert.equal(drawing.photo, null);
  drawing.undo();
  assert.equal(drawing.photo, photo);
});

test("a cleared photo can be brought back, until the history is rewound", () => {
  const { drawing } = newDrawing();
  drawing.setPhoto(photo);
  drawing.clear();
  assert.equal(drawing.photo, null);
  drawing.undo();
  assert.equal(drawing.photo, photo);
  drawing.rewind(0);
  assert.deepEqual([drawing.photo, drawing.canUndo], [null, false]);
});

test("a pointer outside a wide sheet is no farther than just outside it", () => {
  const { drawing } = newDrawing();
  drawing.aspect = 4;
  drawing.begin({ x: 3.9, y: 0.5 }, 0.1);
  drawing.add({ x: 900, y: 0.5 });
  assert.deepEqual(drawing.live?.points[1], { x: 4.5, y: 0.5 });
});

test("undo brings a number back with its wide sheet, and no undo takes that away", () => {
  const { drawing } = newDrawing();
  line(drawing, 0.3);
  [drawing.wide, drawing.aspect] = [true, 4];
  drawing.begin({ x: 2.5, y: 0.5 }, 0.1);
  drawing.clear();
  drawing.wide = false;
  drawing.undo();
  assert.deepEqual([drawing.wide, drawing.strokes.length], [true, 2]);
  drawing.undo();
  drawing.undo();
  assert.deepEqual([drawing.wide, drawing.strokes.length], [true, 0]);
});

test("undo of what has room on a square sheet leaves the sheet as it is", () => {
  const { drawing } = newDrawing();
  drawing.wide = true;
  line(drawing, 0.3);
  line(drawing, 0.5);
  drawing.wide = false;
  drawing.undo();
  assert.deepEqual([drawing.wide, drawing.strokes.length], [false, 1]);
});
