// How often the page may ask while somebody draws. The pen comes first: what an answer makes late is measured, and a
// machine on which it is much is asked less of.

const FRAME_MS = 1000 / 60;
/** For how many times as long as an answer made frames late no question is asked. */
const REST = 8;
/** After so many late answers in a row a machine is a slow one. */
const PATIENCE = 3;

/** @param {number} ms  Between two frames. @returns {number}  What is too much of it. */
const over = (ms) => Math.max(0, ms - FRAME_MS);

export class Pace {
  #restUntil = 0;
  #late = 0;

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
    soon((first) => soon((second) => this.#rest(second, over(first - now) + over(second - first))));
  }

  /** @param {number} now @param {number} late */
  #rest(now, late) {
    this.#restUntil = now + REST * late;
    this.#late = late > FRAME_MS / 2 ? this.#late + 1 : this.slow ? this.#late : 0;
  }
}
