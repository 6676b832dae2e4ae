// Plot of the ReLU, and the point on it where a neuron is.

import { shape } from "./svg.js";

const [WIDTH, HEIGHT, FLOOR, EDGE] = [200, 92, 80, 8];
const MIDDLE = WIDTH / 2;

/** @param {number} z  What is heard. @param {boolean} off @returns {{x: number, y: number}}  Where that is on the line; or, switched off, under it. */
export function reluPoint(z, off = false) {
  const share = z / (2 + Math.abs(z)); // all that can be heard fits, and zero stays in the middle
  const x = MIDDLE + (MIDDLE - EDGE) * share;
  return { x, y: off ? FLOOR : FLOOR - Math.max(0, share) * (FLOOR - EDGE) };
}

/** @returns {{element: SVGElement, show: (z: number, off: boolean) => void}} */
export function reluPlot() {
  const dot = shape("circle", { class: "dot", r: "5" });
  const element = shape("svg", { class: "relu-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  element.append(
    shape("path", { class: "axis", d: `M${MIDDLE} ${EDGE}V${HEIGHT}` }),
    shape("path", { class: "line", d: `M${EDGE} ${FLOOR}H${MIDDLE}L${WIDTH - EDGE} ${EDGE}` }),
    dot,
  );
  const show = (/** @type {number} */ z, /** @type {boolean} */ off) => {
    const { x, y } = reluPoint(z, off);
    dot.setAttribute("cx", `${x}`);
    dot.setAttribute("cy", `${y}`);
  };
  return { element, show };
}
