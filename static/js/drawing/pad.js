// The pad: pointers and keys become strokes, and strokes are shown at the screen's own resolution.

import { Drawing } from "./drawing.js";
import { Raster } from "./raster.js";
import { PICTURE_SIZE, Snapshot, photoFrame } from "./snapshot.js";
import { curve, settled, tail } from "./strokes.js";

/** @import { Photo } from "./snapshot.js" */
/** @import { Point, Stroke, Surface } from "./strokes.js" */
/**
 * @typedef {object} Listener
 * @property {() => void} touched  Somebody is about to draw.
 * @property {() => void} changed  The ink is other than it was.
 * @property {() => void} photoChanged  A photo has come or gone: what follows is another drawing.
 * @property {() => void} ended  A stroke, an undo or a clear is complete.
 * @property {(sentence: string) => void} announce  What a screen reader should hear.
 */

/** Points of a stroke that are drawn in one go. */
const CHUNK = 256;
const SPECK = 0.01;
const MID = { x: 0.5, y: 0.5 };
/** How far an arrow key moves the cursor: one of the network's pixels, or four with Shift. */
const STEP = 1 / 28;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };
/** `PointerEvent.button` and `.buttons` of a pen turned round. */
const ERASER_BUTTON = 5;

/** @param {PointerEvent} event @returns {boolean} */
const startsStroke = (event) => event.isPrimary && (event.button === 0 || event.button === ERASER_BUTTON);

/** @param {number} value @returns {number} */
const clamp = (value) => Math.min(1, Math.max(0, value));

/** @param {Stroke} stroke @returns {Point[]}  The part of a stroke under the pen that no chunk holds yet. */
const loose = ({ points }) => curve(points, points.length - (points.length % CHUNK));

/** A canvas as a sheet of ink, sharp at any size and pixel density. @implements {Surface} */
class InkCanvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** @returns {boolean}  Whether the size changed: the canvas is then blank. */
  fit() {
    const side = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
    if (this.canvas.width === side) return false;
    this.canvas.width = this.canvas.height = side;
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Ink under the pen is shown on the overlay, for only a path drawn in one go has a smooth edge; it comes here once
   * the stroke ends or a chunk of it is long enough. The eraser has to cut at once.
   * @param {Stroke} stroke
   */
  extend(stroke) {
    const { points, erase } = stroke;
    if (erase) this.draw(settled(points, points.length - 1), stroke);
    else if (points.length % CHUNK === 0) this.draw(curve(points, points.length - CHUNK), stroke);
  }

  /** @param {Stroke} stroke */
  finish(stroke) {
    this.draw(stroke.erase ? tail(stroke.points) : loose(stroke), stroke);
  }

  /** @param {Stroke} stroke */
  lay(stroke) {
    this.draw(curve(stroke.points), stroke);
  }

  /** @param {Point[]} path @param {Stroke} stroke */
  draw(path, { width, erase }) {
    const { context, canvas } = this;
    context.globalCompositeOperation = erase ? "destination-out" : "source-over";
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = width * canvas.width;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    for (const { x, y } of path) context.lineTo(x * canvas.width, y * canvas.width);
    const { x, y } = path[path.length - 1];
    const dot = path.every((point) => point.x === x && point.y === y);
    if (dot) context.lineTo(x * canvas.width + SPECK, y * canvas.width); // a canvas draws no line without length
    context.stroke();
  }

  /** @param {ImageBitmap} bitmap  Whole, and as large as fits. */
  picture(bitmap) {
    const size = this.canvas.width;
    const { left, top, unit } = photoFrame(bitmap.width, bitmap.height);
    this.context.globalCompositeOperation = "source-over";
    this.context.drawImage(bitmap, left * size, top * size, bitmap.width * unit * size, bitmap.height * unit * size);
  }

  /** @param {Point} at @param {number} radius @param {number} arm  A circle, and a cross where arm is above 0. */
  mark(at, radius, arm) {
    const { canvas } = this;
    const size = canvas.width;
    const shape = new Path2D();
    shape.arc(at.x * size, at.y * size, radius * size, 0, 2 * Math.PI);
    for (const { x, y } of arm > 0 ? Object.values(ARROWS) : []) {
      shape.moveTo((at.x + x * radius * 0.4) * size, (at.y + y * radius * 0.4) * size);
      shape.lineTo((at.x + x * (radius + arm)) * size, (at.y + y * (radius + arm)) * size);
    }
    const { color, backgroundColor } = getComputedStyle(/** @type {Element} */ (canvas.parentElement));
    this.#outline(shape, backgroundColor, 3); // seen on ink too
    this.#outline(shape, color, 1);
  }

  /** @param {Path2D} shape @param {string} colour @param {number} width  In pixels of the style sheet. */
  #outline(shape, colour, width) {
    this.context.globalCompositeOperation = "source-over";
    this.context.strokeStyle = colour;
    this.context.lineWidth = width * devicePixelRatio;
    this.context.stroke(shape);
  }
}

