// The pad: pointers and keys become strokes, and strokes are shown at the screen's own resolution.

import { contextOf, fitToScreen, paintPath, reset } from "./canvas.js";
import { Drawing } from "./drawing.js";
import { oncePerFrame } from "./frames.js";
import { ARROWS, modified } from "./keyboard.js";
import { PalmRejection } from "./palm-rejection.js";
import { Raster } from "./raster.js";
import { Sheet, aspectFor, needsWide, rightOf } from "./sheet.js";
import { PICTURE_SIZE, Snapshot, photoFrame } from "./snapshot.js";
import { curve, settled, settledCurve, tail } from "./strokes.js";

/** @import { Point, Stroke, Surface } from "./strokes.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} touched  Somebody is about to draw.
 * @property {() => void} changed  The ink has changed.
 * @property {() => void} photoChanged  A photo has been opened or put away: this is another drawing.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 */

/** Points of a stroke that are drawn in one go: the preview draws all that come after the last such chunk, in every frame. */
const CHUNK = 48;
const MIDDLE = { x: 0.5, y: 0.5 };
/** How far an arrow key moves the cursor: one of the network's pixels, or four with Shift. */
const STEP = 1 / 28;
/** @type {Record<string, 1 | -1>} Where keys scroll a wide sheet to. */
const PAGES = { PageUp: -1, PageDown: 1 };
/** `PointerEvent.button` of a pen's eraser end. */
const ERASER_BUTTON = 5;

/** @param {PointerEvent} event @returns {boolean} */
const startsStroke = (event) => event.isPrimary && (event.button === 0 || event.button === ERASER_BUTTON);

/** @param {number} value @param {number} [end] @returns {number} */
const clamp = (value, end = 1) => Math.min(end, Math.max(0, value));

/** @param {Stroke} stroke @returns {Point[]}  The part of a stroke under the pen that no chunk holds yet. */
const loose = ({ points }) => curve(points, points.length - (points.length % CHUNK));

/** A canvas that shows ink, sharp at any size and pixel density. @implements {Surface} */
class InkCanvas {
  /** Of the ink; empty until it is read: computed styles are slow, and the preview is painted with every frame. */
  #colour = "";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
  }

  clear() {
    reset(this.canvas);
  }

  /** The theme may be another. */
  recolour() {
    this.#colour = "";
  }

  /** Where the canvas begins on the sheet. @param {number} left  In the canvas's pixels. */
  set left(left) {
    this.context.setTransform(1, 0, 0, 1, -left, 0);
  }

  /**
   * Draws a chunk of the stroke once it is long enough. Until then the preview shows it, since only a path drawn in one
   * go has a smooth edge. The eraser has to cut at once.
   * @param {Stroke} stroke
   */
  extend(stroke) {
    const { points, erase } = stroke;
    if (erase) this.draw(settled(points, points.length - 1), stroke);
    else if (points.length % CHUNK === 0) this.draw(settledCurve(points, points.length - CHUNK), stroke);
  }

  /** @param {Stroke} stroke */
  finish(stroke) {
    this.draw(stroke.erase ? tail(stroke.points) : loose(stroke), stroke);
  }

  /** In the same chunks as under the pen: their seams then are the same pixels. @param {Stroke} stroke */
  drawStroke(stroke) {
    const { points } = stroke;
    for (let end = CHUNK; end <= points.length; end += CHUNK) this.draw(settledCurve(points, end - CHUNK, end), stroke);
    this.draw(loose(stroke), stroke);
  }

  /** @param {Point[]} path @param {Stroke} stroke */
  draw(path, stroke) {
    this.context.strokeStyle = this.#colour ||= getComputedStyle(this.canvas).color;
    paintPath(this.context, path, stroke, this.canvas.height);
  }

  /** @param {HTMLCanvasElement} shown  Whole, and as large as fits. @param {number} aspect  Of the sheet. */
  drawPhoto(shown, aspect) {
    const size = this.canvas.height;
    const { left, top, unit } = photoFrame(shown.width, shown.height, aspect);
    this.context.globalCompositeOperation = "source-over";
    this.context.drawImage(shown, left * size, top * size, shown.width * unit * size, shown.height * unit * size);
  }
}

