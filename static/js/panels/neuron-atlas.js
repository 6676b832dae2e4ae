// What the answer would lose without each neuron; neurons are ablated here, one by one or ten at once.

import { byImportance, effectsOf, withoutUnit } from "../explain/neurons.js";
import { argmax, strongestOf } from "../explain/numbers.js";
import { UNEXPLAINED, briefly } from "../explain/words.js";
import { Latest } from "../server/latest.js";
import { AblationEffects } from "../views/ablation-effects.js";
import { button, el } from "../views/dom.js";

/** @import { Effect } from "../explain/neurons.js" */
/** @import { Explanation, Prediction } from "../server/api.js" */
/** @import { Explained, State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** Neurons that are named. */
const NAMED = 5;
/** Neurons that a button ablates at once. */
const ABLATED_AT_ONCE = 10;
/** Neurons from which the tiles get the whole width. */
const WIDE = 320;

/**
 * @param {Explanation} now @param {Prediction | null} intact  The answer of the whole network, once it is known.
 * @param {number} ablated @param {number} all @returns {string}
 */
export function ablationStatus(now, intact, ablated, all) {
  if (ablated === 0) return `All ${all} neurons are on, and the answer is ${briefly(now)}.`;
  const start = `${ablated} of ${all} neurons ${ablated === 1 ? "is" : "are"} off: the answer is ${briefly(now)}`;
  if (!intact) return `${start}.`;
  const same = intact.digit === now.digit && intact.verdict === now.verdict;
  return `${start}, and with all of them on ${same ? "it is still" : "it would be"} ${briefly(intact)}.`;
}

/** @param {Explanation} explanation @param {Effect[]} ranked @param {number} ablated @returns {string}  The meaning of the tiles. */
export function tilesMeaning({ target, against }, ranked, ablated) {
  const flips = ranked.filter((effect) => effect.flips).length;
  return [
    `Each tile is one neuron: what ${target} would lose (blue) or gain (orange) against ${against} without it, in log-odds.`,
    ...(ablated ? ["This is measured in the network as it is now, with the others off."] : []),
    flips === 0 ? "No single one decides the answer."
      : `Switching off ${flips === 1 ? "one of them" : `any one of ${flips}`} would change the answer (dot).`,
  ].join(" ");
}

/** The most important neurons in words; each is a button that ablates it. */
class TopNeurons {
  element = el("ol", { class: "top-neurons" });
  /** @type {Effect[]} */
  #shown = [];

