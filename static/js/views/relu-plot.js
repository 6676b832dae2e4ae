// Plot of the ReLU, and the point on it where a neuron is.

import { shape } from "./svg.js";

const [WIDTH, HEIGHT, FLOOR, EDGE] = [200, 92, 80, 8];
const MIDDLE = WIDTH / 2;

/** @param {number} z @param {boolean} ablated @returns {{x: number, y: number}}  The point on the line; below it if ablated. */
export function reluPoint(z, ablated = false) {
  const share = z / (2 + Math.abs(z)); // any value fits, and zero stays in the middle
  const x = MIDDLE + (MIDDLE - EDGE) * share;
  return { x, y: ablated ? FLOOR : FLOOR - Math.max(0, share) * (FLOOR - EDGE) };
}

/** @returns {{element: SVGElement, show: (z: number, ablated: boolean) => void}} */
export function reluPlot() {
  const dot = shape("circle", { class: "dot", r: "5" });
  const element = shape("svg", { class: "relu-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  element.append(
    shape("path", { class: "axis", d: `M${MIDDLE} ${EDGE}V${HEIGHT}` }),
    shape("path", { class: "line", d: `M${EDGE} ${FLOOR}H${MIDDLE}L${WIDTH - EDGE} ${EDGE}` }),
    dot,
  );
  const show = (/** @type {number} */ z, /** @type {boolean} */ ablated) => {
    const { x, y } = reluPoint(z, ablated);
    dot.setAttribute("cx", `${x}`);
    dot.setAttribute("cy", `${y}`);
  };
  return { element, show };
}
