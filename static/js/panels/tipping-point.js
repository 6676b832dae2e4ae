// The tipping point: a stroke fades, or the drawing turns into another digit, and the answer flips at exact places.

import { answerAt, bandOf, breakpointsOf, faded, mixed, share, storyOf, turn } from "../explain/interpolation.js";
import { namesOf } from "../explain/reasons.js";
import { areaOf, inkStrokes, sharesOf } from "../explain/stroke-attribution.js";
import { UNEXPLAINED, ranking } from "../explain/words.js";
import { Latest, kept } from "../server/latest.js";
import { button, digitField, el, radioField, tell } from "../views/dom.js";
import { renderInput } from "../views/input-image.js";
import { renderBand } from "../views/stacked-area-chart.js";

/** @import { Gallery, Path } from "../server/explanations.js" */
/** @import { Scene } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */
/** @typedef {{key: readonly unknown[], from: ArrayLike<number>, to: () => number[] | null, how: string, end: string}} Question */

const MODES = ["Fade a stroke", "Turn it into another digit"];
/** Places of the slider. */
const FINE = 1000;
const SORRY = "The server has no answer to this. Change the drawing, and it is asked again.";

/** @param {Scene} scene @param {number} chosen  Which of the ink strokes. @returns {Question | null}  Null: not yet. */
function fading({ moment, explained, choice }, chosen) {
  const placement = explained?.explanation.placement;
  if (!moment || !placement || explained.snapshot !== moment.snapshot) return null;
  const { snapshot, answer } = moment;
  const alone = inkStrokes(snapshot.strokes).length === 1;
  return {
    key: ["fade", snapshot, chosen, choice.off],
    from: answer.input,
    to: () => faded(answer.input, sharesOf(snapshot.strokes, areaOf(placement, snapshot.frame))[chosen]),
    how: "faded",
    end: alone ? "Until nothing is left" : "Even without it",
  };
}

/** @param {Scene} scene @param {number} digit @param {Gallery} gallery @returns {Question | null} */
function morphing({ moment, choice }, digit, gallery) {
  if (!moment) return null;
  const { snapshot, answer } = moment;
  const to = gallery.pictures[gallery.labels.indexOf(digit)] ?? null;
  return { key: ["morph", snapshot, digit, choice.off, answer.model], from: answer.input, to: () => to, how: "of the way", end: "All the way" };
}

/** @param {HTMLElement} body @param {Tools} tools @returns {(scene: Scene) => void} */
function build(body, { desk }) {
  let [mode, stroke, t] = [0, 0, 0];
  /** @type {number | null} */
  let digit = null;
  /** @type {Latest<Path>} */
  const paths = new Latest();
  /** @type {Latest<Gallery>} */
  const typical = new Latest();

  const sentence = el("p", { class: "sentence", "aria-live": "polite" });
  const modes = radioField("What changes", (index) => ((mode = index), restart()));
  const strokes = radioField("Which stroke", (index) => ((stroke = index), restart()));
  const digits = digitField("Which digit", (chosen) => ((digit = chosen), restart()));
  const way = wayView((place) => (t = place));
  body.append(modes.element, strokes.element, digits.element, sentence, way.element);

  const restart = () => {
    t = 0;
    render(desk.scene);
  };

  /** @param {Scene} scene @returns {Question | string | null}  A sentence where there is nothing to ask. */
  const question = (scene) => {
    const photo = scene.moment?.snapshot.photo;
    if (mode === 0 && photo) return "A photo has no strokes to fade: turn it into another digit instead.";
    if (mode === 0) return scene.lost ? UNEXPLAINED : fading(scene, stroke);
    const { model } = /** @type {import("../state/moments.js").Moment} */ (scene.moment).answer;
    typical.ask([model, scene.moment?.snapshot], () => kept(typicalOf, model, () => desk.typical()), () => render(desk.scene));
    if (typical.settled && !typical.answer) return "The typical digits are not to be had from this server.";
    return typical.answer && morphing(scene, digit ?? 0, typical.answer);
  };

  /** @param {Scene} scene */
  const render = (scene) => {
    const { moment, live } = scene;
    const blank = !moment || moment.answer.verdict === "blank";
    for (const each of [modes.element, strokes.element, digits.element]) each.hidden = blank;
    if (blank) return way.say(sentence, "Draw something, and see where its answer tips over.");
    choices(scene);
    if (live) return; // what is being drawn has no strokes to choose from yet
    const asked = question(scene);
    if (typeof asked === "string") return way.say(sentence, asked);
    if (!asked) return;
    const to = asked.to();
    if (!to) return way.say(sentence, "There is no typical picture of this digit.");
    paths.ask(asked.key, () => desk.path(asked.from, to), () => render(desk.scene));
    if (!paths.settled) return; // the way before stays until the new one is there
    if (!paths.answer) return way.say(sentence, SORRY);
    tell(sentence, storyOf(paths.answer, asked));
    way.show({ path: paths.answer, from: asked.from, to, how: asked.how }, t);
  };

  /** @param {Scene} scene */
  const choices = ({ moment, live }) => {
    if (!moment) return;
    modes.show(MODES, mode);
    [strokes.element.hidden, digits.element.hidden] = [mode !== 0 || !!moment.snapshot.photo, mode !== 1];
    if (digit === null || mode === 0) digit = ranking(moment.answer.probabilities)[1];
    digits.show(digit);
    if (live) return;
    const owners = inkStrokes(moment.snapshot.strokes);
    if (stroke >= owners.length) stroke = 0;
    strokes.show(owners.length ? namesOf(owners.map((i) => moment.snapshot.strokes[i])) : [], stroke);
  };
  way.watch(() => render(desk.scene));
  return render;
}

