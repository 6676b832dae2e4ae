// The preprocessing of a drawing, step by step, and the answers without each step.

import { Animation } from "../drawing/frames.js";
import { FITTED, findingWords, shiftOf, shiftWords, stepsOf, turnWords } from "../explain/preprocessing.js";
import { CELLS } from "../explain/stroke-attribution.js";
import { briefly } from "../explain/words.js";
import { Latest } from "../server/latest.js";
import { button, el, setText } from "../views/dom.js";
import { viewOf } from "../views/drawing-window.js";
import { renderStep } from "../views/preprocessing-steps.js";

/** @import { Prediction } from "../server/api.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Steps } from "../explain/preprocessing.js" */
/** @import { State } from "../state/store.js" */
/** @import { StepImages } from "../views/preprocessing-steps.js" */
/** @import { Panel, Tools } from "./host.js" */

/** How long a step is animated. */
const STEP_MS = 190;
/** The steps that can be left out, and their combinations. */
const CHOICES = /** @type {const} */ ([
  { name: "With both steps", skip: [] },
  { name: "Without fitting", skip: ["fit"] },
  { name: "Without centring", skip: ["centre"] },
  { name: "Without either", skip: ["fit", "centre"] },
]);
const TRY_IT = "Try it: draw a small digit in a corner, then switch both steps off.";
const FIGURE = "Each figure of a number goes through these steps alone, after the ink was cut. Draw one digit, and they can be switched off.";
const UNKNOWN = "The steps between are not known: the server did not say where the picture lies.";

/** @param {ReadonlySet<string>} skip @returns {number}  Its index among the choices. */
const choiceOf = (skip) => CHOICES.findIndex((choice) => choice.skip.length === skip.size && choice.skip.every((step) => skip.has(step)));

/** @param {Prediction | null | undefined} answer @returns {string} */
const answerText = (answer) => (answer ? briefly(answer) : answer === null ? "no reply" : "…");

/** @param {Moment} moment @returns {boolean}  Whether its steps can be left out: a figure on a photo cannot be sent alone. */
const comparable = ({ sheet, snapshot }) => !(sheet && snapshot.photo);

/**
 * @param {Steps | null} steps @param {string} turn  How it is turned. @param {ReadonlySet<string>} skip @param {Moment} moment
 * @returns {[string, string][]}  Captions.
 */
function captions(steps, turn, skip, { snapshot: { photo }, sheet }) {
  const what = sheet ? `The figure on your ${photo ? "photo" : "sheet"}` : `Your ${photo ? "photo" : "drawing"}`;
  const unit = sheet ? "the sheet’s height" : "the pad";
  const cell = steps ? steps.centred.side / CELLS : 0;
  const size = steps ? [steps.box.right - steps.box.left, steps.box.bottom - steps.box.top].map((side) => `${Math.round(100 * side)}%`) : [];
  return [
    [`${what}, and the box around its ink.`, steps ? `${size.join(" × ")} of ${unit}` : ""],
    skip.has("fit")
      ? ["Not fitted: the whole sheet is shrunk.", `1 cell = ${(100 * cell).toFixed(1)}% of ${unit}`]
      : [`Cropped and shrunk: the longer side fills ${FITTED} of ${CELLS} cells.`, `1 cell = ${(100 * cell).toFixed(1)}% of ${unit}`],
    skip.has("centre")
      ? ["Not centred: it stays where it is.", "The ring is where its ink balances"]
      : ["Centred: the ink balances in the middle.", steps ? shiftWords(shiftOf(steps)) : ""],
    [`${CELLS} × ${CELLS} pixels: all that the network sees.`, turn || `${CELLS * CELLS} numbers from 0 to 255`],
  ];
}

/** Shows the steps one after another. */
class StepAnimation extends Animation {
  /** @param {(step: number, t: number) => void} show @param {number} count @param {() => void} ended */
  play(show, count, ended) {
    let [start, done] = [0, 0];
    for (let step = 0; step < count; step++) show(step, 0);
    this.start((now) => {
      start ||= now;
      const at = (now - start) / STEP_MS;
      for (; done < count && at >= done + 1; done++) show(done, 1);
      if (done < count) show(done, at - done);
      else ended();
      return done < count;
    });
  }
}

