// A hidden layer as a block of tiles, one a neuron: the more active, the more ink.

import { layerTitle } from "../explain/neurons.js";
import { paletteOf, shade } from "./colour.js";
import { gridFor } from "./grid.js";

/** @param {string} name @param {ArrayLike<number>} values @returns {string} */
export function describeTiles(name, values) {
  const active = Array.from(values).filter((value) => value !== 0).length;
  if (active === 0) return `${name}: ${values.length} neurons, all at rest.`;
  const top = Array.from(values).reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
  return `${name}: ${active} of ${values.length} neurons active, neuron ${top} most, at ${values[top].toFixed(2)}.`;
}

export class Tiles {
  /** The strongest neuron since the pad was blank, so that a layer is seen to light up while a digit grows. */
  #peak = 0;

  /** @param {HTMLCanvasElement} canvas @param {string} layer @param {number} width */
  constructor(canvas, layer, width) {
    this.canvas = canvas;
    this.title = layerTitle(layer);
    this.grid = gridFor(width);
    this.values = /** @type {ArrayLike<number>} */ (new Array(width).fill(0));
    canvas.width = this.grid.columns;
    canvas.height = this.grid.rows;
    canvas.dataset.layer = layer;
    canvas.setAttribute("role", "img");
    this.rest();
  }

  rest() {
    this.#peak = 0;
    this.render(new Array(this.values.length).fill(0));
  }

  /** @param {ArrayLike<number>} values */
  render(values) {
    this.values = values;
    const strengths = Array.from(values, Math.abs);
    this.#peak = Math.max(this.#peak, ...strengths);
    const diverging = Array.from(values).some((value) => value < 0); // tanh has both signs, ReLU one
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const picture = context.createImageData(this.grid.columns, this.grid.rows);
    const palette = paletteOf(this.canvas);
    for (let i = 0; i < values.length; i++) picture.data.set(shade(values[i], this.#peak, palette, diverging), 4 * i);
    context.putImageData(picture, 0, 0);
    this.canvas.setAttribute("aria-label", describeTiles(this.title, values));
  }
}
