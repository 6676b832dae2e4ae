// The pad with what belongs to it: samples that write themselves, undo and clear, by button and by key. A sample is on
// the sheet until somebody draws.

import { Pad } from "../pad.js";
import { Player } from "../player.js";
import { SAMPLE_WIDTH, samples } from "../samples.js";

/** @import { Stroke } from "../ink.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} changed  The ink is other than it was.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} said
 */

export class Stand {
  #player = new Player();
  #stage;
  #undo;
  #still;
  /** Where the history stood when the last sample began. */
  #writtenFrom = 0;
  pad;

  /** @param {HTMLElement} stage  Holds the pad and its buttons. @param {Listener} listener @param {() => boolean} still */
  constructor(stage, listener, still) {
    const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (stage.querySelector(id));
    this.#stage = stage;
    this.#still = still;
    this.#undo = /** @type {HTMLButtonElement} */ (find("#undo"));
    const ended = () => (this.#refresh(), listener.ended());
    this.pad = new Pad(/** @type {HTMLCanvasElement} */ (find("#pad")), /** @type {HTMLCanvasElement} */ (find("#overlay")), {
      ...listener,
      ended,
      touched: () => this.#dismiss(),
      replaced: () => {}, // no photo lies on this pad
    });
    this.#undo.addEventListener("click", () => this.undo());
    find("#clear").addEventListener("click", () => this.clear());
    for (const chip of stage.querySelectorAll("[data-sample]")) {
      chip.addEventListener("click", () => this.write(Number(chip.getAttribute("data-sample"))));
    }
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {boolean}  Whether what is on the sheet is the sample that was there first. */
  get welcoming() {
    return this.#stage.hasAttribute("data-welcome");
  }

  /** @param {number} digit  Shown at once, until somebody draws. */
  welcome(digit) {
    this.#stage.setAttribute("data-welcome", "");
    this.pad.load(strokesOf(digit));
  }

  /** @param {readonly Stroke[]} strokes */
  show(strokes) {
    this.#dismiss();
    this.pad.load([...strokes]);
  }

  /** @param {number} digit  Writes itself. */
  write(digit) {
    this.#dismiss();
    this.pad.clear();
    const { pad } = this;
    this.#writtenFrom = pad.drawing.depth;
    const down = (/** @type {import("../ink.js").Point} */ point) => pad.down(point, SAMPLE_WIDTH, false);
    this.#player.play(samples[digit], { down, move: (point) => pad.move(point), up: () => pad.up() }, this.#still());
  }

  undo() {
    this.#dismiss();
    this.pad.undo();
  }

  redo() {
    this.#dismiss();
    this.pad.redo();
  }

  clear() {
    this.#dismiss();
    this.pad.clear();
  }

  /** The sheet belongs to whoever touches it: what was drawn before a sample can still be brought back. */
  #dismiss() {
    const unfinished = this.#player.playing;
    this.#player.stop();
    if (this.welcoming) this.pad.forget();
    else if (unfinished) this.pad.rewind(this.#writtenFrom);
    this.#stage.removeAttribute("data-welcome");
  }

  #refresh() {
    this.#undo.disabled = this.welcoming || !this.pad.drawing.canUndo;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented) return;
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

/** @param {number} digit @returns {Stroke[]} */
const strokesOf = (digit) => samples[digit].map((points) => ({ erase: false, width: SAMPLE_WIDTH, points }));
