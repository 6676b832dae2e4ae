// The sheet of paper on the pad: square for one digit, wide for a number. It grows to the right as one writes, and scrolls
// sideways where it is wider than the pad.

/** @import { Stroke } from "./strokes.js" */

/** How wide a sheet for a number is, in its heights: at least, and at most. */
export const [NARROWEST, WIDEST] = [2, 8];
/** Paper to the right of the ink, in heights: there is room for another digit. */
const ROOM = 0.6;
/** How long a person may pause between two strokes of a digit, in milliseconds, before the sheet moves under the pen. */
const PAUSE_MS = 700;
/** The share of what is in view by which a button moves on. */
const PAGE = 0.75;

/** @param {readonly Stroke[]} strokes @returns {number}  Where their ink ends on the right; 0 without ink. */
export const rightOf = (strokes) =>
  strokes.reduce((right, { erase, width, points }) => (erase ? right : points.reduce((most, { x }) => Math.max(most, x + width / 2), right)), 0);

/** @param {readonly Stroke[]} strokes @returns {boolean}  Whether their ink needs more than a square. */
export const needsWide = (strokes) => rightOf(strokes) > 1;

/**
 * The width of a sheet for a number: as wide as fits, and one height more whenever there is no room for another digit.
 * @param {number} fitting @param {number} right  Where the ink ends. @returns {number}
 */
export function aspectFor(fitting, right) {
  const blank = Math.min(WIDEST, Math.max(NARROWEST, fitting));
  return Math.min(WIDEST, blank + Math.max(0, Math.ceil(right + ROOM - blank)));
}

export class Sheet {
  /** Pixels of the sheet that are scrolled out of view. Asking for them at every move would force a layout. */
  left = 0;
  #timer = 0;

  /** @param {HTMLElement} element  Holds the canvases; what is around it scrolls it. */
  constructor(element) {
    this.element = element;
    this.view = /** @type {HTMLElement} */ (element.parentElement);
    this.view.addEventListener("scroll", () => (this.left = this.view.scrollLeft), { passive: true });
    this.view.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** @returns {number}  The width by the height of what is in view. */
  get fitting() {
    return this.view.clientWidth / Math.max(1, this.view.clientHeight);
  }

  /** @param {number} aspect  The sheet's width by its height. */
  show(aspect) {
    this.view.parentElement?.style.setProperty("--aspect", `${aspect}`); // of its frame on paper
    this.element.style.width = aspect === 1 ? "" : `${100 * Math.max(1, aspect / this.fitting)}%`;
  }

  /** @returns {{back: boolean, on: boolean}}  Whether there is more of it to the left, and to the right. */
  get hidden() {
    if (!this.element.style.width) return { back: false, on: false }; // a square one fits: measuring it would force a layout
    const { scrollLeft, scrollWidth, clientWidth } = this.view;
    return { back: scrollLeft > 1, on: scrollLeft + clientWidth < scrollWidth - 1 };
  }

  /** Shows more of it. @param {1 | -1} direction */
  turn(direction) {
    this.rest();
    this.view.scrollBy({ left: direction * PAGE * this.view.clientWidth });
  }

  /** Once the pen has rested, makes room to the right of the ink. @param {number} right  Where it ends, in heights. */
  follow(right) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.reveal(right + ROOM), PAUSE_MS);
  }

  /** The pen is down: the sheet stays where it is. */
  rest() {
    clearTimeout(this.#timer);
    this.view.scrollTo({ left: this.view.scrollLeft, behavior: "instant" });
  }

  /** Scrolls a place into view. @param {number} x  In heights. */
  reveal(x) {
    const { clientWidth, clientHeight } = this.view;
    const at = x * clientHeight;
    if (at > this.left + clientWidth) this.view.scrollTo({ left: at - clientWidth });
    else if (at < this.left) this.view.scrollTo({ left: at - clientHeight / 2 });
  }

  /** A wheel that only turns one way moves the sheet too, as far as it goes. @param {WheelEvent} event */
  #wheel(event) {
    const { back, on } = this.hidden;
    if (event.deltaX || event.ctrlKey || !(event.deltaY < 0 ? back : on)) return;
    event.preventDefault();
    this.rest();
    this.view.scrollBy({ left: event.deltaY, behavior: "instant" });
  }
}
