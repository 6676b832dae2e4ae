// Ten logits become ten shares at any temperature.

import { softmax } from "../explain/forward.js";
import { percent, formatNumber } from "./arithmetic.js";
import { slider, numbersOf, part } from "./chart.js";

/** @param {Element} figure */
export function temperature(figure) {
  const logits = numbersOf(figure, "logits");
  const rows = [...figure.querySelectorAll(".shares li")];
  const degrees = (/** @type {number} */ power) => 10 ** power; // the slider's middle is 1
  const value = slider(figure, "temperature", (power) => formatNumber(degrees(power), 3), show);

  function show() {
    const T = degrees(value());
    const shares = softmax(logits, T);
    rows.forEach((row, digit) => {
      part(row, "rect").setAttribute("width", `${100 * shares[digit]}`);
      part(row, ".share").textContent = percent(shares[digit]);
    });
    const most = shares.indexOf(Math.max(...shares));
    part(figure, ".result").textContent = `At T = ${formatNumber(T, 3)}, ${most} gets ${percent(shares[most])}.`;
  }
}
