// Chooses one of a grid's tiles by pointer or by keys, tells which tile is being looked at, and marks tiles.

import { ARROWS, modified } from "../drawing/keyboard.js";
import { el } from "./dom.js";

/** @import { Point } from "../drawing/strokes.js" */
/** @import { Grid } from "./grid.js" */
/**
 * @typedef {object} Pick
 * @property {(index: number) => void} chosen
 * @property {(index: number) => void} [moved]  The keys are on this tile.
 * @property {(index: number, byFinger: boolean) => void} [hovered]  The pointer is on this tile.
 * @property {() => void} [left]  Neither is on any tile any more.
 */

/** A finger that stays longer, in milliseconds, only looks. */
const HOLD_MS = 400;

export class Picker {
  #index = 0;
  /** The tile under the pointer; −1 if there is none. */
  #hovered = -1;
  /** Whether a tile is being looked at. */
  #looking = false;
  /** When a finger came down; Infinity if none is down. */
  #touched = Infinity;
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
    for (const kind of /** @type {const} */ (["pointerdown", "pointermove"])) box.addEventListener(kind, (event) => this.#hover(event));
    for (const kind of ["pointerleave", "pointercancel"]) box.addEventListener(kind, () => this.#leave());
    box.addEventListener("pointercancel", () => (this.#touched = Infinity));
    box.addEventListener("contextmenu", (event) => this.#touched < Infinity && event.preventDefault()); // a finger that stays
    box.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("keydown", (event) => this.#escape(event), { capture: true }); // wherever the focus is
    box.addEventListener("focus", () => box.matches(":focus-visible") && this.#moved());
    box.addEventListener("blur", () => (this.mark("cursor", []), this.#leave()));
  }

  /** @param {Grid} grid @param {number} count  The layer or its width on the page has changed. */
  regrid(grid, count) {
    this.#grid = grid;
    this.#count = count;
    this.#index = Math.min(this.#index, count - 1);
  }

  /** @param {string} kind  The class of the marks. @param {Iterable<number>} indices */
  mark(kind, indices) {
    this.#box.querySelectorAll(`:scope > .${kind}`).forEach((old) => old.remove());
    for (const index of indices) {
      const mark = el("i", { class: kind });
      mark.style.setProperty("--column", `${index % this.#grid.columns}`);
      mark.style.setProperty("--row", `${Math.floor(index / this.#grid.columns)}`);
      this.#box.append(mark);
    }
  }

  /** @param {MouseEvent} event @returns {number}  The tile under the pointer; −1 if there is none. */
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
    const held = event.timeStamp - this.#touched > HOLD_MS;
    this.#touched = Infinity;
    if (index < 0 || held) return;
    this.#index = index;
    this.#pick.chosen(index);
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.type === "pointerdown") this.#touched = event.pointerType === "touch" ? event.timeStamp : Infinity;
    const index = this.#at(event);
    if (index === this.#hovered) return;
    this.#hovered = index;
    if (index < 0) return this.#leave();
    this.#looking = true;
    this.#pick.hovered?.(index, event.pointerType === "touch");
  }

  #leave() {
    this.#hovered = -1;
    this.#looking = false;
    this.#pick.left?.();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (modified(event)) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#move(arrow);
    else if (event.key === "Enter" || event.key === " ") this.#pick.chosen(this.#index);
    else return;
    event.preventDefault();
  }

  /** Looks at no tile any more; only the next Escape clears the pad. @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape" || modified(event) || !this.#pick.left || !this.#looking) return;
    this.#leave();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Point} arrow */
  #move({ x, y }) {
    const { columns } = this.#grid;
    const column = (this.#index % columns) + x;
    const index = this.#index + x + y * columns;
    if (column < 0 || column >= columns || index < 0 || index >= this.#count) return;
    this.#index = index;
    this.#moved();
  }

  #moved() {
    this.#looking = true;
    this.mark("cursor", [this.#index]);
    this.#pick.moved?.(this.#index);
  }
}
