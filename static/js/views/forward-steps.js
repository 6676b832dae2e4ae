// The steps of the forward pass, each with a sentence and its formula, with the drawing's own numbers.

import { PLACES, softmax, writtenSum } from "../explain/forward.js";
import { displayName, unitId } from "../explain/neurons.js";
import { argmax } from "../explain/numbers.js";
import { signed } from "../explain/reasons.js";
import { CELLS } from "../explain/stroke-attribution.js";
import { percent } from "../explain/words.js";
import { button, el } from "./dom.js";
import { stepper } from "./fields.js";
import { renderInput } from "./input-image.js";
import { brief, factor, formula, m, mi, mn, mo, sub } from "./mathml.js";
import { reluPlot } from "./relu-plot.js";

/** @import { Product, Sum } from "../explain/forward.js" */
/**
 * The numbers on a path from the picture to one digit.
 * @typedef {object} ForwardTrace
 * @property {number[]} input  0 to 255.
 * @property {string[]} names  Of the hidden layers.
 * @property {number[][]} values  The activations of each layer, the picture in 0–1 first.
 * @property {number[]} path  One neuron of each hidden layer, and the digit.
 * @property {Sum[]} sums  The pre-activation of each.
 * @property {number[]} logits
 * @property {boolean[]} ablated  For each of these neurons.
 * @property {number | null} own  The network's own temperature, once it is known.
 */
/** @typedef {{name: string, element: HTMLElement, show: (trace: ForwardTrace) => void}} Step */

/** Terms of a sum that are written out. */
const WRITTEN = 3;
/** The least and the greatest temperature of the slider, and its step. */
const [COLDEST, HOTTEST, NOTCH] = [0.25, 4, 0.05];
/** Places of the network's own temperature: with fewer, its powers and shares would not come out. */
const OWN_PLACES = 4;

/** @param {number} value @param {number} [places] @returns {string} */
const plain = (value, places = PLACES) => signed(value, places).replace(/^[+±]/, "");

/** @param {number} index  Of a pixel. @returns {string} */
const pixelName = (index) => `row ${Math.floor(index / CELLS)}, column ${index % CELLS}`;

/** @param {ForwardTrace} trace @param {number} k @param {number} from @returns {string}  The name of an input of layer k. */
const inputName = ({ names }, k, from) => (k === 0 ? pixelName(from) : unitId({ layer: names[k - 1], number: from }));

/** @param {string} name @param {...(Node | string)} children */
function page(name, ...children) {
  const sentence = el("p", { class: "sentence" });
  return { name, sentence, element: el("section", { "aria-label": name }, sentence, ...children) };
}

/** The picture that the network sees, with marks on some pixels. */
function marked() {
  const canvas = el("canvas", { role: "img" });
  const element = el("div", { class: "marked" }, canvas);
  const show = (/** @type {ArrayLike<number>} */ input, /** @type {number[]} */ pixels) => {
    renderInput(canvas, input);
    element.replaceChildren(canvas, ...pixels.map(() => el("i")));
    pixels.forEach((pixel, i) => {
      const { style } = /** @type {HTMLElement} */ (element.children[i + 1]);
      style.setProperty("--column", `${pixel % CELLS}`);
      style.setProperty("--row", `${Math.floor(pixel / CELLS)}`);
    });
  };
  return { element, show };
}

/** @returns {Step} */
export function pixelStep() {
  const [written, note, picture] = [el("p", { class: "formula" }), el("p", { class: "note" }), marked()];
  const made = page("A pixel", el("div", { class: "row" }, picture.element, el("div", {}, written, note)));
  const show = (/** @type {ForwardTrace} */ { input, sums }) => {
    const pixel = sums[0].terms[0]?.from ?? 0;
    const inked = input.filter((ink) => ink > 0).length;
    made.sentence.textContent = `The pixel in ${pixelName(pixel)} is inked ${input[pixel]} of 255: to the network it is ${plain(input[pixel] / 255)}.`;
    written.replaceChildren(
      formula("The pixel is its ink divided by 255", sub("x", pixel), mo("="), m("mfrac", m("mn", `${input[pixel]}`), m("mn", "255")), mo("="), mn(input[pixel] / 255)),
    );
    note.textContent = `The network sees nothing but ${input.length} such numbers, row by row. ${inked} of them hold ink; a blank pixel is 0 and adds nothing. This one, counted from 0, matters most to the next step.`;
    picture.show(input, [pixel]);
  };
  return { ...made, show };
}

