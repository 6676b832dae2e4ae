// A drawing in an address comes back as it was; whatever else stands there is no drawing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureIn } from "../../../static/js/drawing/photo.js";
import { samples } from "../../../static/js/drawing/samples.js";
import { LANGUAGES } from "../../../static/js/panels/export.js";
import { drawingIn, fragmentOf, linkedDrawing, tooLarge } from "../../../static/js/state/share-link.js";

/** @import { Sketch, Stroke } from "../../../static/js/drawing/strokes.js" */

/** @param {Stroke[]} strokes @returns {Sketch} */
const digit = (strokes) => ({ strokes, wide: false });

/** @param {Stroke[]} strokes */
const rounded = (strokes) =>
  strokes.map(({ erase, width, points }) => ({
    erase,
    width: Math.round(width * 1000) / 1000,
    // 0, not the −0 that rounding makes of it
    points: points.map(({ x, y }) => ({ x: (Math.round(x * 1000) || 0) / 1000, y: (Math.round(y * 1000) || 0) / 1000 })),
  }));

test("every sample comes back from its address, to the thousandth of the pad", () => {
  for (const sample of samples) {
    const strokes = sample.map((points) => ({ erase: false, width: 0.075, points }));
    assert.deepEqual(drawingIn(fragmentOf(digit(strokes))), digit(rounded(strokes)));
  }
});

test("erasers, dots and ink outside the pad come back too", () => {
  const strokes = [
    { erase: false, width: 0.03, points: [{ x: -0.5, y: 1.5 }] },
    { erase: true, width: 0.16, points: [{ x: 0.1, y: 0.1 }, { x: 1.4999, y: -0.4999 }] },
  ];
  assert.deepEqual(drawingIn(fragmentOf(digit(strokes))), digit(rounded(strokes)));
});

test("many drawings come back, however random", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < 200; i++) {
    const strokes = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
      erase: random() < 0.3,
      width: 0.03 + random() * 0.13,
      points: Array.from({ length: 1 + Math.floor(random() * 60) }, () => ({ x: random() * 2 - 0.5, y: random() * 2 - 0.5 })),
    }));
    assert.deepEqual(drawingIn(fragmentOf(digit(strokes))), digit(rounded(strokes)));
  }
});

test("an address is short: a digit takes no more than a few hundred characters", () => {
  for (const sample of samples) {
    assert.ok(fragmentOf(digit(sample.map((points) => ({ erase: false, width: 0.075, points })))).length < 300);
  }
});

test("a fragment that is no drawing gives null, never an error", () => {
  const whole = fragmentOf(digit([{ erase: false, width: 0.08, points: [{ x: 0.5, y: 0.5 }, { x: 0.7, y: 0.9 }] }]));
  for (const fragment of ["", "#", "#pad", "#d=", "#d=!!!", "#d=AQ", "#d=AgEB", "#d=A6ABAegHyAE", whole.slice(0, -2), "#d=" + "f".repeat(9999)]) {
    assert.equal(drawingIn(fragment), null, fragment.slice(0, 20));
  }
});

/** @param {number} strokes @param {number} points  In each. @param {number} step  Between two of them. @param {number} [width] */
const zigzags = (strokes, points, step, width = 0.08) =>
  Array.from({ length: strokes }, () => ({ erase: false, width, points: Array.from({ length: points }, (_, i) => ({ x: i % 2 ? step : 0, y: 0.5 })) }));

test("a link with too many strokes, too many points, too long or too wide ones is refused", () => {
  let refused = 0;
  const opened = (/** @type {Stroke[]} */ strokes, wide = false) => {
    globalThis.location = /** @type {any} */ ({ hash: fragmentOf({ strokes, wide }) });
    return linkedDrawing(() => refused++);
  };
  for (const strokes of [zigzags(4, 470, 2), zigzags(12, 20_000, 0.001), zigzags(300, 1, 0), zigzags(1, 2, 1, 1)]) assert.equal(opened(strokes), null);
  assert.equal(refused, 4);
  assert.deepEqual(opened(zigzags(2, 40, 0.5)), digit(zigzags(2, 40, 0.5)));
  assert.deepEqual(opened(zigzags(300, 1, 0), true), { strokes: zigzags(300, 1, 0), wide: true }); // a number may have more
  for (const strokes of [zigzags(801, 1, 0), zigzags(1, 2, 1, 1), zigzags(5, 100, 1)]) opened(strokes, true);
  assert.equal(refused, 7);
});

test("a link that is cut short anywhere, or damaged anywhere, says so", () => {
  const link = fragmentOf(digit(samples[4].map((points) => ({ erase: false, width: 0.075, points }))));
  const cut = Array.from({ length: link.length - "#d=".length }, (_, i) => link.slice(0, i + "#d=".length));
  const changed = Array.from(cut, (start) => start + (link[start.length] === "B" ? "C" : "B") + link.slice(start.length + 1));
  const said = [...cut, ...changed].filter((hash) => {
    globalThis.location = /** @type {any} */ ({ hash });
    let refusal = "";
    return linkedDrawing((sentence) => (refusal = sentence)) === null && /cut short/.test(refusal);
  });
  assert.equal(said.length, cut.length + changed.length);
  globalThis.location = /** @type {any} */ ({ hash: "#why" }); // no drawing is meant
  assert.equal(linkedDrawing(() => assert.fail()), null);
});

test("a number comes back as one, as wide as the widest sheet, and a digit's link says that it is one digit", () => {
  const strokes = [{ erase: false, width: 0.06, points: [{ x: 0.1, y: 0.2 }, { x: 8.4, y: 0.9 }] }];
  assert.deepEqual(drawingIn(fragmentOf({ strokes, wide: true })), { strokes, wide: true });
  assert.equal(drawingIn(fragmentOf(digit(strokes))), null); // so far outside the pad of a digit is nothing
});

test("a link from before numbers opens as one digit", () => {
  assert.deepEqual(drawingIn("#d=AaABAugH6AeQA6AG"), digit([{ erase: false, width: 0.08, points: [{ x: 0.5, y: 0.5 }, { x: 0.7, y: 0.9 }] }]));
});

test("all ten samples together, with the widest brush, are not too large for a link", () => {
  assert.equal(tooLarge(digit(samples.flat().map((points) => ({ erase: false, width: 0.16, points })))), false);
});

test("each language's request holds the address and the picture", () => {
  for (const write of Object.values(LANGUAGES)) {
    const text = write("http://localhost:8000/predict", "aGVsbG8=");
    assert.match(text, /http:\/\/localhost:8000\/predict/);
    assert.match(text, /aGVsbG8=/);
  }
});

test("of several dropped files, the first picture is taken", () => {
  const files = [{ type: "text/plain" }, { type: "image/png" }, { type: "image/jpeg" }];
  assert.equal(pictureIn(/** @type {any} */ ({ files })), files[1]);
  assert.equal(pictureIn(/** @type {any} */ ({ files: [] })), null);
  assert.equal(pictureIn(null), null);
});