/** @type {Map<string, Gallery>} The typical digits of a model: they do not change. */
const typicalOf = new Map();

/** @typedef {{path: Path, from: ArrayLike<number>, to: ArrayLike<number>, how: string}} Shown */

/** @param {(t: number) => void} walked  Somebody goes to a place of the way. */
function wayView(walked) {
  const canvas = el("canvas", { class: "band" });
  const range = el("input", { type: "range", class: "scrub", min: "0", max: `${FINE}`, step: "1", "aria-label": "Place on the way" });
  const picture = el("canvas", { class: "thumb", role: "img" });
  const [place, turns, note] = [el("p", {}), el("ol", { class: "turns" }), el("p", { class: "note" })];
  const element = el("div", { class: "tipping" }, el("div", {}, canvas, range), el("div", { class: "here" }, picture, place), turns, note);
  /** @type {Shown | null} */
  let shown = null;
  element.hidden = true;

  const go = (/** @type {number} */ t) => {
    walked(t);
    if (shown) show(shown, t);
  };
  range.addEventListener("input", () => go(range.valueAsNumber / FINE));

  /** @param {Shown} now @param {number} t */
  const show = (now, t) => {
    const { path, from, to, how } = now;
    if (shown?.path !== path) turns.replaceChildren(...path.flips.map((flip) => el("li", {}, button(turn(flip, how), () => go(flip.at), "link"))));
    shown = now;
    element.hidden = false;
    renderBand(canvas, bandOf(path), t, `The ten probabilities from 0% to 100% ${how}. ${path.flips.map((flip) => turn(flip, how)).join(". ")}`);
    renderInput(picture, mixed(from, to, t));
    range.value = `${Math.round(t * FINE)}`;
    place.textContent = `${share(t)} ${how}: ${answerAt(path, t)}`;
    range.setAttribute("aria-valuetext", place.textContent);
    note.textContent = noteOf(path, how);
  };
  return {
    element,
    show,
    /** @param {HTMLElement} sentence @param {string} text */
    say: (sentence, text) => {
      tell(sentence, text);
      [element.hidden, shown] = [true, null];
    },
    /** @param {() => void} resized */
    watch: (resized) => new ResizeObserver(resized).observe(canvas),
  };
}

/** @param {Path} path @param {string} how @returns {string} */
function noteOf(path, how) {
  const count = breakpointsOf(path);
  const bends = count === 1 ? "Once on the way a neuron switches" : `${count} times on the way a neuron switches`;
  const what = how === "faded" ? "The picture fades where it lies: it is not cropped and centred anew." : "From your picture to a typical one that it learned from, each pixel in a straight line.";
  return `${what} ${bends} on or off; in between every logit is a straight line, so the places above are exact, not sampled.`;
}

/** @type {Panel} */
export const tipping = { curious: true, build };
