// The PNG files that are sent are such as every reader of PNG reads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import { checksum, encode, pngOf, stored } from "../../../static/js/drawing/png.js";
import { Raster } from "../../../static/js/drawing/raster.js";
import { PICTURE_SIZE } from "../../../static/js/drawing/snapshot.js";

/** @param {Blob} file  Its chunks, each with a checksum that is right. */
async function chunksOf(file) {
  const bytes = Buffer.from(await file.arrayBuffer());
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  /** @type {Record<string, Buffer>} */
  const chunks = {};
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const named = bytes.subarray(at + 4, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(named));
    chunks[named.subarray(0, 4).toString()] = named.subarray(4);
    at += 12 + length;
  }
  return chunks;
}

test("the checksum is zlib's", () => {
  for (const text of ["", "IEND", "123456789"]) assert.equal(checksum(Buffer.from(text)), crc32(text));
});

test("an encoded picture decodes to itself", async () => {
  const grey = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
  const { IHDR, IDAT, IEND } = await chunksOf(await pngOf(grey, 4));
  assert.deepEqual([IHDR.readUInt32BE(0), IHDR.readUInt32BE(4), ...IHDR.subarray(8)], [4, 3, 8, 0, 0, 0, 0]);
  assert.equal(IEND.length, 0);
  const rows = inflateSync(IDAT);
  assert.deepEqual([rows[0], rows[5], rows[10]], [0, 0, 0]);
  assert.deepEqual([...rows].filter((_, i) => i % 5), [...grey]);
});

test("without CompressionStream a picture decodes to itself all the same", async (t) => {
  const Stream = globalThis.CompressionStream;
  t.after(() => (globalThis.CompressionStream = Stream));
  // @ts-expect-error: Safari has it since 16.4
  delete globalThis.CompressionStream;
  const grey = Uint8Array.from({ length: 300 * 300 }, (_, i) => (i * i) % 251); // more than a block
  const { IDAT } = await chunksOf(await pngOf(grey, 300));
  assert.deepEqual(Uint8Array.from(inflateSync(IDAT)).filter((_, i) => i % 301), grey);
});

test("what is stored as it is, is right at every length of blocks", () => {
  for (const length of [1, 65534, 65535, 65536, 131070]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 255);
    assert.deepEqual(Uint8Array.from(inflateSync(stored(bytes))), bytes, `${length}`);
  }
});

test("a drawing is sent dark on white, with a white margin", async () => {
  const raster = new Raster(PICTURE_SIZE);
  raster.drawStroke({ erase: false, width: 0.1, points: [{ x: 0, y: 0 }, { x: 1, y: 0 }] });
  const { IHDR, IDAT } = await chunksOf(await encode(raster));
  const side = IHDR.readUInt32BE(0);
  assert.equal(side, PICTURE_SIZE + 8);
  const rows = inflateSync(IDAT);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => rows[y * (side + 1) + 1 + x];
  assert.deepEqual([at(0, 0), at(3, 20), at(4, 4), at(115, 4), at(116, 4), at(60, 60)], [255, 255, 0, 0, 255, 255]);
});

test("a wide drawing is sent as wide as it is", async () => {
  const raster = new Raster(PICTURE_SIZE, 3);
  raster.drawStroke({ erase: false, width: 0.1, points: [{ x: 2.5, y: 0.5 }] });
  const { IHDR, IDAT } = await chunksOf(await encode(raster));
  assert.deepEqual([IHDR.readUInt32BE(0), IHDR.readUInt32BE(4)], [3 * PICTURE_SIZE + 8, PICTURE_SIZE + 8]);
  const rows = inflateSync(IDAT);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => rows[y * (3 * PICTURE_SIZE + 9) + 1 + x];
  assert.deepEqual([at(2.5 * PICTURE_SIZE + 4, PICTURE_SIZE / 2 + 4), at(PICTURE_SIZE / 2 + 4, PICTURE_SIZE / 2 + 4)], [0, 255]);
});
