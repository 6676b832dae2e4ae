// What was on the pad at one moment: strokes or a photo, as data, and the picture of it that is sent.

import { strokesWithin } from "./figure-ink.js";
import { encode, MARGIN } from "./png.js";
import { Raster } from "./raster.js";

/** @import { Stroke } from "./strokes.js" */
/**
 * Ink, 0 paper to 255, row by row, that is not encoded yet; or a file as it is.
 * @typedef {{coverage: Uint8Array, width: number} | Blob} Picture
 */
/**
 * What is shown of a photo, and what is sent, with its size in pixels.
 * @typedef {{shown: HTMLCanvasElement, image: Blob, width: number, height: number}} Photo
 */
/**
 * Position of the picture that is sent, in fractions of the pad's height: pixel x is at `left + unit · x`.
 * @typedef {{left: number, top: number, unit: number}} Frame
 */

/** The height of the picture of strokes, in pixels: four for each of the network's 28. */
export const PICTURE_SIZE = 112;

/**
 * A photo is as large as fits the pad, and centred.
 * @param {number} width @param {number} height @param {number} [aspect]  The pad's width by its height. @returns {Frame}
 */
export function photoFrame(width, height, aspect = 1) {
  const unit = Math.min(aspect / width, 1 / height);
  return { left: (aspect - width * unit) / 2, top: (1 - height * unit) / 2, unit };
}

export class Snapshot {
  /** @type {Raster | null} */
  #raster;

  /**
   * @param {readonly Stroke[]} strokes  Not to be changed any more.
   * @param {{photo?: Photo | null, raster?: Raster | null, aspect?: number, wide?: boolean}} [options]  A photo instead
   *   of strokes; their ink, where it is known already; the pad's width by its height; whether a number is to be read.
   */
  constructor(strokes, { photo = null, raster = null, aspect = 1, wide = false } = {}) {
    this.strokes = strokes;
    this.photo = photo;
    this.aspect = aspect;
    this.wide = wide;
    this.#raster = raster;
  }

  /** @param {readonly Stroke[]} strokes @returns {Snapshot}  The same pad with other strokes. */
  with(strokes) {
    return new Snapshot(strokes, { aspect: this.aspect, wide: this.wide });
  }

  /**
   * The ink of one digit of a number, where it is, to be read as one digit; a photo stays whole.
   * @param {readonly number[]} box  Around it: left, top, width, height, in pixels of the picture that is sent.
   * @param {readonly (readonly number[])[]} [others]  Around the other digits: ink in several boxes is in the nearest.
   * @returns {Snapshot}
   */
  within(box, others = []) {
    const { photo, aspect, frame } = this;
    const boxes = [box, ...others].map(([x, y, width, height]) => ({
      left: frame.left + frame.unit * x,
      top: frame.top + frame.unit * y,
      right: frame.left + frame.unit * (x + width),
      bottom: frame.top + frame.unit * (y + height),
    }));
    return new Snapshot(strokesWithin(this.strokes, boxes), { photo, aspect });
  }

  /** @returns {Frame} */
  get frame() {
    if (this.photo) return photoFrame(this.photo.width, this.photo.height, this.aspect);
    return { left: -MARGIN / PICTURE_SIZE, top: -MARGIN / PICTURE_SIZE, unit: 1 / PICTURE_SIZE };
  }

  /** @returns {Raster}  The ink of the strokes. */
  get raster() {
    this.#raster ??= rasterOf(this.strokes, this.aspect);
    return this.#raster;
  }

  /** @returns {Picture}  What is sent, before it is encoded. Of a wide sheet no more than is written on: it takes less time. */
  get picture() {
    if (this.photo) return this.photo.image;
    const { coverage, width } = this.raster.upToInk();
    return { coverage, width };
  }

  /** @returns {Promise<Blob>}  What is sent. */
  async image() {
    const { picture } = this;
    return picture instanceof Blob ? picture : encode(picture);
  }
}

/** @param {readonly Stroke[]} strokes @param {number} [aspect] @returns {Raster} */
export function rasterOf(strokes, aspect = 1) {
  const raster = new Raster(PICTURE_SIZE, aspect);
  for (const stroke of strokes) raster.drawStroke(stroke);
  return raster;
}
