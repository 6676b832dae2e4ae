// Palm rejection: where a pen is used, touches are a hand that rests on the pad. Touches soon after the pen are not taken,
// and the strokes of touches just before it are taken back. Without a pen, fingers draw.

/** @import { Stroke } from "./strokes.js" */

/** Times are those of pointer events, in milliseconds. How long after the pen was near a touch is a palm. */
export const AFTER_PEN_MS = 2500;
/** How long before the pen a touch may have ended, and yet is a palm: a system often ends a palm's touch as the pen comes near. */
export const BEFORE_PEN_MS = 1000;

export class PalmRejection {
  #penSeen = -Infinity;
  /** @type {WeakMap<Stroke, number>} When each stroke of a touch ended. */
  #ended = new WeakMap();

  /** @param {Pick<PointerEvent, "pointerType" | "timeStamp">} event  Any of a pointer on the pad. */
  saw({ pointerType, timeStamp }) {
    if (pointerType === "pen") this.#penSeen = timeStamp;
  }

  /** @param {Pick<PointerEvent, "pointerType" | "timeStamp">} event @returns {boolean}  Whether this touch is a palm's. */
  rejects({ pointerType, timeStamp }) {
    return pointerType === "touch" && timeStamp - this.#penSeen < AFTER_PEN_MS;
  }

  /** @param {Stroke} stroke  Drawn by a touch. @param {number} time */
  touchEnded(stroke, time) {
    this.#ended.set(stroke, time);
  }

  /** @param {Stroke | undefined} stroke @param {number} time  Of the pen that comes down. @returns {boolean} */
  wasPalm(stroke, time) {
    return stroke !== undefined && time - (this.#ended.get(stroke) ?? -Infinity) < BEFORE_PEN_MS;
  }
}
