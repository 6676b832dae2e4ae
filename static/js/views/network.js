// The picture that the network sees and its hidden layers, however many and wide.

import { layerTitle } from "../explain/neurons.js";
import { strongestOf } from "../explain/numbers.js";
import { el } from "./dom.js";
import { renderInput } from "./input-image.js";
import { Picker } from "./tile-picker.js";
import { Tiles } from "./tiles.js";

/** @import { Unit } from "../explain/neurons.js" */
/** @import { Activations } from "../server/api.js" */
/**
 * @typedef {object} Listener
 * @property {((unit: string) => void) | null} chosen  A neuron was chosen: "hidden1.17". Null if it cannot be inspected.
 * @property {(unit: Unit | null, by: "keys" | "mouse" | "finger") => void} pointed  A neuron is pointed at, or none any more.
 */

/** @param {string} layer @param {number} width @param {Listener} listener */
function figure(layer, width, { chosen, pointed }) {
  const tiles = new Tiles(layer, width);
  const label = `${layerTitle(layer)}: arrow keys go from neuron to neuron${chosen ? ", Enter looks inside one" : ""}`;
  const box = el("div", { class: "tiles", "aria-label": label }, tiles.canvas);
  const frame = el("figure", { class: "layer" }, box, el("figcaption", {}, layerTitle(layer), el("small", {}, `${width} neurons`)));
  const picker = new Picker(box, tiles.grid, width, {
    chosen: (index) => chosen?.(`${layer}.${index}`),
    moved: (number) => pointed({ layer, number }, "keys"),
    hovered: (number, byFinger) => pointed({ layer, number }, byFinger ? "finger" : "mouse"),
    left: () => pointed(null, "mouse"),
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

  /** @param {string | null} chosen  The neuron that is inspected. @param {Iterable<string>} ablated  Units such as "hidden1.17". */
  mark(chosen, ablated) {
    for (const { layer, picker } of this.#pickers) {
      const numbers = (/** @type {string[]} */ units) =>
        units.filter((unit) => unit.startsWith(`${layer}.`)).map((unit) => Number(unit.slice(layer.length + 1)));
      picker.mark("chosen", numbers(chosen ? [chosen] : []));
      picker.mark("ablated", numbers([...ablated]));
    }
  }

  /** @param {Unit | null} unit  The neuron that is pointed at. */
  point(unit) {
    for (const { layer, picker } of this.#pickers) picker.mark("pointed", unit?.layer === layer ? [unit.number] : []);
  }

  /** For a screen reader that is asked what has the focus. @param {Unit | null} unit  The one that is pointed at. @param {string} sentence  What it says. */
  describe(unit, sentence) {
    for (const { canvas } of this.layers) canvas.parentElement?.setAttribute("aria-description", canvas.dataset.layer === unit?.layer ? sentence : "");
  }

  /** @param {Activations[]} activations @param {ArrayLike<number>} input */
  render(activations, input) {
    this.#build(activations.map(({ layer, values }) => ({ layer, width: values.length })));
    activations.forEach(({ values }, i) => this.layers[i].render(values));
    this.input = input;
    renderInput(this.picture, input);
  }

  /** @param {{layer: string, width: number}[]} [layers]  Shows a blank pad: all neurons at rest. */
  rest(layers = this.layers.map(({ canvas, values }) => ({ layer: canvas.dataset.layer ?? "", width: values.length }))) {
    this.#build(layers);
    this.layers.forEach((tiles) => tiles.rest());
    this.input = new Uint8Array(this.input.length);
    renderInput(this.picture, this.input);
  }

  /** Called when the colours change. */
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

  /** Passes the size of the grids to CSS, which chooses the size of a tile. */
  #size() {
    const grids = this.layers.map(({ grid }) => grid);
    const { style } = this.element;
    style.setProperty("--layers", `${grids.length}`);
    style.setProperty("--all-columns", `${grids.reduce((sum, { columns }) => sum + columns, 0)}`);
    style.setProperty("--most-rows", `${strongestOf([1, ...grids.map(({ rows }) => rows)])}`);
  }
}
