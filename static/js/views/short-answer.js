// The short answer: words, bars and a small copy of the drawing, for where the answer or the pad itself is scrolled away.

import { inline } from "../explain/number-words.js";
import { buildBars, renderBars } from "./bars.js";
import { find, setText } from "./dom.js";

/** @import { Words } from "../explain/words.js" */

/** Marks of the workspace: the page is scrolled down, and the pad is out of view. CSS shows the short answer by them. */
const [SCROLLED, PAD_AWAY] = ["data-scrolled", "data-pad-away"];

/**
 * Marks the workspace while an element is out of view.
 * @param {HTMLElement} workspace @param {string} mark @param {Element} element @param {() => void} changed
 */
function watch(workspace, mark, element, changed) {
  new IntersectionObserver((entries) => {
    const away = !entries[entries.length - 1].isIntersecting;
    if (away === workspace.hasAttribute(mark)) return;
    workspace.toggleAttribute(mark, away);
    changed();
  }).observe(element);
}

export class ShortAnswer {
  /** @type {{words: Words, probabilities: number[] | null} | null} */
  #shown = null;
  #workspace;
  #element;
  #pad;

  /** @param {HTMLElement} workspace @param {HTMLElement} element @param {HTMLCanvasElement} pad @param {number} digits */
  constructor(workspace, element, pad, digits) {
    this.#workspace = workspace;
    this.#element = element;
    this.#pad = pad;
    buildBars(find("ol", element), digits);
  }

  /** @param {Element} top  Of the page. @param {() => void} moved  Called when the page is scrolled down, and when it is back. */
  watch(top, moved) {
    watch(this.#workspace, SCROLLED, top, () => (this.repaint(), moved()));
    watch(this.#workspace, PAD_AWAY, /** @type {Element} */ (this.#pad.closest(".pad-frame")), () => this.repaint());
  }

  /** @param {Words} words @param {number[] | null} probabilities  Null on a blank pad. */
  render(words, probabilities) {
    this.#shown = { words, probabilities };
    this.repaint();
  }

  /** Shows what is known, if it is needed. */
  repaint() {
    if (!this.#shown || ![SCROLLED, PAD_AWAY].some((mark) => this.#workspace.hasAttribute(mark))) return;
    const { words, probabilities } = this.#shown;
    const texts = { ...words, answer: inline(words.answer) };
    for (const name of /** @type {const} */ (["answer", "verdict", "reason"])) setText(find(`[data-words=${name}]`, this.#element), texts[name]);
    renderBars(find("ol", this.#element), probabilities);
    if (this.#workspace.hasAttribute(PAD_AWAY)) this.#copyDrawing(); // else the pad is there: to measure the copy would force a layout while somebody draws
  }

  #copyDrawing() {
    const canvas = /** @type {HTMLCanvasElement} */ (find("canvas", this.#element));
    const { width, height } = this.#pad;
    canvas.height = Math.round(canvas.clientHeight * devicePixelRatio) || 1;
    canvas.width = Math.round((canvas.height * width) / height);
    canvas.getContext("2d")?.drawImage(this.#pad, 0, 0, canvas.width, canvas.height);
  }
}
