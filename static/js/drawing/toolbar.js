// Toolbar of the pad: undo, redo, clear, pen, eraser and brush, by button and by key, and samples that write themselves.
// The placeholder, or a sample that is still being written, goes away when somebody touches the pad.

import { Pad } from "./pad.js";
import { Player } from "./player.js";
import { SAMPLE_WIDTH, samples } from "./samples.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Stroke } from "./strokes.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} changed  The ink has changed.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 * @property {() => void} [touched]  Somebody is about to draw.
 * @property {() => void} [cleared]  A new drawing begins.
 */

export class Toolbar {
  #player = new Player();
  #workspace;
  #listener;
  #reducedMotion;
  /** The depth of the history when the last sample began. */
  #sampleStart = 0;
  pad;

  /**
   * @param {HTMLElement} workspace  Holds the pad and those tools that a page has.
   * @param {Listener} listener @param {() => boolean} reducedMotion  Whether less motion is asked for.
   */
  constructor(workspace, listener, reducedMotion) {
    const canvas = (/** @type {string} */ id) => /** @type {HTMLCanvasElement} */ (workspace.querySelector(id));
    this.#workspace = workspace;
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
      pen: () => this.#setErasing(false),
      eraser: () => this.#setErasing(true),
    };
    for (const [name, action] of Object.entries(tools)) this.#button(name)?.addEventListener("click", action);
    for (const chip of this.#workspace.querySelectorAll("[data-sample]")) {
      chip.addEventListener("click", () => this.write(Number(chip.getAttribute("data-sample"))));
    }
    const brush = /** @type {HTMLInputElement | null} */ (this.#workspace.querySelector("#brush"));
    const setBrush = () => brush && (this.pad.brush = brush.valueAsNumber / 100);
    brush?.addEventListener("input", setBrush);
    setBrush();
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {string} name @returns {HTMLButtonElement | null} */
  #button(name) {
    return this.#workspace.querySelector(`#${name}`);
  }

  /** @returns {boolean}  Whether the placeholder is on the pad: a sample that was there before anybody drew. */
  get showsPlaceholder() {
    return this.#workspace.hasAttribute("data-placeholder");
  }

  /** @returns {readonly Stroke[]}  What is on the pad, unless it is the placeholder. */
  get drawn() {
    return this.showsPlaceholder ? [] : this.pad.snapshot().strokes;
  }

  /**
   * Writes a sample on the pad.
   * @param {number} digit
   * @param {{placeholder?: boolean, atOnce?: boolean}} [how]  Whether it goes away at the first touch, and appears at once.
   */
  write(digit, { placeholder = false, atOnce = this.#reducedMotion() } = {}) {
    const { pad } = this;
    this.dismiss();
    pad.change((drawing) => drawing.clear());
    this.#listener.cleared?.();
    this.#sampleStart = pad.drawing.depth;
    this.#workspace.toggleAttribute("data-placeholder", placeholder);
    const down = (/** @type {Point} */ point) => pad.down(point, SAMPLE_WIDTH, false);
    this.#player.play(samples[digit], { down, move: (point) => pad.move(point), up: () => pad.up() }, atOnce);
  }

  /** Removes the placeholder or an unfinished sample from the pad; what was drawn before can be brought back. */
  dismiss() {
    if (!this.showsPlaceholder && !this.#player.playing) return;
    this.#player.stop();
    this.pad.change((drawing) => drawing.rewind(this.showsPlaceholder ? 0 : this.#sampleStart));
    this.#workspace.removeAttribute("data-placeholder");
    this.#listener.cleared?.();
    this.#refresh();
  }

  /** @param {readonly Stroke[]} strokes  Replace what is there. */
  open(strokes) {
    this.dismiss();
    this.#listener.cleared?.();
    this.pad.change((drawing) => drawing.load([...strokes]));
  }

  /** @param {Photo} photo  Replaces what is there. */
  setPhoto(photo) {
    this.dismiss();
    this.pad.change((drawing) => drawing.setPhoto(photo));
  }

  /** Adds a stroke as if it were drawn; a sample becomes part of the drawing. @param {Stroke} stroke */
  add(stroke) {
    const strokes = [...this.pad.snapshot().strokes];
    if (this.showsPlaceholder || this.#player.playing) {
      this.dismiss();
      this.pad.change((drawing) => drawing.load(strokes)); // so that undo returns to the sample
    }
    this.pad.change((drawing) => drawing.load([...strokes, stroke]));
  }

  undo() {
    this.dismiss();
    this.pad.change((drawing) => drawing.undo());
  }

  redo() {
    this.dismiss();
    this.pad.change((drawing) => drawing.redo());
  }

  clear() {
    this.dismiss();
    this.pad.erasing = false; // a blank pad has nothing to erase
    this.pad.change((drawing) => drawing.clear());
    this.#listener.cleared?.();
    this.#listener.announce("The pad is clear.");
  }

  /** @param {boolean} erasing */
  #setErasing(erasing) {
    this.pad.erasing = erasing;
    this.#refresh();
  }

  #refresh() {
    const { erasing, drawing } = this.pad;
    const states = {
      undo: { disabled: this.showsPlaceholder || !drawing.canUndo },
      redo: { disabled: this.showsPlaceholder || !drawing.canRedo },
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

/** @param {EventTarget | null} target @returns {boolean}  Whether it is a field that takes text. */
const isText = (target) =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && !["range", "radio", "checkbox", "file"].includes(target.type));
