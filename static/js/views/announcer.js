// What a screen reader hears: short sentences at once, and the answer once a stroke is complete, not while it is drawn.

import { wordsFor } from "../explain/words.js";

/** @import { Prediction } from "../server/predictor.js" */

export class Announcer {
  /** The first question whose answer is to be read out. */
  #from = Infinity;
  #element;

  /** @param {HTMLElement} element  A live region. */
  constructor(element) {
    this.#element = element;
  }

  /** @param {string} sentence */
  say(sentence) {
    this.#element.textContent = sentence;
  }

  /** @param {number} from  The number of the question whose answer is awaited; Infinity for none. */
  expect(from) {
    this.#from = from;
  }

  /** @param {Prediction} answer @param {number} number  Of its question. */
  answered(answer, number) {
    if (number < this.#from) return;
    const { verdict, reason } = wordsFor(answer);
    this.#from = Infinity;
    this.say(`${verdict} ${reason}`);
  }
}
