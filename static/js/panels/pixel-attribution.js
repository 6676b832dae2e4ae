// The reasons for one digit over another: every pixel's part in the log-odds, over the drawing, and their sum.

import { roundToSum, reasonFor, signed, strokeParts, timesAsLikely } from "../explain/reasons.js";
import { areaOf } from "../explain/stroke-attribution.js";
import { UNEXPLAINED } from "../explain/words.js";
import { paletteOf } from "../views/colour.js";
import { changes, el, sumRow } from "../views/dom.js";
import { digitField } from "../views/fields.js";
import { paintParts, renderHeat } from "../views/heatmap.js";

/** @import { Explanation } from "../server/api.js" */
/** @import { Choice, State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** @param {ArrayLike<number>} parts @returns {[number, number]}  The sums of the parts for and against. */
const sides = (parts) =>
  Array.from(parts).reduce(([pro, con], part) => (part > 0 ? [pro + part, con] : [pro, con + part]), [0, 0]);

/** @param {Explanation} explanation @returns {[string, number][]}  The rounded terms of the sum, which add up. */
export function terms({ parts, bias, target, against }) {
  const names = [`Ink that speaks for ${target}`, `Ink that speaks for ${against}`, "Its leaning before any ink (bias)"];
  const values = roundToSum([...sides(parts), bias], 2);
  return names.map((name, i) => [name, values[i]]);
}

/** Whether what is on show is no longer right: every answer calls for it, and few bring another explanation. */
const changed = changes();

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, { store, overlay, say, showReason }) {
  let announceNext = false;
  const choose = (/** @type {Partial<Choice>} */ choice) => {
    announceNext = true;
    store.choose(choice);
  };
  const sentence = el("p", { class: "sentence" });
  const target = digitField("Why", (digit) => choose({ target: digit, against: null }));
  const against = digitField("rather than", (digit) => choose({ against: digit }));
  const heat = el("canvas", { class: "heatmap" });
  const sum = el("table", { class: "sum" });
  const words = el("p", { class: "note" });
  const found = el("div", { class: "row" }, heat, el("div", {}, target.element, against.element, sum, words));
  body.append(sentence, found);

  return ({ explained, unavailable, fresh, choice }) => {
    if (!changed(explained, unavailable, fresh, choice.target, choice.against, paletteOf(heat))) return;
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
    if (announceNext && fresh) {
      say(sentence.textContent);
      announceNext = false;
    }
    // A choice is shown before its explanation comes.
    target.show(choice.target ?? explanation.target);
    against.show(choice.against ?? explanation.against, choice.target ?? explanation.target);
    renderHeat(heat, parts, null, `Where the ink speaks for ${explanation.target} or for ${explanation.against}.`);
    const rows = terms(explanation);
    const total = rows.reduce((all, [, value]) => all + value, 0);
    sum.replaceChildren(...rows.map(([name, value]) => sumRow(name, value)), sumRow("Together (log-odds)", total, "total"));
    words.textContent = `So ${explanation.target} is ${timesAsLikely(Number(logOdds.toFixed(2)))} ${explanation.against}: e to the power of ${signed(logOdds, 2)}.`;
    if (!placement) return overlay.show("pixel-attribution", null);
    const area = areaOf(placement, snapshot.frame);
    const scaled = (/** @type {number} */ size) => ({ ...area, left: area.left * size, top: area.top * size, side: area.side * size });
    overlay.show("pixel-attribution", (context, size) => paintParts(context, scaled(size), parts, paletteOf(overlay.canvas)));
  };
}

/** @param {Tools} tools */
function folded({ overlay, showReason }) {
  changed(); // shows all anew when it is opened
  overlay.show("pixel-attribution", null);
  showReason("");
}

/** @type {Panel} */
export const pixelAttribution = { needsExplanations: true, build, folded };
