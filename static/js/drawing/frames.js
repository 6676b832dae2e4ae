// Work that waits for the browser's frames: at most once a frame, or at every frame until it is done.

/** @param {() => void} action @returns {(() => void) & {pending: boolean, now: () => void}}  Runs it with the next frame, once. */
export function oncePerFrame(action) {
  const schedule = () => {
    if (schedule.pending) return;
    schedule.pending = true;
    requestAnimationFrame(() => {
      schedule.pending = false;
      action();
    });
  };
  schedule.pending = false;
  schedule.now = action;
  return schedule;
}

/**
 * @param {number} count @param {() => void} action
 * @returns {() => void}  Runs it so many frames after the next one, once: that one has work enough.
 */
export function inFrames(count, action) {
  return oncePerFrame(count === 0 ? action : inFrames(count - 1, action));
}

export class Animation {
  #frame = 0;

  get playing() {
    return this.#frame !== 0;
  }

  /** @param {(now: number) => boolean} step  Shows a frame; returns whether there are more. */
  start(step) {
    this.stop();
    const next = (/** @type {number} */ now) => {
      const frame = this.#frame;
      const more = step(now);
      if (this.#frame === frame) this.#frame = more ? requestAnimationFrame(next) : 0; // else it was stopped, or begun anew
    };
    this.#frame = requestAnimationFrame(next);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
