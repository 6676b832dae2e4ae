// A hidden layer as tiles, one for each neuron: the more active, the more ink.

import { contextOf } from "../drawing/canvas.js";
import { layerTitle } from "../explain/neurons.js";
import { argmax, strongestOf } from "../explain/numbers.js";
import { paletteOf, setPixel, shade } from "./colour.js";
import { el } from "./dom.js";
import { gridFor } from "./grid.js";

/** @param {string} name @param {ArrayLike<number>} values @returns {string} */
export function describeTiles(name, values) {
  const active = Array.from(values).filter((value) => value !== 0).length;
  if (active === 0) return `${name}: ${values.length} neurons, all at rest.`;
  const top = argmax(Array.from(values, Math.abs));
  return `${name}: ${active} of ${values.length} neurons active, neuron ${top} most, at ${values[top].toFixed(2)}.`;
}

export class Tiles {
  /** The largest activation since the pad was blank: the scale, so that a layer gets darker while a digit grows. */
  #peak = 0;

  /** @param {string} layer @param {number} width */
  constructor(layer, width) {
    this.title = layerTitle(layer);
    this.grid = gridFor(width);
    this.values = /** @type {ArrayLike<number>} */ (new Array(width).fill(0));
    this.canvas = el("canvas", { "data-layer": layer, role: "img", width: `${this.grid.columns}`, height: `${this.grid.rows}` });
    this.rest();
  }

  rest() {
    this.#peak = 0;
    this.render(new Array(this.values.length).fill(0));
  }

  /** @param {ArrayLike<number>} values */
  render(values) {
    this.values = values;
    this.#peak = Math.max(this.#peak, strongestOf(values));
    const diverging = Array.from(values).some((value) => value < 0); // tanh has both signs, ReLU one
    const context = contextOf(this.canvas);
    const picture = context.createImageData(this.grid.columns, this.grid.rows);
    const palette = paletteOf(this.canvas);
    for (let i = 0; i < values.length; i++) setPixel(picture, i, ...shade(values[i], this.#peak, palette, diverging));
    context.putImageData(picture, 0, 0);
    this.canvas.setAttribute("aria-label", describeTiles(this.title, values));
  }
}
