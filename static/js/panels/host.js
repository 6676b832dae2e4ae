// Host of the panels that explain an answer. Their modules are fetched after the first answer, or when one is opened; a panel
// is built when it is first opened, and rendered only while it is open.

import { oncePerFrame } from "../drawing/frames.js";
import { setHidden } from "../views/dom.js";

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
 * @property {(body: HTMLElement, tools: Tools, refresh: () => void) => Render} build  Fills an empty body, once. What the
 *   panel asked for itself is there: `refresh` renders it, once it is open.
 * @property {(tools: Tools) => void} [folded]  Undoes what it did outside its body.
 */
/** @typedef {Record<string, Panel>} Panels  By the id of their element. */

export const NOT_LOADED = "This part of the page did not load: check the connection, and reload the page. Your drawing is kept.";

/** The share of the window's height below which a panel that begins there would be mostly out of view. */
const LOW = 1 / 3;
/** What a person does who may look at something else from then on. */
const ACTS = ["pointerdown", "wheel", "touchmove", "keydown"];

/**
 * Scrolls an open panel to the top of the window, unless it begins near there.
 * @param {HTMLElement} details @param {boolean} atOnce  Without motion.
 */
export function reveal(details, atOnce) {
  const { top } = details.getBoundingClientRect();
  if (top < 0 || top > LOW * innerHeight) details.scrollIntoView({ block: "start", behavior: atOnce ? "instant" : "smooth" });
}

/** @param {HTMLDetailsElement} details @returns {HTMLElement} */
const bodyOf = (details) => /** @type {HTMLElement} */ (details.querySelector(".body"));

export class PanelHost {
  /** @type {Map<HTMLDetailsElement, Render>} */
  #built = new Map();
  /** Something has changed: every open panel shows it with the next frame. */
  render = oncePerFrame(() => this.#details.forEach((details) => this.#show(details)));
  /** Brings the panel that was opened last into view whenever it grows: until its content is there, the page may be too short. */
  #grown = new ResizeObserver(([{ target }]) => reveal(/** @type {HTMLElement} */ (target), this.#tools.reducedMotion));
  /** @type {HTMLDetailsElement | null} */
  #revealed = null;
  #element;
  #details;
  #fetchPanels;
  #tools;
  /** @type {Promise<Panels> | null} */
  #fetched = null;
  /** @type {Panels} */
  #panels = {};

  /** @param {HTMLElement} element @param {() => Promise<Panels>} fetchPanels @param {Tools} tools */
  constructor(element, fetchPanels, tools) {
    this.#element = element;
    this.#fetchPanels = fetchPanels;
    this.#tools = tools;
    this.#details = [...element.querySelectorAll("details")];
    for (const details of this.#details) details.addEventListener("toggle", () => void this.#toggled(details));
    for (const act of ACTS) addEventListener(act, () => this.#reveal(null), { passive: true, capture: true });
  }

  /** Fetches the panels' modules, unless they are there already. @returns {Promise<Panels>} */
  fetch() {
    const again = (/** @type {unknown} */ error) => { this.#fetched = null; throw error; };
    return (this.#fetched ??= this.#fetchPanels().then((panels) => (this.#panels = panels, this.#retry(), panels), again));
  }

  /** @param {string} id  Unfolds a panel and brings it into view. */
  open(id) {
    const details = /** @type {HTMLDetailsElement | null} */ (this.#element.querySelector(`#${id}`));
    if (details?.open) reveal(details, this.#tools.reducedMotion);
    else if (details) details.open = true;
  }

  /** Builds the open panels whose modules did not load before. */
  #retry() {
    for (const details of this.#details) {
      if (details.open && bodyOf(details).textContent === NOT_LOADED) void this.#build(details).then(() => this.#show(details));
    }
  }

  /** Builds a panel that is opened for the first time. @param {HTMLDetailsElement} details */
  async #build(details) {
    const body = bodyOf(details);
    const panels = await this.fetch().catch(() => (body.textContent = NOT_LOADED, null));
    if (!panels || this.#built.has(details)) return;
    body.textContent = "";
    this.#built.set(details, panels[details.id].build(body, this.#tools, () => this.#show(details)));
  }

  /** @param {HTMLDetailsElement} details */
  #show(details) {
    if (!details.open) return;
    this.#sayAway(details);
    try {
      this.#built.get(details)?.(this.#tools.store.state);
    } catch (error) {
      console.error(error); // the other panels are rendered all the same
    }
  }

  /** While the server is away, a panel says so in place of what it has not got. @param {HTMLDetailsElement} details */
  #sayAway(details) {
    const { away, moment, explained } = this.#tools.store.state;
    const [notice, body] = [".away", ".body"].map((name) => /** @type {HTMLElement} */ (details.querySelector(name)));
    setHidden(notice, !away);
    setHidden(body, away && (!moment || (!!this.#panels[details.id]?.needsExplanations && !explained)));
  }

  /** @param {HTMLDetailsElement} details */
  async #toggled(details) {
    this.#reveal(details.open ? details : null);
    if (details.open) await this.#build(details);
    else this.#panels[details.id]?.folded?.(this.#tools);
    this.#tools.store.needsExplanations = this.#details.some(({ open, id }) => open && this.#panels[id]?.needsExplanations);
    this.#show(details);
    this.#tools.store.explain();
    if (this.#revealed === details) this.#grown.observe(details);
  }

  /** @param {HTMLDetailsElement | null} details  The panel that comes into view once it is built, unless the person acts. */
  #reveal(details) {
    this.#grown.disconnect();
    this.#revealed = details;
  }
}
