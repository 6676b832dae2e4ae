// The answer in the views that are always on the page: words, bars, network and connections.

import { inFrames } from "../drawing/frames.js";
import { boundsOf } from "../drawing/raster.js";
import { argmax } from "../explain/numbers.js";
import { trace, traceUnit } from "../explain/trace.js";
import { figureWords, wordsForNumber } from "../explain/number-words.js";
import { BLANK, wordsFor } from "../explain/words.js";
import { buildBars, renderBars } from "./bars.js";
import { Connections } from "./connections.js";
import { setHidden, setText } from "./dom.js";
import { FiguresView } from "./figures.js";
import { NetworkView } from "./network.js";
import { NeuronTip, portraitOf, sentenceOf } from "./neuron-tip.js";
import { ShortAnswer } from "./short-answer.js";

/** @import { Unit } from "../explain/neurons.js" */
/** @import { Link } from "../explain/trace.js" */
/** @import { Prediction } from "../server/api.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Words } from "../explain/words.js" */
/**
 * @typedef {object} Listener
 * @property {((unit: string) => void) | null} chosen  A neuron was chosen: "hidden1.17". Null if it cannot be inspected.
 * @property {(figure: Moment) => void} looked  Another figure of the number is chosen.
 * @property {() => void} explored  A neuron is pointed at: the network's weights are needed.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 */
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
  #parameters;
  #listener;
  #connections;
  #figures;
  #tip;
  network;
  short;
  /** @type {Moment | null} The latest answer; null on a blank pad. */
  #moment = null;
  /** @type {Unit | null} The neuron that is pointed at: only its connections are shown. */
  #unit = null;
  #byFinger = false;
  /** What is still to be shown of the latest answer. */
  #later = { bars: () => {}, network: () => {} };
  #showBars = inFrames(1, () => this.#later.bars());
  #showNetwork = inFrames(2, () => this.#later.network());

  /**
   * @param {Elements} elements @param {number[]} sizes  The widths of the network's layers. @param {Parameters} parameters
   * @param {Listener} listener
   */
  constructor(elements, sizes, parameters, listener) {
    this.#elements = elements;
    this.#parameters = parameters;
    this.#listener = listener;
    this.#figures = new FiguresView(elements.figures, listener.looked);
    this.#connections = new Connections(elements.connections);
    this.#tip = new NeuronTip(elements.workspace, elements.network);
    this.network = new NetworkView(elements.network, elements.input, { chosen: listener.chosen, pointed: (unit, by) => this.#point(unit, by) });
    buildBars(elements.bars, sizes[sizes.length - 1]);
    this.short = new ShortAnswer(elements.workspace, elements.short, elements.pad, sizes[sizes.length - 1]);
    this.network.rest(sizes.slice(1, -1).map((width, i) => ({ layer: `hidden${i + 1}`, width })));
  }

  /**
   * @param {Moment} moment
   * @param {{live?: boolean, lines?: boolean}} [how]  Whether somebody draws: words, bars and network then have a frame each,
   *   since the pen's line comes first; and whether connections are shown.
   */
  render(moment, { live = false, lines = true } = {}) {
    const { answer, sheet } = moment;
    const words = sheet ? wordsForNumber(sheet.reading) : wordsFor(answer);
    this.#say(words, answer.verdict);
    this.#showFigures(moment);
    this.#later = { bars: () => this.#renderBars(words, answer.probabilities), network: () => this.#renderNetwork(moment, lines) };
    for (const show of live ? [this.#showBars, this.#showNetwork] : [this.#later.bars, this.#later.network]) show();
  }

  /** @param {Moment} moment @param {boolean} lines */
  #renderNetwork(moment, lines) {
    this.#moment = moment;
    this.network.render(moment.answer.activations, moment.answer.input);
    if (lines) this.refresh();
    else this.#connections.clear();
  }

  /** Nothing is drawn, or found. @param {Words} [words] */
  rest(words = BLANK) {
    this.#later = { bars: () => {}, network: () => {} };
    this.#moment = null;
    this.#say(words, "blank");
    this.#showFigures(null);
    this.#renderBars(words, null);
    this.network.rest();
    this.refresh();
  }

  /** @param {Moment | null} moment  Null: nothing is read. */
  #showFigures(moment) {
    const figures = moment?.sheet?.figures ?? [];
    this.#figures.render(figures.length ? moment : null);
    setHidden(this.#elements.answer, figures.length > 0);
    const several = moment !== null && figures.length > 1;
    setText(this.#elements.figureWords, several ? figureWords(moment.answer, figures.indexOf(moment), figures.length) : "");
  }

  /** @param {Words} words @param {Prediction["verdict"]} verdict */
  #say(words, verdict) {
    for (const name of /** @type {const} */ (["answer", "verdict", "reason"])) setText(this.#elements[name], words[name]);
    this.#elements.workspace.dataset.verdict = verdict;
  }

  /** @param {Words} words @param {number[] | null} probabilities  Null on a blank pad. */
  #renderBars(words, probabilities) {
    renderBars(this.#elements.bars, probabilities);
    this.short.render(words, probabilities);
  }

  /** The weights have come, or the answer is another: shows the connections, and the neuron that is pointed at. */
  refresh() {
    this.#portray();
    if (this.#moment) this.#connect(this.#moment);
    else this.#connections.clear();
  }

  /** Elements on the page may have moved. */
  reconnect() {
    this.#connections.invalidate();
    this.refresh();
  }

  /** @param {Unit | null} unit @param {"keys" | "mouse" | "finger"} by  By keys, it is read out. */
  #point(unit, by) {
    if (!unit && !this.#unit) return;
    [this.#unit, this.#byFinger] = [unit, by === "finger"];
    this.network.point(unit);
    if (unit) this.#listener.explored();
    this.refresh();
    if (unit && by === "keys") this.#listener.announce(sentenceOf(this.#portraitOf(unit)));
  }

  /** @param {Unit} unit */
  #portraitOf(unit) {
    return portraitOf(unit, this.#moment, this.#parameters, this.#listener.chosen !== null);
  }

  #portray() {
    const portrait = this.#unit && this.#portraitOf(this.#unit);
    this.network.describe(this.#unit, portrait ? sentenceOf(portrait) : "");
    if (portrait) this.#tip.show(portrait, this.network.layers, this.#byFinger);
    else this.#tip.hide();
  }

  /** @param {Moment} moment */
  #connect(moment) {
    const { input: picture, activations, probabilities } = moment.answer;
    const { pad, input, bars } = this.#elements;
    const layers = [Array.from(picture, (value) => value / 255), ...activations.map(({ values }) => values)];
    this.#connections.render(
      { pad, input, layers: this.network.layers.map(({ canvas }) => canvas), rows: Array.from(bars.children) },
      {
        ink: moment.sheet || moment.snapshot.photo || this.#unit ? null : moment.snapshot.raster.bounds(),
        seen: boundsOf(picture),
        links: this.#linksOf(moment.answer, layers, argmax(probabilities)),
        widths: layers.map(({ length }) => length),
      },
    );
  }

  /** @param {Moment["answer"]} answer @param {ArrayLike<number>[]} layers @param {number} digit @returns {Link[][]} */
  #linksOf({ model, activations }, layers, digit) {
    const { weights } = this.#parameters;
    if (model !== this.#parameters.model) return [];
    const unit = this.#unit;
    const k = unit ? activations.findIndex(({ layer }) => layer === unit.layer) + 1 : 0;
    return unit && k > 0 ? traceUnit(layers, weights, k, unit.number) : trace(layers, weights, digit);
  }
}
