// The answer in the views that are always on the page: words, bars, network and connections.

import { inAFrame } from "../drawing/frames.js";
import { boundsOf } from "../drawing/raster.js";
import { argmax } from "../explain/numbers.js";
import { trace } from "../explain/trace.js";
import { figureWords, wordsForNumber } from "../explain/number-words.js";
import { BLANK, wordsFor } from "../explain/words.js";
import { buildBars, renderBars } from "./bars.js";
import { Connections } from "./connections.js";
import { setText } from "./dom.js";
import { FiguresView } from "./figures.js";
import { NetworkView } from "./network.js";
import { ShortAnswer } from "./short-answer.js";

/** @import { Prediction } from "../server/api.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Words } from "../explain/words.js" */
/** @import { Listener } from "./network.js" */
/**
 * @typedef {object} Elements
 * @property {HTMLElement} workspace  Marked with the verdict.
 * @property {HTMLElement} answer  One digit.
 * @property {HTMLElement} figures  Stand there instead, of a number.
 * @property {HTMLElement} figureWords  About the chosen figure.
 * @property {HTMLElement} verdict
 * @property {HTMLElement} reason
 * @property {HTMLElement} bars
 * @property {HTMLElement} network
 * @property {HTMLCanvasElement} input
 * @property {SVGSVGElement} connections
 * @property {HTMLCanvasElement} pad
 * @property {HTMLElement} short  The short answer.
 */

export class ResultView {
  #elements;
  #connections;
  #figures;
  network;
  short;
  /** Shows the network of the latest answer. */
  #showNetwork = () => {};
  #showNetworkLater = inAFrame(() => this.#showNetwork());

  /**
   * @param {Elements} elements @param {number[]} sizes  The widths of the network's layers.
   * @param {Listener & {looked: (figure: Moment) => void}} listener  Looked: another figure of the number is chosen.
   */
  constructor(elements, sizes, listener) {
    this.#elements = elements;
    this.#figures = new FiguresView(elements.figures, listener.looked);
    this.#connections = new Connections(elements.connections);
    this.network = new NetworkView(elements.network, elements.input, listener);
    buildBars(elements.bars, sizes[sizes.length - 1]);
    this.short = new ShortAnswer(elements.workspace, elements.short, elements.pad, sizes[sizes.length - 1]);
    this.network.rest(sizes.slice(1, -1).map((width, i) => ({ layer: `hidden${i + 1}`, width })));
  }

  /**
   * @param {Moment} moment @param {Parameters | null} parameters  Null: no connections are shown.
   * @param {boolean} [live]  Whether somebody draws: words and network then have a frame each, which the pen's line shares.
   */
  render(moment, parameters, live = false) {
    const { answer, sheet } = moment;
    this.#say(sheet ? wordsForNumber(sheet.reading) : wordsFor(answer), answer);
    this.#showFigures(moment);
    this.#showNetwork = () => {
      this.network.render(answer.activations, answer.input);
      if (parameters) this.connect(moment, parameters);
      else this.#connections.clear();
    };
    if (live) this.#showNetworkLater();
    else this.#showNetwork();
  }

  /** Nothing is drawn, or found. @param {Words} [words] */
  rest(words = BLANK) {
    this.#showNetwork = () => {};
    this.#say(words, { verdict: "blank", probabilities: null });
    this.#showFigures(null);
    this.network.rest();
    this.#connections.clear();
  }

  /** @param {Moment | null} moment  Null: nothing is read. */
  #showFigures(moment) {
    const figures = moment?.sheet?.figures ?? [];
    this.#figures.render(figures.length ? moment : null);
    this.#elements.answer.hidden = figures.length > 0;
    const several = moment !== null && figures.length > 1;
    setText(this.#elements.figureWords, several ? figureWords(moment.answer, figures.indexOf(moment), figures.length) : "");
  }

  /** @param {Words} words @param {{verdict: Prediction["verdict"], probabilities: number[] | null}} answer */
  #say(words, { verdict, probabilities }) {
    for (const name of /** @type {const} */ (["answer", "verdict", "reason"])) setText(this.#elements[name], words[name]);
    this.#elements.workspace.dataset.verdict = verdict;
    renderBars(this.#elements.bars, probabilities);
    this.short.render(words, probabilities);
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
        ink: moment.sheet || moment.snapshot.photo ? null : moment.snapshot.raster.bounds(),
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
