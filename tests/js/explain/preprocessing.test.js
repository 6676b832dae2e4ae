// The steps from a drawing to 28×28 pixels, as windows on the pad.

import assert from "node:assert/strict";
import { test } from "node:test";

import { areaBetween, centreOfMass, findingWords, shiftOf, shiftWords, stepsOf, turnWords } from "../../../static/js/explain/preprocessing.js";

const frame = { left: 0, top: 0, unit: 0.01 };
/** @type {Parameters<typeof stepsOf>[0]} A box of 20 × 40 pixels, so a cell is 2; its centre of mass a cell right of its middle. */
const placement = { left: 4, top: 2, cell: 2, fitted: [2, 2], box: [20, 10, 40, 50] };

test("fitting puts the middle of the box in the middle, centring moves the ink from there", () => {
  const steps = stepsOf(placement, frame);
  assert.deepEqual(steps.box, { left: 0.2, top: 0.1, right: 0.4, bottom: 0.5 });
  assert.ok(Math.abs(steps.fitted.left - 0.02) < 1e-12 && Math.abs(steps.fitted.side - 0.56) < 1e-12);
  const { right, down } = shiftOf(steps);
  assert.ok(Math.abs(right + 1) < 1e-9 && Math.abs(down) < 1e-9);
});

test("without fitting, the photo's square is shrunk, wherever it is on the pad", () => {
  const { fitted } = stepsOf({ ...placement, cell: 50 / 28, fitted: [10, 30] }, frame);
  assert.ok([fitted.left - 0.1, fitted.top - 0.3, fitted.side - 0.5].every((value) => Math.abs(value) < 1e-12));
});

test("without centring nothing moves", () => {
  const steps = stepsOf({ ...placement, fitted: [placement.left, placement.top] }, frame);
  assert.deepEqual(steps.fitted, steps.centred);
  assert.equal(shiftWords(shiftOf(steps)), "It was there already");
});

test("a shift is given in cells", () => {
  assert.equal(shiftWords({ right: -0.44, down: 1.2 }), "Moved by cells: 0.4 left, 1.2 down");
  assert.equal(shiftWords({ right: 0.3, down: 0.01 }), "Moved by cells: 0.3 right");
});

test("windows move evenly", () => {
  assert.deepEqual(areaBetween({ left: 0, top: 0, side: 1 }, { left: 0.5, top: 0.25, side: 0.5 }, 0.5), { left: 0.25, top: 0.125, side: 0.75 });
});

test("the centre of mass is where the ink is, and in the middle of a blank picture", () => {
  const picture = new Array(784).fill(0);
  assert.deepEqual(centreOfMass(picture), { x: 14, y: 14 });
  [picture[0], picture[2]] = [100, 100];
  assert.deepEqual(centreOfMass(picture), { x: 1.5, y: 0.5 });
});

test("how the drawing was turned is told, if it was", () => {
  assert.equal(turnWords({ rotation: -8, slant: 0 }), "Turned 8° anticlockwise to be read");
  assert.equal(turnWords({ rotation: 0, slant: 0.2 }), "Slanted to the right to be read");
  assert.equal(turnWords({ rotation: 0, slant: 0 }), "");
  const { fitted, centred } = stepsOf({ ...placement, rotation: 8, slant: 0 }, frame);
  assert.deepEqual([fitted.rotation, centred.rotation], [0, 8]);
});

test("how the drawing was found is told in sentences, and what is usual is not", () => {
  const plain = /** @type {const} */ ({ ground: "dark on light", removed: [], hypotheses: 1 });
  assert.equal(findingWords({ ...plain, removed: [] }), "Dark on light.");
  assert.match(findingWords({ ...plain, ground: "transparent", removed: [] }), /^Ink on nothing/);
  assert.equal(
    findingWords({ ground: "light on dark", removed: ["lines", "edge", "smear"], hypotheses: 3 }),
    "Light on dark. Left out: ruled lines, the edge of the sheet, smear. Three ways of seeing it were read; most speaks for this digit.",
  );
});
