// Two ways down one valley, seen from above.

import { height, formatNumber, descend } from "./arithmetic.js";
import { slider, numbersOf, part, scale, shape, trail } from "./chart.js";

/** @import { Descent, Place, Way } from "./arithmetic.js" */

const RINGS = [0.15, 0.35, 0.6, 0.9];
const NAMES = { plain: "plain descent", momentum: "momentum", nesterov: "Nesterov", adam: "Adam" };

/** @param {Element} figure */
export function valley(figure) {
  const start = /** @type {Place} */ (numbersOf(figure, "start"));
  const [[steep], [steps]] = [numbersOf(figure, "steep"), numbersOf(figure, "steps")];
  const chart = part(figure, ".chart");
  const [x, y] = [scale([-10, 10], [0, 360]), scale([-2.5, 2.5], [180, 0])];
  const plain = shape("path", { class: "thin" });
  const chosen = shape("path", { class: "thick dots" });
  const ring = (/** @type {number} */ share) => {
    const radius = 10 * share * 1.1;
    return shape("ellipse", { class: "grid", cx: x(0), cy: y(0), rx: x(radius) - x(0), ry: y(0) - y(radius / Math.sqrt(steep)) });
  };
  const cross = shape("path", { class: "thin", d: `M${x(0) - 4} ${y(0)}h8M${x(0)} ${y(0) - 4}v8` });
  chart.append(...RINGS.map(ring), cross, plain, chosen, shape("circle", { class: "ring", cx: x(start[0]), cy: y(start[1]), r: 5 }));
  const rate = slider(figure, "rate", (value) => formatNumber(value, 2), show);
  const momentum = slider(figure, "momentum", (value) => formatNumber(value, 2), show);
  part(figure, ".choice").addEventListener("change", show);
  draw();

  function paths() {
    const way = /** @type {Way} */ (/** @type {HTMLInputElement} */ (part(figure, ".choice input:checked")).value);
    /** @type {Descent} */
    const descent = { rate: rate(), momentum: momentum(), steep, start, steps };
    return { way, thin: descend("plain", descent), thick: descend(way, descent) };
  }

  function draw() {
    const { way, thin, thick } = paths();
    const drawn = (/** @type {Place[]} */ places) => trail(places.map(([a, b]) => [x(a), y(b)]));
    plain.setAttribute("d", drawn(thin));
    chosen.setAttribute("d", drawn(thick));
    /** @type {HTMLInputElement} */ (part(figure, "#momentum")).disabled = way === "adam";
    return { way, ends: [thin, thick].map((places) => height(places[steps], steep)) };
  }

  function show() {
    const { way, ends } = draw();
    const from = formatNumber(height(start, steep));
    const [first, second] = ends.map((end) => (end > 1e3 || Number.isNaN(end) ? "out of the valley" : `at ${formatNumber(end, 3)}`));
    part(figure, ".result").textContent =
      `After ${steps} steps from the height ${from}: plain descent is ${first}, ${NAMES[way]} is ${second}.`;
  }
}
