// Canvas over the pad on which panels paint explanations in place.

import { contextOf, fitToScreen, reset } from "./canvas.js";
import { oncePerFrame } from "./frames.js";

/** @typedef {(context: CanvasRenderingContext2D, size: number) => void} Painter  `size` is the pad's height in pixels. */

export class Overlay {
  /** @type {Map<string, Painter>} */
  #painters = new Map();
  repaint = oncePerFrame(() => this.#paint());

  /** @param {HTMLCanvasElement} canvas  Lies over the pad, as large. */
  constructor(canvas) {
    this.canvas = canvas;
    const fit = () => (fitToScreen(canvas), this.repaint()); // not with every painting: to measure the canvas would force a layout
    new ResizeObserver(fit).observe(canvas);
    addEventListener("resize", fit); // also another pixel density
  }

  /** @param {string} name  Of a painting. @param {Painter | null} painter  Null removes it. */
  show(name, painter) {
    if (painter) this.#painters.set(name, painter);
    else if (!this.#painters.delete(name)) return;
    this.repaint();
  }

  #paint() {
    const { canvas } = this;
    const context = contextOf(canvas);
    reset(canvas);
    // The ink beneath is then paler.
    canvas.closest(".pad-frame")?.toggleAttribute("data-overlay", this.#painters.size > 0);
    for (const painter of this.#painters.values()) {
      context.save();
      painter(context, canvas.height);
      context.restore();
    }
  }
}
