// The confusion matrix: a row for each true digit, a column for each answer. A cell shows the test pictures that it counts.

import { ARROWS, modified } from "../drawing/keyboard.js";
import { strongestOf } from "../explain/numbers.js";
import { aDigit, percent } from "../explain/words.js";
import { el, headOf } from "../views/dom.js";
import { renderPictures } from "../views/thumbnails.js";
import { fetchMistakes } from "./api.js";

/** @import { Mistakes } from "../server/api.js" */

/** @param {number[][]} matrix @returns {[number, number]}  The most frequent mistake. */
export function commonest(matrix) {
  /** @type {[number, number]} */
  let largest = [0, 1];
  matrix.forEach((row, digit) =>
    row.forEach((count, answer) => {
      if (digit !== answer && count > matrix[largest[0]][largest[1]]) largest = [digit, answer];
    }),
  );
  return largest;
}

/**
 * The next cell in a direction that is not zero.
 * @param {number[][]} matrix @param {[number, number]} from @param {[number, number]} step @returns {[number, number]}
 */
export function neighbour(matrix, from, [down, right]) {
  let [row, column] = [from[0] + down, from[1] + right];
  while (matrix[row]?.[column] === 0) [row, column] = [row + down, column + right];
  return matrix[row]?.[column] ? [row, column] : from;
}

/** @param {number} digit @param {number} answer @param {number} count @returns {string} */
export function cellInWords(digit, answer, count) {
  const [what, was] = count === 1 ? ["test picture", "was"] : ["test pictures", "were"];
  return `${count} ${what} of ${aDigit(digit)} ${was} ${digit === answer ? "read right" : `taken for ${aDigit(answer)}`}.`;
}

/** @param {number} digit @param {number} answer @param {number} shown @param {number} count @returns {string} */
function orderInWords(digit, answer, shown, count) {
  if (digit === answer) return `Below are the ${shown} of which it was least sure.`;
  if (shown < count) return `Below are the ${shown} of which it was surest.`;
  return count === 1 ? "" : "The one of which it was surest comes first.";
}

/** @param {boolean} pictured  Whether the server has the pictures. @returns {string}  The reason that none are shown. */
export function missingInWords(pictured) {
  if (pictured) return "The pictures could not be fetched: choose the cell again.";
  return "The pictures are not stored beside these weights: python -m model.evaluate stores them.";
}

export class Confusion {
  #matrix;
  #pictured;
  #lost;
  /** @type {Map<string, HTMLButtonElement>} */
  #cells = new Map();
  #sentence = el("p", { class: "sentence" });
  #note = el("p", { class: "note" });
  #list = el("ol", { class: "pictures" });
  /** @type {[number, number]} */
  #open;
  /** @type {Mistakes | null} */
  #mistakes = null;

  /**
   * @param {HTMLElement} place @param {number[][]} matrix @param {boolean} pictured  Whether the server holds the pictures.
   * @param {() => void} lost  A request had no reply.
   */
  constructor(place, matrix, pictured, lost) {
    this.#lost = lost;
    this.#matrix = matrix;
    this.#pictured = pictured;
    this.#open = commonest(matrix);
    const opened = el("div", { class: "opened", role: "status" }, this.#sentence, this.#note);
    place.append(this.#table(), el("div", { class: "behind" }, opened, this.#list));
    void this.open(...this.#open);
  }

  /** Called when the colours change. */
  repaint() {
    const [digit, answer] = this.#open;
    const found = this.#mistakes;
    const words = (/** @type {number} */ number, /** @type {number} */ sure) =>
      /** @type {[string, string]} */ ([digit === answer ? aDigit(digit) : `${digit} read as ${answer}`, `${percent(sure)} sure, no. ${number}`]);
    if (!found) return this.#list.replaceChildren();
    const gallery = { pictures: found.pictures, labels: found.numbers, values: found.confidence };
    renderPictures(this.#list, gallery, found.pictures.length, words, "A test picture");
  }

  /** Asks once more for pictures that could not be fetched. */
  retry() {
    if (this.#pictured && !this.#mistakes) void this.open(...this.#open);
  }

  /** @param {number} digit @param {number} answer */
  async open(digit, answer) {
    this.#open = [digit, answer];
    for (const [key, cell] of this.#cells) {
      const here = key === `${digit},${answer}`;
      cell.tabIndex = here ? 0 : -1;
      cell.ariaPressed = `${here}`;
    }
    const found = this.#pictured ? await fetchMistakes(digit, answer, this.#lost) : null;
    if (this.#open[0] !== digit || this.#open[1] !== answer) return; // another was opened meanwhile
    const count = this.#matrix[digit][answer];
    this.#mistakes = found;
    this.#sentence.textContent = cellInWords(digit, answer, count);
    this.#note.textContent = found ? orderInWords(digit, answer, found.pictures.length, count) : missingInWords(this.#pictured);
    this.repaint();
  }

  /** @returns {HTMLTableElement} */
  #table() {
    const digits = this.#matrix.map((_, digit) => digit);
    const most = strongestOf([1, ...digits.flatMap((row) => digits.map((column) => (row === column ? 0 : this.#matrix[row][column])))]);
    const rows = digits.map((row) =>
      el("tr", {}, el("th", { scope: "row" }, `${row}`), ...digits.map((column) => el("td", {}, ...this.#cell(row, column, most)))),
    );
    const caption = el("caption", {}, "Rows: what was written. Columns: what it was read as. Arrow keys go from cell to cell.");
    const table = el("table", { class: "matrix" }, caption, headOf(["", ...digits.map(String)]), el("tbody", {}, ...rows));
    table.addEventListener("keydown", (event) => this.#key(event));
    return table;
  }

  /** @param {number} digit @param {number} answer @param {number} most @returns {Node[]} */
  #cell(digit, answer, most) {
    const count = this.#matrix[digit][answer];
    if (count === 0) return [];
    const cell = el("button", { type: "button", "aria-label": cellInWords(digit, answer, count) }, `${count}`);
    cell.classList.toggle("right", digit === answer);
    if (digit !== answer) cell.style.setProperty("--share", `${count / most}`);
    cell.addEventListener("click", () => void this.open(digit, answer));
    this.#cells.set(`${digit},${answer}`, cell);
    return [cell];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || modified(event)) return;
    const [digit, answer] = neighbour(this.#matrix, this.#open, [arrow.y, arrow.x]);
    this.#cells.get(`${digit},${answer}`)?.focus();
    void this.open(digit, answer);
    event.preventDefault();
  }
}
