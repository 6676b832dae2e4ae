// A drawing as the end of an address: every stroke's pen and points, in thousandths of the pad, each point as its step
// from the last one. Small numbers take one byte, so a digit fits in a few hundred characters.

/** @import { Stroke } from "../drawing/strokes.js" */

const FIELD = "#d=";
const VERSION = 1;
const UNITS = 1000;
/** More than anybody draws; an address that says more is a mistake or a trap. */
const MOST_POINTS = 20_000;
const FARTHEST = 2 * UNITS;

/** @param {readonly Stroke[]} strokes @returns {string}  From the # on. */
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

/** @param {string} fragment @returns {Stroke[] | null}  Null if it is no drawing. */
export function drawingIn(fragment) {
  if (!fragment.startsWith(FIELD)) return null;
  try {
    const text = atob(fragment.slice(FIELD.length).replaceAll("-", "+").replaceAll("_", "/"));
    const numbers = new VarintReader(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    if (numbers.next() !== VERSION) return null;
    const strokes = [];
    while (!numbers.ended) strokes.push(strokeFrom(numbers));
    return strokes.length ? strokes : null;
  } catch {
    return null;
  }
}

/** @param {VarintReader} numbers @returns {Stroke} @throws {RangeError} when they are no stroke */
function strokeFrom(numbers) {
  const pen = numbers.next();
  const count = numbers.next();
  const width = Math.floor(pen / 2);
  if (count < 1 || count > MOST_POINTS || width < 1 || width > UNITS) throw new RangeError("no stroke");
  let [x, y] = [0, 0];
  const points = Array.from({ length: count }, () => {
    x += unzigzag(numbers.next());
    y += unzigzag(numbers.next());
    if (Math.max(Math.abs(x), Math.abs(y)) > FARTHEST) throw new RangeError("off the pad");
    return { x: x / UNITS, y: y / UNITS };
  });
  return { erase: pen % 2 === 1, width: width / UNITS, points };
}

/** Whole numbers in seven bits a byte, the low ones first; the eighth says that there is more. */
class VarintReader {
  #at = 0;
  #bytes;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  get ended() {
    return this.#at >= this.#bytes.length;
  }

  /** @returns {number} @throws {RangeError} when there is none */
  next() {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (this.ended) throw new RangeError("cut short");
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
