// The lattice of a line of digits: cuts, the ink between two of them that was read, a group, and the ways through it.
// A way is a list of numbers of cuts, from the first to the last; each is a reading of the line.

/** @import { Cut, Group, Segmentation } from "../server/api.js" */
/** @typedef {readonly number[]} Way */
/** @typedef {{group: Group, row: number}} Bar  Row 0 is nearest to the ink. */

/** What stands in a text for ink that is no digit. */
export const UNREADABLE = "?";
/** Ink that a cut crosses, in widths of the pen: with less it lies in a gap. */
const CROSSED = 0.05;
/** So many rows of bars are shown at most. */
const MOST_ROWS = 8;

/** @param {{digit: number, verdict: string}} answer @returns {string} */
export const figureOf = ({ digit, verdict }) => (verdict === "not-a-digit" ? UNREADABLE : `${digit}`);

/** @param {{ink: number}} cut @returns {boolean}  Whether it goes through ink. */
export const throughInk = ({ ink }) => ink > CROSSED;

/**
 * @param {Pick<Segmentation, "groups">} lattice @param {Way} way @returns {(Group | null)[]}  Null where nothing was read between two cuts.
 */
export const groupsOf = ({ groups }, way) =>
  way.slice(1).map((end, i) => groups.find((group) => group.start === way[i] && group.end === end) ?? null);

/**
 * What a way reads: its text, and the log of its factor in the odds; null where it has a part that was not read as one digit.
 * @param {Segmentation} lattice @param {Way} way @returns {{text: string, score: number | null}}
 */
export function readingOf(lattice, way) {
  const groups = groupsOf(lattice, way);
  const text = groups.map((group) => (group ? group.text : "…")).join("");
  return { text, score: groups.every((group) => group !== null) ? groups.reduce((sum, group) => sum + group.score, 0) : null };
}

/** @param {Way} way @param {Way} other @returns {boolean} */
export const sameWay = (way, other) => way.length === other.length && way.every((cut, i) => cut === other[i]);

/** @param {Way} way @param {number} cut  Neither the first nor the last. @returns {Way}  With it, or without it if it has it. */
export function toggled(way, cut) {
  return way.includes(cut) ? way.filter((each) => each !== cut) : [...way, cut].sort((a, b) => a - b);
}

/**
 * Moves one of a way's cuts to another candidate, at most to the ones beside its neighbours.
 * @param {Way} way @param {number} cut @param {number} to @returns {Way}
 */
export function movedCut(way, cut, to) {
  const i = way.indexOf(cut);
  if (i <= 0 || i >= way.length - 1) return way;
  const place = Math.min(way[i + 1] - 1, Math.max(way[i - 1] + 1, to));
  return way.map((each) => (each === cut ? place : each));
}

/** @param {Way} way @param {Pick<Group, "start" | "end">} group @returns {Way}  The way that goes through a group. */
export function through(way, { start, end }) {
  return [...new Set([...way.filter((cut) => cut <= start || cut >= end), start, end])].sort((a, b) => a - b);
}

/**
 * The log of the factor in the odds of the best way through each group that is on a way from the first cut to the last: the
 * max-marginals, by dynamic programming from both ends.
 * @param {Pick<Segmentation, "cuts" | "groups">} lattice @returns {Map<Group, number>}
 */
export function bestThrough({ cuts, groups }) {
  const last = cuts.length - 1;
  const [before, after] = [cuts.map((_, i) => (i === 0 ? 0 : -Infinity)), cuts.map((_, i) => (i === last ? 0 : -Infinity))];
  for (const { start, end, score } of [...groups].sort((a, b) => a.start - b.start)) before[end] = Math.max(before[end], before[start] + score);
  for (const { start, end, score } of [...groups].sort((a, b) => b.end - a.end)) after[start] = Math.max(after[start], after[end] + score);
  const scores = groups.map((group) => /** @type {const} */ ([group, before[group.start] + group.score + after[group.end]]));
  return new Map(scores.filter(([, score]) => Number.isFinite(score)));
}

/**
 * The groups as bars that do not overlap: first those of a way, then those of the runner-up, then the likeliest others that
 * have room. Touching digits have hundreds.
 * @param {Segmentation} lattice @param {Way} way @returns {Bar[]}
 */
export function barsOf(lattice, way) {
  const likeliest = [...bestThrough(lattice)].sort(([, a], [, b]) => b - a).map(([group]) => group);
  const inOrder = [...groupsOf(lattice, way), ...groupsOf(lattice, lattice.second), ...likeliest].filter((group) => group !== null);
  /** @type {Group[][]} */
  const rows = Array.from({ length: MOST_ROWS }, () => []);
  return [...new Set(inOrder)].flatMap((group) => {
    const row = rows.findIndex((laid) => laid.every(({ start, end }) => group.end <= start || group.start >= end));
    rows[row]?.push(group);
    return row < 0 ? [] : [{ group, row }];
  });
}

/** @param {Pick<Cut, "points">} cut @returns {number}  Its middle, in pixels from the left of the picture. */
export const middleOf = ({ points }) => points.reduce((sum, [x]) => sum + x, 0) / points.length;
