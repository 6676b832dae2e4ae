// Post a picture to the server: encode it as PNG, send it, parse the JSON reply. It runs in a worker, because all of it
// together costs a slow machine several frames of drawing; without a worker, it runs on the page. And a limit on time.

import { encode } from "../drawing/png.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @typedef {{status: number, body: any}} Reply  The body is null if it is no JSON. */
/** @typedef {(url: string, init?: RequestInit) => Promise<Response>} Fetch */
/** @typedef {(url: string, picture: Picture, signal: AbortSignal) => Promise<Reply>} Post  Throws if no server answers. */

/** @param {string} url @param {Picture} picture @param {AbortSignal} signal @param {Fetch} [fetch] @returns {Promise<Reply>} */
export async function postPicture(url, picture, signal, fetch = (url, init) => globalThis.fetch(url, init)) {
  const body = picture instanceof Blob ? picture : await encode(picture);
  const headers = { "Content-Type": body.type, Accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body, signal });
  return { status: response.status, body: await response.json().catch(nullForNoJson) };
}

/** @param {unknown} error @returns {null}  A reply that is cut off is no reply. */
function nullForNoJson(error) {
  if (error instanceof SyntaxError) return null;
  throw error;
}

/**
 * Gives up after a time. Safari has `AbortSignal.timeout` since 16.
 * @template T @param {number} ms @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {AbortController} [controller]  By which it can be given up before. @returns {Promise<T>}
 */
export async function within(ms, ask, controller = new AbortController()) {
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await ask(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
