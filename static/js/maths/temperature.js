// The softmax of ten logits at any temperature.

import { softmax } from "../explain/forward.js";
import { argmax } from "../explain/numbers.js";
import { find } from "../views/dom.js";
import { percent, formatNumber } from "./arithmetic.js";
import { slider, numbersOf } from "./chart.js";

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
      find("rect", row).setAttribute("width", `${100 * shares[digit]}`);
      find(".share", row).textContent = percent(shares[digit]);
    });
    const most = argmax(shares);
    find(".result", figure).textContent = `At T = ${formatNumber(T, 3)}, ${most} gets ${percent(shares[most])}.`;
  }
}
