// The tipping point: where the answer flips while a stroke fades, or while the drawing turns into another digit.

import { answerAt, stackedAreaOf, breakpointsOf, faded, mixed, percentAt, summaryOf, flipSentence } from "../explain/interpolation.js";
import { namesOf } from "../explain/reasons.js";
import { areaOf, inkStrokes, sharesOf } from "../explain/stroke-attribution.js";
import { UNEXPLAINED, ranking } from "../explain/words.js";
import { Latest, memoized } from "../server/latest.js";
import { button, el, setText } from "../views/dom.js";
import { choiceField, digitField } from "../views/fields.js";
import { renderInput } from "../views/input-image.js";
import { renderStackedArea } from "../views/stacked-area-chart.js";

/** @import { Gallery, Path } from "../server/api.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */
/** @typedef {{key: readonly unknown[], from: ArrayLike<number>, to: () => number[] | null, how: string, end: string}} Question */

const MODES = ["Turn it into another digit", "Fade a stroke"];
const FADE = 1;
/** Steps of the slider. */
const SLIDER_STEPS = 1000;
const NO_REPLY = "The server has no answer to this. Change the drawing, and it is asked again.";

/** @param {State} state @param {number} chosen  Which of the ink strokes. @returns {Question | null}  Null: not yet. */
function fading({ moment, explained, choice }, chosen) {
  const placement = explained?.explanation.placement;
  if (!moment || !placement || explained.snapshot !== moment.snapshot) return null;
  const { snapshot, answer } = moment;
  const alone = inkStrokes(snapshot.strokes).length === 1;
  return {
    key: ["fade", snapshot, chosen, choice.ablated],
    from: answer.input,
    to: () => faded(answer.input, sharesOf(snapshot.strokes, areaOf(placement, snapshot.frame))[chosen]),
    how: "faded",
    end: alone ? "Until nothing is left" : "Even without it",
  };
}

/** @param {State} state @param {number} digit @param {Gallery} gallery @returns {Question | null} */
function morphing({ moment, choice }, digit, gallery) {
  if (!moment) return null;
  const { snapshot, answer } = moment;
  const to = gallery.pictures[gallery.labels.indexOf(digit)] ?? null;
  return { key: ["morph", snapshot, digit, choice.ablated, answer.model], from: answer.input, to: () => to, how: "of the way", end: "All the way" };
}

/** @param {HTMLElement} body @param {Tools} tools @param {() => void} refresh @returns {(state: State) => void} */
function build(body, { store }, refresh) {
  let [mode, stroke, t] = [0, 0, 0];
  /** @type {number | null} The digit that the person chose. */
  let chosen = null;
  let digit = 0;
  /** @type {Latest<Path>} */
  const paths = new Latest();
  /** @type {Latest<Gallery>} */
  const typical = new Latest();

  const sentence = el("p", { class: "sentence", "aria-live": "polite" });
  const modes = choiceField("What changes", (index) => ((mode = index), restart()), "radios");
  const strokes = choiceField("Which stroke", (index) => ((stroke = index), restart()), "radios");
  const digits = digitField("Which digit", (wanted) => ((chosen = wanted), restart()));
  const pathView = createPathView((place) => (t = place));
  body.append(modes.element, strokes.element, digits.element, sentence, pathView.element);

  const restart = () => {
    t = 0;
    render(store.state);
  };

  /** @param {State} state @returns {Question | string | null}  A sentence if there is nothing to ask; null while something is missing. */
  const question = (state) => {
    const photo = state.moment?.snapshot.photo;
    if (mode === FADE && photo) return "A photo has no strokes to fade: turn it into another digit instead.";
    if (mode === FADE) return state.unavailable ? UNEXPLAINED : fading(state, stroke);
    const { model } = /** @type {import("../state/moment.js").Moment} */ (state.moment).answer;
    typical.ask([model, state.moment?.snapshot], () => memoized(typicalOf, model, () => store.gallery("typical")), refresh);
    if (typical.settled && !typical.answer) return "The typical digits are not to be had from this server.";
    return typical.answer && morphing(state, digit, typical.answer);
  };

  /** @param {State} state */
  const render = (state) => {
    const { moment, live } = state;
    const blank = !moment || moment.answer.verdict === "blank";
    for (const each of [modes.element, strokes.element, digits.element]) each.hidden = blank;
    if (blank) return pathView.say(sentence, "Draw something, and see where its answer tips over.");
    choices(state);
    if (live) return; // the stroke is not complete
    const asked = question(state);
    if (typeof asked === "string") return pathView.say(sentence, asked);
    if (!asked) return;
    const to = asked.to();
    if (!to) return pathView.say(sentence, "There is no typical picture of this digit.");
    paths.ask(asked.key, () => store.path(asked.from, to), refresh);
    if (!paths.settled) return; // the last path is shown until the new one comes
    if (!paths.answer) return pathView.say(sentence, NO_REPLY);
    setText(sentence, summaryOf(paths.answer, asked));
    pathView.show({ path: paths.answer, from: asked.from, to, how: asked.how }, t);
  };

  /** @param {State} state */
  const choices = ({ moment, live }) => {
    if (!moment) return;
    modes.show(MODES, mode);
    [strokes.element.hidden, digits.element.hidden] = [mode !== FADE || !!moment.snapshot.photo, mode === FADE];
    const [top, runnerUp] = ranking(moment.answer.probabilities);
    digit = chosen === null || chosen === top ? runnerUp : chosen; // on the way to what it is, nothing would tip
    digits.show(digit, top);
    if (live) return;
    const owners = inkStrokes(moment.snapshot.strokes);
    if (stroke >= owners.length) stroke = 0;
    strokes.show(owners.length ? namesOf(owners.map((i) => moment.snapshot.strokes[i])) : [], stroke);
  };
  pathView.onResize(() => render(store.state));
  return render;
}

