// The line beside the answer: the server is away, or it refused the drawing, or what became of a file.

import { AWAY } from "../explain/words.js";

export class StatusLine {
  #away = false;
  #notice = "";
  #element;
  #stage;

  /** @param {HTMLElement} element @param {HTMLElement} stage  Marked while the answer is not about the drawing on the pad. */
  constructor(element, stage) {
    this.#element = element;
    this.#stage = stage;
  }

  /** @param {string} [problem]  What keeps the answer from being about the drawing on the pad. */
  report(problem = "") {
    this.#element.textContent = this.#away ? AWAY : problem || this.#notice;
    this.#stage.toggleAttribute("data-stale", this.#away || problem !== "");
  }

  /** @param {string} sentence  Stays until somebody draws. */
  note(sentence) {
    this.#notice = sentence;
    this.report();
  }

  /** The notice goes with the next report. */
  dropNotice() {
    this.#notice = "";
  }

  /** @returns {boolean} */
  get noted() {
    return this.#notice !== "";
  }

  /** @param {boolean} reachable  Whether the server is. */
  reach(reachable) {
    this.#away = !reachable;
    this.report();
  }
}
