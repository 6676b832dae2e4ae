// The forward pass with the drawing's own numbers, step by step: a pixel, a sum, a ReLU, the next layer, a logit, a
// probability.

import { sumInto, strongestPath } from "../explain/forward.js";
import { unitId } from "../explain/neurons.js";
import { argmax } from "../explain/numbers.js";
import { button, el } from "../views/dom.js";
import { choiceField, digitField } from "../views/fields.js";
import { reluStep, layerStep, pixelStep, scoreStep, shareStep, sumStep } from "../views/forward-steps.js";

/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { State } from "../state/store.js" */
/** @import { ForwardTrace, Step } from "../views/forward-steps.js" */
/** @import { Panel, Tools } from "./host.js" */
/** @typedef {{digit: number | null, picked: (number | null)[]}} Picks  Null: the answer, or the strongest neuron. */

/**
 * @param {Moment} moment @param {Parameters} parameters  Complete. @param {Picks} picks @param {number | null} own
 * @returns {ForwardTrace}
 */
function traceForward({ answer, switches }, parameters, { digit, picked }, own) {
  const [weights, biases] = /** @type {[Float32Array[], Float32Array[]]} */ ([parameters.weights, parameters.biases]);
  const values = [answer.input.map((ink) => ink / 255), ...answer.activations.map((layer) => layer.values)];
  const target = digit ?? argmax(answer.probabilities);
  const path = [...strongestPath(values, weights, biases, target, picked), target];
  const sums = path.map((unit, k) => sumInto(values[k], weights[k], biases[k], unit));
  const last = values.length - 1;
  const logits = answer.probabilities.map((_, each) => sumInto(values[last], weights[last], biases[last], each).total);
  const names = answer.activations.map(({ layer }) => layer);
  const ablated = names.map((layer, k) => switches.ablated.has(unitId({ layer, number: path[k] })));
  return { input: answer.input, names, values, path, sums, logits, ablated, own };
}

/** @param {number} depth  Hidden layers. @param {(layer: number, number: number | null) => void} pick @returns {Step[]} */
function stepsOf(depth, pick) {
  const hidden = Array.from({ length: depth }, (_, k) => {
    const picked = (/** @type {number | null} */ number) => pick(k, number);
    return k === 0 ? [sumStep(picked), reluStep()] : [layerStep(k, picked)];
  });
  return [pixelStep(), ...hidden.flat(), scoreStep(), shareStep()];
}

/** @param {State} state @param {Parameters} parameters @returns {string}  The reason if nothing can be shown; else empty. */
function problemOf({ moment }, parameters) {
  if (!moment || moment.answer.verdict === "blank") return "Draw something, and follow its numbers from the ink to the answer.";
  if (parameters.complete && parameters.model === moment.answer.model) return "";
  return parameters.failed ? "The network’s own numbers did not come. They are asked for again with the next answer." : "The network’s own numbers are still on their way.";
}

class ForwardPass {
  #empty = el("p", { class: "sentence" });
  #digits = digitField("Follow the digit", (digit) => this.#choose({ ...this.#picks, digit }));
  #tabs = choiceField("Step", (i) => this.#go(i));
  #back = button("Back", () => this.#go(this.#at - 1));
  #next = button("Next", () => this.#go((this.#at + 1) % this.#steps.length));
  #page = el("div", { class: "page" });
  #found;
  /** @type {Picks} */
  #picks = { digit: null, picked: [] };
  /** @type {Step[]} */
  #steps = [];
  #depth = -1;
  #at = 0;
  /** @type {number | null} The network's temperature, once it is known. */
  #own = null;
  /** Whether the next sentence is announced: the person has just chosen something. */
  #announceNext = false;
  #tools;

  /** @param {HTMLElement} body @param {Tools} tools */
  constructor(body, tools) {
    this.#tools = tools;
    const choices = el("div", { class: "controls" }, this.#digits.element, el("div", { class: "buttons" }, this.#back, this.#next));
    this.#found = el("div", { class: "forward-pass" }, choices, this.#tabs.element, this.#page);
    body.append(this.#empty, this.#found);
  }

  /** @param {State} state */
  render(state) {
    const { parameters } = this.#tools;
    if (state.moment && !state.live && state.moment.answer.verdict !== "blank") void parameters.load(state.moment.answer);
    const problem = problemOf(state, parameters);
    this.#own = state.explained?.explanation.temperature ?? this.#own;
    this.#empty.textContent = problem;
    this.#empty.hidden = problem === "";
    this.#found.hidden = problem !== "";
    if (!state.moment) this.#picks = { digit: null, picked: [] };
    else if (problem === "") this.#show(traceForward(state.moment, parameters, this.#picks, this.#own));
  }

  /** @param {ForwardTrace} trace */
  #show(trace) {
    if (this.#depth !== trace.names.length) this.#steps = stepsOf(trace.names.length, (k, number) => this.#pick(k, number));
    this.#depth = trace.names.length;
    this.#at = Math.min(this.#at, this.#steps.length - 1);
    const step = this.#steps[this.#at];
    if (this.#page.firstElementChild !== step.element) this.#page.replaceChildren(step.element);
    step.show(trace);
    this.#digits.show(trace.path[trace.path.length - 1]);
    this.#tabs.show(this.#steps.map(({ name }, i) => `${i + 1} ${name}`), this.#at);
    this.#back.disabled = this.#at === 0;
    this.#next.textContent = this.#at === this.#steps.length - 1 ? "Start again" : "Next";
    if (this.#announceNext) this.#tools.say(step.element.querySelector(".sentence")?.textContent ?? "");
    this.#announceNext = this.#own === null && this.#at === this.#steps.length - 1; // its number is still on its way
  }

  /** @param {number} to */
  #go(to) {
    const first = to === 0 && document.activeElement === this.#back;
    this.#at = to;
    this.#choose(this.#picks);
    if (first) this.#next.focus(); // Back is disabled now
  }

  /** @param {number} layer @param {number | null} number */
  #pick(layer, number) {
    this.#choose({ ...this.#picks, picked: Object.assign([...this.#picks.picked], { [layer]: number }) });
  }

  /** @param {Picks} picks */
  #choose(picks) {
    this.#picks = picks;
    this.#announceNext = true;
    this.render(this.#tools.store.state);
  }
}

/** @type {Panel} */
export const forwardPass = {
  needsExplanations: true,
  build: (body, tools) => {
    const panel = new ForwardPass(body, tools);
    return (state) => panel.render(state);
  },
};
