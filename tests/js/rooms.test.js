// Imports run one way, from the pages down to the drawing, types included, and no two modules import each other.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../../static/js");
/** From the lowest room up; a page's own folder stands beside the others. */
const ROOMS = ["drawing", "server", "explain", "state", "views", "panels", "training", "maths", "."];
const MODULES = globSync("**/*.js", { cwd: ROOT });

/** @param {string} file @returns {string[]} */
const importsOf = (file) =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, path]) => normalize(join(dirname(file), path)));

test("every module is in a known room, and imports nothing from a room above", () => {
  const level = (/** @type {string} */ file) => ROOMS.indexOf(dirname(file));
  const up = MODULES.flatMap((file) => importsOf(file).filter((other) => level(other) > level(file)).map((other) => `${file} → ${other}`));
  assert.deepEqual(MODULES.filter((file) => level(file) < 0), []);
  assert.deepEqual(up, []);
});

test("the modules import each other in no circle", () => {
  const left = new Map(MODULES.map((file) => [file, importsOf(file)]));
  for (let free = [""]; free.length; ) {
    free = [...left].filter(([, others]) => !others.some((other) => left.has(other))).map(([file]) => file);
    free.forEach((file) => left.delete(file));
  }
  assert.deepEqual([...left.keys()], []);
});
