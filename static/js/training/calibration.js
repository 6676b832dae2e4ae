// Calibration and accuracy of each digit, on both test sets.

import { strongestOf } from "../explain/numbers.js";
import { el, headOf } from "../views/dom.js";
import { shape } from "../views/svg.js";

/** @import { Figures, Reliability, Report } from "../server/api.js" */
/** @typedef {{confidence: number, right: number, count: number}} Bin */
/** @typedef {{name: string, kind: "mnist" | "pens", figures: Figures}} Tested */

const [SIDE, LEFT, BOTTOM, EDGE] = [360, 62, 40, 16];
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** The radius of a bin with all answers, and the smallest radius. */
const [LARGEST, SMALLEST] = [15, 2.5];

/** @param {number} share @param {number} [places] @returns {string} */
const percentage = (share, places = 1) => `${(100 * share).toFixed(places)}%`;

/** @param {Pick<Figures, "accuracy" | "standard_error" | "accuracy_per_writer">} figures @returns {string}  With its standard error, and how differently writers are read. */
export function accuracyOf({ accuracy, standard_error: error, accuracy_per_writer: writers }) {
  const right = `${percentage(accuracy, 2)} ± ${(100 * error).toFixed(2)}`;
  return writers ? `${right} (of ${writers.writers} writers ${percentage(writers.worst)} to ${percentage(writers.best)})` : right;
}

/** @param {Reliability} reliability @returns {Bin[]}  Those that are not empty. */
export function filled({ counts, confidence, right }) {
  return counts.flatMap((count, i) => {
    const [sure, was] = [confidence[i], right[i]];
    return sure === null || was === null ? [] : [{ count, confidence: sure, right: was }];
  });
}

/** @param {Report} report @returns {Tested[]} */
export function testedIn({ mnist_test: mnist, pen_test: pens }) {
  /** @type {Tested[]} */
  const tested = [];
  if (mnist) tested.push({ name: "MNIST’s test set", kind: "mnist", figures: mnist });
  if (pens) tested.push({ name: "pens of new writers", kind: "pens", figures: pens });
  return tested;
}

/** @param {number} share @returns {number} */
const across = (share) => LEFT + share * (SIDE - LEFT - EDGE);

/** @param {number} share @returns {number} */
const up = (share) => SIDE - BOTTOM - share * (SIDE - BOTTOM - EDGE);

/** @param {Bin} bin @param {number} all @param {string} kind @returns {SVGElement}  Its area is proportional to the number of answers. */
function dot({ count, confidence, right }, all, kind) {
  const radius = Math.max(SMALLEST, LARGEST * Math.sqrt(count / all));
  const [x, y] = [across(confidence), up(right)];
  const title = shape("title", {}, `${count} answers, ${percentage(confidence)} sure on average: ${percentage(right)} right`);
  if (kind === "mnist") return shape("circle", { class: kind, cx: x, cy: y, r: radius }, title);
  return shape("path", { class: kind, d: `M${x - radius} ${y}l${radius} ${-radius}l${radius} ${radius}l${-radius} ${radius}z` }, title);
}

/** @param {Tested[]} tested @returns {SVGElement} */
function diagram(tested) {
  const dots = tested.flatMap(({ figures, kind }) => {
    const bins = figures.reliability ? filled(figures.reliability) : [];
    return bins.map((bin) => dot(bin, figures.digits, kind));
  });
  return shape(
    "svg",
    { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "reliability", "aria-hidden": "true" },
    ...TICKS.flatMap((share) => [
      shape("path", { class: "grid", d: `M${across(0)} ${up(share)}H${across(1)}` }),
      shape("text", { x: LEFT - 8, y: up(share) + 4, "text-anchor": "end" }, percentage(share, 0)),
      shape("text", { x: across(share), y: SIDE - BOTTOM + 16, "text-anchor": share === 1 ? "end" : "middle" }, percentage(share, 0)),
    ]),
    shape("path", { class: "diagonal", d: `M${across(0)} ${up(0)}L${across(1)} ${up(1)}` }),
    shape("text", { x: across(0.5), y: SIDE - 6, "text-anchor": "middle" }, "how sure it is"),
    shape("text", { x: 0, y: 0, transform: `translate(14 ${up(0.5)}) rotate(-90)`, "text-anchor": "middle" }, "how often it is right"),
    ...dots,
  );
}

/** @param {Tested[]} tested @returns {HTMLElement} */
function binsTable(tested) {
  const bodies = tested.map(({ name, figures }) =>
    el(
      "tbody",
      {},
      el("tr", {}, el("th", { scope: "rowgroup", colspan: "3" }, name)),
      ...(figures.reliability ? filled(figures.reliability) : []).map(({ count, confidence, right }) =>
        el("tr", {}, ...[count.toLocaleString("en"), percentage(confidence), percentage(right)].map((text) => el("td", {}, text))),
      ),
    ),
  );
  const table = el("table", {}, headOf(["answers", "sure", "right"]), ...bodies);
  return el("details", { class: "table" }, el("summary", {}, "As a table"), table);
}

/** @param {Tested} tested @returns {SVGElement}  The mark of a test set. */
function key({ kind }) {
  const mark = kind === "mnist" ? shape("circle", { class: kind, cx: 8, cy: 8, r: 5 }) : shape("path", { class: kind, d: "M2 8l6-6l6 6l-6 6z" });
  return shape("svg", { viewBox: "0 0 16 16", class: "key", "aria-hidden": "true" }, mark);
}

/** @param {HTMLElement} place @param {Tested[]} tested */
export function renderCalibration(place, tested) {
  const measured = tested.filter(({ figures }) => figures.reliability);
  const lines = tested.map((each) =>
    el("li", {}, key(each), `${each.name}: off by ${(100 * each.figures.calibration_error).toFixed(2)} percentage points on average`),
  );
  place.append(...(measured.length ? [diagram(measured)] : []), el("ul", { class: "keys" }, ...lines), ...(measured.length ? [binsTable(measured)] : []));
}

/** @param {HTMLElement} place @param {Tested[]} tested  A bar for each digit and test set: the error. */
export function renderDigits(place, tested) {
  const most = strongestOf([1e-9, ...tested.flatMap(({ figures }) => figures.accuracy_per_digit.map((accuracy) => 1 - accuracy))]);
  const heads = tested.map((each) => el("th", { scope: "colgroup", colspan: "2" }, key(each), `${each.name}: ${accuracyOf(each.figures)}`));
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const cells = tested.flatMap(({ figures, kind }) => {
      const accuracy = figures.accuracy_per_digit[digit];
      const fill = el("span", { class: `fill ${kind}` });
      fill.style.setProperty("--size", `${(1 - accuracy) / most}`);
      return [el("td", { class: "misread", "aria-hidden": "true" }, fill), el("td", {}, percentage(accuracy, 2))];
    });
    return el("tr", {}, el("th", { scope: "row" }, `${digit}`), ...cells);
  });
  place.append(el("table", { class: "per-digit" }, el("thead", {}, el("tr", {}, el("td"), ...heads)), el("tbody", {}, ...rows)));
}
