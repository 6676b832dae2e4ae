// The photo on the pad, kept in session storage across a reload: as it is or, if that is much, as it is shown.

import { imageShown } from "../drawing/photo.js";
import { base64Of } from "../server/explanations.js";
import { PHOTO, read, write } from "./session.js";

/** @import { Photo } from "../drawing/snapshot.js" */

/** Bytes that are kept as they are: session storage holds five million characters. */
const MOST = 1_000_000;

/** @type {Photo | null} What was on the pad last. */
let newest = null;

/** @param {Photo | null} photo  Null: there is none on the pad. */
export async function keepPhoto(photo) {
  newest = photo;
  write(PHOTO, ""); // an older one must not stay where there is no room for this one
  if (!photo) return;
  const image = photo.image.size > MOST ? await imageShown(photo) : photo.image;
  const text = `${image.type},${await base64Of(image)}`;
  if (newest === photo) write(PHOTO, text);
}

/** @returns {Blob | null}  The photo that was on the pad when the page was left. */
export function keptPhoto() {
  const [type, text] = read(PHOTO).split(",");
  return text ? new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], { type }) : null;
}
