// Photos of a digit on paper: chosen, pasted or dropped, and sent as they are, so that the answer is the one that the API
// gives for the same file. What the server would find too large is shrunk; a part of a photo, or a turned one, is another.

import { contextOf, newCanvas } from "./canvas.js";

/** @import { Photo } from "./snapshot.js" */
/** @typedef {{bytes: number, pixels: number}} Limits  Of what the server reads: of a file, and of a picture that is no JPEG. */
/** @typedef {{left: number, top: number, width: number, height: number}} Area  In pixels of a picture. */

/** The longer side of what is shown, in pixels. */
const SHOWN = 1024;
const QUALITY = 0.92;
/** Bytes at a file's start that tell what it is. */
const SIGNATURE = 12;
/** The share of a box's longer side that is read around it: paper tells ink from ground. */
const MARGIN = 0.12;

/**
 * @param {number} width @param {number} height @param {number} pixels  At most.
 * @returns {[number, number]}  Never larger than it is.
 */
export function shrunkSize(width, height, pixels) {
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))];
}

/**
 * A box and what is around it, within the picture.
 * @param {readonly number[]} box  Left, top, right, bottom, in pixels. @param {number} width @param {number} height
 * @returns {Area}
 */
export function areaAround([left, top, right, bottom], width, height) {
  const margin = MARGIN * Math.max(right - left, bottom - top);
  const [x, y] = [Math.max(0, Math.floor(left - margin)), Math.max(0, Math.floor(top - margin))];
  return { left: x, top: y, width: Math.min(width, Math.ceil(right + margin)) - x, height: Math.min(height, Math.ceil(bottom + margin)) - y };
}

/**
 * The type of a picture that the server reads too, by its first bytes: a dropped file may have no type, or a wrong one.
 * @param {Uint8Array} bytes @returns {"image/png" | "image/jpeg" | "image/webp" | null}
 */
export function pictureType(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, SIGNATURE));
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  return /^RIFF[^]{4}WEBP/.test(start) ? "image/webp" : null;
}

/**
 * @param {Blob} file @param {Limits} limits @returns {Promise<Photo>}
 * @throws when it is no picture, or of a kind that the server would refuse
 */
export async function openPhoto(file, limits) {
  const content = await file.arrayBuffer(); // kept: the file may be gone when it is asked about again
  const type = pictureType(new Uint8Array(content, 0, Math.min(SIGNATURE, content.byteLength)));
  if (!type) throw new TypeError("no PNG, JPEG or WebP");
  const image = new Blob([content], { type });
  const whole = await decoded(image);
  const { width, height } = whole;
  // A JPEG of many pixels is decoded smaller by the server, any other picture is not.
  const asItIs = content.byteLength <= limits.bytes && (type === "image/jpeg" || width * height <= limits.pixels);
  if (!asItIs) return redrawn(whole, { left: 0, top: 0, width, height }, { type, limits });
  return { shown: shownOf(whole), image, width, height };
}

/** @param {Photo} photo @param {readonly number[]} box  In its pixels. @param {Limits} limits @returns {Promise<Photo>} */
export async function cropPhoto({ image, width, height }, box, limits) {
  return redrawn(await decoded(image), areaAround(box, width, height), { type: image.type, limits });
}

/** @param {Photo} photo @param {Limits} limits @returns {Promise<Photo>}  Turned to the right. */
export async function turnPhoto({ image, width, height }, limits) {
  return redrawn(await decoded(image), { left: 0, top: 0, width, height }, { type: image.type, limits, turned: true });
}

/**
 * Makes do with what is shown of a photo, for a server that takes no more, or a way that is too slow.
 * @param {Photo} photo @returns {Promise<boolean>}  Whether there is less to send than before.
 */
export async function lighten(photo) {
  const { width, height } = photo.shown;
  if (width === photo.width && height === photo.height) return false;
  Object.assign(photo, { image: await imageShown(photo), width, height });
  return true;
}

