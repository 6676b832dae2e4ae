// A drawing as the fragment of an address: the pen and the points of every stroke, in thousandths of the pad. A point is
// its step from the last one. Small numbers need one byte, so a digit fits in a few hundred characters.

import { lengthOfPath } from "../drawing/strokes.js";

/** @import { Stroke } from "../drawing/strokes.js" */

const FIELD = "#d=";
const VERSION = 1;
const UNITS = 1000;
const FARTHEST = 2 * UNITS;
/** Limits of a link: more than anybody draws, and little enough to be opened at once. Length and width in pads. */
const [MOST_STROKES, MOST_POINTS, LONGEST, WIDEST] = [200, 10_000, 100, 0.25];

/** @param {readonly Stroke[]} strokes @returns {string}  The fragment, with its #. */
export function fragmentOf(strokes) {
  /** @type {number[]} */
  const bytes = [VERSION];
  for (const { erase, width, points } of strokes) {
    pushVarint(bytes, 2 * Math.round(width * UNITS) + Number(erase));
    pushVarint(bytes, points.length);
    let [x, y] = [0, 0];
    for (const point of points) {
      const next = [Math.round(point.x * UNITS), Math.round(point.y * UNITS)];
      pushVarint(bytes, zigzag(next[0] - x));
      pushVarint(bytes, zigzag(next[1] - y));
      [x, y] = next;
    }
  }
  const text = btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
  return FIELD + text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {readonly Stroke[]} strokes @returns {boolean}  Whether it is too much for a link. */
export function tooLarge(strokes) {
  const points = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
  const length = strokes.reduce((sum, stroke) => sum + lengthOfPath(stroke.points), 0);
  return strokes.length > MOST_STROKES || points > MOST_POINTS || length > LONGEST || strokes.some(({ width }) => width > WIDEST);
}

/** @param {() => void} refuse  Told where it is too large. @returns {Stroke[] | null}  The drawing in the page's address. */
export function linkedDrawing(refuse) {
  const strokes = drawingIn(location.hash);
  if (!strokes || !tooLarge(strokes)) return strokes;
  refuse();
  return null;
}

/** @param {string} fragment @returns {Stroke[] | null}  Null if it is no drawing. */
export function drawingIn(fragment) {
  if (!fragment.startsWith(FIELD)) return null;
  try {
    const text = atob(fragment.slice(FIELD.length).replaceAll("-", "+").replaceAll("_", "/"));
    const numbers = new VarintReader(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    if (numbers.next() !== VERSION) return null;
    const strokes = [];
    while (numbers.left) strokes.push(strokeFrom(numbers));
    return strokes.length ? strokes : null;
  } catch {
    return null;
  }
}

/** @param {VarintReader} numbers @returns {Stroke} @throws {RangeError} when the numbers are no stroke */
function strokeFrom(numbers) {
  const pen = numbers.next();
  const count = numbers.next();
  const width = Math.floor(pen / 2);
  if (count < 1 || count > numbers.left || width < 1 || width > UNITS) throw new RangeError("no stroke");
  let [x, y] = [0, 0];
  const points = Array.from({ length: count }, () => {
    x += unzigzag(numbers.next());
    y += unzigzag(numbers.next());
    if (Math.max(Math.abs(x), Math.abs(y)) > FARTHEST) throw new RangeError("outside the pad");
    return { x: x / UNITS, y: y / UNITS };
  });
  return { erase: pen % 2 === 1, width: width / UNITS, points };
}

/** Reads whole numbers of seven bits a byte, the low ones first; the eighth bit is set if more follow. */
class VarintReader {
  #at = 0;
  #bytes;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** @returns {number}  Bytes that are not read yet: at least as many as the numbers in them. */
  get left() {
    return this.#bytes.length - this.#at;
  }

  /** @returns {number} @throws {RangeError} when there is none left */
  next() {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (!this.left) throw new RangeError("cut short");
      const byte = this.#bytes[this.#at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("too large");
  }
}

/** @param {number[]} bytes @param {number} value */
function pushVarint(bytes, value) {
  let rest = value;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}

/** @param {number} value @returns {number}  0, −1, 1, −2 … as 0, 1, 2, 3 … */
const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

/** @param {number} value @returns {number} */
const unzigzag = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);
