// A drawing at any size, through a window on the pad: the strokes as lines, so that they are sharp; a photo as it is.

import { photoFrame } from "../drawing/snapshot.js";
import { curve } from "../drawing/strokes.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Area } from "../explain/stroke-attribution.js" */

const SPECK = 1e-4;

/** @type {Area} */
export const WHOLE = { left: 0, top: 0, side: 1 };

/**
 * @param {CanvasRenderingContext2D} context  Transparent: an eraser's stroke clears. @param {Snapshot} snapshot
 * @param {Area} view  What is shown of the pad. @param {number} size  How large. @param {string} colour
 */
export function paintDrawing(context, { strokes, photo }, view, size, colour) {
  context.save();
  context.scale(size / view.side, size / view.side);
  context.translate(-view.left, -view.top);
  if (photo) {
    const { left, top, unit } = photoFrame(photo.bitmap.width, photo.bitmap.height);
    context.drawImage(photo.bitmap, left, top, photo.bitmap.width * unit, photo.bitmap.height * unit);
  }
  context.strokeStyle = colour;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Stroke} stroke */
function paintStroke(context, { points, width, erase }) {
  const path = curve(points);
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.lineWidth = width;
  context.beginPath();
  for (const { x, y } of path) context.lineTo(x, y);
  const { x, y } = path[path.length - 1];
  if (path.every((point) => point.x === x && point.y === y)) context.lineTo(x + SPECK, y); // a dot
  context.stroke();
}
