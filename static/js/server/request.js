// Post a picture to the server: encode it as PNG, send it, parse the JSON reply. It runs in a worker, because all of it
// together costs a slow machine several frames of drawing; without a worker, on the page itself.

import { encode } from "../drawing/png.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @typedef {{status: number, body: any}} Reply  Null for a body that is no JSON. */
/** @typedef {(url: string, init?: RequestInit) => Promise<Response>} Fetch */
/** @typedef {(url: string, picture: Picture, signal: AbortSignal) => Promise<Reply>} Post  Throws where no server answers. */

/** @param {string} url @param {Picture} picture @param {AbortSignal} signal @param {Fetch} [fetch] @returns {Promise<Reply>} */
export async function postPicture(url, picture, signal, fetch = (url, init) => globalThis.fetch(url, init)) {
  const body = picture instanceof Blob ? picture : await encode(picture);
  const headers = { "Content-Type": body.type, Accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body, signal });
  return { status: response.status, body: await response.json().catch(() => null) };
}
