// Writes a sample as a hand would, a little at each frame, through the same door as a pointer's strokes.

import { curve, resample } from "./strokes.js";

/** @import { Point } from "./strokes.js" */
/**
 * @typedef {object} Pen
 * @property {(point: Point) => void} down
 * @property {(point: Point) => void} move
 * @property {() => void} up
 */

/** Between two points of the sample, as a fraction of the pad. */
const STEP = 0.012;
/** How far the hand gets in a second, in pads. */
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

export class Player {
  #frame = 0;

  /** @returns {boolean} */
  get playing() {
    return this.#frame !== 0;
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /**
   * @param {Point[][]} strokes @param {Pen} pen @param {boolean} atOnce  For those who asked for less motion.
   */
  play(strokes, pen, atOnce) {
    this.stop();
    const rest = moves(strokes, pen);
    if (atOnce) return rest.forEach((move) => move());
    let last = performance.now();
    let owed = 1;
    const step = (/** @type {number} */ now) => {
      owed += (Math.min(100, Math.max(0, now - last)) / 1000) * (SPEED / STEP);
      last = now;
      this.#frame = rest.length > owed ? requestAnimationFrame(step) : 0;
      rest.splice(0, Math.floor(owed)).forEach((move) => move());
      owed %= 1;
    };
    this.#frame = requestAnimationFrame(step);
  }
}
