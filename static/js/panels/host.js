// Host of the panels that explain an answer. A panel is built when it is first opened, and rendered only while it is open.

import { oncePerFrame } from "../drawing/frames.js";

/** @import { Overlay } from "../drawing/overlay.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Parameters } from "../server/parameters.js" */
/** @import { Store, State } from "../state/store.js" */
/**
 * What a panel may use.
 * @typedef {object} Tools
 * @property {Store} store
 * @property {Overlay} overlay  Paints over the drawing on the pad.
 * @property {Parameters} parameters  The network's own numbers, exact; fetched by the panel that needs them.
 * @property {(stroke: Stroke) => void} add  Adds a stroke to the drawing.
 * @property {(sentence: string) => void} say  Announces a sentence to a screen reader.
 * @property {(sentence: string) => void} showReason  Shows a reason beside the answer.
 * @property {boolean} reducedMotion  Whether the person asked for less motion.
 */
/** @typedef {(state: State) => void} Render  Called whenever the state has changed. */
/**
 * @typedef {object} Panel
 * @property {boolean} needsExplanations  Whether it shows explanations.
 * @property {(body: HTMLElement, tools: Tools) => Render} build  Fills an empty body, once.
 * @property {(tools: Tools) => void} [folded]  Undoes what it did outside its body.
 */

export class PanelHost {
  /** @type {Map<HTMLDetailsElement, Render>} */
  #built = new Map();
  /** Something has changed: every open panel shows it with the next frame. */
  render = oncePerFrame(() => this.#panels.forEach(({ details }) => this.#show(details)));
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

  /** @param {string} id  Unfolds a panel and brings it into view. */
  open(id) {
    const details = /** @type {HTMLDetailsElement | null} */ (this.#element.querySelector(`#${id}`));
    if (!details) return;
    const show = () => details.scrollIntoView({ block: "nearest", behavior: this.#tools.reducedMotion ? "auto" : "smooth" });
    if (details.open) return show();
    details.addEventListener("toggle", show, { once: true }); // it is then as high as it will be
    details.open = true;
  }

  /** @param {HTMLDetailsElement} details */
  #show(details) {
    if (!details.open) return;
    try {
      this.#built.get(details)?.(this.#tools.store.state);
    } catch (error) {
      console.error(error); // the other panels are rendered all the same
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
