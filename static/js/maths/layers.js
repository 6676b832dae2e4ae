// The size of a signal after each of ten layers, for weights of any scale.

import { powerOfTen } from "../explain/numbers.js";
import { find } from "../views/dom.js";
import { shape } from "../views/svg.js";
import { rescaled, formatNumber } from "./arithmetic.js";
import { slider, numbersOf, scale, trail } from "./chart.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [48, 316, 10, 180];
const [LOW, HIGH] = [-10, 4];

/** @param {Element} figure */
export function layers(figure) {
  const begun = { He: numbersOf(figure, "he"), Xavier: numbersOf(figure, "xavier"), small: numbersOf(figure, "small") };
  const last = begun.He.length - 1;
  const chart = find(".chart", figure);
  const x = scale([0, last], [LEFT, RIGHT]);
  const y = scale([LOW, HIGH], [BOTTOM, TOP]);
  const line = (/** @type {number[]} */ sizes) => trail(sizes.map((size, k) => [x(k), y(Math.log10(size))]));
  for (let power = LOW; power <= HIGH; power += 2) {
    chart.append(shape("path", { class: "grid", d: `M${LEFT} ${y(power)}H${RIGHT}` }));
    chart.append(shape("text", { x: LEFT - 6, y: y(power) + 4, "text-anchor": "end" }, power ? powerOfTen(power) : "1"));
  }
  for (let k = 0; k <= last; k += 2) chart.append(shape("text", { x: x(k), y: 196, "text-anchor": "middle" }, `${k}`));
  for (const [name, sizes] of Object.entries(begun)) {
    chart.append(shape("path", { class: "thin", d: line(sizes) }));
    chart.append(shape("text", { x: RIGHT + 4, y: y(Math.log10(sizes[last])) + 4 }, name));
  }
  const own = shape("path", { class: "thick", d: line(begun.He) });
  chart.append(own);
  const value = slider(figure, "scale", (s) => formatNumber(s, 3), show);

  function show() {
    const sizes = rescaled(begun.He, value());
    own.setAttribute("d", line(sizes));
    find(".result", figure).textContent =
      `With ${formatNumber(value(), 3)} times He’s weights, the signal after ${last} layers is ${formatNumber(sizes[last], 3)}: ` +
      `${formatNumber(value(), 3)} to the power ${last} times He’s ${formatNumber(begun.He[last], 6)}.`;
  }
}
