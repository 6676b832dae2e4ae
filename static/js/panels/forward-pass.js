// The forward pass with the drawing's own numbers, one step at a time: a pixel, a sum, a bend, again, a score, a share.

import { sumInto, wayTo } from "../explain/forward.js";
import { largest, nameOf } from "../explain/neurons.js";
import { button, digitField, el } from "../views/dom.js";
import { choiceField } from "../views/fields.js";
import { bendStep, layerStep, pixelStep, scoreStep, shareStep, sumStep } from "../views/forward-steps.js";

/** @import { Parameters } from "../server/parameters.js" */
/** @import { Moment } from "../state/moments.js" */
/** @import { Scene } from "../state/store.js" */
/** @import { Flow, Step } from "../views/forward-steps.js" */
/** @import { Panel, Tools } from "./host.js" */
/** @typedef {{digit: number | null, picked: (number | null)[]}} Picks  Null: the answer, the strongest. */

/**
 * @param {Moment} moment @param {Parameters} parameters  Complete. @param {Picks} picks @param {number | null} own
 * @returns {Flow}
 */
function flowOf({ answer, switches }, parameters, { digit, picked }, own) {
  const [weights, biases] = /** @type {[Float32Array[], Float32Array[]]} */ ([parameters.weights, parameters.biases]);
  const values = [answer.input.map((ink) => ink / 255), ...answer.activations.map((layer) => layer.values)];
  const target = digit ?? largest(answer.probabilities);
  const way = [...wayTo(values, weights, biases, target, picked), target];
  const sums = way.map((unit, k) => sumInto(values[k], weights[k], biases[k], unit));
  const last = values.length - 1;
  const logits = answer.probabilities.map((_, each) => sumInto(values[last], weights[last], biases[last], each).total);
  const names = answer.activations.map(({ layer }) => layer);
  const off = names.map((layer, k) => switches.off.has(nameOf({ layer, number: way[k] })));
  return { input: answer.input, names, values, way, sums, logits, off, own };
}

/** @param {number} depth  Hidden layers. @param {(layer: number, number: number | null) => void} pick @returns {Step[]} */
function stepsOf(depth, pick) {
  const hidden = Array.from({ length: depth }, (_, k) => {
    const picked = (/** @type {number | null} */ number) => pick(k, number);
    return k === 0 ? [sumStep(picked), bendStep()] : [layerStep(k, picked)];
  });
  return [pixelStep(), ...hidden.flat(), scoreStep(), shareStep()];
}

/** @param {Scene} scene @param {Parameters} parameters @returns {string}  Why there is nothing to follow; else empty. */
function missing({ moment }, parameters) {
  if (!moment || moment.answer.verdict === "blank") return "Draw something, and follow its numbers from the ink to the answer.";
  if (parameters.complete && parameters.model === moment.answer.model) return "";
  return "The network’s own numbers are still on their way.";
}

class Numbers {
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
  /** @type {number | null} The network's own temperature, once it is known. */
  #own = null;
  /** Whether the person has just chosen something, and is to hear what is there. */
  #tell = false;
  #tools;

  /** @param {HTMLElement} body @param {Tools} tools */
  constructor(body, tools) {
    this.#tools = tools;
    const choices = el("div", { class: "controls" }, this.#digits.element, el("div", { class: "buttons" }, this.#back, this.#next));
    this.#found = el("div", { class: "numbers" }, choices, this.#tabs.element, this.#page);
    body.append(this.#empty, this.#found);
  }

  /** @param {Scene} scene */
  render(scene) {
    const { parameters } = this.#tools;
    const why = missing(scene, parameters);
    this.#own = scene.explained?.explanation.temperature ?? this.#own;
    this.#empty.textContent = why;
    this.#empty.hidden = why === "";
    this.#found.hidden = why !== "";
    if (!scene.moment) this.#picks = { digit: null, picked: [] };
    else if (why === "") this.#show(flowOf(scene.moment, parameters, this.#picks, this.#own));
  }

  /** @param {Flow} flow */
  #show(flow) {
    if (this.#depth !== flow.names.length) this.#steps = stepsOf(flow.names.length, (k, number) => this.#pick(k, number));
    this.#depth = flow.names.length;
    this.#at = Math.min(this.#at, this.#steps.length - 1);
    const step = this.#steps[this.#at];
    if (this.#page.firstElementChild !== step.element) this.#page.replaceChildren(step.element);
    step.show(flow);
    this.#digits.show(flow.way[flow.way.length - 1]);
    this.#tabs.show(this.#steps.map(({ name }, i) => `${i + 1} ${name}`), this.#at);
    this.#back.disabled = this.#at === 0;
    this.#next.textContent = this.#at === this.#steps.length - 1 ? "Start again" : "Next";
    if (this.#tell) this.#tools.say(step.element.querySelector(".sentence")?.textContent ?? "");
    this.#tell = false;
  }

  /** @param {number} to */
  #go(to) {
    const first = to === 0 && document.activeElement === this.#back;
    this.#at = to;
    this.#choose(this.#picks);
    if (first) this.#next.focus(); // there is nothing to go back to
  }

  /** @param {number} layer @param {number | null} number */
  #pick(layer, number) {
    this.#choose({ ...this.#picks, picked: Object.assign([...this.#picks.picked], { [layer]: number }) });
  }

  /** @param {Picks} picks */
  #choose(picks) {
    this.#picks = picks;
    this.#tell = true;
    this.render(this.#tools.desk.scene);
  }
}

/** @param {HTMLElement} body @param {Tools} tools @returns {(scene: Scene) => void} */
function build(body, tools) {
  const panel = new Numbers(body, tools);
  return (scene) => panel.render(scene);
}

/** @type {Panel} */
export const numbers = { curious: true, build };
