// One neuron: what it looks for, its pre-activation and activation for this drawing, what feeds it and which digits it
// adds to.

import { displayName, preActivationTerms, unitId, twoDecimals, neuronSentence, layerTitle, parseUnit } from "../explain/neurons.js";
import { argmax, strongestOf } from "../explain/numbers.js";
import { roundToSum, signed } from "../explain/reasons.js";
import { UNEXPLAINED, aDigit, briefly } from "../explain/words.js";
import { Latest, memoized } from "../server/latest.js";
import { paintContour } from "../views/contour.js";
import { button, el, sumRow } from "../views/dom.js";
import { choiceField, stepper } from "../views/fields.js";
import { renderHeat } from "../views/heatmap.js";
import { LogitBars } from "../views/logit-bars.js";
import { renderPictures } from "../views/thumbnails.js";

/** @import { Unit } from "../explain/neurons.js" */
/** @import { Activations, Feed, Gallery, Inspection } from "../server/api.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Store, Explained, State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** Training pictures shown. */
const PICTURES = 6;

/** @param {State} state @param {Explained} explained @returns {ArrayLike<number>}  The picture that was explained. */
function inkOf({ moments, moment }, { snapshot }) {
  const explained = moments.list.find((each) => each.snapshot === snapshot) ?? moment;
  return explained?.answer.input ?? [];
}

/** @param {Inspection} unit @param {ArrayLike<number>} ink @returns {[string, number][]}  Rounded terms that add up. */
export function terms(unit, ink) {
  const names = ["Ink that raises it", "Ink that lowers it", unit.layer === "hidden1" ? "Its bias, before any ink" : "Biases, its own and those below"];
  const values = roundToSum(preActivationTerms(unit, ink), 2);
  return names.map((name, i) => [name, values[i]]);
}

/** @param {Inspection} unit @param {ArrayLike<number>} ink @param {boolean} ablated @returns {HTMLElement[]} */
function sumRows(unit, ink, ablated) {
  const rows = terms(unit, ink);
  const intro = ablated ? "It is switched off" : unit.total > 0 ? "More than 0, so it says" : "Not more than 0, so it says";
  return [
    ...rows.map(([name, value]) => sumRow(name, value)),
    sumRow("Together, what it hears", rows.reduce((all, [, value]) => all + value, 0), "total"),
    el("tr", {}, el("th", { scope: "row" }, `${intro} (ReLU)`), el("td", {}, twoDecimals(unit.value))),
  ];
}

/** @param {Inspection} unit @param {readonly Activations[]} layers @returns {string}  The meaning of the picture. */
function pictureWords({ layer }, layers) {
  const legend = "Ink on blue raises its sum, ink on crossed orange lowers it; the outline is your drawing.";
  const below = layers[layers.findIndex((each) => each.layer === layer) - 1];
  if (!below) return `What it looks for, its 784 weights. ${legend}`;
  const active = below.values.filter((value) => value > 0).length;
  return `What it looks for in this drawing, through the ${active} neurons below that speak now: draw on and it changes. ${legend}`;
}

