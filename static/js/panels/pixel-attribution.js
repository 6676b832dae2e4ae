// Why this digit and not that one: every pixel's exact part in the log-odds, over the drawing, and the sum that closes.

import { roundToSum, reasonFor, signed, strokeParts, timesAsLikely } from "../explain/reasons.js";
import { areaOf } from "../explain/stroke-attribution.js";
import { UNEXPLAINED } from "../explain/words.js";
import { paletteOf } from "../views/colour.js";
import { digitField, el } from "../views/dom.js";
import { paintParts, renderHeat } from "../views/heatmap.js";

/** @import { Explanation } from "../server/explanations.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** @param {ArrayLike<number>} parts @returns {[number, number]}  What speaks for, and what against. */
const sides = (parts) =>
  Array.from(parts).reduce(([pro, con], part) => (part > 0 ? [pro + part, con] : [pro, con + part]), [0, 0]);

/** @param {Explanation} explanation @returns {[string, number][]}  The terms of the sum, which add up as they are read. */
export function terms({ parts, bias, target, against }) {
  const names = [`Ink that speaks for ${target}`, `Ink that speaks for ${against}`, "Its leaning before any ink (bias)"];
  const values = roundToSum([...sides(parts), bias], 2);
  return names.map((name, i) => [name, values[i]]);
}

/** @param {[string, number]} term @param {string} [kind] */
const row = ([name, value], kind = value > 0 ? "pro" : "con") =>
  el("tr", { class: kind }, el("th", { scope: "row" }, name), el("td", {}, signed(value, 2)));

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, { store, overlay, showReason }) {
  const sentence = el("p", { class: "sentence" });
  const target = digitField("Why", (digit) => store.choose({ target: digit, against: null }));
  const against = digitField("rather than", (digit) => store.choose({ against: digit }));
  const heat = el("canvas", { class: "heatmap" });
  const sum = el("table", { class: "sum" });
  const words = el("p", { class: "note" });
  const found = el("div", { class: "row" }, heat, el("div", {}, target.element, against.element, sum, words));
  body.append(sentence, found);

  return ({ explained, unavailable, choice }) => {
    found.hidden = !explained;
    if (!explained) {
      sentence.textContent = unavailable ? UNEXPLAINED : "Draw something, and its reasons stand here.";
      showReason("");
      return overlay.show("pixel-attribution", null);
    }
    const { explanation, snapshot } = explained;
    const { placement, parts, log_odds: logOdds } = explanation;
    sentence.textContent = reasonFor(explanation, strokeParts(explained));
    showReason(sentence.textContent);
    // What has just been chosen is shown as chosen, even before its explanation is there.
    target.show(choice.target ?? explanation.target);
    against.show(choice.against ?? explanation.against, choice.target ?? explanation.target);
    renderHeat(heat, parts, null, `Where the ink speaks for ${explanation.target} or for ${explanation.against}.`);
    const rows = terms(explanation);
    const total = rows.reduce((all, [, value]) => all + value, 0);
    sum.replaceChildren(...rows.map((term) => row(term)), row(["Together (log-odds)", total], "total"));
    words.textContent = `So ${explanation.target} is ${timesAsLikely(logOdds)} ${explanation.against}: e to the power of ${signed(logOdds, 2)}.`;
    if (!placement) return overlay.show("pixel-attribution", null);
    const area = areaOf(placement, snapshot.frame);
    overlay.show("pixel-attribution", (context, size) =>
      paintParts(
        context,
        { left: area.left * size, top: area.top * size, side: area.side * size },
        parts,
        paletteOf(overlay.canvas),
      ),
    );
  };
}

/** @param {Tools} tools */
function folded({ overlay, showReason }) {
  overlay.show("pixel-attribution", null);
  showReason("");
}

/** @type {Panel} */
export const pixelAttribution = { needsExplanations: true, build, folded };
