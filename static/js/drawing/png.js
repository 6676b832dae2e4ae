// Encodes ink as PNG (RFC 2083). The browser's own canvas.toBlob waits for an idle moment, which a slow machine does not
// have while somebody draws: answers came a second late.

/** Pixels of white around a drawing: without them, ink along the edge could be taken for the background. */
export const MARGIN = 4;
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const EIGHT_BITS_OF_GREY = [8, 0, 0, 0, 0];
const POLYNOMIAL = 0xedb88320;
/** Bytes of a block that is not compressed. */
const LONGEST_BLOCK = 65535;

/** The checksum's remainder for every byte. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest;
});

/** @param {Uint8Array} bytes @returns {number}  CRC-32. */
export function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = REMAINDERS[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/** @param {number} value @returns {number[]}  Four bytes, the high one first. */
const number = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** @param {string} name @param {ArrayLike<number>} content @returns {Uint8Array<ArrayBuffer>} */
function chunk(name, content) {
  const bytes = new Uint8Array(12 + content.length);
  bytes.set(number(content.length));
  bytes.set(Array.from(name, (letter) => letter.charCodeAt(0)), 4);
  bytes.set(content, 8);
  bytes.set(number(checksum(bytes.subarray(4, 8 + content.length))), 8 + content.length);
  return bytes;
}

/** @param {Uint8Array} bytes @returns {number}  Adler-32. */
function adler(bytes) {
  let [low, high] = [1, 0];
  for (const byte of bytes) high = (high + (low = (low + byte) % 65521)) % 65521;
  return high * 65536 + low;
}

/** @param {Uint8Array} bytes @returns {Uint8Array}  In the zlib format (RFC 1950), as they are. */
export function stored(bytes) {
  const blocks = Math.ceil(bytes.length / LONGEST_BLOCK);
  const file = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  file.set([0x78, 0x01]);
  for (let i = 0; i < blocks; i++) {
    const [at, block] = [2 + i * (5 + LONGEST_BLOCK), bytes.subarray(i * LONGEST_BLOCK, (i + 1) * LONGEST_BLOCK)];
    const [low, high] = [block.length & 255, block.length >>> 8];
    file.set([Number(i === blocks - 1), low, high, low ^ 255, high ^ 255], at);
    file.set(block, at + 5);
  }
  file.set(number(adler(bytes)), file.length - 4);
  return file;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} */
async function deflated(bytes) {
  if (!("CompressionStream" in globalThis)) return stored(bytes); // Safari before 16.4
  const { readable, writable } = new CompressionStream("deflate");
  const writer = writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [deflated] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(deflated);
}

/**
 * @param {ArrayLike<number>} grey  0 black to 255 white, row by row. @param {number} width @returns {Promise<Blob>}
 */
export async function pngOf(grey, width) {
  const height = grey.length / width;
  const rows = new Uint8Array(height * (width + 1)); // each row begins with the number of its filter: 0, none
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) rows[row * (width + 1) + 1 + column] = grey[row * width + column];
  }
  const head = [...number(width), ...number(height), ...EIGHT_BITS_OF_GREY];
  const parts = [Uint8Array.from(SIGNATURE), chunk("IHDR", head), chunk("IDAT", await deflated(rows)), chunk("IEND", [])];
  return new Blob(parts, { type: "image/png" });
}

/**
 * @param {{coverage: Uint8Array, width: number}} ink  0 paper to 255, row by row.
 * @returns {Promise<Blob>}  Dark on white, with a margin.
 */
export function encode({ coverage, width }) {
  const [height, across] = [coverage.length / width, width + 2 * MARGIN];
  const padded = new Uint8Array(across * (height + 2 * MARGIN)).fill(255);
  for (let row = 0; row < height; row++) {
    const start = (row + MARGIN) * across + MARGIN;
    for (let column = 0; column < width; column++) padded[start + column] = 255 - coverage[row * width + column];
  }
  return pngOf(padded, across);
}
