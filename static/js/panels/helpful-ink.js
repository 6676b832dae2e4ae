// Add ink here: where a dot would help a digit, each tried on the drawing itself before it is shown.

import { Snapshot } from "../drawing/snapshot.js";
import { dotAt, gainOf, onPad, placeIn, proven } from "../explain/helpful-ink.js";
import { aDigit } from "../explain/reasons.js";
import { areaOf, inkStrokes } from "../explain/stroke-attribution.js";
import { UNEXPLAINED, ranking } from "../explain/words.js";
import { Latest } from "../server/latest.js";
import { paletteOf } from "../views/colour.js";
import { button, digitField, el, tell } from "../views/dom.js";
import { ringsOf } from "../views/ring-markers.js";

/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Spot } from "../explain/helpful-ink.js" */
/** @import { Moment } from "../state/moments.js" */
/** @import { Explained, Scene } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** @param {Explained} explained @returns {{dot: Stroke, place: string}[]}  What the server suggests, on the pad. */
function suggestions({ explanation, snapshot }) {
  const { placement, helpful_ink: dabs } = explanation;
  if (!placement) return [];
  const area = areaOf(placement, snapshot.frame);
  const ink = inkStrokes(snapshot.strokes).map((i) => snapshot.strokes[i]);
  return dabs.map((dab) => dotAt(dab, area)).filter(onPad).map((dot) => ({ dot, place: placeIn(dot.points[0], ink) }));
}

/** @param {Scene} scene @returns {string}  Why nothing can be suggested; empty if something can. */
function obstacle({ moment, viewed }) {
  if (!moment || moment.answer.verdict === "blank") return "Draw something, and see where a little ink would help.";
  if (moment.snapshot.photo) return "Ink cannot be added to a photo: draw, and spots are suggested here.";
  if (viewed !== null) return "This is a moment of the past: ink can be added to the drawing as it is now.";
  return "";
}

/** @param {Spot[]} spots @param {{target: number, answer: number, tried: number}} about @returns {string} */
function storyOf(spots, { target, answer, tried }) {
  const more = `more of ${aDigit(target)}`;
  if (spots.length === 0) return tried ? `Nothing helps: every dot that looked promising was tried, and none makes it ${more}.` : `Nothing helps: there is no blank spot where a dot would make it ${more}.`;
  if (spots[0].digit === target && answer !== target) return `One dot makes it ${aDigit(target)}.`;
  return spots.length === 1 ? `One dot would make it ${more}.` : `Any of these ${spots.length} dots would make it ${more}.`;
}

/** @param {HTMLElement} body @param {Tools} tools @returns {(scene: Scene) => void} */
function build(body, { desk, lens, add, say }) {
  const field = digitField("Ink that would make it more of", (digit) => desk.choose({ target: digit, against: null }));
  const sentence = el("p", { class: "sentence", "aria-live": "polite" });
  const list = el("ol", { class: "spots" });
  const note = el("p", { class: "note" });
  body.append(field.element, sentence, list, note);
  /** @type {Latest<Spot[]>} */
  const tried = new Latest();

  /** @param {string} words */
  const nothing = (words) => {
    tell(sentence, words);
    note.textContent = "";
    list.replaceChildren();
    lens.show("addink", null);
  };

  /** @param {Scene} scene */
  const render = (scene) => {
    const { moment, explained, live } = scene;
    const words = obstacle(scene);
    field.element.hidden = words !== "";
    if (words || !moment) return nothing(words);
    if (live) return nothing("Lift the pen, and the spots are tried.");
    if (scene.lost) return nothing(UNEXPLAINED);
    if (desk.choice.target !== null) field.show(desk.choice.target); // chosen, even before it is explained
    if (!explained || explained.snapshot !== moment.snapshot || !scene.fresh) return;
    const { target } = explained.explanation;
    field.show(target);
    const dots = suggestions(explained);
    tried.ask([moment.snapshot, target, desk.query("off", "skip")], () => prove(moment, dots, target), () => render(desk.scene));
    if (tried.settled) show(moment, target, dots.length);
  };

  /** @param {Moment} moment @param {{dot: Stroke, place: string}[]} dots @param {number} target */
  const prove = async ({ snapshot, answer }, dots, target) => {
    const answers = await desk.whatIf(dots.map(({ dot }) => new Snapshot([...snapshot.strokes, dot])));
    return answers && proven(dots, answer.probabilities[target], answers, target);
  };

  /** @param {Moment} moment @param {number} target @param {number} count */
  const show = ({ answer }, target, count) => {
    const spots = tried.answer;
    if (!spots) return nothing("The server did not try these dots. Change the drawing, and it is asked again.");
    tell(sentence, storyOf(spots, { target, answer: ranking(answer.probabilities)[0], tried: count }));
    list.replaceChildren(...spots.map((spot, i) => item(spot, i + 1, target)));
    note.textContent = spots.length ? "Each dot was laid on your drawing, cropped, centred and read anew before it was shown here. The rings on the pad are where they go." : "";
    lens.show("addink", spots.length ? ringsOf(spots.map(({ dot }) => dot), () => paletteOf(lens.canvas)) : null);
  };

  /** @param {Spot} spot @param {number} number @param {number} target */
  const item = (spot, number, target) => {
    const lay = button("Add it", () => {
      /** @type {HTMLElement} */ (field.element.querySelector("input:checked")).focus({ preventScroll: true });
      for (const each of list.querySelectorAll("button")) each.disabled = true; // until its successors are tried
      add(spot.dot);
      say(`A dot ${spot.place} is added.`);
    });
    lay.setAttribute("aria-label", `Add it: dot ${number}, ${spot.place}`);
    const flips = spot.digit === target && ranking(desk.scene.moment?.answer.probabilities ?? [])[0] !== target;
    return el("li", {}, el("span", { class: "place" }, spot.place), el("span", {}, gainOf(spot, target), flips ? `: it becomes ${aDigit(target)}` : ""), lay);
  };
  return render;
}

/** @type {Panel} */
export const addink = {
  curious: true,
  build,
  folded: ({ lens }) => lens.show("addink", null),
};