/** @param {string} name @param {MathMLElement | null} product @param {number} value @param {string} [kind] */
function row(name, product, value, kind = value > 0 ? "pro" : "con") {
  const head = el("th", { scope: "row", ...(product ? {} : { colspan: "2" }) }, name);
  return el("tr", { class: kind }, head, ...(product ? [el("td", {}, product)] : []), el("td", {}, signed(value, PLACES)));
}

/** @param {Product} product */
const productFormula = ({ value, weight, places }) => formula("", mn(value, places[0]), mo("×"), factor(weight, places[1]));

/** @param {Sum} sum @param {(from: number) => string} name @param {string} end @returns {HTMLElement[]} */
function sumRows(sum, name, end) {
  const { products, others, rest, bias, total } = writtenSum(sum, WRITTEN);
  return [
    ...products.map((product) => row(name(product.from), productFormula(product), product.part)),
    ...(others ? [row(`… and ${others} more ${others === 1 ? "term" : "terms"}`, null, rest)] : []),
    row("the bias", null, bias),
    row(end, null, total, "total"),
  ];
}

/** @param {Sum} sum @returns {number}  As it stands below its terms. */
const totalOf = (sum) => writtenSum(sum, WRITTEN).total;

/** @param {string} z @param {string} x @param {number} unit @param {string} words */
const sumFormula = (z, x, unit, words) =>
  formula(words, sub(z, unit), mo("="), m("munder", mo("∑"), mi("i")), sub(x, "i"), mo("·"),
    m("msub", mi("w"), m("mrow", mi("i"), mo(","), m("mn", `${unit}`))), mo("+"), sub("b", unit));

/** @param {number} preActivation @param {boolean} ablated @returns {string}  The effect of the ReLU on a sum. */
export function reluInWords(preActivation, ablated) {
  if (ablated) return "but it is switched off and says nothing, 0";
  return preActivation > 0 ? "more than zero, and says just that" : "not more than zero, and says nothing, 0";
}

/**
 * @param {number} unit @param {number} preActivation @param {boolean} ablated
 * @returns {(Node | string)[]}  Two formulas, so that a narrow page can wrap.
 */
const reluFormula = (unit, preActivation, ablated) =>
  ablated
    ? [formula("h is zero", sub("h", unit), mo("="), m("mn", "0")), ", for it is switched off"]
    : [
        formula("h is z, or zero if z is below zero", sub("h", unit), mo("="), mi("max"), mo("("), m("mn", "0"), mo(","), sub("z", unit), mo(")")),
        " ",
        formula("", mo("="), mi("max"), mo("("), m("mn", "0"), mo(","), mn(preActivation), mo(")"), mo("="), mn(Math.max(0, preActivation))),
      ];

/** @param {ForwardTrace} trace @param {number} k @returns {string} */
const nameIn = (trace, k) => displayName({ layer: trace.names[k], number: trace.path[k] }).replace(/^n/, "N");

/** @param {(number: number | null) => void} pick */
function neuronField(pick) {
  const number = stepper("Neuron", pick);
  const element = el("div", { class: "controls" }, number.element, button("The strongest", () => pick(null)));
  return { element, show: number.show };
}