export class Pad {
  erasing = false;
  brush = 0.08;
  #raster = new Raster(PICTURE_SIZE);
  /** @type {{id: number, type: string} | null} The pointer that draws; any other is ignored meanwhile. */
  #pointer = null;
  #cursor = MID;
  /** Whether keys, not a pointer, are what draws: only then is there a cursor to show. */
  #keys = false;
  /** Whether Space has put the pen down: the stroke under the pen may be a pointer's or a sample's too. */
  #penDown = false;
  /** @type {Point | null} */
  #hover = null;
  /** @type {DOMRect | null} Where the pad is; to ask at every move would lay the page out every time. */
  #box = null;
  /** @type {Snapshot | null} What is shown instead of the drawing: a moment of its past. */
  #shownSnapshot = null;
  #frame = 0;

  /**
   * @param {HTMLCanvasElement} canvas  Takes the pointers and the keys, and shows the ink.
   * @param {HTMLCanvasElement} preview  Shows what is not ink: the cursor and the end of the stroke under the pen.
   * @param {Listener} listener
   */
  constructor(canvas, preview, listener) {
    this.canvas = canvas;
    this.listener = listener;
    this.inkCanvas = new InkCanvas(canvas);
    this.preview = new InkCanvas(preview);
    this.drawing = new Drawing(this.#raster, this.inkCanvas);
    this.#listen();
    this.fit();
    new ResizeObserver(() => this.fit()).observe(canvas);
    for (const event of ["scroll", "resize"]) addEventListener(event, () => (this.#box = null), { passive: true });
  }

  /** @returns {boolean}  Whether there is nothing on the pad. */
  get blank() {
    const { live, photo } = this.drawing;
    return !photo && this.#raster.blank && !(live && !live.erase);
  }

  /** @returns {Snapshot}  What is on the pad now, the end of the stroke under the pen included. */
  snapshot() {
    const { strokes, live, photo } = this.drawing;
    if (photo) return new Snapshot([], { photo });
    const raster = this.#raster.copy();
    if (!live) return new Snapshot(strokes, { raster });
    raster.finish(live);
    return new Snapshot([...strokes, { ...live, points: [...live.points] }], { raster });
  }

  /** Shows everything anew: at another size, another pixel density or in other colours. */
  repaint() {
    const photo = this.#shownSnapshot ? this.#shownSnapshot.photo : this.drawing.photo;
    this.inkCanvas.clear();
    if (photo) this.inkCanvas.picture(photo.bitmap);
    else if (this.#shownSnapshot) this.#shownSnapshot.strokes.forEach((stroke) => this.inkCanvas.lay(stroke));
    else this.drawing.layOn(this.inkCanvas);
    this.#showPreview();
  }

  /** @param {Snapshot | null} past  Shows a moment of the past; null: the drawing as it is. */
  showSnapshot(past) {
    if (past === this.#shownSnapshot) return;
    this.#shownSnapshot = past;
    /** @type {HTMLElement} */ (this.canvas.parentElement).toggleAttribute("data-past", past !== null);
    this.repaint();
  }

  /** @param {Photo} photo  Lies on the pad in place of a drawing, until somebody draws; that can be undone. */
  setPhoto(photo) {
    this.#step(() => this.drawing.setPhoto(photo));
  }

  /** @param {Stroke[]} strokes  Become the drawing; that can be undone. */
  load(strokes) {
    this.#step(() => this.drawing.load(strokes));
  }

  fit() {
    this.preview.fit();
    if (this.inkCanvas.fit()) this.repaint();
  }

  /** @param {Point} point @param {number} [width] @param {boolean} [erase] */
  down(point, width = this.brush, erase = this.erasing) {
    this.#turn(() => this.drawing.begin(point, width, erase));
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
    this.#inked();
    this.listener.ended();
  }

  undo() {
    this.#step(() => this.drawing.undo());
  }

  redo() {
    this.#step(() => this.drawing.redo());
  }

  clear() {
    this.#step(() => this.drawing.clear());
  }

  /** @param {number} depth  Takes what was drawn since then off a pad that was blank then. */
  rewind(depth) {
    this.#step(() => this.drawing.rewind(depth));
  }

  /** A new drawing with nothing to undo. */
  forget() {
    this.#step(() => this.drawing.forget());
  }

  /** @param {() => void} change */
  #step(change) {
    this.#free();
    this.showSnapshot(null);
    this.#turn(change);
    this.#inked();
    this.listener.ended();
  }

  /** @param {() => void} change  After which there may be another photo, or none. */
  #turn(change) {
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
    const palm = this.#pointer?.type === "touch" && event.pointerType === "pen";
    if ((this.#pointer && !palm) || !startsStroke(event)) return;
    this.#box = null;
    if (palm) this.drawing.cancel();
    if (this.#penDown) this.up();
    this.#touch();
    this.#byKeys(false);
    this.#pointer = { id: event.pointerId, type: event.pointerType };
    this.#capture(event.pointerId);
    this.down(this.#at(event), this.brush, this.erasing || event.button === ERASER_BUTTON);
  }

  /** Whoever draws, draws now, and on paper. */
  #touch() {
    this.showSnapshot(null);
    this.listener.touched();
  }

  /** @param {number} id */
  #capture(id) {
    try {
      this.canvas.setPointerCapture(id);
    } catch {
      // the pointer is already gone; its strokes end at the pad's edge then
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (event.pointerType !== "touch") this.#hoverAt(this.#at(event));
    if (event.pointerId !== this.#pointer?.id) return;
    if (event.buttons === 0) return this.up(); // its release was lost, to a dialogue for one
    const finer = event.getCoalescedEvents?.() ?? [];
    for (const each of finer.length > 0 ? finer : [event]) this.move(this.#at(each));
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (event.pointerId !== this.#pointer?.id) return;
    if (event.type === "pointerup") this.move(this.#at(event));
    this.up();
    this.#pointer = null;
  }

  /** @param {PointerEvent} event @returns {Point} */
  #at(event) {
    this.#box ??= this.canvas.getBoundingClientRect();
    const box = this.#box;
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#steer(arrow, event.shiftKey ? 4 : 1);
    else if (event.key === " ") this.#togglePen();
    else return;
    this.#byKeys(true);
    event.preventDefault(); // neither scrolls the page
  }

  /** @param {Point} arrow @param {number} steps */
  #steer(arrow, steps) {
    const { x, y } = this.#cursor;
    this.#cursor = { x: clamp(x + arrow.x * steps * STEP), y: clamp(y + arrow.y * steps * STEP) };
    if (this.#penDown) this.move(this.#cursor);
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

  #showPreview() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paintPreview();
    });
  }

  #paintPreview() {
    const { preview, drawing } = this;
    preview.clear();
    if (drawing.live && !drawing.live.erase) preview.draw(loose(drawing.live), drawing.live);
    if (this.#keys) preview.mark(this.#cursor, this.brush / 2, 0.03);
    else if (this.#hover && this.erasing) preview.mark(this.#hover, this.brush / 2, 0);
  }
}
