// Numbers become reasons: where the ink is that speaks for an answer, what a stroke looks like, how much a sum weighs.

import { distance } from "../drawing/strokes.js";
import { CELLS, areaOf, attributionOf, inkStrokes, lengthOf, sharesOf } from "./stroke-attribution.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Point, Stroke } from "../drawing/strokes.js" */
/** @import { Explanation } from "../server/explanations.js" */
/** @typedef {{names: string[], parts: number[]}} StrokeParts  What each ink stroke is and does; none for a photo. */

/** A line is straight if its ends are this share of its length apart. */
const STRAIGHT = 0.9;
/** A dot is shorter than so many of its widths. */
const DOT = 1;
const THIRD = 1 / 3;
const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} digit @returns {string} */
export const aDigit = (digit) => (digit === 8 ? "an 8" : `a ${digit}`);

/** @param {number} value @param {number} [places] @returns {string}  With its sign, a real minus. */
export const signed = (value, places = 1) => {
  const text = Math.abs(value).toFixed(places);
  return `${Number(text) === 0 ? "±" : value > 0 ? "+" : "−"}${text}`;
};

/**
 * Numbers rounded so that what is read adds up: the last place of the roundest ones gives way.
 * @param {number[]} values @param {number} places @returns {number[]}
 */
export function roundToSum(values, places) {
  const unit = 10 ** -places;
  const exact = values.map((value) => value / unit);
  const whole = exact.map(Math.floor);
  let missing = Math.round(exact.reduce((a, b) => a + b, 0)) - whole.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b] - whole[b] - (exact[a] - whole[a]));
  for (const i of byRemainder) if (missing-- > 0) whole[i] += 1;
  return whole.map((value) => value * unit);
}

/** @param {number} logOdds @returns {string}  How many times as likely, in words that can be pictured. */
export function timesAsLikely(logOdds) {
  const times = Math.exp(Math.abs(logOdds));
  if (times < 1.05) return "just as likely as";
  const shown = times < 10 ? times.toFixed(1) : times < 1e6 ? GROUPED.format(roundTo(times, 2)) : null;
  if (shown === null) return logOdds > 0 ? "over a million times as likely as" : "not a millionth as likely as";
  return logOdds > 0 ? `${shown} times as likely as` : `${shown} times less likely than`;
}

/** @param {number} value @param {number} figures @returns {number} */
const roundTo = (value, figures) => Number(value.toPrecision(figures));

/** @param {readonly Point[]} points */
function boundsOf(points) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** @param {number} share @param {[string, string, string]} names @returns {string} */
const third = (share, names) => names[share < THIRD ? 0 : share > 1 - THIRD ? 2 : 1];

/** @param {number} across @param {number} down  Shares of the drawing's box. @returns {string} */
export function regionName(across, down) {
  const [row, column] = [third(down, ["top", "", "bottom"]), third(across, ["left", "", "right"])];
  if (!row && !column) return "in the middle";
  return column && !row ? `on the ${column}` : `at the ${[row, column].filter(Boolean).join(" ")}`;
}

/** @param {Stroke} stroke @returns {string}  What it looks like. */
export function shapeOf(stroke) {
  const { points, width } = stroke;
  const length = lengthOf(stroke);
  if (length < DOT * width) return "dot";
  const [first, last] = [points[0], points[points.length - 1]];
  const { left, right, top, bottom } = boundsOf(points);
  if (distance(first, last) < STRAIGHT * length) {
    const closed = distance(first, last) < 0.25 * Math.max(right - left, bottom - top);
    return closed ? "loop" : "curve";
  }
  const slope = Math.abs(last.y - first.y) / Math.max(1e-9, Math.abs(last.x - first.x));
  return slope < 0.5 ? "bar" : slope > 2 ? "upright" : "slant";
}

/**
 * A name for every ink stroke, each other than the others: "the bar at the top".
 * @param {readonly Stroke[]} strokes  All ink. @returns {string[]}
 */
