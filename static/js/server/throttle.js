// Throttle of the requests while somebody draws. The pen comes first: the delay of frames by an answer is measured, and
// the longer it is, the longer no question is asked.

/** The shortest and the longest interval that a display has between two frames; a longer gap is the machine's delay. */
const [FAST_MS, SLOW_MS] = [1000 / 60, 1000 / 30];
/** The shortest of so many gaps between frames is taken for the display's interval. */
const RECENT_GAPS = 16;
/** After an answer no question is asked for this many times the delay that it caused. */
const PAUSE_FACTOR = 22;
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

  /** @param {number} now @param {number} [pause]  After an answer, at least. @returns {boolean}  Whether it is time for a question. */
  ready(now, pause = 0) {
    return now >= Math.max(this.#pausedUntil, this.#answeredAt + pause);
  }

  /** A new drawing begins: the machine may not be slow any more. */
  reset() {
    this.#late = 0;
  }

  /**
   * An answer is about to be shown: no question is asked for two frames, and for longer if these come late.
   * @param {number} now  In milliseconds. @param {(frame: (now: number) => void) => void} nextFrame  The browser's next frame.
   */
  answered(now, nextFrame = requestAnimationFrame) {
    [this.#pausedUntil, this.#answeredAt] = [Infinity, now];
    nextFrame((first) =>
      nextFrame((second) => {
        const late = this.#excess(first - now) + this.#excess(second - first);
        this.#pausedUntil = second + PAUSE_FACTOR * late;
        this.#recordGap(second - first);
        nextFrame((third) => this.#settle(third, late + this.#excess(third - second), third - second));
      }),
    );
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
   * An answer is shown, its network in the third frame: if that is late too, the pause is longer.
   * @param {number} now @param {number} late  All delays by the answer. @param {number} gap  Before the third frame.
   */
  #settle(now, late, gap) {
    this.#recordGap(gap);
    const tardy = late > this.#interval / 2;
    this.#late = tardy ? this.#late + 1 : this.slow ? this.#late : 0;
    if (tardy) this.#pausedUntil = Math.max(this.#pausedUntil, now + PAUSE_FACTOR * late);
  }
}
