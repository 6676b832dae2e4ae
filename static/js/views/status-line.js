// The status line: the server is away, it refused the drawing, or a file or a link could not be opened.

import { UNREACHABLE } from "../explain/words.js";

export class StatusLine {
  /** Whether the server is. */
  away = false;
  #notice = "";
  #element;
  #workspace;

  /** @param {HTMLElement} element @param {HTMLElement} workspace  Marked while the answer is about an older drawing. */
  constructor(element, workspace) {
    this.#element = element;
    this.#workspace = workspace;
  }

  /** @param {string} [problem]  The reason that the answer is about an older drawing. */
  report(problem = "") {
    this.#element.textContent = this.away ? UNREACHABLE : problem || this.#notice;
    this.#workspace.toggleAttribute("data-stale", this.away || problem !== "");
  }

  /** @param {string} sentence  Is shown until somebody draws. */
  note(sentence) {
    this.#notice = sentence;
    this.report();
  }

  /** Removes the notice with the next report. */
  dropNotice() {
    this.#notice = "";
  }

  /** @returns {boolean} */
  get noted() {
    return this.#notice !== "";
  }

  /** @param {boolean} reachable  Whether the server is. */
  reach(reachable) {
    this.away = !reachable;
    this.report();
  }
}
