// Samples, and the player that writes them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { moves } from "../../../static/js/drawing/player.js";
import { samples } from "../../../static/js/drawing/samples.js";

test("there are ten samples, all of them on the pad", () => {
  assert.equal(samples.length, 10);
  for (const { x, y } of samples.flat(2)) assert.ok(x > 0.1 && x < 0.9 && y > 0.1 && y < 0.9);
});

test("a sample is written stroke by stroke, each put down and lifted", () => {
  /** @type {string[]} */
  const log = [];
  const pen = { down: () => void log.push("down"), move: () => void log.push("move"), up: () => void log.push("up") };
  moves(samples[4], pen).forEach((move) => move());
  assert.equal(log.filter((word) => word !== "move").join(" "), "down up down up");
  assert.ok(log.length > 60);
});
