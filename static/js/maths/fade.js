// The log-odds while the ink fades in: piecewise linear, with a tick at each corner.

import { extentOf } from "../explain/numbers.js";
import { find } from "../views/dom.js";
import { shape } from "../views/svg.js";
import { between, formatNumber } from "./arithmetic.js";
import { slider, numbersOf, scale, trail } from "./chart.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [12, 348, 30, 160];

/** @param {HTMLElement} figure */
export function fade(figure) {
  const [at, odds] = [numbersOf(figure, "at"), numbersOf(figure, "odds")];
  const { target = "", against = "" } = figure.dataset;
  const chart = find(".chart", figure);
  const x = scale([0, 1], [LEFT, RIGHT]);
  const y = scale(extentOf([0, ...odds]), [BOTTOM, TOP]);
  const dot = shape("circle", { r: 5 });
  chart.append(
    shape("path", { class: "grid", d: `M${LEFT} ${y(0)}H${RIGHT}` }),
    shape("path", { class: "ticks", d: at.slice(1, -1).map((t) => `M${x(t)} 186v10`).join("") }),
    shape("path", { class: "thick", d: trail(at.map((t, i) => [x(t), y(odds[i])])) }),
    shape("text", { class: "pro", x: LEFT, y: TOP - 14 }, `above the line: for ${target}`),
    shape("text", { class: "con", x: LEFT, y: BOTTOM + 18 }, `below the line: for ${against}`),
    dot,
  );
  const value = slider(figure, "ink", (t) => `${Math.round(100 * t)}%`, show);
  place();

  function place() {
    const here = between(at, odds, value());
    dot.setAttribute("cx", `${x(value())}`);
    dot.setAttribute("cy", `${y(here)}`);
    return here;
  }

  function show() {
    const here = place();
    const corners = at.slice(1, -1).filter((t) => t <= value()).length;
    find(".result", figure).textContent =
      `With ${Math.round(100 * value())}% of the ink, the log-odds are ${formatNumber(here)}, for ${here >= 0 ? target : against}; ` +
      `${corners} corners lie behind.`;
  }
}