/** @param {Photo} photo @returns {Promise<Blob>}  What is shown of it, which takes a tenth of a photo's bytes. */
export const imageShown = ({ shown, image }) => encoded(shown, image.type);

/**
 * @param {Blob} image @returns {Promise<HTMLImageElement>}  Upright, as its EXIF says, which `createImageBitmap` does not
 *   make it in an older Safari.
 */
async function decoded(image) {
  const element = new Image();
  element.src = URL.createObjectURL(image);
  try {
    await element.decode();
    return element;
  } finally {
    URL.revokeObjectURL(element.src);
  }
}

/**
 * @param {HTMLImageElement} whole @param {Area} area  What of it is wanted.
 * @param {{type: string, limits: Limits, turned?: boolean}} how @returns {Promise<Photo>}
 */
async function redrawn(whole, area, { type, limits, turned = false }) {
  for (let { pixels } = limits; ; pixels /= 2) {
    const canvas = painted(whole, area, shrunkSize(area.width, area.height, pixels), turned);
    const image = await encoded(canvas, type);
    if (image.size > limits.bytes) continue;
    const { width, height } = canvas;
    return { shown: shownOf(canvas), image, width, height };
  }
}

/**
 * @param {CanvasImageSource} source @param {Area} area @param {[number, number]} size  To scale it to.
 * @param {boolean} turned  To the right. @returns {HTMLCanvasElement}
 */
function painted(source, { left, top, width, height }, size, turned) {
  const [across, down] = size;
  const canvas = turned ? newCanvas(down, across) : newCanvas(across, down);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  if (turned) context.transform(0, 1, -1, 0, down, 0);
  context.drawImage(source, left, top, width, height, 0, 0, across, down);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {string} type  Of what it was. @returns {Promise<Blob>} */
const encoded = (canvas, type) =>
  new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new TypeError("too large for a canvas")));
    canvas.toBlob(done, type === "image/jpeg" ? type : "image/png", QUALITY); // JPEG has no transparency: other types stay PNG
  });

/** @param {HTMLImageElement | HTMLCanvasElement} whole @returns {HTMLCanvasElement}  As large as it is ever shown. */
function shownOf(whole) {
  const { width, height } = whole;
  const pixels = (SHOWN * SHOWN * Math.min(width, height)) / Math.max(width, height);
  return painted(whole, { left: 0, top: 0, width, height }, shrunkSize(width, height, pixels), false);
}

/** @param {DataTransfer | null} transfer @returns {File | null}  The first picture in it, else the first file. */
export function pictureIn(transfer) {
  const files = Array.from(transfer?.files ?? []);
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0] ?? null;
}

/**
 * Opens what is chosen in a field, pasted or dropped; of several, the newest.
 * @param {HTMLInputElement} field @param {Limits} limits @param {(photo: Photo) => void} opened @param {() => void} failed
 */
export function receivePhotos(field, limits, opened, failed) {
  let newest = 0;
  const give = async (/** @type {File | null} */ file) => {
    if (!file) return;
    const number = ++newest;
    try {
      const photo = await openPhoto(file, limits);
      if (number === newest) opened(photo); // else another was chosen meanwhile
    } catch {
      failed();
    }
  };
  field.addEventListener("change", () => {
    void give(field.files?.[0] ?? null);
    field.value = ""; // the same file may be chosen again
  });
  addEventListener("paste", (event) => void give(pictureIn(event.clipboardData)));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault(); // the browser would leave the page to show the file
    void give(pictureIn(event.dataTransfer));
  });
}

/** Marks an element while a file is dragged over the page, which takes it wherever it is dropped. @param {HTMLElement} element */
export function markDrop(element) {
  const mark = (/** @type {boolean} */ over) => element.toggleAttribute("data-drop", over);
  addEventListener("dragover", ({ dataTransfer }) => mark(dataTransfer?.types.includes("Files") ?? false));
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || mark(false)); // null: it has left the window
  addEventListener("drop", () => mark(false));
}
