// How often the page may ask while somebody draws. The pen comes first: what an answer makes late is measured, and a
// machine on which it is much is asked less of.

/** What a display is taken to need between two frames, at least and at most: the rest is the machine's doing. */
const [FAST_MS, SLOW_MS] = [1000 / 60, 1000 / 30];
/** The least of so many gaps between frames is the display's own. */
const LATELY = 16;
/** For how many times as long as an answer made frames late no question is asked. */
const REST = 8;
/** After so many late answers in a row a machine is a slow one. */
const PATIENCE = 3;

export class Pace {
  #restUntil = 0;
  #late = 0;
  /** @type {number[]} Between the latest frames. */
  #gaps = [];

  /** @returns {boolean}  Whether answers come at the cost of frames: what can wait until the pen is up then should. */
  get slow() {
    return this.#late >= PATIENCE;
  }

  /** @param {number} now @returns {boolean}  Whether it is time for a question. */
  ready(now) {
    return now >= this.#restUntil;
  }

  /** A new sheet: what made this machine slow may be over. */
  forget() {
    this.#late = 0;
  }

  /**
   * An answer is about to be shown: nothing is asked until two frames from now, and for longer if they come late.
   * @param {number} now  In milliseconds. @param {(frame: (now: number) => void) => void} soon  The browser's next frame.
   */
  answered(now, soon = requestAnimationFrame) {
    this.#restUntil = Infinity;
    soon((first) =>
      soon((second) => {
        this.#rest(second, this.#over(first - now) + this.#over(second - first));
        this.#saw(second - first);
        soon((third) => this.#saw(third - second)); // which no answer makes late
      }),
    );
  }

  /** @returns {number}  Between two frames when nothing is late. */
  get #interval() {
    return Math.min(SLOW_MS, Math.max(FAST_MS, Math.min(...this.#gaps)));
  }

  /** @param {number} ms  Between two frames. @returns {number}  What is too much of it. */
  #over(ms) {
    return Math.max(0, ms - this.#interval);
  }

  /** @param {number} gap */
  #saw(gap) {
    this.#gaps = [...this.#gaps, gap].slice(-LATELY);
  }

  /** @param {number} now @param {number} late */
  #rest(now, late) {
    this.#restUntil = now + REST * late;
    this.#late = late > this.#interval / 2 ? this.#late + 1 : this.slow ? this.#late : 0;
  }
}
