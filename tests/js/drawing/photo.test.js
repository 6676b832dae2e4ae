// Which files are taken for photos, and how far they are shrunk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPhoto, pictureIn, pictureType, shrunkSize } from "../../../static/js/drawing/photo.js";

const latin = (/** @type {string} */ text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const carrier = (/** @type {File[]} */ ...files) => /** @type {DataTransfer} */ (/** @type {unknown} */ ({ files }));

test("a picture is known by its first bytes, as the server knows it", () => {
  assert.equal(pictureType(latin("\x89PNG\r\n\x1a\nmore than that")), "image/png");
  assert.equal(pictureType(latin("\xff\xd8\xff\xe0")), "image/jpeg");
  assert.equal(pictureType(latin("RIFF\x0a\0\0\0WEBPVP8 ")), "image/webp");
  for (const other of ["GIF89a\x01\0\x01\0\0\0", "BM\x3a\0\0\0\0\0\0\0\x36\0", "\0\0\0\x1cftypavif", "RIFF\x0a\0\0\0WAVE", "seven", ""])
    assert.equal(pictureType(latin(other)), null, other);
});

test("what the server would refuse is not opened, whatever its name says", async () => {
  await assert.rejects(openPhoto(new File([latin("GIF89a")], "seven.png", { type: "image/png" })), /no PNG/);
  await assert.rejects(openPhoto(new File([], "")), /no PNG/);
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

test("a photo is shrunk to its longer side, and never enlarged", () => {
  assert.deepEqual(shrunkSize(1280, 960), [640, 480]);
  assert.deepEqual(shrunkSize(3, 9000), [1, 640]);
  assert.deepEqual(shrunkSize(20, 10), [20, 10]);
});
