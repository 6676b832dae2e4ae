// Suggests where a dot of ink would help a digit; each is tried on the drawing before it is shown.

import { dotAt, gainText, onPad, placeIn, improving } from "../explain/helpful-ink.js";
import { argmax } from "../explain/numbers.js";
import { areaOf, inkStrokes } from "../explain/stroke-attribution.js";
import { UNEXPLAINED, aDigit, ranking } from "../explain/words.js";
import { Latest } from "../server/latest.js";
import { paletteOf } from "../views/colour.js";
import { button, el, setText } from "../views/dom.js";
import { digitField } from "../views/fields.js";
import { ringMarkers } from "../views/ring-markers.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Suggestion } from "../explain/helpful-ink.js" */
/** @import { Explanation } from "../server/api.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** @param {Explanation} explanation @param {Snapshot} snapshot @returns {{dot: Stroke, place: string}[]}  The server's suggestions that are on the pad. */
function candidateDots({ placement, helpful_ink: cells }, snapshot) {
  if (!placement) return [];
  const area = areaOf(placement, snapshot.frame);
  const ink = inkStrokes(snapshot.strokes).map((i) => snapshot.strokes[i]);
  return cells.map((cell) => dotAt(cell, area)).filter((dot) => onPad(dot, snapshot.aspect)).map((dot) => ({ dot, place: placeIn(dot.points[0], ink) }));
}

/** @param {State} state @returns {string}  The reason if nothing can be suggested; else empty. */
function problemOf({ moment, viewed }) {
  if (!moment || moment.answer.verdict === "blank") return "Draw something, and see where a little ink would help.";
  if (moment.snapshot.photo) return "Ink cannot be added to a photo: draw, and spots are suggested here.";
  if (viewed !== null) return "This is a moment of the past: ink can be added to the drawing as it is now.";
  return "";
}

/** @param {Suggestion[]} suggestions @param {{target: number, answer: number, tried: number}} about @returns {string} */
function summaryOf(suggestions, { target, answer, tried }) {
  const more = `more of ${aDigit(target)}`;
  if (suggestions.length === 0) return tried ? `Nothing helps: every dot that looked promising was tried, and none makes it ${more}.` : `Nothing helps: there is no blank spot where a dot would make it ${more}.`;
  if (suggestions[0].digit === target && answer !== target) return `One dot makes it ${aDigit(target)}.`;
  return suggestions.length === 1 ? `One dot would make it ${more}.` : `Any of these ${suggestions.length} dots would make it ${more}.`;
}

/** @param {HTMLElement} body @param {Tools} tools @param {() => void} refresh @returns {(state: State) => void} */
function build(body, { store, overlay, add, say }, refresh) {
  /** Whether the next result is announced: another digit is chosen. */
  let announceNext = false;
  const field = digitField("Ink that would make it more of", (digit) => {
    announceNext = true;
    store.choose({ target: digit, against: null });
  });
  const sentence = el("p", { class: "sentence" });
  const list = el("ol", { class: "suggestions" });
  const note = el("p", { class: "note" });
  body.append(field.element, sentence, list, note);
  /** @type {Latest<Explanation>} */
  const explanations = new Latest();
  /** @type {Latest<Suggestion[]>} */
  const tried = new Latest();

  /** @param {string} words */
  const nothing = (words) => {
    setText(sentence, words);
    note.textContent = "";
    list.replaceChildren();
    overlay.show("helpful-ink", null);
  };

  /** @param {State} state */
  const render = (state) => {
    const { moment, choice, live } = state;
    const problem = problemOf(state);
    field.element.hidden = problem !== "";
    if (problem || !moment) return nothing(problem);
    if (live) return nothing("Lift the pen, and the spots are tried.");
    const target = choice.target ?? ranking(moment.answer.probabilities)[1]; // the answer itself is mostly as sure as can be
    field.show(target);
    const key = [moment.snapshot, target, store.query("ablated", "skip")];
    explanations.ask(key, () => store.explanation(moment, target), refresh);
    if (!explanations.settled) return;
    if (!explanations.answer) return nothing(state.away ? "" : UNEXPLAINED); // the host says that the server is away
    const dots = candidateDots(explanations.answer, moment.snapshot);
    tried.ask(key, () => tryDots(moment, dots, target), refresh);
    if (tried.settled) show(moment, target, dots.length);
  };

  /** @param {Moment} moment @param {{dot: Stroke, place: string}[]} dots @param {number} target */
  const tryDots = async ({ snapshot, answer }, dots, target) => {
    const answers = await store.whatIf(dots.map(({ dot }) => snapshot.with([...snapshot.strokes, dot])));
    return answers && improving(dots, answer.probabilities[target], answers, target);
  };

  /** @param {Moment} moment @param {number} target @param {number} count */
  const show = ({ answer }, target, count) => {
    const suggestions = tried.answer;
    if (!suggestions) return nothing("The server did not try these dots. Change the drawing, and it is asked again.");
    setText(sentence, summaryOf(suggestions, { target, answer: argmax(answer.probabilities), tried: count }));
    if (announceNext) say(sentence.textContent ?? "");
    announceNext = false;
    list.replaceChildren(...suggestions.map((suggestion, i) => item(suggestion, i + 1, target)));
    note.textContent = suggestions.length ? "Each dot was laid on your drawing, cropped, centred and read anew before it was shown here. The rings on the pad are where they go." : "";
    overlay.show("helpful-ink", suggestions.length ? ringMarkers(suggestions.map(({ dot }) => dot), () => paletteOf(overlay.canvas)) : null);
  };

  /** @param {Suggestion} suggestion @param {number} number @param {number} target */
  const item = (suggestion, number, target) => {
    const addButton = button("Add it", () => {
      /** @type {HTMLElement} */ (field.element.querySelector("input:checked")).focus({ preventScroll: true });
      for (const each of list.querySelectorAll("button")) each.disabled = true; // until the next dots are tried
      add(suggestion.dot);
      say(`A dot ${suggestion.place} is added.`);
    });
    addButton.setAttribute("aria-label", `Add it: dot ${number}, ${suggestion.place}`);
    const flips = suggestion.digit === target && argmax(store.state.moment?.answer.probabilities ?? []) !== target;
    return el("li", {}, el("span", { class: "place" }, suggestion.place), el("span", {}, gainText(suggestion, target), flips ? `: it becomes ${aDigit(target)}` : ""), addButton);
  };
  return render;
}

/** @type {Panel} */
export const helpfulInk = {
  needsExplanations: false,
  build,
  folded: ({ overlay }) => overlay.show("helpful-ink", null),
};
