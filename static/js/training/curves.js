// Loss and error over the epochs, in learning and validation, on logarithmic axes. The pointer or a slider reads out an
// epoch; the chosen checkpoint is marked.

import { el, headOf, setText } from "../views/dom.js";
import { shape } from "../views/svg.js";
import { placeOn, rangeOf, ticksOf, valueAt } from "./log-scale.js";

/** @import { Epoch } from "../server/api.js" */
/** @import { Range } from "./log-scale.js" */
/** @typedef {(epoch: Epoch) => number} Value */
/** @typedef {{title: string, train: Value, validation: Value, range: Range, write: (value: number) => string}} Chart */

/** The size of a chart in its own units, and its margins. */
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [380, 126, 44, 12, 22, 20];
/** How wide the name of a curve may be, and how far above its curve it stands. */
const [NAME, CLEAR] = [62, 4];
/** Smaller values are shown as this on the logarithmic axis. */
const FLOOR = 1e-4;

/** @param {number} value @returns {string} */
const plainly = (value) => `${Number(value.toPrecision(3))}`;

/** @param {number} share @returns {string} */
const inPercent = (share) => `${plainly(100 * share)}%`;

/** @param {Epoch[]} epochs @returns {Chart[]} */
function chartsOf(epochs) {
  /** @type {[string, Value, Value, (value: number) => string][]} */
  const kinds = [
    ["Loss", ({ loss }) => loss, (epoch) => epoch.validation_loss, plainly],
    ["Error", ({ accuracy }) => 1 - accuracy, (epoch) => 1 - epoch.validation_accuracy, inPercent],
  ];
  return kinds.map(([title, train, validation, write]) => {
    const range = rangeOf(epochs.flatMap((epoch) => [train(epoch), validation(epoch)]), FLOOR);
    return { title, train, validation, range, write };
  });
}

/** @param {Epoch} epoch @returns {string}  The numbers of an epoch in a sentence. */
export function readingOf({ number, loss, accuracy, validation_loss: validationLoss, validation_accuracy: right }) {
  return (
    `Epoch ${number}: loss ${plainly(loss)} in learning, ${plainly(validationLoss)} in validation; ` +
    `error ${inPercent(1 - accuracy)} and ${inPercent(1 - right)}.`
  );
}

export class Curves {
  #epochs;
  #range;
  #charts;
  /** @type {SVGElement[]} */
  #cursors = [];
  /** @type {SVGElement[]} */
  #markers = [];
  #slider;
  #line = el("p", { class: "note curve-readout" });
  element;

