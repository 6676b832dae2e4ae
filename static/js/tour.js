// A tour in five steps: a 4 whose top is closed becomes a 9, and three panels say why, when and where.

import { CLOSING } from "./drawing/samples.js";
import { button, el } from "./views/dom.js";

/** @import { Stroke } from "./drawing/strokes.js" */
/**
 * What the tour does on the page.
 * @typedef {object} Actions
 * @property {(sample: string) => void} write
 * @property {(sample: string, stroke: Stroke) => void} close  Adds the stroke to the sample, unless the answer is a 9 already.
 * @property {(panel: string) => void} open
 * @property {() => void} ended
 */
/** @typedef {{words: string, enter: (actions: Actions) => void}} Step */

/** The sample that is written, a 4. */
const OPEN = "open4";

/** @type {Step[]} */
const STEPS = [
  { words: "Here is a 4. The network reads it while it is written: watch the bars.", enter: ({ write }) => write(OPEN) },
  { words: "Close its top: draw a line from the left tip to the right one. Or press Next, and it is drawn for you.", enter: () => {} },
  {
    words: "Closed, the 4 is a 9. Blue ink speaks for the answer, orange ink against it.",
    enter: ({ close, open }) => (close(OPEN, CLOSING), open("pixel-attribution")),
  },
  { words: "Here is the moment when it changed its mind. Drag back to see any moment again.", enter: ({ open }) => open("timeline") },
  { words: "And here the 9 turns back, a little at a time: move the slider to where it flips. Then draw a digit of your own.", enter: ({ open }) => open("tipping-point") },
];

/** @param {HTMLElement} element  Takes the tour. @param {Actions} actions */
export function startTour(element, actions) {
  const words = el("p", { "aria-live": "polite" });
  const next = button("Next", () => go(at + 1));
  let at = 0;
  const end = () => {
    element.hidden = true;
    element.replaceChildren();
    actions.ended();
  };
  const go = (/** @type {number} */ to) => {
    if (to === STEPS.length) return end();
    at = to;
    STEPS[at].enter(actions);
    words.textContent = `${at + 1} of ${STEPS.length}. ${STEPS[at].words}`;
    next.textContent = at === STEPS.length - 1 ? "Done" : "Next";
  };
  element.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // else it clears the pad
    end();
  };
  element.replaceChildren(words, el("div", { class: "buttons" }, next, button("End the tour", end, "link")));
  element.hidden = false;
  go(0);
  next.focus({ preventScroll: true });
}
