// Announcements for screen readers: short sentences at once, and the answer once a stroke is complete, not while it is drawn.

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

  /** @param {number} number  Of the question that is answered. @param {() => string} sentence  The answer in words. */
  answered(number, sentence) {
    if (number < this.#from) return;
    this.#from = Infinity;
    this.say(sentence());
  }
}
