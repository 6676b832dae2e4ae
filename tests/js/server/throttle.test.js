// The pen comes first: late frames make questions rarer, and punctual ones do not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace } from "../../../static/js/server/throttle.js";

/** Of a display with 60 frames a second. */
const IN_TIME = [10, 26, 43];

/** Answers, each followed by frames at these times after it. @param {Pace} pace @param {number[]} frames @param {number} times */
function answers(pace, frames, times = 1) {
  for (let i = 0; i < times; i++) {
    const left = [...frames];
    pace.answered(0, (frame) => frame(/** @type {number} */ (left.shift())));
  }
}

test("nothing is asked until an answer has been shown", () => {
  const pace = new Pace();
  assert.ok(pace.ready(0));
  pace.answered(0, () => {});
  assert.ok(!pace.ready(1e9));
});

test("frames in time cost no rest", () => {
  const pace = new Pace();
  answers(pace, IN_TIME, 5);
  assert.ok(pace.ready(26));
  assert.ok(!pace.slow);
});

test("where the display shows 30 frames a second, frames in time cost no rest either", () => {
  const pace = new Pace();
  answers(pace, [33, 66, 99], 5);
  assert.ok(pace.ready(66));
  assert.ok(!pace.slow);
});

test("a machine whose every frame is late is slow, not its display", () => {
  const pace = new Pace();
  answers(pace, [60, 120, 180], 3);
  assert.ok(!pace.ready(200));
  assert.ok(pace.slow);
});

test("frames that come late after answers alone are measured against the others", () => {
  const pace = new Pace();
  answers(pace, [10, 43, 60], 4);
  assert.ok(!pace.ready(120));
  assert.ok(pace.slow);
});

test("the later the frames, the longer the rest", () => {
  const [tardy, late] = [new Pace(), new Pace()];
  answers(tardy, IN_TIME);
  answers(late, IN_TIME);
  answers(tardy, [10, 40, 57]);
  answers(late, [40, 90, 107]);
  assert.ok(tardy.ready(300) && !late.ready(300));
});

test("one hiccup makes no slow machine, and a slow one stays so until the sheet is clean", () => {
  const pace = new Pace();
  answers(pace, [10, 80, 97], 2);
  answers(pace, IN_TIME);
  answers(pace, [10, 80, 97], 2);
  assert.ok(!pace.slow);
  answers(pace, [10, 80, 97]);
  answers(pace, IN_TIME);
  assert.ok(pace.slow);
  pace.forget();
  assert.ok(!pace.slow);
});
