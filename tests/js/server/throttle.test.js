// The pen comes first: late frames make questions rarer, and punctual ones do not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Throttle } from "../../../static/js/server/throttle.js";

/** Of a display with 60 frames a second. */
const IN_TIME = [10, 26, 43];

/** Answers, each followed by frames at these times after it. @param {Throttle} throttle @param {number[]} frames @param {number} times */
function answers(throttle, frames, times = 1) {
  for (let i = 0; i < times; i++) {
    const left = [...frames];
    throttle.answered(0, (frame) => frame(/** @type {number} */ (left.shift())));
  }
}

test("nothing is asked until an answer has been shown", () => {
  const throttle = new Throttle();
  assert.ok(throttle.ready(0));
  throttle.answered(0, () => {});
  assert.ok(!throttle.ready(1e9));
});

test("after frames in time there is no pause", () => {
  const throttle = new Throttle();
  answers(throttle, IN_TIME, 5);
  assert.ok(throttle.ready(26));
  assert.ok(!throttle.slow);
});

test("where nobody waits, a longer pause may be asked for", () => {
  const throttle = new Throttle();
  answers(throttle, IN_TIME);
  assert.ok(throttle.ready(50) && !throttle.ready(50, 400) && throttle.ready(400, 400));
});

test("on a display with 30 frames a second there is no pause after frames in time either", () => {
  const throttle = new Throttle();
  answers(throttle, [33, 66, 99], 5);
  assert.ok(throttle.ready(66));
  assert.ok(!throttle.slow);
});

test("if every frame is late, the machine counts as slow, not its display", () => {
  const throttle = new Throttle();
  answers(throttle, [60, 120, 180], 3);
  assert.ok(!throttle.ready(200));
  assert.ok(throttle.slow);
});

test("frames that are late only after answers are compared with the others", () => {
  const throttle = new Throttle();
  answers(throttle, [10, 43, 60], 4);
  assert.ok(!throttle.ready(120));
  assert.ok(throttle.slow);
});

test("the later the frames, the longer the pause", () => {
  const [tardy, late] = [new Throttle(), new Throttle()];
  answers(tardy, IN_TIME);
  answers(late, IN_TIME);
  answers(tardy, [10, 40, 57]);
  answers(late, [40, 90, 107]);
  assert.ok(tardy.ready(450) && !late.ready(450));
});

test("a frame that is late with the network, the third, makes a pause too", () => {
  const throttle = new Throttle();
  answers(throttle, IN_TIME);
  answers(throttle, [10, 26, 76]);
  assert.ok(!throttle.ready(200));
  assert.ok(throttle.ready(76 + 22 * 34));
});

test("one late answer does not make a machine slow, and a slow one stays slow until the pad is clear", () => {
  const throttle = new Throttle();
  answers(throttle, [10, 80, 97], 2);
  answers(throttle, IN_TIME);
  answers(throttle, [10, 80, 97], 2);
  assert.ok(!throttle.slow);
  answers(throttle, [10, 80, 97]);
  answers(throttle, IN_TIME);
  assert.ok(throttle.slow);
  throttle.reset();
  assert.ok(!throttle.slow);
});
