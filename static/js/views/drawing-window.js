// Paints a part of the pad at any size: the strokes as lines, so that they are sharp; a photo as it is.

import { paintPath } from "../drawing/canvas.js";
import { photoFrame } from "../drawing/snapshot.js";
import { curve } from "../drawing/strokes.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Moment } from "../state/moment.js" */
/** @import { Area } from "../explain/stroke-attribution.js" */

/** @type {Area} */
export const WHOLE = { left: 0, top: 0, side: 1 };
/** Paper around a figure, as a part of it. */
const MARGIN = 0.25;

/** @param {Pick<Moment, "snapshot" | "place">} moment @returns {Area}  The part of the pad that it is about: all, or a square around a figure. */
export function viewOf({ snapshot: { frame }, place }) {
  if (!place) return WHOLE;
  const [left, top, width, height] = place;
  const side = (1 + 2 * MARGIN) * Math.max(width, height);
  return { left: frame.left + frame.unit * (left + (width - side) / 2), top: frame.top + frame.unit * (top + (height - side) / 2), side: frame.unit * side };
}

/**
 * @param {CanvasRenderingContext2D} context  Transparent, since an eraser's stroke clears. @param {Snapshot} snapshot
 * @param {Area} view  The part of the pad. @param {number} size  Of the picture. @param {string} colour
 */
export function paintDrawing(context, { strokes, photo, aspect }, view, size, colour) {
  context.save();
  context.scale(size / view.side, size / view.side);
  context.translate(-view.left, -view.top);
  if (photo) {
    const { left, top, unit } = photoFrame(photo.shown.width, photo.shown.height, aspect);
    context.drawImage(photo.shown, left, top, photo.shown.width * unit, photo.shown.height * unit);
  }
  context.strokeStyle = colour;
  for (const stroke of strokes) paintPath(context, curve(stroke.points), stroke);
  context.restore();
}
