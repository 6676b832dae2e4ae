// The line beside the answer: the server is away, or it refused the drawing, or what became of a file or a link.

import { AWAY } from "../explain/words.js";

export class StatusLine {
  #away = false;
  #notice = "";
  #element;
  #workspace;

  /** @param {HTMLElement} element @param {HTMLElement} workspace  Marked while the answer is not about the drawing on the pad. */
  constructor(element, workspace) {
    this.#element = element;
    this.#workspace = workspace;
  }

  /** @param {string} [problem]  What keeps the answer from being about the drawing on the pad. */
  report(problem = "") {
    this.#element.textContent = this.#away ? AWAY : problem || this.#notice;
    this.#workspace.toggleAttribute("data-stale", this.#away || problem !== "");
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
