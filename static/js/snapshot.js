// What was on the pad at one moment: strokes or a photo, as data, and the picture of it that is sent.

import { Raster } from "./ink.js";
import { pngOf } from "./png.js";

/** @import { Stroke } from "./ink.js" */
/**
 * At the size that is sent. Its bitmap is left to the garbage collector: undo and the moments of the past may show it.
 * @typedef {{bitmap: ImageBitmap, image: Blob}} Photo
 */
/**
 * Where the picture that is sent lies on the pad: pixel x is at `left + unit · x`, in fractions of the pad.
 * @typedef {{left: number, top: number, unit: number}} Frame
 */

/** The side of the picture of strokes, in pixels: four for each of the network's 28. */
export const SENT = 112;
/** Pixels of white around it, so that ink along the pad's edge is never taken for the ground. */
const MARGIN = 4;

/** @param {number} width @param {number} height @returns {Frame}  A photo fills the pad's longer way, centred. */
export function photoFrame(width, height) {
  const unit = 1 / Math.max(width, height);
  return { left: (1 - width * unit) / 2, top: (1 - height * unit) / 2, unit };
}

export class Snapshot {
  /** @type {Raster | null} */
  #raster;

  /**
   * @param {readonly Stroke[]} strokes  Never changed from here on.
   * @param {{photo?: Photo | null, raster?: Raster | null}} [options]  A photo instead of strokes; their ink, where it
   *   is known already.
   */
  constructor(strokes, { photo = null, raster = null } = {}) {
    this.strokes = strokes;
    this.photo = photo;
    this.#raster = raster;
  }

  /** @returns {Frame} */
  get frame() {
    if (this.photo) return photoFrame(this.photo.bitmap.width, this.photo.bitmap.height);
    return { left: -MARGIN / SENT, top: -MARGIN / SENT, unit: 1 / SENT };
  }

  /** @returns {Raster}  The ink of the strokes. */
  get raster() {
    this.#raster ??= rasterOf(this.strokes);
    return this.#raster;
  }

  /** @returns {Promise<Blob>}  What is sent. */
  image() {
    return this.photo ? Promise.resolve(this.photo.image) : encode(this.raster);
  }
}

/** @param {readonly Stroke[]} strokes @returns {Raster} */
export function rasterOf(strokes) {
  const raster = new Raster(SENT);
  for (const stroke of strokes) raster.lay(stroke);
  return raster;
}

/** @param {Raster} picture @returns {Promise<Blob>}  As a PNG, dark on a white sheet a little larger. */
export function encode({ coverage, size }) {
  const side = size + 2 * MARGIN;
  const sheet = new Uint8Array(side * side).fill(255);
  coverage.forEach((ink, at) => {
    if (ink) sheet[(Math.floor(at / size) + MARGIN) * side + (at % size) + MARGIN] = 255 - ink;
  });
  return pngOf(sheet, side);
}