/** @type {Map<string, Gallery>} The typical digits of each model. */
const typicalOf = new Map();

/** @typedef {{path: Path, from: ArrayLike<number>, to: ArrayLike<number>, how: string}} Shown */

/** @param {(t: number) => void} moved  A place on the path was chosen. */
function createPathView(moved) {
  const canvas = el("canvas", { class: "stacked-area" });
  const range = el("input", { type: "range", class: "scrubber", min: "0", max: `${SLIDER_STEPS}`, step: "1", "aria-label": "Place on the way" });
  const picture = el("canvas", { class: "thumbnail", role: "img" });
  const [place, flipList, note] = [el("p", {}), el("ol", { class: "tipping-points" }), el("p", { class: "note" })];
  const element = el("div", { class: "tipping-point" }, el("div", {}, canvas, range), el("div", { class: "here" }, picture, place), flipList, note);
  /** @type {Shown | null} */
  let shown = null;
  element.hidden = true;

  const go = (/** @type {number} */ t) => {
    moved(t);
    if (shown) show(shown, t);
  };
  range.addEventListener("input", () => go(range.valueAsNumber / SLIDER_STEPS));

  /** @param {Shown} now @param {number} t */
  const show = (now, t) => {
    const { path, from, to, how } = now;
    if (shown?.path !== path) flipList.replaceChildren(...path.flips.map((flip) => el("li", {}, button(flipSentence(flip, how), () => go(flip.at), "link"))));
    shown = now;
    element.hidden = false;
    renderStackedArea(canvas, stackedAreaOf(path), t, `The ten probabilities from 0% to 100% ${how}. ${path.flips.map((flip) => flipSentence(flip, how)).join(". ")}`);
    renderInput(picture, mixed(from, to, t));
    range.value = `${Math.round(t * SLIDER_STEPS)}`;
    place.textContent = `${percentAt(t)} ${how}: ${answerAt(path, t)}`;
    range.setAttribute("aria-valuetext", place.textContent);
    note.textContent = noteOf(path, how);
  };
  return {
    element,
    show,
    /** @param {HTMLElement} sentence @param {string} text */
    say: (sentence, text) => {
      setText(sentence, text);
      [element.hidden, shown] = [true, null];
    },
    /** @param {() => void} resized */
    onResize: (resized) => new ResizeObserver(resized).observe(canvas),
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
export const tippingPoint = { needsExplanations: true, build };
