// The loss along one weight, the slope from backpropagation, and the slope from a finite difference.

import { extentOf, powerOfTen } from "../explain/numbers.js";
import { find } from "../views/dom.js";
import { shape } from "../views/svg.js";
import { between, formatNumber } from "./arithmetic.js";
import { slider, numbersOf, scale, trail } from "./chart.js";

/** @import { Point } from "./chart.js" */

const [LEFT, RIGHT, TOP, BOTTOM] = [12, 348, 30, 172];

/** @param {Element} figure */
export function nudge(figure) {
  const [at, loss] = [numbersOf(figure, "at"), numbersOf(figure, "loss")];
  const [stated] = numbersOf(figure, "stated");
  const rows = [...figure.querySelectorAll("tbody tr")];
  const chart = find(".chart", figure);
  const now = between(at, loss, 0);
  const x = scale([at[0], at[at.length - 1]], [LEFT, RIGHT]);
  const y = scale(extentOf(loss), [BOTTOM, TOP]);
  const secant = shape("path", { class: "secant" });
  const ends = [0, 1].map(() => shape("circle", { r: 4 }));
  const [top, height] = [TOP - 6, BOTTOM - TOP + 12];
  chart.append(
    shape("text", { x: LEFT, y: TOP - 14 }, "↑ the loss"),
    shape("text", { x: RIGHT, y: BOTTOM + 20, "text-anchor": "end" }, `the weight, ±${at[at.length - 1]} →`),
    shape(
      "svg", // cuts off what would cross the words
      { y: top, width: 360, height, viewBox: `0 ${top} 360 ${height}` },
      shape("path", { class: "thick", d: trail(at.map((change, i) => /** @type {Point} */ ([x(change), y(loss[i])]))) }),
      shape("path", { class: "thin", d: trail([at[0], at[at.length - 1]].map((change) => [x(change), y(now + stated * change)])) }),
      secant,
      ...ends,
    ),
  );
  const value = slider(figure, "nudge", (i) => powerOfTen(-1 - i), show);
  mark();

  function show() {
    const { nudge: size, change, measured } = /** @type {HTMLElement} */ (rows[value()]).dataset;
    find(".result", figure).textContent =
      `ε = ${powerOfTen(Math.round(Math.log10(Number(size))))}: the loss changes by ${formatNumber(Number(change), 9)}, ` +
      `a slope of ${formatNumber(Number(measured), 9)}. Backpropagation said ${formatNumber(stated, 9)}.`;
    mark();
  }

  function mark() {
    const size = Number(/** @type {HTMLElement} */ (rows[value()]).dataset.nudge);
    const places = [-size, size].map((change) => /** @type {Point} */ ([x(change), y(between(at, loss, change))]));
    places.forEach(([cx, cy], i) => {
      ends[i].setAttribute("cx", `${cx}`);
      ends[i].setAttribute("cy", `${cy}`);
    });
    secant.setAttribute("d", trail(places));
  }
}