/** The neurons below with the largest parts in the pre-activation. */
class Feeds {
  #list = el("ol", { class: "feeds" });
  #note = el("p", { class: "note" });
  element = el("div", {}, this.#note, this.#list);
  /** @type {Feed[]} */
  #shown = [];
  #go;

  /** @param {(unit: Unit) => void} go */
  constructor(go) {
    this.#go = go;
  }

  /** @param {Feed[]} feeds */
  render(feeds) {
    const below = feeds.filter(({ layer, part }) => layer !== "input" && part !== 0);
    this.element.hidden = feeds.every(({ layer }) => layer === "input");
    this.#note.textContent = below.length ? "Which neurons below feed it, and what each adds to its sum" : "No neuron below says anything to it.";
    this.#shown = below;
    while (this.#list.children.length < below.length) this.#list.append(this.#item(this.#list.children.length));
    while (this.#list.children.length > below.length) this.#list.lastElementChild?.remove();
    const most = strongestOf(below.map(({ part }) => part));
    below.forEach((feed, i) => this.#fill(/** @type {HTMLElement} */ (this.#list.children[i].firstElementChild), feed, most));
  }

  /** @param {number} i @returns {HTMLElement} */
  #item(i) {
    const made = button("", () => this.#go(this.#shown[i]), "feed");
    made.append(el("span", { class: "name" }), el("span", { class: "bar" }, el("span", { class: "fill" })), el("span", { class: "part" }));
    return el("li", {}, made);
  }

  /** @param {HTMLElement} item @param {Feed} feed @param {number} most */
  #fill(item, { layer, number, part }, most) {
    const [name, bar, value] = /** @type {HTMLElement[]} */ (Array.from(item.children));
    item.classList.toggle("pro", part > 0);
    item.classList.toggle("con", part <= 0);
    item.ariaLabel = `${unitId({ layer, number })} ${signed(part, 2)}: look inside it`; // begins with the text on show
    name.textContent = unitId({ layer, number });
    bar.style.setProperty("--size", `${Math.abs(part) / most}`);
    value.textContent = signed(part, 2);
  }
}

/** The training pictures that activate a neuron most; fetched once for each neuron, and again after a failure. */
class TopPictures {
  #note = el("p", { class: "note" });
  #list = el("ol", { class: "pictures" });
  element = el("div", { class: "top-pictures" }, this.#note, this.#list);
  /** @type {Latest<Gallery>} */
  #latest = new Latest();
  /** @type {Map<string, Gallery>} By model and neuron. */
  #known = new Map();

  /** @param {Store} store @param {string} unit @param {Moment} moment */
  render(store, unit, { snapshot, answer: { model } }) {
    const name = `${model} ${unit}`;
    const show = () => this.#show(this.#known.get(name) ?? null);
    this.#latest.ask([name, snapshot], () => memoized(this.#known, name, () => store.gallery(unit)), show);
    show();
  }

  /** Painted every time, since the theme may have changed. @param {Gallery | null} gallery */
  #show(gallery) {
    const waiting = !gallery && !this.#latest.settled;
    this.#list.classList.toggle("waiting", waiting); // those of another neuron
    this.#note.textContent = waiting ? "Looking for the training pictures that light it most …"
      : !gallery ? "No training pictures are to be had. Change the drawing, and they are asked for again."
      : gallery.pictures.length ? "The training pictures that light it most, and what it says to each" : "No training picture makes it say anything.";
    if (gallery) renderPictures(this.#list, gallery, PICTURES, (label, value) => [aDigit(label), value.toFixed(1)]);
    else if (!waiting) this.#list.replaceChildren();
  }
}

/** @param {(unit: Unit) => void} go */
function controlsOf(go) {
  /** @type {{layers: readonly Activations[], unit: Unit}} */
  let at = { layers: [], unit: { layer: "", number: 0 } };
  const strongestOfLayer = (/** @type {Activations} */ { layer, values }) => ({ layer, number: argmax(values) });
  const layer = choiceField("Layer", (i) => go(strongestOfLayer(at.layers[i])));
  const number = stepper("Neuron", (value) => go({ layer: at.unit.layer, number: value }));
  const here = () => at.layers.findIndex((each) => each.layer === at.unit.layer);
  const strongest = button("Strongest now", () => go(strongestOfLayer(at.layers[here()])));
  const element = el("div", { class: "controls" }, layer.element, number.element, strongest);
  const show = (/** @type {readonly Activations[]} */ layers, /** @type {Unit} */ unit) => {
    at = { layers, unit };
    layer.show(layers.map((each) => layerTitle(each.layer)), here());
    number.show(unit.number, layers[here()].values.length);
  };
  return { element, show };
}

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, { store, say }) {
  /** @type {"" | "neuron" | "switch"} What is announced once its explanation is there. */
  let announceNext = "";
  const go = (/** @type {Unit} */ { layer, number }) => {
    announceNext = "neuron";
    store.choose({ unit: unitId({ layer, number }) });
  };
  const sentence = el("p", { class: "sentence" });
  const controls = controlsOf(go);
  const heat = el("canvas", { class: "heatmap" });
  const legend = el("p", { class: "note" });
  const sum = el("table", { class: "sum" });
  const toggle = button("", () => {
    announceNext = "switch";
    store.toggle(store.choice.unit ?? "");
  });
  const [votes, feeds, topPictures] = [new LogitBars(), new Feeds(go), new TopPictures()];
  const found = el(
    "div",
    { class: "found" },
    el("div", { class: "row" }, heat, el("div", {}, sum, toggle, legend)),
    el("div", { class: "pair" }, votes.element, feeds.element, topPictures.element),
  );
  body.append(controls.element, sentence, found);

  /** @param {Inspection} unit @param {State} state @param {Explained} explained */
  const show = (unit, state, explained) => {
    const ink = inkOf(state, explained);
    const ablated = unit.value === 0 && (unit.total > 0 || state.choice.ablated.has(unitId(unit)));
    sentence.textContent = neuronSentence(unit, ablated);
    legend.textContent = pictureWords(unit, state.moment?.answer.activations ?? []);
    toggle.textContent = ablated ? "Switch this neuron on" : "Switch this neuron off";
    renderHeat(heat, unit.picture, null, `What ${displayName(unit)} looks for.`);
    paintContour(heat, ink);
    sum.replaceChildren(...sumRows(unit, ink, ablated));
    votes.render(unit);
    feeds.render(unit.feeds);
    if (!state.live && state.moment) topPictures.render(store, unitId(unit), state.moment);
    if (!announceNext || !state.fresh) return;
    say(neuronSentence(unit, ablated) + (announceNext === "switch" ? ` The answer is ${briefly(explained.explanation)}.` : ""));
    announceNext = "";
  };

  return (state) => {
    const { moment, explained, choice } = state;
    const layers = moment && moment.answer.verdict !== "blank" ? moment.answer.activations : [];
    controls.element.hidden = found.hidden = layers.length === 0;
    if (layers.length === 0) return void (sentence.textContent = "Draw something, and look inside any neuron that hears it.");
    const unit = parseUnit(choice.unit, layers);
    const last = layers[layers.length - 1];
    if (!unit) return store.choose({ unit: unitId({ layer: last.layer, number: argmax(last.values) }) });
    controls.show(layers, unit);
    const inspected = explained?.explanation.unit;
    const here = inspected !== undefined && unitId(inspected) === unitId(unit);
    found.classList.toggle("waiting", !here);
    found.hidden = !inspected;
    if (here && explained) show(inspected, state, explained);
    else sentence.textContent = state.unavailable ? UNEXPLAINED : `Looking inside ${displayName(unit)} …`;
  };
}

/** @type {Panel} */
export const neuron = { needsExplanations: true, build };
