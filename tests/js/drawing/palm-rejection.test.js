// A hand that rests on the pad leaves no ink where a pen is used, and fingers draw where none is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AFTER_PEN_MS, BEFORE_PEN_MS, PalmRejection } from "../../../static/js/drawing/palm-rejection.js";

const at = (/** @type {string} */ pointerType, /** @type {number} */ timeStamp) => ({ pointerType, timeStamp });
const stroke = () => ({ erase: false, width: 0.1, points: [] });

test("without a pen every touch draws", () => {
  const palms = new PalmRejection();
  for (const type of ["touch", "mouse"]) palms.saw(at(type, 0));
  assert.ok(!palms.rejects(at("touch", 1)));
});

test("a touch soon after the pen is a palm, a later one and a mouse are not", () => {
  const palms = new PalmRejection();
  palms.saw(at("pen", 100));
  assert.ok(palms.rejects(at("touch", 100 + AFTER_PEN_MS - 1)));
  assert.ok(!palms.rejects(at("touch", 100 + AFTER_PEN_MS)));
  for (const other of ["mouse", "pen"]) assert.ok(!palms.rejects(at(other, 101)));
});

test("a touch that ended just before the pen came down was a palm, an earlier one and other strokes were not", () => {
  const palms = new PalmRejection();
  const touched = stroke();
  palms.touchEnded(touched, 100);
  assert.ok(palms.wasPalm(touched, 100 + BEFORE_PEN_MS - 1));
  assert.ok(!palms.wasPalm(touched, 100 + BEFORE_PEN_MS));
  assert.ok(!palms.wasPalm(stroke(), 101));
  assert.ok(!palms.wasPalm(undefined, 101));
});
