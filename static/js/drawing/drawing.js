// What has been drawn, as data: the strokes, or a photo in their place, the stroke under the pen, undo and redo. It
// lays every stroke on its surfaces and knows nothing of pointers or pixels.

import { distance } from "./strokes.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Stroke, Surface } from "./strokes.js" */
/** @typedef {{strokes: Stroke[], photo: Photo | null}} Content  Strokes or a photo. */

/** Points closer than this fraction of the pad say nothing new. */
const MIN_DISTANCE = 0.0015;
/** A captured pointer may wander far outside the pad; ink that far out only costs time. */
const MARGIN = 0.5;

/** @param {number} value @returns {number} */
const clamp = (value) => Math.min(1 + MARGIN, Math.max(-MARGIN, value));

export class Drawing {
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

  /** @returns {Photo | null}  What lies on the pad in place of strokes, until the pen is down. */
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
    const stroke = { erase, width, points: [{ x: clamp(point.x), y: clamp(point.y) }] };
    this.live = stroke;
    this.#surfaces.forEach((surface) => surface.extend(stroke));
  }

  /** @param {Point} point @returns {boolean}  Whether the pen has moved. */
  add(point) {
    const stroke = this.live;
    const next = { x: clamp(point.x), y: clamp(point.y) };
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

  /** Takes back the stroke under the pen, as if it had not begun: a palm that came before the pen. */
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

  /** @param {Photo} photo  In place of what was drawn. */
  setPhoto(photo) {
    this.end();
    this.#commit([], photo);
    this.redraw();
  }

  /** @param {Stroke[]} strokes  In place of what was drawn. */
  load(strokes) {
    this.end();
    this.#commit(strokes);
    this.redraw();
  }

  undo() {
    this.end();
    this.#restore(this.#past, this.#future);
  }

  redo() {
    this.end();
    this.#restore(this.#future, this.#past);
  }

  /** @returns {number}  How many steps can be undone. */
  get depth() {
    return this.#past.length;
  }

  /** @param {number} depth  Back to a pad that was blank then, as if nothing had been drawn since. */
  rewind(depth) {
    [this.live, this.strokes, this.#photo] = [null, [], null];
    this.#past.length = Math.min(depth, this.#past.length);
    this.#future = [];
    this.redraw();
  }

  /** A new drawing, with nothing to undo. */
  forget() {
    [this.live, this.strokes, this.#photo] = [null, [], null];
    this.#past = [];
    this.#future = [];
    this.redraw();
  }

  redraw() {
    for (const surface of this.#surfaces) {
      surface.clear();
      this.layOn(surface);
    }
  }

  /** @param {Surface} surface */
  layOn(surface) {
    for (const stroke of this.strokes) surface.lay(stroke);
    if (this.live) surface.lay(this.live);
  }

  /** @param {Stroke[]} strokes @param {Photo | null} [photo] */
  #commit(strokes, photo = null) {
    this.#past.push({ strokes: this.strokes, photo: this.#photo });
    this.#future = [];
    [this.strokes, this.#photo] = [strokes, photo];
  }

  /** @param {Content[]} from @param {Content[]} to */
  #restore(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push({ strokes: this.strokes, photo: this.#photo });
    [this.strokes, this.#photo] = [state.strokes, state.photo];
    this.redraw();
  }
}
