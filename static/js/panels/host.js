// Host of the panels that explain an answer. A folded one costs nothing: it is built when it is first opened, and
// rendered only while it is open.

/** @import { Overlay } from "../drawing/overlay.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Store, State } from "../state/store.js" */
/**
 * What a panel may use.
 * @typedef {object} Tools
 * @property {Store} store  Asks and chooses.
 * @property {Overlay} overlay  Paints over the drawing on the pad.
 * @property {Parameters} parameters  The network's own numbers.
 * @property {(stroke: Stroke) => void} add  To the drawing; undo takes it back.
 * @property {(sentence: string) => void} say  To a screen reader.
 * @property {(sentence: string) => void} showReason  Beside the answer: its reason.
 * @property {boolean} reducedMotion  Whether the person asked for less motion.
 */
/** @typedef {(state: State) => void} Render  Shows a scene; called again whenever anything in it is other. */
/**
 * @typedef {object} Panel
 * @property {boolean} needsExplanations  Whether it shows explanations.
 * @property {(body: HTMLElement, tools: Tools) => Render} build  Fills an empty body, once.
 * @property {(tools: Tools) => void} [folded]  Takes back what it did outside of its body.
 */

export class PanelHost {
  /** @type {Map<HTMLDetailsElement, Render>} */
  #built = new Map();
  #frame = 0;
  #element;
  #panels;
  #tools;

  /** @param {HTMLElement} element @param {Record<string, Panel>} panels  By the id of their element. @param {Tools} tools */
  constructor(element, panels, tools) {
    this.#element = element;
    this.#tools = tools;
    this.#panels = Object.entries(panels).flatMap(([id, panel]) => {
      const details = /** @type {HTMLDetailsElement | null} */ (element.querySelector(`#${id}`));
      return details ? [{ details, panel }] : [];
    });
    for (const each of this.#panels) each.details.addEventListener("toggle", () => this.#toggled(each));
  }

  /** Something has changed: every open panel shows it with the next frame. */
  render() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      for (const { details } of this.#panels) this.#show(details);
    });
  }

  /** @param {string} id  Unfolds a panel and brings it into view. */
  open(id) {
    const details = /** @type {HTMLDetailsElement | null} */ (this.#element.querySelector(`#${id}`));
    if (!details) return;
    details.open = true;
    details.scrollIntoView({ block: "nearest", behavior: this.#tools.reducedMotion ? "auto" : "smooth" });
  }

  /** @param {HTMLDetailsElement} details */
  #show(details) {
    if (!details.open) return;
    try {
      this.#built.get(details)?.(this.#tools.store.state);
    } catch (error) {
      console.error(error); // the other panels have something to show all the same
    }
  }

  /** @param {{details: HTMLDetailsElement, panel: Panel}} each */
  #toggled({ details, panel }) {
    const body = /** @type {HTMLElement} */ (details.querySelector(".body"));
    if (details.open && !this.#built.has(details)) this.#built.set(details, panel.build(body, this.#tools));
    if (!details.open) panel.folded?.(this.#tools);
    this.#tools.store.needsExplanations = this.#panels.some((each) => each.details.open && each.panel.needsExplanations);
    this.#show(details);
    this.#tools.store.explain();
  }
}