export class Pad {
  erasing = false;
  brush = 0.08;
  #raster = new Raster(PICTURE_SIZE);
  /** @type {{id: number, type: string} | null} The pointer that draws; any other is ignored meanwhile. */
  #pointer = null;
  #palms = new PalmRejection();
  #cursor = MIDDLE;
  /** Whether keys draw, not a pointer: only then is a cursor shown. */
  #keys = false;
  /** Whether Space has put the pen down; the stroke under the pen may also be a pointer's or a sample's. */
  #penDown = false;
  /** @type {Point | null} */
  #hover = null;
  /** @type {DOMRect | null} Where the pad is; measuring it at every move would force a layout. */
  #box = null;
  #mark;
  /** @type {Snapshot | null} A moment of the past, shown instead of the drawing. */
  #shownSnapshot = null;
  #showPreview = oncePerFrame(() => this.#paintPreview());

  /**
   * @param {HTMLCanvasElement} canvas  Takes the pointers and the keys, and shows the ink.
   * @param {HTMLCanvasElement} preview  Shows the end of the stroke under the pen.
   * @param {HTMLElement} mark  Stands where the eraser is, or the cursor that keys move.
   * @param {Listener} listener
   */
  constructor(canvas, preview, mark, listener) {
    this.canvas = canvas;
    this.listener = listener;
    this.inkCanvas = new InkCanvas(canvas);
    this.preview = new InkCanvas(preview);
    this.#mark = mark;
    this.drawing = new Drawing(this.#raster, this.inkCanvas);
    this.sheet = new Sheet(/** @type {HTMLElement} */ (canvas.parentElement));
    this.#listen();
    this.fit();
    const observer = new ResizeObserver(() => this.fit());
    for (const element of [canvas, this.sheet.view]) observer.observe(element);
    const moved = () => (this.#box = null);
    addEventListener("resize", moved, { passive: true });
    addEventListener("scroll", moved, { passive: true, capture: true }); // the page's, and the sheet's
    this.sheet.view.addEventListener("scroll", this.#showPreview, { passive: true });
  }

  /** @returns {boolean}  Whether the sheet is wide, for a number. */
  get wide() {
    return this.drawing.wide;
  }

  /**
   * Takes a square sheet for one digit, or a wide one for a number. What is drawn stays, if it has room.
   * @param {boolean} wide
   */
  setWide(wide) {
    if (wide === this.wide) return;
    this.change((drawing) => {
      if (!wide && needsWide(drawing.strokes)) drawing.clear(); // undo brings the number and its sheet back
      drawing.wide = wide;
    });
  }

  /** @returns {number}  The sheet's width by its height. */
  get aspect() {
    return this.drawing.aspect;
  }

  /** @returns {boolean}  Whether there is nothing on the pad. */
  get blank() {
    const { live, photo } = this.drawing;
    return !photo && !(live && !live.erase) && this.#raster.blank; // the ink is looked through last: this is asked with every frame
  }

  /** @returns {Snapshot}  What is on the pad now, the end of the stroke under the pen included. */
  snapshot() {
    const { strokes, live, photo, aspect, wide } = this.drawing;
    if (photo) return new Snapshot([], { photo, aspect, wide });
    const raster = this.#raster.copy();
    if (!live) return new Snapshot(strokes, { raster, aspect, wide });
    raster.finish(live);
    return new Snapshot([...strokes, { ...live, points: [...live.points] }], { raster, aspect, wide });
  }

  /** Draws everything again: at another size, pixel density or in other colours. */
  repaint() {
    const photo = this.#shownSnapshot ? this.#shownSnapshot.photo : this.drawing.photo;
    for (const each of [this.inkCanvas, this.preview]) each.recolour();
    this.inkCanvas.clear();
    if (photo) this.inkCanvas.drawPhoto(photo.shown, this.aspect);
    else if (this.#shownSnapshot) this.#shownSnapshot.strokes.forEach((stroke) => this.inkCanvas.drawStroke(stroke));
    else this.drawing.drawOn(this.inkCanvas);
    this.#showPreview();
  }

  /** Shows a moment of the past; with null, the drawing as it is. @param {Snapshot | null} past */
  showSnapshot(past) {
    if (past === this.#shownSnapshot) return;
    this.#shownSnapshot = past;
    this.canvas.closest(".pad-frame")?.toggleAttribute("data-past", past !== null);
    this.repaint();
  }

  fit() {
    this.#fitSheet();
    fitToScreen(this.preview.canvas);
    if (fitToScreen(this.canvas)) this.repaint();
  }

  /** Gives what is drawn a sheet that is wide enough. */
  #fitSheet() {
    const { drawing, sheet } = this;
    if (drawing.live) return; // it grows when the stroke ends
    this.canvas.closest("#workspace")?.toggleAttribute("data-wide", drawing.wide);
    const wide = () => (drawing.photo ? sheet.fitting : aspectFor(sheet.fitting, rightOf(drawing.strokes)));
    const aspect = drawing.wide ? wide() : 1;
    sheet.show(aspect);
    if (aspect === drawing.aspect) return;
    drawing.aspect = aspect;
    this.#raster.resize(aspect);
    drawing.drawOn(this.#raster);
    this.#box = null;
    if (drawing.photo) this.listener.changed(); // it has another place
  }

  /** @param {Point} point @param {number} [width] @param {boolean} [erase] */
  down(point, width = this.brush, erase = this.erasing) {
    this.#withPhoto(() => this.drawing.begin(point, width, erase));
    this.#inked();
  }

  /** @param {Point} point */
  move(point) {
    if (this.drawing.add(point)) this.#inked();
  }

  up() {
    if (!this.drawing.live) return;
    this.drawing.end();
    this.#free();
    this.fit();
    this.#inked();
    this.listener.ended();
  }

  /** Undo, redo, or another drawing. @param {(drawing: Drawing) => void} change */
  change(change) {
    this.#free();
    this.showSnapshot(null);
    this.#withPhoto(() => change(this.drawing));
    this.fit();
    this.#inked();
    this.listener.ended();
  }

  /** Makes a change that may open a photo or put it away. @param {() => void} change */
  #withPhoto(change) {
    const { photo } = this.drawing;
    change();
    if (photo === this.drawing.photo) return;
    this.repaint();
    this.listener.photoChanged();
  }

  #free() {
    this.#pointer = null;
    this.#penDown = false;
  }

  #inked() {
    this.#showPreview();
    this.listener.changed();
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    canvas.addEventListener("pointerleave", () => this.#hoverAt(null));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      canvas.addEventListener(end, (event) => this.#release(event));
    }
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#leave());
    canvas.addEventListener("focus", () => this.#byKeys(canvas.matches(":focus-visible")));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press draws
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#palms.saw(event);
    const palm = this.#pointer?.type === "touch" && event.pointerType === "pen";
    if ((this.#pointer && !palm) || !startsStroke(event) || this.#palms.rejects(event)) return;
    this.sheet.rest();
    this.#box = null;
    if (event.pointerType === "pen") this.#takePalmsBack(palm, event.timeStamp);
    if (this.#penDown) this.up();
    this.#touch();
    this.#byKeys(false);
    this.#pointer = { id: event.pointerId, type: event.pointerType };
    this.#capture(event.pointerId);
    this.down(this.#at(event), this.brush, this.erasing || event.button === ERASER_BUTTON);
  }

  /** @param {boolean} live  Whether a palm still draws. @param {number} time  When the pen came down. */
  #takePalmsBack(live, time) {
    const { drawing } = this;
    if (live) drawing.cancel();
    while (this.#palms.wasPalm(drawing.strokes.at(-1), time)) drawing.takeBack();
  }

  /** Somebody is about to draw: the drawing as it is has to be shown. */
  #touch() {
    this.showSnapshot(null);
    this.listener.touched();
  }

  /** @param {number} id */
  #capture(id) {
    try {
      this.canvas.setPointerCapture(id);
    } catch {
      // the pointer is already gone: its stroke ends at the edge of the pad
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    this.#palms.saw(event);
    if (event.pointerType !== "touch") this.#hoverAt(this.#at(event));
    if (event.pointerId !== this.#pointer?.id) return;
    if (event.buttons === 0) return this.up(); // the release was lost, for example to a dialogue
    const finer = event.getCoalescedEvents?.() ?? [];
    for (const each of finer.length > 0 ? finer : [event]) this.move(this.#at(each));
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (event.pointerId !== this.#pointer?.id) return;
    this.#palms.saw(event);
    if (event.type === "pointerup") this.move(this.#at(event));
    const touch = this.#pointer.type === "touch" && this.drawing.live;
    this.up();
    if (touch) this.#palms.touchEnded(touch, event.timeStamp);
    this.#pointer = null;
    const right = rightOf(this.drawing.strokes.slice(-1));
    if (right > 0) this.sheet.follow(right); // else it was the eraser
  }

  /** @param {PointerEvent} event @returns {Point} */
  #at(event) {
    this.#box ??= this.canvas.getBoundingClientRect();
    const box = this.#box;
    return { x: (event.clientX - box.left) / box.height, y: (event.clientY - box.top) / box.height };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (modified(event)) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#moveCursor(arrow, event.shiftKey ? 4 : 1);
    else if (event.key === " ") this.#togglePen();
    else if (this.wide && event.key in PAGES) this.sheet.turn(PAGES[event.key]);
    else return;
    this.#byKeys(true);
    event.preventDefault(); // none scrolls the page
  }

  /** @param {Point} arrow @param {number} steps */
  #moveCursor(arrow, steps) {
    const { x, y } = this.#cursor;
    this.#cursor = { x: clamp(x + arrow.x * steps * STEP, this.aspect), y: clamp(y + arrow.y * steps * STEP) };
    if (this.#penDown) this.move(this.#cursor);
    this.sheet.reveal(this.#cursor.x);
    this.#showPreview();
  }

  #togglePen() {
    if (this.#pointer) return;
    if (this.#penDown) return this.up();
    this.#touch();
    this.listener.announce(this.erasing ? "Eraser down." : "Pen down.");
    this.#penDown = true;
    this.down(this.#cursor);
  }

  #leave() {
    if (this.#penDown) this.up();
    this.#byKeys(false);
  }

  /** @param {boolean} keys */
  #byKeys(keys) {
    this.#keys = keys;
    this.#showPreview();
  }

  /** @param {Point | null} at */
  #hoverAt(at) {
    this.#hover = at;
    this.#showPreview();
  }

  #paintPreview() {
    const { preview, drawing } = this;
    preview.clear();
    preview.left = this.sheet.left * devicePixelRatio;
    if (drawing.live && !drawing.live.erase) preview.draw(loose(drawing.live), drawing.live);
    this.#placeMark(preview.canvas.height / devicePixelRatio);
  }

  /** An element, since a canvas would end at the pad's edge. @param {number} size  The pad's height in CSS pixels. */
  #placeMark(size) {
    const mark = this.#mark;
    const at = this.#keys ? this.#cursor : this.erasing ? this.#hover : null;
    if (mark.hidden && !at) return; // to hide it again would compute styles anew
    mark.hidden = !at;
    if (!at) return;
    mark.toggleAttribute("data-keys", this.#keys);
    mark.style.setProperty("--size", `${this.brush * size}px`);
    mark.style.transform = `translate(${at.x * size - this.sheet.left}px, ${at.y * size}px)`;
  }
}
