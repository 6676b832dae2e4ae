// Throttle of the requests while somebody draws. The pen comes first: the delay of frames by an answer is measured, and
// the longer it is, the longer no question is asked.

/** The shortest and the longest interval that a display has between two frames; a longer gap is the machine's delay. */
const [FAST_MS, SLOW_MS] = [1000 / 60, 1000 / 30];
/** The shortest of so many gaps between frames is taken for the display's interval. */
const RECENT_GAPS = 16;
/** An answer is shown in so many frames: in the first it comes, then there are its words, its bars and its network. */
const FRAMES = 4;
/** After an answer no question is asked for this many times the delay that it caused. */
const PAUSE_FACTOR = 20;
/** After so many late answers in a row the machine counts as slow. */
const LATE_LIMIT = 3;

export class Throttle {
  #pausedUntil = 0;
  #answeredAt = -Infinity;
  #late = 0;
  /** @type {number[]} Between the latest frames, in milliseconds. */
  #gaps = [];

  /** @returns {boolean}  Whether answers delay frames: what can wait until the pen is lifted should then wait. */
  get slow() {
    return this.#late >= LATE_LIMIT;
  }

  /**
   * @param {number} now
   * @param {{pause?: number, awaiting?: boolean}} [how]  The least pause after an answer; whether one is awaited: on a slow
   *   machine no question waits for it, which would be sent as soon as it comes, without a pause.
   * @returns {boolean}  Whether it is time for a question.
   */
  ready(now, { pause = 0, awaiting = false } = {}) {
    return !(this.slow && awaiting) && now >= Math.max(this.#pausedUntil, this.#answeredAt + pause);
  }

  /** A new drawing begins: the machine may not be slow any more. */
  reset() {
    this.#late = 0;
  }

  /**
   * An answer is about to be shown: no question is asked for two frames, and for longer if these or those that follow come late.
   * @param {number} now  In milliseconds. @param {(frame: (now: number) => void) => void} nextFrame  The browser's next frame.
   */
  answered(now, nextFrame = requestAnimationFrame) {
    [this.#pausedUntil, this.#answeredAt] = [Infinity, now];
    const follow = (/** @type {number} */ frame, /** @type {number} */ before, /** @type {number} */ delay) =>
      nextFrame((time) => {
        const late = delay + this.#excess(time - before);
        if (frame > 1) this.#recordGap(time - before);
        if (frame === 2) this.#pausedUntil = time + PAUSE_FACTOR * late;
        if (frame < FRAMES) follow(frame + 1, time, late);
        else this.#settle(time, late);
      });
    follow(1, now, 0);
  }

  /** @returns {number}  The display's interval between two frames. */
  get #interval() {
    return Math.min(SLOW_MS, Math.max(FAST_MS, Math.min(...this.#gaps)));
  }

  /** @param {number} ms  Between two frames. @returns {number}  The delay. */
  #excess(ms) {
    return Math.max(0, ms - this.#interval);
  }

  /** @param {number} gap */
  #recordGap(gap) {
    this.#gaps = [...this.#gaps, gap].slice(-RECENT_GAPS);
  }

  /**
   * An answer is shown: if the last frames were late too, the pause is longer.
   * @param {number} now @param {number} late  All delays by the answer.
   */
  #settle(now, late) {
    const tardy = late > this.#interval / 2;
    this.#late = tardy ? this.#late + 1 : this.slow ? this.#late : 0;
    if (tardy) this.#pausedUntil = Math.max(this.#pausedUntil, now + PAUSE_FACTOR * late);
  }
}