/** The first hidden layer: the pre-activation of one neuron. @param {(number: number | null) => void} pick @returns {Step} */
export function sumStep(pick) {
  const [written, table] = [el("p", { class: "formula" }), el("table", { class: "sum products" })];
  const [field, picture] = [neuronField(pick), marked()];
  const made = page("Multiply, add", field.element, el("div", { class: "row" }, picture.element, el("div", {}, written, table)));
  const show = (/** @type {ForwardTrace} */ trace) => {
    const [unit, sum] = [trace.path[0], trace.sums[0]];
    made.sentence.textContent = `${nameIn(trace, 0)} multiplies each pixel by its own weight for it and adds everything up: it hears ${plain(totalOf(sum))}.`;
    written.replaceChildren(sumFormula("z", "x", unit, "z is the sum of every pixel times its weight, plus the bias"));
    table.replaceChildren(...sumRows(sum, (from) => inputName(trace, 0, from), "z, what it hears"));
    field.show(unit, trace.values[1].length);
    picture.show(trace.input, sum.terms.slice(0, WRITTEN).map(({ from }) => from));
  };
  return { ...made, show };
}

/** The first hidden layer: its activations. @returns {Step} */
export function reluStep() {
  const [written, note, line] = [el("p", { class: "formula" }), el("p", { class: "note" }), reluPlot()];
  const made = page("Bend", el("div", { class: "row" }, line.element, el("div", {}, written, note)));
  const show = (/** @type {ForwardTrace} */ trace) => {
    const [preActivation, activations, ablated] = [totalOf(trace.sums[0]), trace.values[1], trace.ablated[0]];
    made.sentence.textContent = `${nameIn(trace, 0)} heard ${plain(preActivation)}, ${reluInWords(preActivation, ablated)}.`;
    written.replaceChildren(...reluFormula(trace.path[0], preActivation, ablated));
    const active = activations.filter((value) => value > 0).length;
    note.textContent = `This bend is called ReLU; without it all the layers together would be one plain sum. Of the ${activations.length} neurons of this layer ${active} speak now.`;
    line.show(preActivation, ablated);
  };
  return { ...made, show };
}

/** A later layer, sum and ReLU. @param {number} k @param {(number: number | null) => void} pick @returns {Step} */
export function layerStep(k, pick) {
  const [written, table, end] = [el("p", { class: "formula" }), el("table", { class: "sum products" }), el("p", { class: "formula" })];
  const field = neuronField(pick);
  const made = page(`Layer ${k + 1}`, field.element, written, table, end);
  const show = (/** @type {ForwardTrace} */ trace) => {
    const [unit, sum, activations, ablated] = [trace.path[k], trace.sums[k], trace.values[k + 1], trace.ablated[k]];
    const preActivation = totalOf(sum);
    made.sentence.textContent = `${nameIn(trace, k)} does the same with what the ${trace.values[k].length} neurons below say: it hears ${plain(preActivation)}, ${reluInWords(preActivation, ablated)}.`;
    written.replaceChildren(sumFormula("z", "h", unit, "z is the sum of what every neuron below says times its weight, plus the bias"));
    table.replaceChildren(...sumRows(sum, (from) => inputName(trace, k, from), "z, what it hears"));
    end.replaceChildren(...reluFormula(unit, preActivation, ablated));
    field.show(unit, activations.length);
  };
  return { ...made, show };
}

/** @returns {Step} */
export function scoreStep() {
  const [written, table] = [el("p", { class: "formula" }), el("table", { class: "sum products" })];
  const made = page("The score", written, table);
  const show = (/** @type {ForwardTrace} */ trace) => {
    const [digit, k] = [trace.path[trace.path.length - 1], trace.names.length];
    const top = argmax(trace.logits);
    const rank = top === digit ? "the highest of all ten" : `${top} has more, ${plain(trace.logits[top], 2)}`;
    made.sentence.textContent = `The ${digit} adds up once more, without a bend: its score is ${plain(trace.logits[digit], 2)}, ${rank}.`;
    written.replaceChildren(sumFormula("l", "h", digit, "The score l, called a logit, is the sum of every neuron times its weight, plus the bias"));
    table.replaceChildren(...sumRows(trace.sums[k], (from) => inputName(trace, k, from), "its score (logit)"));
  };
  return { ...made, show };
}

