// Canvases at the screen's own resolution, and a stroke's path painted on one.

/** @import { Point, Stroke } from "./strokes.js" */

/** The length of a dot: a canvas draws no line without length. As a fraction of the pad. */
const SPECK = 1e-4;

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** @param {number} width @param {number} height @returns {HTMLCanvasElement}  Not on the page. Safari has `OffscreenCanvas` since 16.4. */
export const newCanvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

/** Clears a canvas and its context's settings. @param {HTMLCanvasElement} canvas */
export function reset(canvas) {
  const context = contextOf(canvas);
  if ("reset" in context) context.reset();
  else canvas.width = canvas.width; // Safari before 17: the HTML standard says that this resets too, but it computes styles anew
}

/** @type {WeakMap<Element, number>} The widths of elements on the page. */
const widths = new WeakMap();
/** @type {ResizeObserver | null} Keeps them up to date. */
let observer = null;

/**
 * The width of an element, in CSS pixels. To measure it while texts around it change would force a layout: that is done once.
 * @param {Element} element @returns {number}  0 while it is hidden.
 */
export function widthOf(element) {
  observer ??= new ResizeObserver((entries) => entries.forEach(({ target }) => widths.set(target, target.clientWidth)));
  if (!widths.has(element)) observer.observe(element);
  const width = widths.get(element) || element.clientWidth; // it may have been hidden until now
  widths.set(element, width);
  return width;
}

/** @param {HTMLCanvasElement} canvas @returns {boolean}  Whether its size changed: it is then blank. */
export function fitToScreen(canvas) {
  const [width, height] = [devicePixels(canvas.clientWidth), devicePixels(canvas.clientHeight)];
  const changed = canvas.width !== width || canvas.height !== height;
  if (changed) [canvas.width, canvas.height] = [width, height];
  return changed;
}

/**
 * Clears a canvas, fits it to the screen and measures it in CSS pixels.
 * @param {HTMLCanvasElement} canvas @returns {{context: CanvasRenderingContext2D, width: number, height: number}}
 */
export function blankCanvas(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  fitToScreen(canvas);
  const context = contextOf(canvas);
  reset(canvas);
  context.scale(devicePixelRatio, devicePixelRatio);
  return { context, width, height };
}

/** @param {number} pixels  In CSS pixels. @returns {number} */
const devicePixels = (pixels) => Math.max(1, Math.round(pixels * devicePixelRatio));

/**
 * Paints a path in the context's own colour; an eraser's path clears.
 * @param {CanvasRenderingContext2D} context @param {Point[]} path @param {Pick<Stroke, "width" | "erase">} stroke
 * @param {number} [size]  The pad's height in the context's units.
 */
export function paintPath(context, path, { width, erase }, size = 1) {
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.lineWidth = width * size;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  for (const { x, y } of path) context.lineTo(x * size, y * size);
  const { x, y } = path[path.length - 1];
  if (path.every((point) => point.x === x && point.y === y)) context.lineTo((x + SPECK) * size, y * size);
  context.stroke();
}

/**
 * What is painted from now on is mapped about a point.
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {[number, number, number, number]} matrix
 */
export function transformAbout(context, x, y, matrix) {
  context.translate(x, y);
  context.transform(...matrix, 0, 0);
  context.translate(-x, -y);
}
