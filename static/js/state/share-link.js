// A drawing as the fragment of an address: the pen and the points of every stroke, in thousandths of the pad's height. A
// point is its step from the last one. Small numbers need one byte, so a digit fits in a few hundred characters. A checksum
// tells a link that was cut short.

import { WIDEST as WIDEST_SHEET } from "../drawing/sheet.js";
import { lengthOfPath } from "../drawing/strokes.js";
import { DAMAGED, TOO_LARGE } from "../explain/words.js";

/** @import { Sketch, Stroke } from "../drawing/strokes.js" */

const FIELD = "#d=";
/** The first byte: one digit, or a number; the first two, without a checksum, are in links of the past. */
const [OLD_DIGIT, OLD_NUMBER, DIGIT, NUMBER] = [1, 2, 3, 4];
const UNITS = 1000;
/** How far from the pad's corner a point may be, and a number's, which is on a wide sheet. */
const [FARTHEST, FARTHEST_OF_NUMBER] = [2 * UNITS, (WIDEST_SHEET + 1) * UNITS];
/** Limits of a link: more than anybody draws, and little enough to be opened at once. Length and width in pads. */
const [MOST_STROKES, MOST_POINTS, LONGEST, WIDEST] = [200, 10_000, 100, 0.25];

/** A number may be so many times as much as one digit. */
const NUMBERS_SHARE = 4;

/** @param {Sketch} sketch @returns {string}  The fragment, with its #. */
export function fragmentOf({ strokes, wide }) {
  /** @type {number[]} */
  const bytes = [];
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
  const text = btoa([wide ? NUMBER : DIGIT, ...checksumOf(bytes), ...bytes].map((byte) => String.fromCharCode(byte)).join(""));
  return FIELD + text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {Sketch} sketch @returns {boolean}  Whether it is too much for a link. */
export function tooLarge({ strokes, wide }) {
  const share = wide ? NUMBERS_SHARE : 1;
  const points = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
  const length = strokes.reduce((sum, stroke) => sum + lengthOfPath(stroke.points), 0);
  const most = Math.max(strokes.length / MOST_STROKES, points / MOST_POINTS, length / LONGEST);
  return most > share || strokes.some(({ width }) => width > WIDEST);
}

/** @param {(sentence: string) => void} refuse  Told why the link cannot be opened. @returns {Sketch | null}  The drawing in the page's address. */
export function linkedDrawing(refuse) {
  const sketch = drawingIn(location.hash);
  if (sketch && !tooLarge(sketch)) return sketch;
  if (location.hash.startsWith(FIELD)) refuse(sketch ? TOO_LARGE : DAMAGED);
  return null;
}

/** Takes the link out of the page's address if it shows another drawing than the pad: a reload or a bookmark would bring it back. @param {Sketch} drawn */
export function dropOldLink(drawn) {
  if (!location.hash.startsWith(FIELD) || fragmentOf(drawn) === location.hash) return;
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** @param {string} fragment @returns {Sketch | null}  Null if it is no drawing. */
export function drawingIn(fragment) {
  if (!fragment.startsWith(FIELD)) return null;
  try {
    const text = atob(fragment.slice(FIELD.length).replaceAll("-", "+").replaceAll("_", "/"));
    const [kind, ...bytes] = Array.from(text, (letter) => letter.charCodeAt(0));
    const whole = kind === DIGIT || kind === NUMBER ? undamaged(bytes) : kind === OLD_DIGIT || kind === OLD_NUMBER ? bytes : null;
    return whole && sketchFrom(new VarintReader(whole), kind === NUMBER || kind === OLD_NUMBER);
  } catch {
    return null;
  }
}

/** @param {VarintReader} numbers @param {boolean} wide @returns {Sketch | null}  Null if it is blank. @throws {RangeError} when the numbers are no drawing */
function sketchFrom(numbers, wide) {
  /** @type {Stroke[]} */
  const strokes = [];
  while (numbers.left) strokes.push(strokeFrom(numbers, wide ? FARTHEST_OF_NUMBER : FARTHEST));
  return strokes.length ? { strokes, wide } : null;
}

/** Fletcher's checksum, of 16 bits (J. G. Fletcher 1982): it sees the order of the bytes too. @param {number[]} bytes @returns {[number, number]} */
function checksumOf(bytes) {
  let [sum, sums] = [0, 0];
  for (const byte of bytes) {
    sum = (sum + byte) % 255;
    sums = (sums + sum) % 255;
  }
  return [sum, sums];
}

/** @param {number[]} bytes  The checksum first. @returns {number[] | null}  The others, if it is theirs. */
function undamaged([sum, sums, ...bytes]) {
  const expected = checksumOf(bytes);
  return expected[0] === sum && expected[1] === sums ? bytes : null;
}

/** @param {VarintReader} numbers @param {number} farthest @returns {Stroke} @throws {RangeError} when the numbers are no stroke */
function strokeFrom(numbers, farthest) {
  const pen = numbers.next();
  const count = numbers.next();
  const width = Math.floor(pen / 2);
  if (count < 1 || count > numbers.left || width < 1 || width > UNITS) throw new RangeError("no stroke");
  let [x, y] = [0, 0];
  const points = Array.from({ length: count }, () => {
    x += unzigzag(numbers.next());
    y += unzigzag(numbers.next());
    if (Math.max(Math.abs(x), Math.abs(y)) > farthest) throw new RangeError("outside the pad");
    return { x: x / UNITS, y: y / UNITS };
  });
  return { erase: pen % 2 === 1, width: width / UNITS, points };
}

/** Reads whole numbers of seven bits a byte, the low ones first; the eighth bit is set if more follow. */
class VarintReader {
  #at = 0;
  #bytes;

  /** @param {number[]} bytes */
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
