// What has been drawn, as data: the strokes or a photo instead, the stroke under the pen, undo and redo. It draws every
// stroke on its surfaces and knows nothing of pointers or pixels.

import { needsWide } from "./sheet.js";
import { distance } from "./strokes.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Stroke, Surface } from "./strokes.js" */
/** @typedef {{strokes: Stroke[], photo: Photo | null, wide: boolean}} Content  Strokes or a photo, on a square or a wide sheet. */

/** A point closer to the last one than this fraction of the pad is dropped. */
const MIN_DISTANCE = 0.0015;
/** How far outside the pad a point may be: a captured pointer may go further, and ink there only costs time. */
const MARGIN = 0.5;

/** @param {number} value @param {number} [end]  Of the pad. @returns {number} */
const clamp = (value, end = 1) => Math.min(end + MARGIN, Math.max(-MARGIN, value));

export class Drawing {
  /** Whether it is a number on a wide sheet, not one digit. */
  wide = false;
  /** The sheet's width by its height. */
  aspect = 1;
  /** @type {Stroke[]} */
  strokes = [];
  /** @type {Stroke | null} The stroke under the pen. */
  live = null;
  /** @type {Photo | null} */
  #photo = null;
  /** @type {Content[]} */
  #past = [];
  /** @type {Content[]} */
  #future = [];
  /** @type {Surface[]} */
  #surfaces;

  /** @param {...Surface} surfaces */
  constructor(...surfaces) {
    this.#surfaces = surfaces;
  }

  /** @returns {Photo | null}  The photo on the pad, until the pen is down. */
  get photo() {
    return this.live ? null : this.#photo;
  }

  /** @returns {boolean} */
  get canUndo() {
    return this.#past.length > 0;
  }

  /** @returns {boolean} */
  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {Point} point @param {number} width @param {boolean} [erase] */
  begin(point, width, erase = false) {
    this.end();
    const stroke = { erase, width, points: [this.#near(point)] };
    this.live = stroke;
    this.#surfaces.forEach((surface) => surface.extend(stroke));
  }

  /** @param {Point} point @returns {boolean}  Whether the pen has moved. */
  add(point) {
    const stroke = this.live;
    const next = this.#near(point);
    if (!stroke || distance(stroke.points[stroke.points.length - 1], next) < MIN_DISTANCE) return false;
    stroke.points.push(next);
    this.#surfaces.forEach((surface) => surface.extend(stroke));
    return true;
  }

  /** Lifts the pen. */
  end() {
    const stroke = this.live;
    if (!stroke) return;
    this.live = null;
    this.#surfaces.forEach((surface) => surface.finish(stroke));
    this.#commit([...this.strokes, stroke]);
  }

  /** Drops the stroke under the pen: it was a palm that touched before the pen. */
  cancel() {
    if (!this.live) return;
    this.live = null;
    this.redraw();
  }

  clear() {
    this.end();
    if (this.strokes.length === 0 && !this.#photo) return;
    this.#commit([]);
    this.redraw();
  }

  /** @param {Photo} photo  Replaces what was drawn. */
  setPhoto(photo) {
    this.end();
    this.#commit([], photo);
    this.redraw();
  }

  /** @param {Stroke[]} strokes  Replace what was drawn. */
  load(strokes) {
    this.end();
    this.#commit(strokes);
    this.redraw();
  }

  /** @param {Point} point @returns {Point}  It, or one not far outside the sheet. */
  #near({ x, y }) {
    return { x: clamp(x, this.aspect), y: clamp(y) };
  }

  undo() {
    this.end();
    this.#restore(this.#past, this.#future);
  }

  /** Undoes the last step for good: it was a palm's. */
  takeBack() {
    this.#restore(this.#past, []);
  }

  redo() {
    this.end();
    this.#restore(this.#future, this.#past);
  }

  /** @returns {number}  How many steps can be undone. */
  get depth() {
    return this.#past.length;
  }

  /** Returns to a pad that was blank, and forgets what came since. @param {number} depth  Of the history then. */
  rewind(depth) {
    [this.live, this.strokes, this.#photo] = [null, [], null];
    this.#past.length = Math.min(depth, this.#past.length);
    this.#future = [];
    this.redraw();
  }

  redraw() {
    for (const surface of this.#surfaces) {
      surface.clear();
      this.drawOn(surface);
    }
  }

  /** @param {Surface} surface */
  drawOn(surface) {
    for (const stroke of this.strokes) surface.drawStroke(stroke);
    if (this.live) surface.drawStroke(this.live);
  }

  /** @param {Stroke[]} strokes @param {Photo | null} [photo] */
  #commit(strokes, photo = null) {
    this.#past.push(this.#content);
    this.#future = [];
    [this.strokes, this.#photo] = [strokes, photo];
  }

  /** @returns {Content} */
  get #content() {
    return { strokes: this.strokes, photo: this.#photo, wide: this.wide };
  }

  /** @param {Content[]} from @param {Content[]} to */
  #restore(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push(this.#content);
    [this.strokes, this.#photo] = [state.strokes, state.photo];
    this.wide ||= state.wide && needsWide(state.strokes); // a number needs its sheet, and a digit has room on any
    this.redraw();
  }
}
