// Toolbar of the pad: one digit or a number, undo, redo, clear, pen, eraser and brush, by button and by key, the sheet's
// scrolling, and samples that write themselves.
// The placeholder, or a sample that is still being written, goes away when somebody touches the pad.

import { Pad } from "./pad.js";
import { Player } from "./player.js";
import { NUMBER_WIDTH, SAMPLE_WIDTH, numberStrokes, sampleStrokes } from "./samples.js";
import { WIDEST, rightOf } from "./sheet.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Sketch, Stroke } from "./strokes.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} changed  The ink has changed.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 * @property {() => void} [touched]  Somebody is about to draw.
 * @property {() => void} [cleared]  A new drawing begins.
 * @property {() => void} [invite]  Another placeholder is wanted: the pad is still untouched, but not of the same kind.
 * @property {(wide: boolean) => Sketch | null} [kept]  The number, or the digit, that was drawn before.
 * @property {(wide: boolean) => void} [switched]  The pad takes a number now, or one digit.
 */

const [ONE_DIGIT, A_NUMBER] = ["The pad takes one digit.", "The pad takes a number: write from left to right, and it grows."];
/** The brush for a number, whose digits are smaller, in hundredths of the pad. */
const NUMBER_BRUSH = 6;
const FULL = "The sheet is full.";