export function namesOf(strokes) {
  if (strokes.length === 1) return ["the stroke"];
  const whole = boundsOf(strokes.flatMap(({ points }) => points));
  const named = strokes.map((stroke) => {
    const { left, right, top, bottom } = boundsOf(stroke.points);
    const across = ((left + right) / 2 - whole.left) / Math.max(1e-9, whole.right - whole.left);
    const down = ((top + bottom) / 2 - whole.top) / Math.max(1e-9, whole.bottom - whole.top);
    return { shape: `the ${shapeOf(stroke)}`, place: regionName(across, down) };
  });
  const lengths = strokes.map(lengthOf);
  const longest = named[lengths.indexOf(Math.max(...lengths))];
  if (longest.shape === "the curve") longest.shape = "the long stroke";
  const shapes = named.map(({ shape }) => shape);
  return named.map(({ shape, place }, i) => {
    const alone = shapes.filter((other) => other === shape).length === 1;
    const twin = named.filter((other) => other.shape === shape && other.place === place).length > 1;
    return alone ? shape : twin ? `stroke ${i + 1} ${place}` : `${shape} ${place}`;
  });
}

/**
 * The part of the drawing that speaks loudest for the target: one of nine.
 * @param {ArrayLike<number>} parts  784. @returns {{name: string, part: number}}
 */
export function strongestRegion(parts) {
  const cells = Array.from(parts, (part, i) => ({ part, x: i % CELLS, y: Math.floor(i / CELLS) })).filter(({ part }) => part !== 0);
  if (cells.length === 0) return { name: "", part: 0 };
  const { left, right, top, bottom } = boundsOf(cells);
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { part, x, y } of cells) {
    const name = regionName((x - left + 0.5) / (right - left + 1), (y - top + 0.5) / (bottom - top + 1));
    sums.set(name, (sums.get(name) ?? 0) + part);
  }
  const [name, part] = [...sums].reduce((best, each) => (each[1] > best[1] ? each : best));
  return { name, part };
}

/** @type {WeakMap<Explanation, StrokeParts>} Several views ask the same, again and again. */
const partsOf = new WeakMap();

/** @param {{explanation: Explanation, snapshot: Snapshot}} explained @returns {StrokeParts} */
export function strokeParts({ explanation, snapshot }) {
  const parts = partsOf.get(explanation) ?? computeStrokeParts(explanation, snapshot);
  partsOf.set(explanation, parts);
  return parts;
}

/** @param {Explanation} explanation @param {Snapshot} snapshot @returns {StrokeParts} */
function computeStrokeParts({ placement, parts }, { strokes, frame }) {
  const owners = inkStrokes(strokes);
  if (!placement || owners.length === 0) return { names: [], parts: [] };
  const shares = sharesOf(strokes, areaOf(placement, frame), parts);
  return { names: namesOf(owners.map((i) => strokes[i])), parts: attributionOf(parts, shares) };
}

/**
 * One sentence of reason: what speaks loudest for the target and against the other digit.
 * @param {Explanation} explanation @param {StrokeParts} strokes
 * @returns {string}
 */
export function reasonFor({ target, against, parts, log_odds: logOdds }, strokes) {
  const place = strongestRegion(parts);
  const best = strokes.parts.indexOf(Math.max(...strokes.parts));
  const [name, part] = strokes.parts.length > 1 ? [strokes.names[best], strokes.parts[best]] : [`the ink ${place.name}`, place.part];
  const start = logOdds >= 0 ? `${aDigit(target)} rather than ${aDigit(against)}` : `Not ${aDigit(target)} but ${aDigit(against)}`;
  const sentence = part <= 0 ? `${start}: no ink speaks for ${target}.`
    : logOdds >= 0 ? `${start} because of ${name}: ${signed(part)}.`
    : `${start}, though ${name} speaks for ${target}: ${signed(part)}.`;
  return sentence[0].toUpperCase() + sentence.slice(1);
}
