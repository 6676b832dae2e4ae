// How it made up its mind: every answer on the way, side by side, and each can be looked at again.

import { briefly } from "../explain/words.js";
import { dueAt, nearest, nextStep, placeOf, timelineOf, scheduleOf, summaryOf, flipLabel } from "../state/timeline.js";
import { blankCanvas } from "../views/canvas.js";
import { button, el } from "../views/dom.js";
import { WHOLE, paintDrawing } from "../views/drawing-window.js";
import { renderStackedArea } from "../views/stacked-area-chart.js";

/** @import { Flip } from "../state/moments.js" */
/** @import { Store, State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** Shows the moments one after another as fast as they were drawn. */
class Replay {
  #frame = 0;
  #listeners = new AbortController();

  get playing() {
    return this.#frame !== 0;
  }

  /** @param {Store} store @param {Element} home  A hand anywhere else stops it. @param {() => void} ended */
  play(store, home, ended) {
    this.stop();
    const { list } = store.moments;
    const [schedule, { length }] = [scheduleOf(list), list];
    let start = 0;
    const step = (/** @type {number} */ now) => {
      start ||= now;
      const changed = store.moments.list !== list || list.length !== length || store.state.live;
      const over = changed || now - start >= schedule[length - 1];
      this.#frame = over ? 0 : requestAnimationFrame(step);
      if (over) this.stop();
      if (!changed) store.view(over ? null : dueAt(schedule, now - start));
      if (over) ended();
    };
    this.#frame = requestAnimationFrame(step);
    this.#stopOnInput(home, ended);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#listeners.abort();
  }

  /** Whoever draws meanwhile shall not be shown the past. @param {Element} home @param {() => void} ended */
  #stopOnInput(home, ended) {
    this.#listeners = new AbortController();
    const give = (/** @type {Event} */ { target }) => {
      if (home.contains(/** @type {Node} */ (target))) return;
      this.stop();
      ended();
    };
    for (const event of ["pointerdown", "keydown"]) {
      addEventListener(event, give, { capture: true, signal: this.#listeners.signal });
    }
  }
}

const replay = new Replay();

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
  const way = el("div", {}, canvas, range);
  const shown = el(
    "div",
    { class: "timeline" },
    way,
    el("div", { class: "here" }, picture, el("div", {}, place, past), el("div", { class: "buttons" }, play, back)),
    flips,
    note,
  );
  body.append(sentence, shown);

  const refresh = () => render(store.state);
  const visit = (/** @type {number} */ index) => (replay.stop(), store.view(index), refresh());
  const playOrStop = () => {
    if (tools.reducedMotion) return visit(nextStep(store.moments, store.state.viewed));
    if (replay.playing) replay.stop();
    else replay.play(store, shown, refresh);
    refresh();
  };
  range.addEventListener("input", () => visit(range.valueAsNumber));
  dragged(canvas, (share) => visit(nearest(share, store.moments.list.length)));
  new ResizeObserver(refresh).observe(canvas);

  /** @param {State} state */
  const render = ({ moment, moments, viewed }) => {
    [shown.hidden, way.hidden, note.hidden] = [!moment, moments.list.length < 2, moments.list.length < 2];
    if (!moment) return void (sentence.textContent = "Draw something, and every answer on the way stands here.");
    const { length } = moments.list;
    const index = viewed ?? length - 1;
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
    paintDrawing(context, moment.snapshot, WHOLE, width, getComputedStyle(picture).color);
    showFlips(moments.flips());
    note.textContent = `From left to right ${length} answers, evenly spaced, whatever the pauses between them. The digit in the lead is in full ink, and in grey where it was no digit to it.`;
  };

  /** @param {Flip[]} all */
  const showFlips = (all) => {
    const key = JSON.stringify(all);
    if (flips.dataset.shown === key) return; // a button that has the focus keeps it
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

/** @param {HTMLElement} element @param {(share: number) => void} to  How far along a pointer is. */
function dragged(element, to) {
  const follow = (/** @type {PointerEvent} */ event) => {
    const { left, width } = element.getBoundingClientRect();
    to((event.clientX - left) / width);
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    follow(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) follow(event);
  });
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
