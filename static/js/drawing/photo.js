// Photos of a digit on paper: chosen, pasted or dropped, and shrunk before they are sent.

/** @import { Photo } from "./snapshot.js" */

/** The longer side of what is sent, in pixels: the network sees 28, and thin lines need more. */
const LONGEST = 640;
const QUALITY = 0.92;
/** Bytes at a file's start that tell what it is. */
const SIGNATURE = 12;

/** @param {number} width @param {number} height @returns {[number, number]}  Never larger than it is. */
export function shrunkSize(width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
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

/** @param {Blob} file @returns {Promise<Photo>} @throws when it is no picture, or one that the server would refuse */
export async function openPhoto(file) {
  const type = pictureType(new Uint8Array(await file.slice(0, SIGNATURE).arrayBuffer()));
  if (!type) throw new TypeError("no PNG, JPEG or WebP");
  const whole = await createImageBitmap(file.slice(0, file.size, type), { imageOrientation: "from-image" });
  const [width, height] = shrunkSize(whole.width, whole.height);
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, 0, 0, width, height);
  whole.close();
  // A transparent picture stays transparent, which JPEG cannot.
  const image = await canvas.convertToBlob({ type: type === "image/jpeg" ? type : "image/png", quality: QUALITY });
  return { bitmap: await createImageBitmap(canvas), image };
}

/** @param {DataTransfer | null} transfer @returns {File | null}  The first picture in it, else the first file. */
export function pictureIn(transfer) {
  const files = Array.from(transfer?.files ?? []);
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0] ?? null;
}

/**
 * Opens what is chosen in a field, pasted or dropped; of several, the newest.
 * @param {HTMLInputElement} field @param {(photo: Photo) => void} opened @param {() => void} failed
 */
export function receivePhotos(field, opened, failed) {
  let newest = 0;
  const give = async (/** @type {File | null} */ file) => {
    if (!file) return;
    const number = ++newest;
    try {
      const photo = await openPhoto(file);
      if (number === newest) opened(photo);
      else photo.bitmap.close(); // another was chosen meanwhile
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
