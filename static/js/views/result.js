// The answer in the views that are always on the page: words, bars, network and connections.

import { boundsOf } from "../drawing/raster.js";
import { argmax } from "../explain/numbers.js";
import { trace } from "../explain/trace.js";
import { BLANK, wordsFor } from "../explain/words.js";
import { buildBars, renderBars } from "./bars.js";
import { Connections } from "./connections.js";
import { setText } from "./dom.js";
import { NetworkView } from "./network.js";

/** @import { Prediction } from "../server/api.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moments.js" */
/** @import { Words } from "../explain/words.js" */
/** @import { Listener } from "./network.js" */
/**
 * @typedef {object} Elements
 * @property {HTMLElement} workspace  Marked with the verdict.
 * @property {HTMLElement} answer
 * @property {HTMLElement} verdict
 * @property {HTMLElement} reason
 * @property {HTMLElement} bars
 * @property {HTMLElement} network
 * @property {HTMLCanvasElement} input
 * @property {SVGSVGElement} connections
 * @property {HTMLCanvasElement} pad
 */

export class ResultView {
  #elements;
  #connections;
  network;

  /** @param {Elements} elements @param {number[]} sizes  The widths of the network's layers. @param {Listener} listener */
  constructor(elements, sizes, listener) {
    this.#elements = elements;
    this.#connections = new Connections(elements.connections);
    this.network = new NetworkView(elements.network, elements.input, listener);
    buildBars(elements.bars, sizes[sizes.length - 1]);
    this.network.rest(sizes.slice(1, -1).map((width, i) => ({ layer: `hidden${i + 1}`, width })));
  }

  /** @param {Moment} moment @param {Parameters | null} parameters  Null: no connections are shown. */
  render(moment, parameters) {
    const { answer } = moment;
    this.#say(wordsFor(answer), answer.verdict);
    renderBars(this.#elements.bars, answer.probabilities);
    this.network.render(answer.activations, answer.input);
    if (parameters) this.connect(moment, parameters);
    else this.#connections.clear();
  }

  /** Nothing is drawn, or found. @param {Words} [words] */
  rest(words = BLANK) {
    this.#say(words, "blank");
    renderBars(this.#elements.bars, null);
    this.network.rest();
    this.#connections.clear();
  }

  /** @param {Words} words @param {Prediction["verdict"]} verdict */
  #say(words, verdict) {
    for (const name of /** @type {const} */ (["answer", "verdict", "reason"])) setText(this.#elements[name], words[name]);
    this.#elements.workspace.dataset.verdict = verdict;
  }

  /** @param {Moment | null} moment @param {Parameters} parameters */
  connect(moment, parameters) {
    if (!moment) return;
    const { input: picture, activations, probabilities, model } = moment.answer;
    const { pad, input, bars } = this.#elements;
    const layers = [Array.from(picture, (value) => value / 255), ...activations.map(({ values }) => values)];
        this.#connections.render(
      { pad, input, layers: this.network.layers.map(({ canvas }) => canvas), rows: Array.from(bars.children) },
      {
        ink: moment.snapshot.photo ? null : moment.snapshot.raster.bounds(),
        seen: boundsOf(picture),
        links: model === parameters.model ? trace(layers, parameters.weights, argmax(probabilities)) : [],
        widths: layers.map(({ length }) => length),
      },
    );
  }

  /** Elements on the page may have moved. @param {Moment | null} moment @param {Parameters} parameters */
  reconnect(moment, parameters) {
    this.#connections.invalidate();
    this.connect(moment, parameters);
  }
}
