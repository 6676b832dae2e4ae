// The middle of the page: the picture the network sees and its hidden layers, as many and as wide as they come.

import { layerTitle } from "../explain/neurons.js";
import { renderInput } from "./input-image.js";
import { Picker } from "./tile-picker.js";
import { Tiles } from "./tiles.js";

/** @import { Activation } from "../server/predictor.js" */
/**
 * @typedef {object} Listener
 * @property {((unit: string) => void) | null} chosen  Somebody wants to know about a neuron: "hidden1.17". Null where there
 *   is nothing to be told.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 */

/** @param {string} layer @param {number} width @param {Listener} listener */
function figure(layer, width, { chosen, announce }) {
  const [frame, box, canvas, caption, small] = ["figure", "div", "canvas", "figcaption", "small"].map((name) =>
    document.createElement(name),
  );
  frame.className = "layer";
  box.className = "tiles";
  small.textContent = `${width} neurons`;
  caption.append(layerTitle(layer), small);
  box.append(canvas);
  frame.append(box, caption);
  const tiles = new Tiles(/** @type {HTMLCanvasElement} */ (canvas), layer, width);
  box.setAttribute("aria-label", `${layerTitle(layer)}: arrow keys go from neuron to neuron${chosen ? ", Enter looks inside one" : ""}`);
  const picker = new Picker(box, tiles.grid, width, {
    chosen: (index) => chosen?.(`${layer}.${index}`),
    moved: (index) => announce(`Neuron ${index}: ${tiles.values[index].toFixed(2)}.`),
  });
  return { frame, box, tiles, picker };
}

export class NetworkView {
  /** @type {Tiles[]} */
  layers = [];
  /** @type {ArrayLike<number>} */
  input = new Uint8Array(784);
  #shape = "";
  #listener;
  /** @type {{layer: string, picker: Picker}[]} */
  #pickers = [];

  /** @param {HTMLElement} element @param {HTMLCanvasElement} picture  Where the input is shown. @param {Listener} listener */
  constructor(element, picture, listener) {
    this.element = element;
    this.picture = picture;
    this.#listener = listener;
  }

  /** @param {string | null} chosen  The neuron that is inspected. @param {Iterable<string>} off  Those switched off. */
  mark(chosen, off) {
    for (const { layer, picker } of this.#pickers) {
      const numbers = (/** @type {string[]} */ units) =>
        units.filter((unit) => unit.startsWith(`${layer}.`)).map((unit) => Number(unit.slice(layer.length + 1)));
      picker.mark("chosen", numbers(chosen ? [chosen] : []));
      picker.mark("off", numbers([...off]));
    }
  }

  /** @param {Activation[]} activations @param {ArrayLike<number>} input */
  render(activations, input) {
    this.#build(activations.map(({ layer, values }) => ({ layer, width: values.length })));
    activations.forEach(({ values }, i) => this.layers[i].render(values));
    this.input = input;
    renderInput(this.picture, input);
  }

  /** @param {{layer: string, width: number}[]} [layers]  Nothing drawn: everything at rest. */
  rest(layers = this.layers.map(({ canvas, values }) => ({ layer: canvas.dataset.layer ?? "", width: values.length }))) {
    this.#build(layers);
    this.layers.forEach((tiles) => tiles.rest());
    this.input = new Uint8Array(this.input.length);
    renderInput(this.picture, this.input);
  }

  /** The colours are others. */
  repaint() {
    this.layers.forEach((tiles) => tiles.render(tiles.values));
    renderInput(this.picture, this.input);
  }

  /** @param {{layer: string, width: number}[]} layers */
  #build(layers) {
    const shape = JSON.stringify(layers);
    if (shape === this.#shape) return;
    this.#shape = shape;
    const figures = layers.map(({ layer, width }) => figure(layer, width, this.#listener));
    this.element.querySelectorAll("figure.layer").forEach((old) => old.remove());
    this.element.append(...figures.map(({ frame }) => frame));
    this.layers = figures.map(({ tiles }) => tiles);
    this.#pickers = figures.map(({ picker }, i) => ({ layer: layers[i].layer, picker }));
    figures.forEach(({ box, tiles: { grid } }) => {
      box.style.setProperty("--columns", `${grid.columns}`);
      box.style.setProperty("--rows", `${grid.rows}`);
    });
    this.#size();
  }

  /** Tells the style sheet how much must fit, so that it can choose the size of a tile. */
  #size() {
    const grids = this.layers.map(({ grid }) => grid);
    const { style } = this.element;
    style.setProperty("--layers", `${grids.length}`);
    style.setProperty("--all-columns", `${grids.reduce((sum, { columns }) => sum + columns, 0)}`);
    style.setProperty("--most-rows", `${Math.max(1, ...grids.map(({ rows }) => rows))}`);
  }
}
