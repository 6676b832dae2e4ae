// The figures of a number, as large as fits, each in the shade of its certainty. One is chosen: the page is about it.

import { figureLabel } from "../explain/number-words.js";
import { figureOf } from "../explain/lattice.js";
import { el, setHidden, setText } from "./dom.js";

/** @import { Moment } from "../state/moment.js" */

/** @type {Record<string, number>} Keys, and the steps that they go from one figure to another. */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export class FiguresView {
  /** @type {HTMLElement[]} */
  #buttons = [];
  /** @type {Moment[]} */
  #figures = [];
  #shape = "";
  #element;
  #chosen;

  /** @param {HTMLElement} element  A group of radio buttons. @param {(figure: Moment) => void} chosen */
  constructor(element, chosen) {
    this.#element = element;
    this.#chosen = chosen;
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Moment | null} moment  The chosen figure; null if no number is read. */
  render(moment) {
    const lines = moment?.sheet?.reading.lines ?? [];
    setHidden(this.#element, lines.length === 0);
    this.#figures = lines.length ? (moment?.sheet?.figures ?? []) : [];
    this.#build(lines.map(({ digits }) => digits.length));
    this.#figures.forEach((figure, i) => this.#show(this.#buttons[i], figure, figure === moment, i));
  }

  /** @param {number[]} lengths  Of the lines. */
  #build(lengths) {
    if (this.#shape === `${lengths}`) return; // a button keeps the focus
    const focused = this.#element.contains(document.activeElement);
    this.#shape = `${lengths}`;
    this.#buttons = this.#figures.map((_, i) => this.#button(i));
    let start = 0;
    this.#element.replaceChildren(...lengths.map((length) => el("div", { class: "line" }, ...this.#buttons.slice(start, (start += length)))));
    this.#element.style.setProperty("--longest", `${Math.max(1, ...lengths)}`);
    this.#element.style.setProperty("--lines", `${lengths.length}`);
    if (focused) queueMicrotask(() => this.#focus());
  }

  /** @param {number} i @returns {HTMLElement} */
  #button(i) {
    const button = el("button", { type: "button", role: "radio" });
    button.addEventListener("click", () => this.#chosen(this.#figures[i]));
    return button;
  }

  /** @param {HTMLElement} button @param {Moment} figure @param {boolean} chosen @param {number} i */
  #show(button, { answer }, chosen, i) {
    setText(button, figureOf({ digit: answer.digit ?? 0, verdict: answer.verdict }));
    button.dataset.verdict = answer.verdict;
    button.ariaLabel = figureLabel(answer, i, this.#figures.length);
    button.ariaChecked = `${chosen}`;
    button.tabIndex = chosen ? 0 : -1;
  }

  #focus() {
    this.#buttons.find(({ ariaChecked }) => ariaChecked === "true")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [step, last] = [STEPS[event.key], this.#figures.length - 1];
    if (step === undefined || last < 0) return;
    event.preventDefault();
    const now = this.#buttons.findIndex(({ ariaChecked }) => ariaChecked === "true");
    const next = Number.isFinite(step) ? (now + step + last + 1) % (last + 1) : step < 0 ? 0 : last;
    this.#chosen(this.#figures[next]);
    this.#focus();
  }
}
