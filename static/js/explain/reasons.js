// Reasons in words: where the ink for an answer is, what a stroke looks like, how much log-odds mean.

import { distance } from "../drawing/strokes.js";
import { argmax, extentOf } from "./numbers.js";
import { CELLS, areaOf, attributionOf, inkStrokes, lengthOf, sharesOf } from "./stroke-attribution.js";
import { aDigit } from "./words.js";

/** @import { Box } from "../drawing/raster.js" */
/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Point, Stroke } from "../drawing/strokes.js" */
/** @import { Explanation } from "../server/api.js" */
/** @typedef {{names: string[], parts: number[]}} StrokeParts  Names and attributions of the ink strokes; none for a photo. */

/** A line is straight if its ends are this share of its length apart. */
const STRAIGHT = 0.9;
/** A dot is shorter than so many of its widths. */
const DOT = 1;
const THIRD = 1 / 3;
/** A stroke that adds this share of what the strongest adds is named with it. */
const NEARLY = 0.8;
const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} value @param {number} [places] @returns {string}  With its sign, a real minus. */
export const signed = (value, places = 1) => {
  const text = Math.abs(value).toFixed(places);
  return `${Number(text) === 0 ? "±" : value > 0 ? "+" : "−"}${text}`;
};

/**
 * Rounds numbers so that the rounded ones add up to the rounded sum (largest remainder method).
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

/** @param {number} logOdds @returns {string}  How many times as likely, in words. */
export function timesAsLikely(logOdds) {
  const times = Math.exp(Math.abs(logOdds));
  if (times < 1.05) return "just as likely as";
  const shown = times < 10 ? times.toFixed(1) : times < 1e6 ? GROUPED.format(roundTo(times, 2)) : null;
  if (shown === null) return logOdds > 0 ? "over a million times as likely as" : "not a millionth as likely as";
  return logOdds > 0 ? `${shown} times as likely as` : `${shown} times less likely than`;
}

/** @param {number} value @param {number} figures @returns {number} */
const roundTo = (value, figures) => Number(value.toPrecision(figures));

/** @param {readonly Point[]} points @returns {Box} */
export function boxAround(points) {
  const [left, right] = extentOf(points.map(({ x }) => x));
  const [top, bottom] = extentOf(points.map(({ y }) => y));
  return { left, right, top, bottom };
}

/** @param {number} share @param {[string, string, string]} names @returns {string} */
const third = (share, names) => names[share < THIRD ? 0 : share > 1 - THIRD ? 2 : 1];

/** @param {number} across @param {number} down  Shares of the drawing's box. @returns {string} */
export function regionName(across, down) {
  const [row, column] = [third(down, ["top", "", "bottom"]), third(across, ["left", "", "right"])];
  if (!row && !column) return "in the middle";
  return column && !row ? `on the ${column}` : `at the ${[row, column].filter(Boolean).join(" ")}`;
}

/** @param {Point} point @param {Box} box @returns {string}  The region of the box that it is in. */
export function placeInBox({ x, y }, { left, right, top, bottom }) {
  return regionName((x - left) / Math.max(1e-9, right - left), (y - top) / Math.max(1e-9, bottom - top));
}

/** @param {Stroke} stroke @returns {string}  Its shape in a word. */
export function shapeOf(stroke) {
  const { points, width } = stroke;
  const length = lengthOf(stroke);
  if (length < DOT * width) return "dot";
  const [first, last] = [points[0], points[points.length - 1]];
  const { left, right, top, bottom } = boxAround(points);
  if (distance(first, last) < STRAIGHT * length) {
    const closed = distance(first, last) < 0.25 * Math.max(right - left, bottom - top);
    return closed ? "loop" : "curve";
  }
  const slope = Math.abs(last.y - first.y) / Math.max(1e-9, Math.abs(last.x - first.x));
  return slope < 0.5 ? "bar" : slope > 2 ? "upright" : "slant";
}

/**
 * A different name for every ink stroke: "the bar at the top".
 * @param {readonly Stroke[]} strokes  All ink. @returns {string[]}
 */
export function namesOf(strokes) {
  if (strokes.length === 1) return ["the stroke"];
  const whole = boxAround(strokes.flatMap(({ points }) => points));
  const named = strokes.map((stroke) => {
    const { left, right, top, bottom } = boxAround(stroke.points);
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    return { shape: `the ${shapeOf(stroke)}`, place: placeInBox(middle, whole) };
  });
  const longest = named[argmax(strokes.map(lengthOf))];
  if (longest.shape === "the curve") longest.shape = "the long stroke";
  const shapes = named.map(({ shape }) => shape);
  return named.map(({ shape, place }, i) => {
    const alone = shapes.filter((other) => other === shape).length === 1;
    const twin = named.filter((other) => other.shape === shape && other.place === place).length > 1;
    return alone ? shape : twin ? `stroke ${i + 1} ${place}` : `${shape} ${place}`;
  });
}

/**
 * The region of the drawing, one of nine, that adds most to the target.
 * @param {ArrayLike<number>} parts  784. @returns {{name: string, part: number}}
 */
export function strongestRegion(parts) {
  const cells = Array.from(parts, (part, i) => ({ part, x: i % CELLS, y: Math.floor(i / CELLS) })).filter(({ part }) => part !== 0);
  if (cells.length === 0) return { name: "", part: 0 };
  const { left, right, top, bottom } = boxAround(cells);
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { part, x, y } of cells) {
    const name = regionName((x - left + 0.5) / (right - left + 1), (y - top + 0.5) / (bottom - top + 1));
    sums.set(name, (sums.get(name) ?? 0) + part);
  }
  const [name, part] = [...sums].reduce((largest, each) => (each[1] > largest[1] ? each : largest));
  return { name, part };
}

/** @type {WeakMap<Explanation, StrokeParts>} Computed once for an explanation: several panels use it. */
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

/** @param {string[]} parts @returns {string}  "a", "a and b", "a, b and c". */
const listed = (parts) => [parts.slice(0, -1).join(", "), parts[parts.length - 1]].filter(Boolean).join(" and ");

/**
 * The reason for an answer in one sentence: the stroke or the region that adds most to the target, with those that add nearly as much.
 * @param {Explanation} explanation @param {StrokeParts} strokes
 * @returns {string}
 */
export function reasonFor({ target, against, parts, log_odds: logOdds }, strokes) {
  const place = strongestRegion(parts);
  const most = Math.max(...strokes.parts);
  const named = strokes.parts.length > 1 ? strokes.parts.flatMap((part, i) => (part === most || (most > 0 && part >= NEARLY * most) ? [i] : [])) : [];
  const [name, part] = named.length ? [listed(named.map((i) => strokes.names[i])), most] : [`the ink ${place.name}`, place.part];
  const amounts = named.length ? listed(named.map((i) => signed(strokes.parts[i]))) : signed(part);
  const start = logOdds >= 0 ? `${aDigit(target)} rather than ${aDigit(against)}` : `Not ${aDigit(target)} but ${aDigit(against)}`;
  const sentence = part <= 0 ? `${start}: no ink speaks for ${target}.`
    : logOdds >= 0 ? `${start} because of ${name}: ${amounts}.`
    : `${start}, though ${name} ${named.length > 1 ? "speak" : "speaks"} for ${target}: ${amounts}.`;
  return sentence[0].toUpperCase() + sentence.slice(1);
}
