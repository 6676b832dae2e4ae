// What a neuron adds to each of the ten scores: bars to the right for, hatched bars to the left against.

import { signed } from "../explain/reasons.js";
import { el } from "./dom.js";
import { strongestOf } from "./heatmap.js";

/** @param {number} digit */
function row(digit) {
  const fill = el("span", { class: "fill" });
  const [now, each] = [el("td"), el("td", { class: "each" })];
  const bar = el("td", { class: "bar", "aria-hidden": "true" }, fill);
  return { element: el("tr", {}, el("th", { scope: "row" }, `${digit}`), bar, now, each), fill, now, each };
}

export class LogitBars {
  #rows = Array.from({ length: 10 }, (_, digit) => row(digit));
  #body = el("tbody");
  element = el(
    "table",
    { class: "logit-bars" },
    el("caption", {}, "What it adds to each digit’s score (logit)"),
    el(
      "thead",
      {},
      el("tr", {}, ...["digit", "", "now", "per 1 it says"].map((name) => (name ? el("th", { scope: "col" }, name) : el("td")))),
    ),
    this.#body,
  );

  /** @param {number[]} votes  For every 1 it says. @param {number} value  What it says. */
  render(votes, value) {
    if (this.#rows.length !== votes.length) this.#rows = votes.map((_, digit) => row(digit));
    if (this.#body.children.length !== votes.length) this.#body.replaceChildren(...this.#rows.map(({ element }) => element));
    const most = strongestOf(votes);
    this.element.classList.toggle("silent", value <= 0);
    this.#rows.forEach(({ element, fill, now, each }, digit) => {
      fill.style.setProperty("--size", `${most && Math.abs(votes[digit]) / most}`);
      element.className = votes[digit] > 0 ? "pro" : "con";
      now.textContent = value > 0 ? signed(votes[digit] * value, 2) : "nothing";
      each.textContent = signed(votes[digit], 2);
    });
  }
}
