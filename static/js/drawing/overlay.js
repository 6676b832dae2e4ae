// Canvas over the pad on which panels paint explanations in place.

/** @typedef {(context: CanvasRenderingContext2D, size: number) => void} Painter  `size` is the pad's side in pixels. */

export class Overlay {
  /** @type {Map<string, Painter>} */
  #painters = new Map();
  #frame = 0;

  /** @param {HTMLCanvasElement} canvas  Lies over the pad, as large. */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    new ResizeObserver(() => this.repaint()).observe(canvas);
  }

  /** @param {string} name  Whose painting it is. @param {Painter | null} painter  Null takes it off. */
  show(name, painter) {
    if (painter) this.#painters.set(name, painter);
    else if (!this.#painters.delete(name)) return;
    this.repaint();
  }

  repaint() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    const { canvas, context } = this;
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    context.reset();
    // Ink beneath a painting steps back.
    /** @type {HTMLElement} */ (canvas.parentElement).toggleAttribute("data-overlay", this.#painters.size > 0);
    for (const painter of this.#painters.values()) {
      context.save();
      painter(context, side);
      context.restore();
    }
  }
}
