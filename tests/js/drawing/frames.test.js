// Work waits for the browser's frames, once each.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inFrames } from "../../../static/js/drawing/frames.js";

/** @type {(() => void)[]} */
let callbacks = [];
globalThis.requestAnimationFrame = (/** @type {FrameRequestCallback} */ callback) => callbacks.push(() => callback(0));

/** The browser's next frame. */
function frame() {
  const due = callbacks;
  callbacks = [];
  due.forEach((callback) => callback());
}

test("work that is for the second frame after the next is done with that, once", () => {
  let done = 0;
  const later = inFrames(2, () => done++);
  later();
  later();
  frame();
  frame();
  assert.equal(done, 0);
  frame();
  frame();
  assert.equal(done, 1);
});
