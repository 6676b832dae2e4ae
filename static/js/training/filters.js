// Weights of the first layer at a checkpoint: a picture for each neuron, and one of them large. Blue is positive, orange
// negative.

import { contextOf } from "../drawing/canvas.js";
import { quantile } from "../explain/numbers.js";
import { paletteOf, setPixel } from "../views/colour.js";
import { el } from "../views/dom.js";
import { renderHeat } from "../views/heatmap.js";
import { Picker } from "../views/tile-picker.js";

/** @import { Palette } from "../views/colour.js" */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** The share of the weights weaker than full colour: a few very strong ones would make the others pale. */
const WEAKER = 0.995;
/** Opacity is the strength to this power, as in heatmap.js. */
const CURVE = 0.6;
/** The width in pixels from which there are twice as many columns. */
const WIDE = 440;

/** @param {Float32Array} weights @param {number} neuron @returns {Float32Array}  The weights into one neuron. */
export function columnOf(weights, neuron) {
  const count = weights.length / PIXELS;
  return Float32Array.from({ length: PIXELS }, (_, pixel) => weights[pixel * count + neuron]);
}

/** @param {Float32Array} weights @returns {number}  The weight in full colour. */
export const fullColour = (weights) => quantile(weights, WEAKER);

/**
 * @param {ImageData} picture  All neurons' pictures, `columns` in a row. @param {Float32Array} weights
 * @param {number} columns @param {number} most @param {Palette} palette
 */
function paint(picture, weights, columns, most, { pro, con }) {
  const count = weights.length / PIXELS;
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    for (let neuron = 0; neuron < count; neuron++) {
      const weight = weights[pixel * count + neuron];
      const row = Math.floor(neuron / columns) * SIDE + y;
      const at = row * picture.width + (neuron % columns) * SIDE + x;
      setPixel(picture, at, weight > 0 ? pro : con, 255 * Math.min(1, Math.abs(weight) / most) ** CURVE);
    }
  }
}

export class Filters {
  #canvas = el("canvas", { role: "img" });
  #box = el("div", { class: "tiles filters" }, this.#canvas);
  #large;
  #line;
  #say;
  #neuron = 0;
  #count = 0;
  #columns = 0;
  /** @type {Picker | null} */
  #picker = null;
  /** @type {Float32Array | null} */
  #weights = null;
  #most = 1;
  #when = "";

  /**
   * @param {HTMLElement} place @param {HTMLCanvasElement} large @param {HTMLElement} line  Its caption.
   * @param {(sentence: string) => void} say
   */
  constructor(place, large, line, say) {
    this.#large = large;
    this.#line = line;
    this.#say = say;
    this.#box.setAttribute("aria-label", "What each neuron looks for: arrow keys go from neuron to neuron, and show it large");
    place.append(this.#box);
    new ResizeObserver(() => this.repaint()).observe(place);
  }

  /** @param {Float32Array} weights @param {number} most  The weight in full colour. @param {string} when */
  render(weights, most, when) {
    this.#weights = weights;
    this.#most = most;
    this.#when = when;
    this.repaint();
  }

  repaint() {
    const weights = this.#weights;
    if (!weights) return;
    this.#resize(weights.length / PIXELS);
    const context = contextOf(this.#canvas);
    const picture = context.createImageData(this.#canvas.width, this.#canvas.height);
    paint(picture, weights, this.#columns, this.#most, paletteOf(this.#canvas));
    context.putImageData(picture, 0, 0);
    this.#canvas.setAttribute("aria-label", `The weights into ${this.#count} neurons, ${this.#when}.`);
    this.#enlarge(this.#neuron);
  }

  /** @param {number} count */
  #resize(count) {
    const columns = Math.min(count, /** @type {HTMLElement} */ (this.#box.parentElement).clientWidth >= WIDE ? 16 : 8);
    if (count === this.#count && columns === this.#columns) return;
    [this.#count, this.#columns] = [count, columns];
    const grid = { columns, rows: Math.ceil(count / columns) };
    [this.#canvas.width, this.#canvas.height] = [columns * SIDE, grid.rows * SIDE];
    this.#box.style.setProperty("--columns", `${columns}`);
    this.#box.style.setProperty("--rows", `${grid.rows}`);
    if (this.#picker) return this.#picker.regrid(grid, count);
    const show = (/** @type {number} */ neuron) => this.#enlarge(neuron);
    const moved = (/** @type {number} */ neuron) => this.#say(this.#enlarge(neuron));
    this.#picker = new Picker(this.#box, grid, count, { chosen: moved, moved, hovered: show });
  }

  /** @param {number} neuron @returns {string}  Its caption. */
  #enlarge(neuron) {
    if (!this.#weights) return "";
    this.#neuron = Math.min(neuron, this.#count - 1);
    const parts = columnOf(this.#weights, this.#neuron);
    const line = `Neuron ${this.#neuron}, ${this.#when}.`;
    renderHeat(this.#large, parts, null, `The weights into neuron ${this.#neuron}, ${this.#when}`, this.#most);
    this.#line.textContent = line;
    this.#picker?.mark("chosen", [this.#neuron]);
    return line;
  }
}
