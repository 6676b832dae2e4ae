// Numbered rings on the pad where dots of ink are suggested.

import { css } from "./colour.js";

/** @import { Painter } from "../drawing/overlay.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { Palette } from "./colour.js" */

/** In CSS pixels, so that a number fits into it. */
const LEAST_RADIUS = 10;

/** @param {Stroke[]} dots @param {() => Palette} palette  When they are painted. @returns {Painter} */
export function ringMarkers(dots, palette) {
  return (context, size) => {
    const { paper, pro } = palette();
    const lineWidth = 2 * devicePixelRatio;
    context.lineWidth = lineWidth;
    context.strokeStyle = css(pro);
    context.textAlign = "center";
    context.textBaseline = "middle";
    dots.forEach(({ points: [{ x, y }], width }, i) => {
      const radius = Math.max((width * size) / 2, LEAST_RADIUS * devicePixelRatio);
      const inside = (/** @type {number} */ at, /** @type {number} */ end) => Math.max(radius + lineWidth, Math.min(end - radius - lineWidth, at));
      const [left, top] = [inside(x * size, context.canvas.width), inside(y * size, size)];
      context.beginPath();
      context.arc(left, top, radius, 0, 2 * Math.PI);
      context.fillStyle = css(paper);
      context.fill();
      context.stroke();
      context.fillStyle = css(pro);
      context.font = `600 ${Math.round(radius * 1.2)}px system-ui, sans-serif`;
      context.fillText(`${i + 1}`, left, top + radius * 0.06);
    });
  };
}
