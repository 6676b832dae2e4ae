// Ten handwritten digits, one for each button, some that could be two, and numbers of them: the points of a pen, in fractions
// of the pad's height.

/** @import { Point, Stroke } from "./strokes.js" */

/** @type {number} The pen they were written with. */
export const SAMPLE_WIDTH = 0.075;

/** Strokes of x, y pairs in hundredths of the pad: short to write, easy to read. @type {number[][][]} */
const DIGITS = [
  [[56, 21, 49, 20, 41, 24, 34, 33, 30, 45, 30, 58, 34, 70, 42, 78, 52, 80, 61, 76, 68, 66, 71, 53, 70, 39, 65, 28, 58, 22, 52, 20]],
  [[41, 33, 46, 29, 51, 23, 53, 20, 53, 32, 52, 45, 51, 58, 50, 70, 50, 81]],
  [[32, 35, 34, 28, 40, 22, 49, 19, 58, 21, 64, 28, 64, 37, 59, 47, 50, 57, 41, 66, 33, 74, 29, 78, 38, 77, 50, 77, 62, 78, 71, 79]],
  [
    [33, 27, 39, 22, 48, 19, 57, 21, 63, 27, 63, 35, 57, 42, 49, 46, 44, 47, 52, 48, 60, 52, 66, 59, 66, 68, 61, 76, 52, 80, 42, 80, 34, 77, 30, 73],
  ],
  [[47, 19, 43, 29, 38, 41, 33, 51, 29, 58, 37, 58, 48, 57, 60, 56, 72, 55], [60, 34, 59, 46, 58, 58, 57, 70, 56, 82]],
  [
    [41, 22, 40, 31, 38, 40, 36, 47, 42, 44, 50, 43, 58, 46, 64, 53, 66, 62, 63, 71, 56, 78, 47, 80, 38, 78, 32, 74],
    [41, 22, 50, 22, 59, 21, 67, 20],
  ],
  [[60, 19, 52, 24, 44, 33, 38, 44, 34, 56, 34, 67, 38, 76, 46, 81, 55, 80, 62, 74, 65, 66, 63, 58, 56, 53, 48, 53, 41, 57, 36, 64]],
  [[29, 24, 38, 24, 49, 23, 60, 22, 69, 21, 65, 30, 59, 41, 53, 53, 48, 65, 44, 75, 42, 82]],
  [
    [62, 27, 56, 21, 48, 19, 40, 22, 36, 29, 38, 37, 45, 43, 54, 49, 62, 56, 66, 65, 63, 74, 55, 80, 46, 80, 38, 76, 35, 68, 37, 60, 44, 53, 53, 46, 60, 39, 64, 32, 62, 26],
  ],
  [[65, 28, 59, 22, 51, 20, 43, 23, 37, 31, 36, 40, 40, 47, 48, 49, 56, 46, 62, 39, 65, 30, 66, 27, 65, 39, 63, 52, 61, 65, 59, 74, 57, 82]],
];

/** @param {number[]} flat @returns {Point[]} */
const points = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i] / 100, y: flat[2 * i + 1] / 100 }));

/** @type {Point[][][]} The strokes of each digit, 0 to 9. */
export const samples = DIGITS.map((strokes) => strokes.map(points));

/** Drawings between two digits, and a 4 that a line from tip to tip makes a 9. @type {Record<string, number[][]>} */
const UNCLEAR = {
  "4/9": [[59, 25, 46, 27, 35, 41, 34, 54, 40, 58, 50, 56, 62, 54], [62, 22, 61, 33, 60, 46, 59, 62, 56, 68, 57, 81]],
  "1/7": [[43, 24, 50, 23, 57, 22, 56, 32, 54, 45, 52, 58, 50, 70, 48, 82]],
  "3/8": [[47.2, 44, 40, 42, 37, 39, 36, 31, 40, 23, 48, 19, 57, 21, 61, 27, 61, 35, 57, 42, 49, 47, 57, 53, 65, 59, 66, 67, 61, 76, 52, 80, 41, 77, 36, 74, 34, 66, 36.4, 62.4]],
  open4: [[42, 22, 38, 33, 34, 44, 38, 51, 46, 53, 54, 51, 60, 48], [60, 22, 60, 34, 60, 46, 59, 58, 58, 70, 57, 82]],
};

/** Closes the top of the open 4. @type {Stroke} */
export const CLOSING = { erase: false, width: SAMPLE_WIDTH, points: points([42, 23, 46, 19, 52, 18, 58, 19, 61, 24]) };

/** @param {string} name  A digit, or such as "4/9". @returns {Point[][]}  Its strokes. */
export const sampleStrokes = (name) => UNCLEAR[name]?.map(points) ?? samples[Number(name)];

/** The size of a digit in a number, for one that is alone on the pad. */
const SCALE = 0.8;
/** The gap between the lines of two digits, and to the left of the first, as fractions of the pad's height. */
const GAP = 0.16;

/**
 * The strokes of a number, to the right of what is written already.
 * @param {string} digits @param {number} [right]  Where that ends. @returns {Point[][]}
 */
export function numberStrokes(digits, right = 0) {
  return Array.from(digits).flatMap((digit) => {
    const strokes = samples[Number(digit)];
    const xs = strokes.flat().map(({ x }) => x);
    const [first, shift] = [Math.min(...xs), right + GAP];
    right = shift + SCALE * (Math.max(...xs) - first);
    return strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: shift + SCALE * (x - first), y: 0.5 + SCALE * (y - 0.5) })));
  });
}

/** The pen of such a number. */
export const NUMBER_WIDTH = SCALE * SAMPLE_WIDTH;
