// One of a grid's tiles is chosen, with a pointer or with keys; marks lie over the tiles without touching their
// colours.

/** @import { Grid } from "./grid.js" */
/**
 * @typedef {object} Pick
 * @property {(index: number) => void} chosen
 * @property {(index: number) => void} [moved]  The keys have gone to this tile.
 * @property {(index: number) => void} [hovered]  The pointer has.
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Picker {
  #index = 0;
  #box;
  #grid;
  #count;
  #pick;

  /**
   * @param {HTMLElement} box  As large as the grid; tiles fill it evenly. @param {Grid} grid @param {number} count
   * @param {Pick} pick
   */
  constructor(box, grid, count, pick) {
    this.#box = box;
    this.#grid = grid;
    this.#count = count;
    this.#pick = pick;
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "grid of tiles");
    box.addEventListener("click", (event) => this.#click(event));
    if (pick.hovered) box.addEventListener("pointermove", (event) => this.#hover(event));
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("focus", () => this.mark("cursor", box.matches(":focus-visible") ? [this.#index] : []));
    box.addEventListener("blur", () => this.mark("cursor", []));
  }

  /** @param {Grid} grid @param {number} count  In another room, or of another layer. */
  regrid(grid, count) {
    this.#grid = grid;
    this.#count = count;
    this.#index = Math.min(this.#index, count - 1);
  }

  /** @param {string} kind  The class of the marks. @param {Iterable<number>} indices */
  mark(kind, indices) {
    this.#box.querySelectorAll(`:scope > .${kind}`).forEach((old) => old.remove());
    for (const index of indices) {
      const mark = document.createElement("i");
      mark.className = kind;
      mark.style.setProperty("--column", `${index % this.#grid.columns}`);
      mark.style.setProperty("--row", `${Math.floor(index / this.#grid.columns)}`);
      this.#box.append(mark);
    }
  }

  /** @param {MouseEvent} event @returns {number}  Where it is; −1 where there is no tile. */
  #at(event) {
    const { left, top, width, height } = this.#box.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) / width) * this.#grid.columns);
    const row = Math.floor(((event.clientY - top) / height) * this.#grid.rows);
    const index = row * this.#grid.columns + column;
    return column < 0 || column >= this.#grid.columns || index < 0 || index >= this.#count ? -1 : index;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const index = this.#at(event);
    if (index < 0) return;
    this.#index = index;
    this.#pick.chosen(index);
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const index = this.#at(event);
    if (index >= 0) this.#pick.hovered?.(index);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#move(arrow);
    else if (event.key === "Enter" || event.key === " ") this.#pick.chosen(this.#index);
    else return;
    event.preventDefault();
  }

  /** @param {[number, number]} arrow */
  #move([right, down]) {
    const { columns } = this.#grid;
    const column = (this.#index % columns) + right;
    const index = this.#index + right + down * columns;
    if (column < 0 || column >= columns || index < 0 || index >= this.#count) return;
    this.#index = index;
    this.mark("cursor", [index]);
    this.#pick.moved?.(index);
  }
}
