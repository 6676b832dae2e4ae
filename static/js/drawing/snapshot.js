// What was on the pad at one moment: strokes or a photo, as data, and the picture of it that is sent.

import { encode, MARGIN } from "./png.js";
import { Raster } from "./raster.js";

/** @import { Stroke } from "./strokes.js" */
/**
 * Ink, 0 paper to 255, row by row, that is not encoded yet; or a file as it is.
 * @typedef {{coverage: Uint8Array, size: number} | Blob} Picture
 */
/**
 * What is shown of a photo, and what is sent, with its size in pixels. The bitmap is never closed: undo and the moments of
 * the past may show it.
 * @typedef {{bitmap: ImageBitmap, image: Blob, width: number, height: number}} Photo
 */
/**
 * Position of the picture that is sent, in fractions of the pad: pixel x is at `left + unit · x`.
 * @typedef {{left: number, top: number, unit: number}} Frame
 */

/** The side of the picture of strokes, in pixels: four for each of the network's 28. */
export const PICTURE_SIZE = 112;

/** @param {number} width @param {number} height @returns {Frame}  A photo fills the pad's longer way, centred. */
export function photoFrame(width, height) {
  const unit = 1 / Math.max(width, height);
  return { left: (1 - width * unit) / 2, top: (1 - height * unit) / 2, unit };
}

export class Snapshot {
  /** @type {Raster | null} */
  #raster;

  /**
   * @param {readonly Stroke[]} strokes  Not to be changed any more.
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
    if (this.photo) return photoFrame(this.photo.width, this.photo.height);
    return { left: -MARGIN / PICTURE_SIZE, top: -MARGIN / PICTURE_SIZE, unit: 1 / PICTURE_SIZE };
  }

  /** @returns {Raster}  The ink of the strokes. */
  get raster() {
    this.#raster ??= rasterOf(this.strokes);
    return this.#raster;
  }

  /** @returns {Picture}  What is sent, before it is encoded. */
  get picture() {
    return this.photo ? this.photo.image : { coverage: this.raster.coverage, size: this.raster.size };
  }

  /** @returns {Promise<Blob>}  What is sent. */
  image() {
    return this.photo ? Promise.resolve(this.photo.image) : encode(this.raster);
  }
}

/** @param {readonly Stroke[]} strokes @returns {Raster} */
export function rasterOf(strokes) {
  const raster = new Raster(PICTURE_SIZE);
  for (const stroke of strokes) raster.drawStroke(stroke);
  return raster;
}
