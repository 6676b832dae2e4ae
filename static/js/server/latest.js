// Only the newest question matters: one is asked at a time, the newest waits, and a stale answer is dropped.

/** @template T */
export class Latest {
  /** @type {T | null} The answer to the newest question; null while it is awaited, and where there is none. */
  answer = null;
  /** Whether the newest question has had its answer, or failed. */
  settled = false;
  /** @type {readonly unknown[]} */
  #key = [];
  /** @type {(() => Promise<void>) | null} */
  #waiting = null;
  #busy = false;

  /**
   * @param {readonly unknown[]} key  What the question is about: the same is not asked twice.
   * @param {() => Promise<T | null>} ask @param {() => void} onSettled
   */
  ask(key, ask, onSettled) {
    if (this.asked(key)) return;
    this.#key = key;
    [this.answer, this.settled] = [null, false];
    this.#waiting = async () => {
      const answer = await orNull(ask);
      if (this.#key !== key) return;
      [this.answer, this.settled] = [answer, true];
      onSettled();
    };
    void this.#pump();
  }

  /** @param {readonly unknown[]} key @returns {boolean}  Whether this is the newest question. */
  asked(key) {
    return key.length === this.#key.length && key.every((part, i) => part === this.#key[i]);
  }

  async #pump() {
    if (this.#busy || !this.#waiting) return;
    const next = this.#waiting;
    [this.#waiting, this.#busy] = [null, true];
    try {
      await next();
    } catch (error) {
      console.error(error); // whoever was told failed: the next question is asked all the same
    }
    this.#busy = false;
    void this.#pump();
  }
}

/** @template T @param {() => Promise<T | null>} ask @returns {Promise<T | null>}  A question that fails has no answer. */
async function orNull(ask) {
  try {
    return await ask();
  } catch (error) {
    console.error(error);
    return null;
  }
}

/**
 * What does not change is asked until there is an answer, and then no more.
 * @template T @param {Map<string, T>} cache @param {string} name @param {() => Promise<T | null>} ask
 * @returns {Promise<T | null>}
 */
export async function memoized(cache, name, ask) {
  const answer = cache.get(name) ?? (await ask());
  if (answer) cache.set(name, answer);
  return answer;
}
