// History of a drawing: every answer with its drawing and its network, and where the answer flipped. Of numbers it is the
// history of one figure: the chosen one, which is found in each answer by its place.

import { samePlace } from "../explain/figures.js";
import { argmax } from "../explain/numbers.js";
import { lastWritten } from "./moment.js";

/** @import { Place } from "../explain/figures.js" */
/** @import { Moment } from "./moment.js" */
/** @typedef {{index: number, before: number, after: number, switched: boolean}} Flip  Switched: a switch changed the answer, not drawing alone. */

/** With more answers, or figures in them, the history is thinned: every second answer goes. */
const [MOST, MOST_FIGURES] = [360, 1440];

/** @param {ReadonlySet<string>} a @param {ReadonlySet<string>} b @returns {boolean} */
const same = (a, b) => a.size === b.size && [...a].every((name) => b.has(name));

export class Moments {
  /** @type {Moment[]} The chosen figure in each answer that has it. */
  list = [];
  /** @type {Moment[][]} The figures of each answer; of a digit alone, the one. */
  #answers = [];
  /** @type {Place | null} Of the figure that a person has chosen; null for the one that was written last. */
  #chosen = null;

  clear() {
    [this.list, this.#answers, this.#chosen] = [[], [], null];
  }

  /** @param {Moment[]} figures  Of an answer. @param {Moment | null} [viewed]  The one being looked at: its answer stays. */
  push(figures, viewed = null) {
    this.#answers.push(figures);
    const count = this.#answers.reduce((sum, { length }) => sum + length, 0);
    if (this.#answers.length > MOST || count > MOST_FIGURES) this.#thin(figures, viewed);
    this.follow();
  }

  /** @param {Moment[]} latest @param {Moment | null} viewed */
  #thin(latest, viewed) {
    this.#answers = this.#answers.filter((each, i) => i % 2 === 0 || each === latest || (viewed !== null && each.includes(viewed)));
  }

  /** Looks at another figure from now on. @param {Moment} figure */
  choose({ place }) {
    this.#chosen = place ?? null;
    this.#list(this.#chosen);
  }

  /** Keeps to the chosen figure, as it is now; if it is gone, to the one that was written last. */
  follow() {
    const latest = this.#answers.at(-1);
    if (!latest) return;
    const kept = this.#chosen && figureAt(latest, this.#chosen);
    this.#chosen = kept?.place ?? null;
    const shown = kept ?? lastWritten(latest);
    this.#list(shown.place ?? null);
    if (this.list.at(-1) !== shown) this.list.push(shown); // nothing was read
  }

  /** @param {Place | null} place */
  #list(place) {
    const single = (/** @type {Moment[]} */ [moment]) => (moment.sheet ? [] : [moment]);
    this.list = this.#answers.flatMap((figures) => (place ? (figureAt(figures, place) ?? []) : single(figures)));
  }

  /** @returns {Flip[]}  Where another digit became the most probable. */
  flips() {
    return this.list.slice(1).flatMap(({ answer, switches }, i) => {
      const last = this.list[i];
      const [before, after] = [argmax(last.answer.probabilities), argmax(answer.probabilities)];
      const switched = !same(switches.ablated, last.switches.ablated) || !same(switches.skip, last.switches.skip);
      return before === after ? [] : [{ index: i + 1, before, after, switched }];
    });
  }
}

/** @param {Moment[]} figures @param {Place} place @returns {Moment | null} */
function figureAt(figures, place) {
  const index = figures[0].place ? samePlace(figures.map((figure) => figure.place ?? []), place) : -1;
  return index < 0 ? null : figures[index];
}
