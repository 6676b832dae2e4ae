// Writes a sample at a pen's speed, a little at each frame, through the same calls as a pointer's strokes.

import { Animation } from "./frames.js";
import { curve, resample } from "./strokes.js";

/** @import { Point } from "./strokes.js" */
/**
 * @typedef {object} Pen
 * @property {(point: Point) => void} down
 * @property {(point: Point) => void} move
 * @property {() => void} up
 */

/** The distance between two points of a sample, as a fraction of the pad. */
const STEP = 0.012;
/** The pen's speed in pads per second. */
const SPEED = 1.9;

/**
 * The pen's moves for some strokes, in order: each stroke goes down, moves and lifts.
 * @param {Point[][]} strokes @param {Pen} pen @returns {(() => void)[]}
 */
export function moves(strokes, pen) {
  return strokes.flatMap((stroke) => {
    const [first, ...rest] = resample(curve(stroke), STEP);
    return [() => pen.down(first), ...rest.map((point) => () => pen.move(point)), () => pen.up()];
  });
}

export class Player extends Animation {
  /** @param {Point[][]} strokes @param {Pen} pen @param {boolean} atOnce  For those who asked for less motion. */
  play(strokes, pen, atOnce) {
    this.stop();
    const rest = moves(strokes, pen);
    if (atOnce) return rest.forEach((move) => move());
    let last = performance.now();
    let due = 1;
    this.start((now) => {
      due += (Math.min(100, Math.max(0, now - last)) / 1000) * (SPEED / STEP);
      last = now;
      rest.splice(0, Math.floor(due)).forEach((move) => move());
      due %= 1;
      return rest.length > 0;
    });
  }
}
