// What a neuron adds to each logit, compared with their mean: bars to the right for, hatched bars to the left against.

import { votesOf } from "../explain/neurons.js";
import { strongestOf } from "../explain/numbers.js";
import { signed } from "../explain/reasons.js";
import { el, headOf } from "./dom.js";

/** @import { Inspection } from "../server/api.js" */

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
    el("caption", {}, "What it adds to each digit’s score (logit), more or less than to the ten on average: what all get alike decides nothing"),
    headOf(["digit", "", "now", "per 1 it says"]),
    this.#body,
  );

  /** @param {Pick<Inspection, "votes" | "value">} unit */
  render(unit) {
    const [votes, { value }] = [votesOf(unit), unit];
    if (this.#rows.length !== votes.length) this.#rows = votes.map((_, digit) => row(digit));
    if (this.#body.children.length !== votes.length) this.#body.replaceChildren(...this.#rows.map(({ element }) => element));
    const most = strongestOf(votes.map((vote) => vote.each));
    this.element.classList.toggle("silent", value <= 0);
    this.#rows.forEach(({ element, fill, now, each }, digit) => {
      const vote = votes[digit];
      fill.style.setProperty("--size", `${most && Math.abs(vote.each) / most}`);
      element.className = vote.each > 0 ? "pro" : "con";
      now.textContent = value > 0 ? signed(vote.now, 2) : "nothing";
      each.textContent = signed(vote.each, vote.places);
    });
  }
}
