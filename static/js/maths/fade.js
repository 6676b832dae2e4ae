// The log-odds while the ink comes in: a line of straight pieces, with a tick at each corner.

import { between, formatNumber } from "./arithmetic.js";
import { slider, numbersOf, part, scale, shape, trail } from "./chart.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [12, 348, 12, 160];

/** @param {HTMLElement} figure */
export function fade(figure) {
  const [at, odds] = [numbersOf(figure, "at"), numbersOf(figure, "odds")];
  const { target = "", against = "" } = figure.dataset;
  const chart = part(figure, ".chart");
  const x = scale([0, 1], [LEFT, RIGHT]);
  const y = scale([Math.min(0, ...odds), Math.max(0, ...odds)], [BOTTOM, TOP]);
  const dot = shape("circle", { r: 5 });
  chart.append(
    shape("path", { class: "grid", d: `M${LEFT} ${y(0)}H${RIGHT}` }),
    shape("path", { class: "ticks", d: at.slice(1, -1).map((t) => `M${x(t)} 166v10`).join("") }),
    shape("path", { class: "thick", d: trail(at.map((t, i) => [x(t), y(odds[i])])) }),
    shape("text", { class: "pro", x: RIGHT, y: y(0) - 6, "text-anchor": "end" }, `above: for ${target}`),
    shape("text", { class: "con", x: RIGHT, y: y(0) + 14, "text-anchor": "end" }, `below: for ${against}`),
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
    part(figure, ".result").textContent =
      `With ${Math.round(100 * value())}% of the ink, the log-odds are ${formatNumber(here)}, for ${here >= 0 ? target : against}; ` +
      `${corners} corners lie behind.`;
  }
}
