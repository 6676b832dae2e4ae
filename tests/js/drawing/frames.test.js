// Work waits for the browser's frames, once each.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inAFrame } from "../../../static/js/drawing/frames.js";

/** @type {(() => void)[]} */
let callbacks = [];
globalThis.requestAnimationFrame = (/** @type {FrameRequestCallback} */ callback) => callbacks.push(() => callback(0));

/** The browser's next frame. */
function frame() {
  const due = callbacks;
  callbacks = [];
  due.forEach((callback) => callback());
}

test("work that is not for the next frame is done with the one after it, once", () => {
  let done = 0;
  const later = inAFrame(() => done++);
  later();
  later();
  frame();
  assert.equal(done, 0);
  frame();
  frame();
  assert.equal(done, 1);
});
