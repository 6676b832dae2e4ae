// Throttle of the requests while somebody draws. The pen comes first: the delay of frames by an answer is measured, and
// the longer it is, the longer no question is asked.

/** What a display is taken to need between two frames, at least and at most: the rest is the machine's doing. */
const [FAST_MS, SLOW_MS] = [1000 / 60, 1000 / 30];
/** The least of so many gaps between frames is the display's own. */
const RECENT_GAPS = 16;
/** For how many times as long as an answer made frames late no question is asked. */
const PAUSE_FACTOR = 8;
/** After so many late answers in a row a machine is a slow one. */
const LATE_LIMIT = 3;

export class Throttle {
  #pausedUntil = 0;
  #late = 0;
  /** @type {number[]} Between the latest frames. */
  #gaps = [];

  /** @returns {boolean}  Whether answers come at the cost of frames: what can wait until the pen is up then should. */
  get slow() {
    return this.#late >= LATE_LIMIT;
  }

  /** @param {number} now @returns {boolean}  Whether it is time for a question. */
  ready(now) {
    return now >= this.#pausedUntil;
  }

  /** A new drawing: what made this machine slow may be over. */
  reset() {
    this.#late = 0;
  }

  /**
   * An answer is about to be shown: nothing is asked until two frames from now, and for longer if they come late.
   * @param {number} now  In milliseconds. @param {(frame: (now: number) => void) => void} nextFrame  The browser's next frame.
   */
  answered(now, nextFrame = requestAnimationFrame) {
    this.#pausedUntil = Infinity;
    nextFrame((first) =>
      nextFrame((second) => {
        this.#pause(second, this.#excess(first - now) + this.#excess(second - first));
        this.#recordGap(second - first);
        nextFrame((third) => this.#recordGap(third - second)); // which no answer makes late
      }),
    );
  }

  /** @returns {number}  Between two frames when nothing is late. */
  get #interval() {
    return Math.min(SLOW_MS, Math.max(FAST_MS, Math.min(...this.#gaps)));
  }

  /** @param {number} ms  Between two frames. @returns {number}  What is too much of it. */
  #excess(ms) {
    return Math.max(0, ms - this.#interval);
  }

  /** @param {number} gap */
  #recordGap(gap) {
    this.#gaps = [...this.#gaps, gap].slice(-RECENT_GAPS);
  }

  /** @param {number} now @param {number} late */
  #pause(now, late) {
    this.#pausedUntil = now + PAUSE_FACTOR * late;
    this.#late = late > this.#interval / 2 ? this.#late + 1 : this.slow ? this.#late : 0;
  }
}
