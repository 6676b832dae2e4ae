// A neuron that is pointed at: what it looks for, as a picture, and what it says, below the layers; for a finger, which hides
// what is below, above them. One element serves all neurons.

import { oncePerFrame } from "../drawing/frames.js";
import { digitWeights, displayName, pixelWeights, speech, unitId } from "../explain/neurons.js";
import { paintContour } from "./contour.js";
import { el, setText } from "./dom.js";
import { middle } from "./grid.js";
import { renderHeat } from "./heatmap.js";

/** @import { Unit } from "../explain/neurons.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Tiles } from "./tiles.js" */
/**
 * @typedef {object} Portrait
 * @property {Unit} unit
 * @property {string} speech  What it says.
 * @property {number[] | null} picture  The weights with which it hears each pixel; null if they are not known.
 * @property {string} note  The reason if they are not.
 * @property {ArrayLike<number>} ink  The picture that the network sees.
 */

/** Around it, in CSS pixels. */
const GAP = 8;
const NOTHING = "Nothing is drawn yet.";
const LOADING = "What it looks for is on its way …";
const FAILED = "What it looks for did not come. Point at it again in a moment.";

/**
 * @param {Unit} unit @param {Moment | null} moment  Null: nothing is drawn. @param {Parameters} parameters
 * @param {boolean} linear  Whether neurons are lines on either side of zero (ReLU): only then the layers between add up.
 * @returns {Portrait}
 */
export function portraitOf(unit, moment, parameters, linear) {
  const layers = moment ? [moment.answer.input.map((ink) => ink / 255), ...moment.answer.activations.map(({ values }) => values)] : [];
  const k = moment ? moment.answer.activations.findIndex(({ layer }) => layer === unit.layer) + 1 : 0;
  if (!moment || k === 0) return { unit, speech: speech(0, null, false), picture: null, note: NOTHING, ink: [] };
  const weights = moment.answer.model === parameters.model ? parameters.weights : [];
  const [above, below] = [weights.slice(k), weights.slice(0, k)].map((part) => Array.from(part).every(Boolean));
  const said = linear && above && weights.length > k ? digitWeights(layers, /** @type {Float32Array[]} */ (weights), k, unit.number) : null;
  const words = speech(layers[k][unit.number], said, moment.switches.ablated.has(unitId(unit)));
  const ink = moment.answer.input;
  if (!linear && k > 1) return { unit, speech: words, picture: null, note: "", ink };
  if (!below || weights.length === 0) return { unit, speech: words, picture: null, note: parameters.failed ? FAILED : LOADING, ink };
  return { unit, speech: words, picture: pixelWeights(layers, /** @type {Float32Array[]} */ (weights), k, unit.number), note: "", ink };
}

/** @param {Portrait} portrait @returns {string}  For a screen reader. */
export const sentenceOf = ({ unit, speech }) => `Neuron ${unit.number} ${speech}.`;

export class NeuronTip {
  #heat = el("canvas", { class: "heatmap" });
  #name = el("b");
  #speech = el("p");
  #note = el("p", { class: "hint" });
  #element = el("div", { class: "neuron-tip", "aria-hidden": "true" }, this.#heat, el("div", {}, this.#name, this.#speech, this.#note)); // the same is announced
  #page;
  #network;
  /** @type {{portrait: Portrait, layers: Tiles[], above: boolean} | null} */
  #shown = null;
  #show = oncePerFrame(() => this.#shown && this.#render(this.#shown.portrait, this.#shown.layers, this.#shown.above));

  /** @param {HTMLElement} page  It lies over this. @param {HTMLElement} network  It is no further to the left or the right. */
  constructor(page, network) {
    this.#page = page;
    this.#network = network;
    this.#element.hidden = true;
    page.append(this.#element);
  }

  /** @param {Portrait} portrait @param {Tiles[]} layers @param {boolean} above  Whether it is to lie above the layers. */
  show(portrait, layers, above) {
    this.#shown = { portrait, layers, above };
    this.#show();
  }

  hide() {
    if (!this.#shown) return;
    this.#shown = null;
    this.#element.hidden = true;
  }

  /** @param {Portrait} portrait @param {Tiles[]} layers @param {boolean} above */
  #render({ unit, speech, picture, note, ink }, layers, above) {
    this.#element.hidden = false;
    this.#heat.hidden = picture === null;
    setText(this.#name, displayName(unit).replace(/^n/, "N"));
    setText(this.#speech, speech);
    setText(this.#note, note);
    if (picture) {
      renderHeat(this.#heat, picture, null, "");
      paintContour(this.#heat, ink);
    }
    this.#place(unit, layers, above);
  }

  /** Near the neuron's tile, and over no layer. @param {Unit} unit @param {Tiles[]} layers @param {boolean} above */
  #place({ layer, number }, layers, above) {
    const [page, network, tip, ...boxes] = [this.#page, this.#network, this.#element, ...layers.map(({ canvas }) => canvas)].map((each) => each.getBoundingClientRect());
    const k = layers.findIndex(({ canvas }) => canvas.dataset.layer === layer);
    const { x } = middle(number, layers[k].grid, boxes[k]);
    const [over, under] = [Math.min(...boxes.map(({ top }) => top)) - GAP - tip.height, Math.max(...boxes.map(({ bottom }) => bottom)) + GAP];
    const higher = above ? over >= 0 : under + tip.height > innerHeight;
    const left = Math.max(network.left, Math.min(network.right - tip.width, x - tip.width / 2));
    this.#element.style.translate = `${Math.round(left - page.left)}px ${Math.round((higher ? over : under) - page.top)}px`;
  }
}