/** @param {number} digit */
function shareRow(digit) {
  const [logit, power, fill, share] = [el("td"), el("td"), el("span", { class: "fill" }), el("td")];
  const bar = el("td", { class: "bar", "aria-hidden": "true" }, fill);
  return { element: el("tr", {}, el("th", { scope: "row" }, `${digit}`), logit, power, bar, share), logit, power, fill, share };
}

/** @param {number} own @param {number} temperature @param {number[]} logits @param {number} digit @returns {string} */
export function temperatureWords(own, temperature, logits, digit) {
  if (temperature === own) return `This is at the network’s own temperature ${own.toFixed(OWN_PLACES)} (fitted so that 90% sure is right 9 times of 10).`;
  const [now, before] = [temperature, own].map((t) => percent(softmax(logits, t)[digit]));
  const effect = temperature > own ? "Hotter: less sure." : "Colder: surer.";
  return `${effect} At temperature ${temperature.toFixed(2)} the ${digit} gets ${now}, at the network’s own ${own.toFixed(OWN_PLACES)} ${before}. The order of the digits stays the same.`;
}

const softmaxFormula = () => {
  const power = (/** @type {string | number} */ index) => m("msup", mi("e"), m("mrow", sub("l", index), mo("/"), mi("T")));
  return formula(
    "The probability of a digit is e to the power of its score over the temperature, divided by the sum of that over all ten digits",
    sub("p", "d"), mo("="), m("mfrac", power("d"), m("mrow", m("munder", mo("∑"), mi("k")), power("k"))),
  );
};

/** @returns {Step} */
export function shareStep() {
  /** @type {ForwardTrace | null} */
  let shown = null;
  /** @type {number | null} Null: the network's own. */
  let turned = null;
  const slider = el("input", { type: "range", min: `${COLDEST}`, max: `${HOTTEST}`, step: `${NOTCH}` });
  const reset = button("Reset", () => turn(null));
  const [value, note] = [el("output"), el("p", { class: "note" })];
  const rows = Array.from({ length: 10 }, (_, digit) => shareRow(digit));
  const head = ["digit", "score", formula("e to the power of score over T", m("msup", mi("e"), m("mrow", mi("l"), mo("/"), mi("T")))), "", "share"];
  const table = el(
    "table",
    { class: "shares" },
    el("thead", {}, el("tr", {}, ...head.map((name) => (name ? el("th", { scope: "col" }, name) : el("td"))))),
    el("tbody", {}, ...rows.map(({ element }) => element)),
  );
  const label = el("label", { class: "slider" }, el("span", {}, "Temperature ", m("math", mi("T"))), slider, value);
  const made = page("Certainty", el("p", { class: "formula" }, softmaxFormula()), el("div", { class: "controls" }, label, reset), note, table);
  const turn = (/** @type {number | null} */ to) => {
    turned = to;
    if (shown) show(shown);
  };
  slider.addEventListener("input", () => turn(slider.valueAsNumber));

  /** @param {ForwardTrace} trace */
  const show = (trace) => {
    shown = trace;
    const { own, logits, path } = trace;
    const [temperature, digit] = [turned ?? own, path[path.length - 1]];
    table.hidden = temperature === null;
    reset.disabled = turned === null;
    if (temperature === null) return void (made.sentence.textContent = "How sure the scores make it depends on a temperature, which is still on its way.");
    const shares = softmax(logits, temperature);
    made.sentence.textContent = `The larger a score, the larger the share of all certainty: the ${digit} gets ${percent(shares[digit])}.`;
    if (turned === null) slider.value = `${temperature}`;
    value.textContent = temperature.toFixed(turned === null ? OWN_PLACES : 2);
    note.textContent = temperatureWords(own ?? temperature, temperature, logits, digit);
    rows.forEach(({ element, logit, power, fill, share }, each) => {
      element.classList.toggle("top", each === digit);
      const score = logits[each].toFixed(PLACES);
      logit.textContent = plain(logits[each]);
      power.textContent = brief(Math.exp(Number(score) / Number(value.textContent))); // as a calculator has it
      fill.style.setProperty("--size", `${shares[each]}`);
      share.textContent = percent(shares[each]);
    });
  };
  return { ...made, show };
}