export class Toolbar {
  #player = new Player();
  #workspace;
  #listener;
  #reducedMotion;
  /** The depth of the history when the last sample began. */
  #sampleStart = 0;
  /** @type {Sketch | null} The drawing that is being written anew. */
  #replayed = null;
  /** Whether the tools are those for a number. */
  #wide = false;
  /** The brush that the other sheet has. */
  #otherBrush = NUMBER_BRUSH;
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
    this.pad = new Pad(canvas("#pad"), canvas("#preview"), /** @type {HTMLElement} */ (workspace.querySelector(".pen-mark span")), {
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
      back: () => this.pad.sheet.turn(-1),
      on: () => this.pad.sheet.turn(1),
    };
    for (const [name, action] of Object.entries(tools)) this.#button(name)?.addEventListener("click", action);
    for (const chip of this.#workspace.querySelectorAll("[data-sample]")) {
      chip.addEventListener("click", () => this.write(chip.getAttribute("data-sample") ?? ""));
    }
    for (const mode of this.#modes) mode.addEventListener("change", () => this.setWide(mode.value === "number"));
    this.pad.sheet.view.addEventListener("scroll", () => this.#refreshScrolling(), { passive: true });
    this.#brush?.addEventListener("input", () => this.#setBrush());
    this.#setBrush();
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

  /** @returns {boolean}  Whether a sample is still being written. */
  get writing() {
    return this.#player.playing;
  }

  /** @returns {Sketch}  What is on the pad, unless it is the placeholder. */
  get drawn() {
    if (this.#replayed) return this.#replayed;
    const { strokes, wide } = this.pad.snapshot();
    return { strokes: this.showsPlaceholder ? [] : strokes, wide };
  }

  /** @returns {NodeListOf<HTMLInputElement>}  The choice between one digit and a number, on a page that has it. */
  get #modes() {
    return this.#workspace.querySelectorAll("input[name=mode]");
  }

  /** Takes a sheet for a number, or for one digit. What is drawn stays if it has room. @param {boolean} wide */
  setWide(wide) {
    if (wide === this.pad.wide) return;
    const placeholder = this.showsPlaceholder;
    const kept = placeholder && this.#listener.kept?.(wide); // before the blank sheet is kept in its place
    this.dismiss();
    this.#listener.cleared?.();
    this.pad.setWide(wide);
    if (kept) this.open(kept);
    else if (placeholder) this.#listener.invite?.();
    this.#listener.announce(wide ? A_NUMBER : ONE_DIGIT);
  }

  /**
   * Writes a sample on the pad.
   * @param {string} digits  If the pad takes one digit, the name of a sample.
   * @param {{placeholder?: boolean, atOnce?: boolean}} [how]  Whether it goes away at the first touch, and appears at once.
   */
  write(digits, { placeholder = false, atOnce = this.#reducedMotion() } = {}) {
    const { pad } = this;
    this.dismiss();
    pad.change((drawing) => drawing.clear());
    this.#listener.cleared?.();
    this.#sampleStart = pad.drawing.depth;
    this.#workspace.toggleAttribute("data-placeholder", placeholder);
    const strokes = pad.wide ? numberStrokes(digits) : sampleStrokes(digits);
    const down = (/** @type {Point} */ point) => pad.down(point, pad.wide ? NUMBER_WIDTH : SAMPLE_WIDTH, false);
    this.#player.play(strokes, { down, move: (point) => pad.move(point), up: () => pad.up() }, atOnce);
  }

  /** Writes one more digit of a number, at once. @param {string} digit */
  #append(digit) {
    const { pad } = this;
    this.dismiss();
    const lines = numberStrokes(digit, rightOf(pad.drawing.strokes));
    const written = lines.map((points) => ({ erase: false, width: NUMBER_WIDTH, points }));
    const right = rightOf(written);
    if (right > WIDEST) return this.#listener.announce(FULL);
    pad.change((drawing) => drawing.load([...drawing.strokes, ...written]));
    pad.sheet.follow(right);
  }

  /** Removes the placeholder or an unfinished sample from the pad; what was drawn before can be brought back, and what is written anew is finished. */
  dismiss() {
    if (this.#replayed) return this.#finishReplay(this.#replayed);
    if (!this.showsPlaceholder && !this.writing) return;
    this.#player.stop();
    this.pad.change((drawing) => drawing.rewind(this.showsPlaceholder ? 0 : this.#sampleStart));
    this.#workspace.removeAttribute("data-placeholder");
    this.#listener.cleared?.();
    this.#refresh();
  }

  /** @param {Sketch} sketch  Replaces what is there. */
  open(sketch) {
    this.dismiss();
    this.#load(sketch);
  }

  /** @param {Sketch} sketch */
  #load({ strokes, wide }) {
    this.#listener.cleared?.();
    this.pad.change((drawing) => {
      drawing.load([...strokes]);
      drawing.wide = wide;
    });
  }

  /** Writes a drawing anew, as it was drawn; whoever touches the pad meanwhile finds it whole. @param {Sketch} sketch  Replaces what is there. */
  replay(sketch) {
    const { strokes, wide } = sketch;
    if (this.#reducedMotion()) return this.open(sketch);
    this.dismiss();
    this.#replayed = sketch; // so that what is on the pad is no other drawing meanwhile
    this.#load({ strokes: [], wide });
    this.#sampleStart = this.pad.drawing.depth;
    let written = 0;
    const pen = {
      down: (/** @type {Point} */ point) => this.pad.down(point, strokes[written].width, strokes[written].erase),
      move: (/** @type {Point} */ point) => this.pad.move(point),
      up: () => (this.pad.up(), ++written === strokes.length && this.dismiss()),
    };
    this.#player.play(strokes.map(({ points }) => points), pen, false);
  }

  /** The strokes that were written took their points at other places: the drawing itself takes theirs. @param {Sketch} sketch */
  #finishReplay(sketch) {
    this.#replayed = null;
    this.#player.stop();
    this.pad.change((drawing) => {
      drawing.rewind(this.#sampleStart);
      drawing.load([...sketch.strokes]);
    });
  }

  /** @param {Photo} photo  Replaces what is there. */
  setPhoto(photo) {
    this.dismiss();
    this.pad.change((drawing) => drawing.setPhoto(photo));
  }

  /** Adds a stroke as if it were drawn; a sample becomes part of the drawing. @param {Stroke} stroke */
  add(stroke) {
    if (this.#replayed) this.dismiss();
    const strokes = [...this.pad.snapshot().strokes];
    if (this.showsPlaceholder || this.writing) {
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

  /** @returns {HTMLInputElement | null} */
  get #brush() {
    return this.#workspace.querySelector("#brush");
  }

  #setBrush() {
    if (this.#brush) this.pad.brush = this.#brush.valueAsNumber / 100;
  }

  /** Another sheet is on the pad: each keeps its own brush. */
  #switched() {
    const brush = this.#brush;
    this.#wide = this.pad.wide;
    if (brush) [brush.valueAsNumber, this.#otherBrush] = [this.#otherBrush, brush.valueAsNumber];
    this.#setBrush();
    this.#listener.switched?.(this.#wide);
  }

  #refresh() {
    const { erasing, drawing, wide } = this.pad;
    if (wide !== this.#wide) this.#switched();
    const states = {
      undo: { disabled: this.showsPlaceholder || !drawing.canUndo },
      redo: { disabled: this.showsPlaceholder || !drawing.canRedo },
      pen: { ariaPressed: `${!erasing}` },
      eraser: { ariaPressed: `${erasing}` },
    };
    for (const [name, state] of Object.entries(states)) Object.assign(this.#button(name) ?? {}, state);
    for (const mode of this.#modes) mode.checked = (mode.value === "number") === wide;
    this.#refreshScrolling();
  }

  #refreshScrolling() {
    const { back, on } = this.pad.sheet.hidden;
    for (const [name, more] of Object.entries({ back, on })) Object.assign(this.#button(name) ?? {}, { disabled: !more, hidden: !back && !on });
  }

  /** @param {string} digit  That was typed on the pad. */
  #type(digit) {
    if (this.pad.wide) this.#append(digit);
    else this.write(digit);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || isText(event.target)) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && (key === "y" || (key === "z" && event.shiftKey))) this.redo();
    else if (command && key === "z") this.undo();
    else if ((key === "escape" || key === "delete") && !inPanel(event.target)) this.clear();
    else if (event.target === this.pad.canvas && !command && !this.pad.drawing.live && /^\d$/.test(key)) this.#type(key);
    else return;
    event.preventDefault();
  }
}

/** @param {EventTarget | null} target @returns {boolean}  Whether it is about the answer, not the drawing. */
const inPanel = (target) => target instanceof Element && target.closest("details") !== null;

/** @param {EventTarget | null} target @returns {boolean}  Whether it is a field that takes text. */
const isText = (target) =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && !["range", "radio", "checkbox", "file"].includes(target.type));