  /** @param {Epoch[]} epochs  At least one. */
  constructor(epochs) {
    this.#epochs = epochs;
    this.#range = { from: 1, to: Math.max(2, epochs.length) };
    this.#charts = chartsOf(epochs);
    this.#slider = el("input", { type: "range", min: "0", max: `${epochs.length - 1}`, step: "1", "aria-label": "Epoch whose numbers are read" });
    this.#slider.addEventListener("input", () => this.read(this.#slider.valueAsNumber));
    const plots = el("div", { class: "plots" }, ...this.#charts.map((chart) => this.#plot(chart)), this.#slider);
    for (const event of /** @type {const} */ (["pointerdown", "pointermove"])) plots.addEventListener(event, (at) => this.#hover(at));
    this.element = el("div", { class: "curves" }, plots, this.#line, tableOf(epochs));
    this.read(epochs.length - 1);
  }

  /** Reads out an epoch. @param {number} index */
  read(index) {
    const epoch = this.#epochs[index];
    const x = this.#x(epoch.number);
    for (const cursor of this.#cursors) cursor.setAttribute("d", `M${x} ${TOP}V${HEIGHT - BOTTOM}`);
    this.#slider.value = `${index}`;
    setText(this.#line, readingOf(epoch));
    this.#slider.setAttribute("aria-valuetext", readingOf(epoch));
  }

  /** Marks a checkpoint. @param {number} passed  Epochs until then. @param {string} when */
  mark(passed, when) {
    const x = passed >= 1 ? this.#x(passed) : LEFT - 5; // the curves begin with the first epoch's end
    for (const marker of this.#markers) {
      marker.replaceChildren(
        shape("title", {}, when),
        shape("path", { d: `M${x} ${TOP - 2}V${HEIGHT - BOTTOM}` }),
        shape("path", { class: "solid", d: `M${x - 5} ${TOP - 10}h10l-5 8z` }),
      );
    }
    if (passed >= 1) this.read(Math.min(this.#epochs.length, Math.round(passed)) - 1);
    for (const cursor of this.#cursors) cursor.setAttribute("d", ""); // the marker is there
    if (passed < 1) setText(this.#line, `${when[0].toUpperCase()}${when.slice(1)}: the curves begin with the first epoch’s end.`);
  }

  /** @param {number} epoch @returns {number} */
  #x(epoch) {
    return LEFT + placeOn(epoch, this.#range) * (WIDTH - LEFT - RIGHT);
  }

  /** @param {Chart} chart @returns {SVGElement} */
  #plot(chart) {
    const y = (/** @type {number} */ value) =>
      TOP + (1 - placeOn(Math.max(FLOOR, value), chart.range)) * (HEIGHT - TOP - BOTTOM);
    const path = (/** @type {Value} */ value) =>
      `M${this.#epochs.map((epoch) => `${this.#x(epoch.number).toFixed(1)} ${y(value(epoch)).toFixed(1)}`).join("L")}`;
    const [cursor, marker] = [shape("path", { class: "cursor" }), shape("g", { class: "marker" })];
    this.#cursors.push(cursor);
    this.#markers.push(marker);
    const left = this.#x((this.#epochs[Math.floor(this.#epochs.length ** 0.55)] ?? this.#epochs[0]).number);
    const below = this.#epochs.filter(({ number }) => this.#x(number) >= left && this.#x(number) <= left + NAME);
    const named = [["train", "learning"], ["validation", "validation"]].map(([kind, name]) =>
      shape("text", { class: kind, x: left, y: Math.min(...below.map(chart[/** @type {"train"} */ (kind)]).map(y)) - CLEAR }, name),
    );
    return shape(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
      shape("text", { class: "title", x: 0, y: 12 }, chart.title),
      ...ticksOf(chart.range).map((value) =>
        shape("g", { class: "tick" }, shape("path", { d: `M${LEFT} ${y(value)}H${WIDTH - RIGHT}` }), shape("text", { x: LEFT - 10, y: y(value) + 4, "text-anchor": "end" }, chart.write(value))),
      ),
      ...ticksOf(this.#range).map((epoch) => shape("text", { class: "below", x: this.#x(epoch), y: HEIGHT - 4 }, epoch === 1 ? "epoch 1" : `${epoch}`)),
      shape("path", { class: "train", d: path(chart.train) }),
      shape("path", { class: "validation", d: path(chart.validation) }),
      ...named,
      cursor,
      marker,
    );
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const boxes = Array.from(this.element.querySelectorAll("svg"), (svg) => svg.getBoundingClientRect());
    const { left, width } = boxes.find((box) => event.clientX <= box.right) ?? boxes[0];
    const place = (((event.clientX - left) / width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT);
    const epoch = Math.round(valueAt(Math.min(1, Math.max(0, place)), this.#range));
    this.read(Math.min(this.#epochs.length, Math.max(1, epoch)) - 1);
  }
}

/** @param {Epoch[]} epochs @returns {HTMLElement}  All the numbers as a table. */
function tableOf(epochs) {
  const rows = epochs.map((epoch) => {
    const cells = [epoch.loss, epoch.validation_loss].map(plainly);
    const errors = [1 - epoch.accuracy, 1 - epoch.validation_accuracy].map(inPercent);
    return el("tr", {}, el("th", { scope: "row" }, `${epoch.number}`), ...[...cells, ...errors].map((text) => el("td", {}, text)));
  });
  const table = el("table", {}, headOf(["epoch", "loss", "validation", "error", "validation"]), el("tbody", {}, ...rows));
  const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Every epoch in numbers" }, table);
  return el("details", { class: "table" }, el("summary", {}, "As a table"), scroll);
}
