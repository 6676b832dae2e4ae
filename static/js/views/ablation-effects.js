// A layer as tiles coloured by what each neuron adds to the answer: blue for, crossed orange against.

import { contextOf } from "../drawing/canvas.js";
import { layerTitle } from "../explain/neurons.js";
import { css, paletteOf } from "./colour.js";
import { el } from "./dom.js";
import { gridFor } from "./grid.js";
import { paintParts } from "./heatmap.js";
import { Picker } from "./tile-picker.js";

/** @import { Effect } from "../explain/neurons.js" */
/**
 * @typedef {object} Listener
 * @property {(number: number) => void} chosen
 * @property {(number: number, aloud: boolean) => void} pointed  Aloud: by keys, so a screen reader should say it.
 */

/** The opacity of a neuron that does nothing, so that the layer's shape is seen. */
const REST = 0.06;

export class AblationEffects {
  #canvas = el("canvas", { role: "img" });
  #marked = "";
  #grid;
  #picker;

  /** @param {string} layer @param {number} width @param {Listener} listener */
  constructor(layer, width, { chosen, pointed }) {
    this.layer = layer;
    this.width = width;
    this.#grid = gridFor(width);
    const label = `${layerTitle(layer)}: arrow keys go from neuron to neuron, Enter switches one off or on`;
    const box = el("div", { class: "tiles", "aria-label": label }, this.#canvas);
    this.element = el("section", {}, el("h4", {}, layerTitle(layer)), box);
    this.element.style.setProperty("--columns", `${this.#grid.columns}`);
    this.element.style.setProperty("--rows", `${this.#grid.rows}`);
    const [moved, hovered] = [true, false].map((aloud) => (/** @type {number} */ number) => pointed(number, aloud));
    this.#picker = new Picker(box, this.#grid, width, { chosen, moved, hovered });
  }

  /** @param {Effect[]} effects  A neuron each. @param {number} most  The change in full colour. @param {ReadonlySet<string>} ablated */
  render(effects, most, ablated) {
    const { columns, rows } = this.#grid;
    const tile = Math.max(8, Math.round((this.#canvas.clientWidth * devicePixelRatio) / columns));
    if (this.#canvas.width !== columns * tile) [this.#canvas.width, this.#canvas.height] = [columns * tile, rows * tile];
    const context = contextOf(this.#canvas);
    const palette = paletteOf(this.#canvas);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.fillStyle = css(palette.ink, REST);
    effects.forEach((_, i) => context.fillRect((i % columns) * tile, Math.floor(i / columns) * tile, tile, tile));
    const parts = effects.map(({ change }) => -change);
    paintParts(context, { left: 0, top: 0, side: columns * tile }, parts, palette, most, columns);
    const [pro, con] = [parts.filter((part) => part > 0), parts.filter((part) => part < 0)].map(({ length }) => length);
    this.#canvas.setAttribute("aria-label", `${layerTitle(this.layer)}: ${pro} neurons speak for the answer, ${con} against.`);
    this.#mark(effects, ablated);
  }

  /** @param {Effect[]} effects @param {ReadonlySet<string>} ablated */
  #mark(effects, ablated) {
    const where = (/** @type {(effect: Effect) => boolean} */ is) => effects.flatMap((effect, i) => (is(effect) ? [i] : []));
    const marks = { flip: where(({ flips, unit }) => flips && !ablated.has(unit)), ablated: where(({ unit }) => ablated.has(unit)) };
    const marked = JSON.stringify(marks);
    if (marked === this.#marked) return;
    this.#marked = marked;
    for (const [kind, indices] of Object.entries(marks)) this.#picker.mark(kind, indices);
  }
}