  /** @param {(unit: string) => void} chosen */
  constructor(chosen) {
    for (let i = 0; i < NAMED; i++) {
      const line = button("", () => chosen(this.#shown[i].unit), "line");
      line.append(el("b"), el("span"));
      this.element.append(el("li", {}, line));
    }
  }

  /** @param {Effect[]} effects @param {number} answer */
  render(effects, answer) {
    this.#shown = effects.slice(0, NAMED);
    Array.from(this.element.children).forEach((item, i) => {
      const effect = this.#shown[i];
      /** @type {HTMLElement} */ (item).hidden = !effect;
      if (!effect) return;
      const [name, words] = /** @type {Element} */ (item.firstElementChild).children;
      name.textContent = `${effect.unit}: `;
      words.textContent = withoutUnit(effect, answer);
      words.classList.toggle("decides", effect.flips);
    });
  }
}

/** @param {string[]} from @param {number} count @returns {string[]}  A random sample. */
function someOf(from, count) {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

const legend = () =>
  el(
    "ul",
    { class: "tile-legend" },
    ...[["for", "speaks for it"], ["against", "speaks against"], ["flip", "decides it alone"], ["ablated", "off"]].map(([kind, words]) =>
      el("li", {}, el("span", { class: `mark mark-${kind}`, "aria-hidden": "true" }), words),
    ),
  );

class NeuronAtlas {
  #sentence = el("p", { class: "sentence" });
  #note = el("p", { class: "note" });
  #readout = el("p", { class: "note readout" });
  #grids = el("div", { class: "effects" });
  #top = new TopNeurons((unit) => this.#toggle(unit));
  #ablateButtons = [
    button("Switch off the ten most important", () => this.#ablate(this.#names().slice(0, ABLATED_AT_ONCE))),
    button("Switch off a random ten", () => this.#ablate(someOf(this.#names(), ABLATED_AT_ONCE))),
  ];
  #restore = button("Switch on all", () => this.#choose([]));
  #buttons = el("div", { class: "buttons" }, ...this.#ablateButtons, this.#restore);
  #found;
  /** @type {Latest<Prediction[]>} The answer of the whole network while a part of it is ablated. */
  #intact = new Latest();
  /** @type {AblationEffects[]} */
  #layers = [];
  /** @type {Effect[][]} */
  #effects = [];
  /** @type {Effect[]} Of those that are on. */
  #ranked = [];
  #answer = 0;
  /** @type {[number, number] | null} Layer and index of the tile that was pointed at. */
  #pointed = null;
  /** Whether the next sentence is announced: the person has just changed something. */
  #announceNext = false;
  #tools;
  #refresh;

  /** @param {HTMLElement} body @param {Tools} tools @param {() => void} refresh */
  constructor(body, tools, refresh) {
    this.#tools = tools;
    this.#refresh = refresh;
    const title = el("h4", {}, "The most important now: press one to switch it off");
    const words = el("div", {}, this.#note, el("div", {}, title, this.#top.element));
    this.#found = el("div", { class: "neuron-atlas" }, words, el("div", {}, this.#grids, legend(), this.#readout));
    body.append(this.#sentence, this.#buttons, this.#found);
  }

  /** @param {State} state */
  render({ explained, unavailable, fresh, choice, live }) {
    this.#found.hidden = this.#buttons.hidden = !explained;
    if (!explained) return void (this.#sentence.textContent = unavailable ? UNEXPLAINED : "Draw something, and see which neurons its answer hangs on.");
    this.#effects = effectsOf(explained.explanation);
    this.#answer = argmax(explained.explanation.logits);
    this.#ranked = byImportance(this.#effects, choice.ablated);
    if (fresh) this.#describe(explained, live); // else an answer is awaited
    this.#paint(choice.ablated);
    this.#restore.disabled = choice.ablated.size === 0;
    for (const each of this.#ablateButtons) each.disabled = this.#ranked.length === 0;
    this.#read();
  }

  /** @param {Explained} explained @param {boolean} live */
  #describe({ explanation, snapshot }, live) {
    const { store, say } = this.#tools;
    const ablated = store.state.choice.ablated.size;
    const key = [snapshot, store.query("skip")];
    if (ablated && !live) this.#intact.ask(key, () => store.whatIf([snapshot], { ablated: new Set() }), this.#refresh);
    const intact = (this.#intact.asked(key) && this.#intact.answer?.[0]) || null;
    this.#sentence.textContent = ablationStatus(explanation, intact, ablated, this.#effects.flat().length);
    this.#note.textContent = tilesMeaning(explanation, this.#ranked, ablated);
    this.#top.render(this.#ranked, this.#answer);
    if (!this.#announceNext || (ablated && !intact)) return;
    say(this.#sentence.textContent);
    this.#announceNext = false;
  }

  /** @param {ReadonlySet<string>} ablated */
  #paint(ablated) {
    const known = this.#layers.map(({ width }) => width).join() === this.#effects.map(({ length }) => length).join();
    if (!known) {
      this.#found.classList.toggle("wide-layers", this.#effects.flat().length > WIDE);
      this.#layers = this.#effects.map((tiles, k) => this.#layerOf(tiles, k));
      this.#grids.replaceChildren(...this.#layers.map(({ element }) => element));
    }
    const most = strongestOf(this.#effects.flat().map(({ change }) => change));
    this.#layers.forEach((layer, k) => layer.render(this.#effects[k], most, ablated));
  }

  /** @param {Effect[]} tiles @param {number} k @returns {AblationEffects} */
  #layerOf(tiles, k) {
    return new AblationEffects(tiles[0].unit.split(".")[0], tiles.length, {
      chosen: (number) => {
        this.#pointed = [k, number];
        this.#toggle(tiles[number].unit);
      },
      pointed: (number, aloud) => {
        this.#pointed = [k, number];
        this.#read();
        if (aloud) this.#tools.say(this.#readout.textContent);
      },
    });
  }

  #read() {
    const effect = this.#pointed && this.#effects[this.#pointed[0]]?.[this.#pointed[1]];
    const ablated = effect && this.#tools.store.state.choice.ablated.has(effect.unit);
    this.#readout.textContent = !effect ? "Point at a tile to read it; press it to switch it off."
      : `${effect.unit}: ${ablated ? "off; press it to switch it on" : withoutUnit(effect, this.#answer)}.`;
  }

  #names() {
    return this.#ranked.map(({ unit }) => unit);
  }

  /** @param {string} unit */
  #toggle(unit) {
    this.#announceNext = true;
    this.#tools.store.toggle(unit);
  }

  /** @param {string[]} units */
  #ablate(units) {
    this.#choose([...this.#tools.store.choice.ablated, ...units]);
  }

  /** @param {string[]} ablated */
  #choose(ablated) {
    this.#announceNext = true;
    this.#tools.store.choose({ ablated: new Set(ablated) });
  }
}

/** @type {Panel} */
export const neuronAtlas = {
  needsExplanations: true,
  build: (body, tools, refresh) => {
    const panel = new NeuronAtlas(body, tools, refresh);
    return (state) => panel.render(state);
  },
};