/** @param {HTMLElement} body @param {Tools} tools @param {() => void} refresh @returns {(state: State) => void} */
function build(body, tools, refresh) {
  const { store } = tools;
  const animation = new StepAnimation();
  const sentence = el("p", { class: "sentence" });
  const figures = CHOICES.map(() => ({ canvas: el("canvas", { role: "img" }), caption: el("p", {}) }));
  const stepList = el("ol", { class: "preprocessing-steps" }, ...figures.map(({ canvas, caption }) => el("li", {}, canvas, caption)));
  const [fit, centre] = [stepSwitch("Fit to size", "fit"), stepSwitch("Centre", "centre")];
  const play = button("Play", () => start());
  const switches = el("fieldset", { class: "step-switches" }, el("legend", { class: "unseen" }, "Steps"), fit.label, centre.label, play);
  const table = el("table", { class: "comparison" });
  const note = el("p", { class: "note" });
  const finding = el("p", { class: "finding" });
  const parts = [stepList, finding, switches, table, note];
  body.append(sentence, ...parts);
  /** @type {Latest<Prediction[]>} */
  const compared = new Latest();
  /** @type {StepImages | null} */
  let images = null;
  let animationDue = true;
  /** Whether the next sentence is announced: a step has been switched. */
  let announceNext = false;

  /** @param {string} title @param {string} step */
  function stepSwitch(title, step) {
    const input = el("input", { type: "checkbox" });
    input.addEventListener("change", () => {
      const skip = new Set(store.choice.skip);
      if (input.checked) skip.delete(step);
      else skip.add(step);
      animationDue = announceNext = true;
      store.choose({ skip });
    });
    return { input, label: el("label", {}, input, title) };
  }

  const start = () => {
    animationDue = false;
    if (tools.reducedMotion) return;
    const show = (/** @type {number} */ step, /** @type {number} */ t) => images && renderStep(figures[step].canvas, step, images, t);
    animation.play(show, figures.length, () => images && paint(images));
  };
  new ResizeObserver(() => images && !animation.playing && paint(images)).observe(stepList);

  /** @param {StepImages} now */
  const paint = (now) => figures.forEach(({ canvas }, step) => renderStep(canvas, step, now, 1));

  /** @param {State} state */
  const render = (state) => {
    const { moment, explained, choice, live } = state;
    const blank = !moment || moment.answer.verdict === "blank";
    for (const part of parts) part.hidden = blank;
    setText(note, moment?.sheet ? FIGURE : TRY_IT);
    for (const each of [fit.label, centre.label]) each.hidden = !!moment?.sheet;
    [fit.input.checked, centre.input.checked] = [!choice.skip.has("fit"), !choice.skip.has("centre")];
    if (blank) {
      animation.stop();
      images = null;
      return setText(sentence, "Draw something, and see what becomes of it before the network reads it.");
    }
    if (moment.switches.skip !== choice.skip) return; // not answered yet without them
    play.hidden = tools.reducedMotion;
    const same = explained?.snapshot === moment.snapshot;
    if (explained && (live || same)) show(state, explained.explanation.placement ? "known" : "unknown");
    else if (!images || state.unavailable) show(state, "unknown");
    if (live) return;
    compare(state);
    if (animationDue && same) start();
  };

  /** @param {State} state @param {"known" | "unknown"} what */
  const show = ({ moment, explained, choice }, what) => {
    if (!moment) return;
    const snapshot = what === "known" && explained ? explained.snapshot : moment.snapshot;
    const placement = what === "known" ? explained?.explanation.placement : null;
    const steps = placement ? stepsOf(placement, snapshot.frame) : null;
    images = { snapshot, view: viewOf({ ...moment, snapshot }), steps, input: moment.answer.input, fit: !choice.skip.has("fit") };
    if (!animation.playing) paint(images);
    setText(finding, placement ? findingWords(placement) : "");
    captions(steps, placement ? turnWords(placement) : "", choice.skip, moment).forEach(([line, small], i) => {
      figures[i].caption.replaceChildren(`${i + 1}. ${line}`, el("small", {}, steps || i === 3 ? small : UNKNOWN));
      figures[i].canvas.setAttribute("aria-label", `Step ${i + 1} of 4: ${line}`);
    });
  };

  /** Shows the answers with and without each step. @param {State} state */
  const compare = ({ moment, choice }) => {
    if (!moment) return;
    const { snapshot, answer } = moment;
    table.hidden = !comparable(moment);
    if (table.hidden) return setText(sentence, `With both steps it reads: ${answerText(answer)}.`);
    const ask = () => all(CHOICES.map(({ skip }) => store.whatIf([snapshot], { skip: new Set(skip) })));
    compared.ask([snapshot, store.query("ablated")], ask, refresh);
    const answers = compared.settled ? compared.answer : undefined;
    const now = choiceOf(choice.skip);
    const turned = answer.placement && turnWords(answer.placement) !== "";
    const names = CHOICES.map(({ name }, i) => (turned && i === now ? `${name}, and turned` : name));
    setText(sentence, `${names[now]}${turned ? "," : ""} it reads: ${answerText(answer)}.`);
    if (announceNext) tools.say(sentence.textContent ?? "");
    announceNext = false;
    table.replaceChildren(el("caption", { class: "unseen" }, "The answer with and without the steps"), ...names.map((name, i) => row(name, answers === null ? null : answers?.[i], i === now)));
  };

  /** @param {string} name @param {Prediction | null | undefined} answer @param {boolean} now */
  const row = (name, answer, now) =>
    el("tr", now ? { "aria-current": "true" } : {}, el("th", { scope: "row" }, name), el("td", {}, answerText(answer)));
  return render;
}

/** @param {Promise<Prediction[] | null>[]} asked @returns {Promise<Prediction[] | null>}  The first of each; null if one fails. */
async function all(asked) {
  const answers = (await Promise.all(asked)).flatMap((answer) => answer ?? []);
  return answers.length === asked.length ? answers : null;
}

/** @type {Panel} */
export const preprocessing = { needsExplanations: true, build };
