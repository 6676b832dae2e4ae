// Asks the server for what only adds detail: what is not to be had, or not in time, is null.

import { TIMEOUT_MS } from "./predictor.js";

/** @import { Fetch } from "./request.js" */

/**
 * @template T
 * @param {string} url
 * @param {object} [how]
 * @param {RequestInit} [how.init]
 * @param {number} [how.timeout]  In milliseconds, until all of it is there.
 * @param {(response: Response) => Promise<T>} [how.read]  As JSON, unless told otherwise.
 * @param {Fetch} [how.fetch]
 * @returns {Promise<T | null>}
 */
export async function fetchOptional(url, { init, timeout = TIMEOUT_MS, read = (response) => response.json(), fetch = byNetwork } = {}) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
    return response.ok ? await read(response) : null;
  } catch {
    return null;
  }
}

/** @type {Fetch} */
const byNetwork = (url, init) => globalThis.fetch(url, init);
