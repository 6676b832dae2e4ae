// The pad's toolbar: undo, redo, clear, pen, eraser and brush, by button and by key, and samples that write themselves.
// A sample that welcomes, or is still being written, gives way to whoever touches the pad.

import { Pad } from "./pad.js";
import { Player } from "./player.js";
import { SAMPLE_WIDTH, samples } from "./samples.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Stroke } from "./strokes.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} changed  The ink is other than it was.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 * @property {() => void} [touched]  Somebody is about to draw.
 * @property {() => void} [cleared]  What was there before is no part of what comes.
 */

export class Toolbar {
  #player = new Player();
  #stage;
  #listener;
  #reducedMotion;
  /** Where the history stood when the last sample began. */
  #sampleStart = 0;
  pad;

  /**
   * @param {HTMLElement} stage  Holds the pad and its buttons: of the tools, those that a page has.
   * @param {Listener} listener @param {() => boolean} reducedMotion  Whether less motion is asked for.
   */
  constructor(stage, listener, reducedMotion) {
    const canvas = (/** @type {string} */ id) => /** @type {HTMLCanvasElement} */ (stage.querySelector(id));
    this.#stage = stage;
    this.#listener = listener;
    this.#reducedMotion = reducedMotion;
    this.pad = new Pad(canvas("#pad"), canvas("#preview"), {
      changed: listener.changed,
      announce: listener.announce,
      touched: () => (this.dismiss(), listener.touched?.()),
      photoChanged: () => listener.cleared?.(),
      ended: () => (listener.ended(), this.#refresh()),
    });
    this.#listen();
    this.#refresh();
  }

  #listen() {
    const tools = {
      undo: () => this.undo(),
      redo: () => this.redo(),
      clear: () => this.clear(),
      pen: () => this.#hold(false),
      eraser: () => this.#hold(true),
    };
    for (const [name, action] of Object.entries(tools)) this.#button(name)?.addEventListener("click", action);
    for (const chip of this.#stage.querySelectorAll("[data-sample]")) {
      chip.addEventListener("click", () => this.write(Number(chip.getAttribute("data-sample"))));
    }
    const brush = /** @type {HTMLInputElement | null} */ (this.#stage.querySelector("#brush"));
    const setBrush = () => brush && (this.pad.brush = brush.valueAsNumber / 100);
    brush?.addEventListener("input", setBrush);
    setBrush();
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {string} name @returns {HTMLButtonElement | null} */
  #button(name) {
    return this.#stage.querySelector(`#${name}`);
  }

  /** @returns {boolean}  Whether what is on the pad is the sample that welcomes. */
  get welcoming() {
    return this.#stage.hasAttribute("data-welcome");
  }

  /** @returns {readonly Stroke[]}  What is on the pad, and somebody's own. */
  get drawn() {
    return this.welcoming ? [] : this.pad.snapshot().strokes;
  }

  /**
   * @param {number} digit  Writes itself.
   * @param {{welcomes?: boolean, atOnce?: boolean}} [how]  Whether it goes away at the first touch, and is there at once.
   */
  write(digit, { welcomes = false, atOnce = this.#reducedMotion() } = {}) {
    const { pad } = this;
    this.dismiss();
    pad.clear();
    this.#listener.cleared?.();
    this.#sampleStart = pad.drawing.depth;
    this.#stage.toggleAttribute("data-welcome", welcomes);
    const down = (/** @type {Point} */ point) => pad.down(point, SAMPLE_WIDTH, false);
    this.#player.play(samples[digit], { down, move: (point) => pad.move(point), up: () => pad.up() }, atOnce);
  }

  /** What was drawn before a sample can still be brought back. */
  dismiss() {
    if (!this.welcoming && !this.#player.playing) return;
    this.#player.stop();
    if (this.welcoming) this.pad.forget();
    else this.pad.rewind(this.#sampleStart);
    this.#stage.removeAttribute("data-welcome");
    this.#listener.cleared?.();
    this.#refresh();
  }

  /** @param {readonly Stroke[]} strokes  In place of what is there. */
  open(strokes) {
    this.dismiss();
    this.#listener.cleared?.();
    this.pad.load([...strokes]);
  }

  /** @param {Photo} photo  In place of what is there. */
  setPhoto(photo) {
    this.dismiss();
    this.pad.setPhoto(photo);
  }

  /** @param {Stroke} stroke  As if a hand had drawn it; a sample stays, and is the person's from now on. */
  add(stroke) {
    const strokes = [...this.pad.snapshot().strokes];
    if (this.welcoming || this.#player.playing) {
      this.dismiss();
      this.pad.load(strokes); // what was a sample can be returned to
    }
    this.pad.load([...strokes, stroke]);
  }

  undo() {
    this.dismiss();
    this.pad.undo();
  }

  redo() {
    this.dismiss();
    this.pad.redo();
  }

  clear() {
    this.dismiss();
    this.pad.erasing = false; // an eraser has nothing to do on a blank pad
    this.pad.clear();
    this.#listener.cleared?.();
    this.#listener.announce("The pad is clear.");
  }

  /** @param {boolean} erasing */
  #hold(erasing) {
    this.pad.erasing = erasing;
    this.#refresh();
  }

  #refresh() {
    const { erasing, drawing } = this.pad;
    const states = {
      undo: { disabled: this.welcoming || !drawing.canUndo },
      redo: { disabled: this.welcoming || !drawing.canRedo },
      pen: { ariaPressed: `${!erasing}` },
      eraser: { ariaPressed: `${erasing}` },
    };
    for (const [name, state] of Object.entries(states)) Object.assign(this.#button(name) ?? {}, state);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || isText(event.target)) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && (key === "y" || (key === "z" && event.shiftKey))) this.redo();
    else if (command && key === "z") this.undo();
    else if (key === "escape" || key === "delete") this.clear();
    else if (event.target === this.pad.canvas && !command && !this.pad.drawing.live && /^\d$/.test(key)) this.write(Number(key));
    else return;
    event.preventDefault();
  }
}

/** @param {EventTarget | null} target @returns {boolean}  Whether keys are for a field of its own. */
const isText = (target) =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && !["range", "radio", "checkbox", "file"].includes(target.type));
