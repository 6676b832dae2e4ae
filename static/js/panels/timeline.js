// The timeline: all answers of a drawing side by side; each moment can be viewed again.

import { blankCanvas } from "../drawing/canvas.js";
import { Animation } from "../drawing/frames.js";
import { briefly } from "../explain/words.js";
import { dueAt, nearest, nextStep, placeOf, timelineOf, scheduleOf, summaryOf, flipLabel } from "../state/timeline.js";
import { button, el, followPointer } from "../views/dom.js";
import { paintDrawing, viewOf } from "../views/drawing-window.js";
import { renderStackedArea } from "../views/stacked-area-chart.js";

/** @import { Flip } from "../state/moments.js" */
/** @import { Store, State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** Shows the moments one after another as fast as they were drawn. */
class Replay extends Animation {
  #listeners = new AbortController();

  /** @param {Store} store @param {Element} home  Input anywhere else stops it. @param {() => void} ended */
  play(store, home, ended) {
    const { list } = store.moments;
    const [schedule, { length }] = [scheduleOf(list), list];
    let start = 0;
    this.start((now) => {
      start ||= now;
      const changed = store.moments.list !== list || list.length !== length || store.state.live;
      const over = changed || now - start >= schedule[length - 1];
      if (over) this.stop();
      if (!changed) store.view(over ? null : list[dueAt(schedule, now - start)]);
      if (over) ended();
      return !over;
    });
    this.#stopOnInput(home, ended);
  }

  stop() {
    super.stop();
    this.#listeners.abort();
  }

  /** Somebody who draws meanwhile must not be shown the past. @param {Element} home @param {() => void} ended */
  #stopOnInput(home, ended) {
    this.#listeners = new AbortController();
    const stop = (/** @type {Event} */ { target }) => {
      if (home.contains(/** @type {Node} */ (target))) return;
      this.stop();
      ended();
    };
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, stop, { capture: true, signal: this.#listeners.signal });
  }
}

const replay = new Replay();

/** @param {Pick<State, "moments" | "viewed">} state @returns {number}  The index of the moment being looked at. */
const indexOf = ({ moments: { list }, viewed }) => (viewed ? list.indexOf(viewed) : list.length - 1);

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, tools) {
  const { store } = tools;
  const sentence = el("p", { class: "sentence" });
  const canvas = el("canvas", { class: "stacked-area" });
  const range = el("input", { type: "range", class: "scrubber", min: "0", step: "1", "aria-label": "Moment of the drawing" });
  const picture = el("canvas", { class: "thumbnail", "aria-hidden": "true" });
  const place = el("p", {});
  const past = el("p", { class: "note" });
  const back = button("Back to now", () => (replay.stop(), store.view(null), refresh()));
  const play = button("Replay", () => playOrStop());
  const flips = el("ol", { class: "flips", "aria-label": "Where it changed its mind" });
  const note = el("p", { class: "note" });
  const chart = el("div", {}, canvas, range);
  const shown = el(
    "div",
    { class: "timeline" },
    chart,
    el("div", { class: "here" }, picture, el("div", {}, place, past), el("div", { class: "buttons" }, play, back)),
    flips,
    note,
  );
  body.append(sentence, shown);

  const refresh = () => render(store.state);
  const visit = (/** @type {number} */ index) => (replay.stop(), store.view(store.moments.list[index] ?? null), refresh());
  const playOrStop = () => {
    if (tools.reducedMotion) return visit(nextStep(store.moments, indexOf(store.state)));
    if (replay.playing) replay.stop();
    else replay.play(store, shown, refresh);
    refresh();
  };
  range.addEventListener("input", () => visit(range.valueAsNumber));
  followPointer(canvas, (x, width) => visit(nearest(x / width, store.moments.list.length)));
  new ResizeObserver(refresh).observe(canvas);

  /** @param {State} state */
  const render = ({ moment, moments, viewed }) => {
    [shown.hidden, chart.hidden, note.hidden] = [!moment, moments.list.length < 2, moments.list.length < 2];
    if (!moment) return void (sentence.textContent = "Draw something, and every answer on the way stands here.");
    const { length } = moments.list;
    const index = indexOf({ moments, viewed });
    sentence.textContent = summaryOf(moments);
    renderStackedArea(canvas, timelineOf(moments), placeOf(index, length), `The ten probabilities at ${length} moments. ${summaryOf(moments)}`);
    range.max = `${length - 1}`;
    range.value = `${index}`;
    place.textContent = `${viewed === null ? "Now" : `Moment ${index + 1} of ${length}`}: ${briefly(moment.answer)}`;
    range.setAttribute("aria-valuetext", place.textContent);
    past.textContent = viewed === null ? "" : "A moment of the past: the pad, the layers and the bars show it too.";
    [back.hidden, play.hidden] = [viewed === null, length < 2];
    play.textContent = tools.reducedMotion ? "Next step" : replay.playing ? "Stop" : "Replay";
    const { context, width } = blankCanvas(picture);
    paintDrawing(context, moment.snapshot, viewOf(moment), width, getComputedStyle(picture).color);
    showFlips(moments.flips());
    note.textContent = `From left to right ${length} answers, evenly spaced, whatever the pauses between them. The digit in the lead is in full ink, and in grey where it was no digit to it.`;
  };

  /** @param {Flip[]} all */
  const showFlips = (all) => {
    const key = JSON.stringify(all);
    if (flips.dataset.shown === key) return; // a button keeps the focus
    flips.dataset.shown = key;
    flips.replaceChildren(
      ...all.map((flip) => {
        const jump = button(flipLabel(flip), () => visit(flip.index));
        jump.setAttribute("aria-label", `${flipLabel(flip)}, at moment ${flip.index + 1}`);
        return el("li", {}, jump);
      }),
    );
  };
  return render;
}

/** @type {Panel} */
export const timeline = {
  needsExplanations: false,
  build,
  folded: ({ store }) => {
    replay.stop();
    store.view(null);
  },
};
