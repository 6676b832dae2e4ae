// Which files are taken for photos, and how far they are shrunk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { areaAround, markDrop, openPhoto, pictureIn, pictureType, shrunkSize } from "../../../static/js/drawing/photo.js";

const latin = (/** @type {string} */ text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const LIMITS = { bytes: 8_388_608, pixels: 4_000_000 };
const carrier = (/** @type {File[]} */ ...files) => /** @type {DataTransfer} */ (/** @type {unknown} */ ({ files }));

test("a picture is known by its first bytes, as the server knows it", () => {
  assert.equal(pictureType(latin("\x89PNG\r\n\x1a\nmore than that")), "image/png");
  assert.equal(pictureType(latin("\xff\xd8\xff\xe0")), "image/jpeg");
  assert.equal(pictureType(latin("RIFF\x0a\0\0\0WEBPVP8 ")), "image/webp");
  for (const other of ["GIF89a\x01\0\x01\0\0\0", "BM\x3a\0\0\0\0\0\0\0\x36\0", "\0\0\0\x1cftypavif", "RIFF\x0a\0\0\0WAVE", "seven", ""])
    assert.equal(pictureType(latin(other)), null, other);
});

test("what the server would refuse is not opened, whatever its name says", async () => {
  await assert.rejects(openPhoto(new File([latin("GIF89a")], "seven.png", { type: "image/png" }), LIMITS), /no PNG/);
  await assert.rejects(openPhoto(new File([], ""), LIMITS), /no PNG/);
});

test("of what is dropped the first picture is opened, else the first file, even without a type", () => {
  const [notes, picture, untyped] = [["a.txt", "text/plain"], ["b.png", "image/png"], ["c", ""]].map(
    ([name, type]) => new File([""], name, { type }),
  );
  assert.equal(pictureIn(carrier(notes, picture, untyped)), picture);
  assert.equal(pictureIn(carrier(untyped, notes)), untyped);
  assert.equal(pictureIn(carrier()), null);
  assert.equal(pictureIn(null), null);
});

test("a picture of too many pixels is shrunk to as many as are read, and none is enlarged", () => {
  assert.deepEqual(shrunkSize(4000, 3000, 3_000_000), [2000, 1500]);
  assert.deepEqual(shrunkSize(1, 9000, 3000), [1, 5196]);
  assert.deepEqual(shrunkSize(20, 10, 200), [20, 10]);
  for (const [width, height] of [[2001, 2001], [4999, 801], [3, 2_000_000]]) {
    const [across, down] = shrunkSize(width, height, 4_000_000);
    assert.ok(across * down <= 4_000_000, `${across} × ${down}`);
  }
});

test("around a box some paper is read, as far as the picture has any", () => {
  assert.deepEqual(areaAround([100, 200, 150, 300], 1000, 1000), { left: 88, top: 188, width: 74, height: 124 });
  assert.deepEqual(areaAround([0, 5, 90, 100], 100, 100), { left: 0, top: 0, width: 100, height: 100 });
});

test("the pad is marked while a file is dragged over the page, and not for text, nor once it is dropped or gone", () => {
  /** @type {Record<string, (event: object) => void>} */
  const listeners = {};
  globalThis.addEventListener = (/** @type {string} */ type, /** @type {any} */ listener) => (listeners[type] = listener);
  let marked = false;
  markDrop(/** @type {any} */ ({ toggleAttribute: (/** @type {string} */ _, /** @type {boolean} */ on) => (marked = on) }));
  const over = (/** @type {string} */ kind) => (listeners.dragover({ dataTransfer: { types: [kind] } }), marked);
  assert.deepEqual([over("text/plain"), over("Files")], [false, true]);
  listeners.dragleave({ relatedTarget: {} });
  assert.equal(marked, true);
  listeners.dragleave({ relatedTarget: null });
  assert.equal(marked, false);
  over("Files");
  listeners.drop({});
  assert.equal(marked, false);
});
