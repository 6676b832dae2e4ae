// Fetch for what only adds detail: null where the server does not answer, or not in time.

import { address } from "./address.js";
import { TIMEOUT_MS, isAway } from "./predictor.js";
import { within } from "./request.js";

/** For what is large: a slow line gets its time. */
export const LONG_TIMEOUT_MS = 60_000;

/** @import { Fetch } from "./request.js" */

/**
 * @template T
 * @param {string} url
 * @param {object} [how]
 * @param {RequestInit} [how.init]
 * @param {number} [how.timeout]  In milliseconds, for the whole reply.
 * @param {(response: Response) => Promise<T>} [how.read]  JSON by default.
 * @param {Fetch | undefined} [how.fetch]
 * @param {(() => void) | undefined} [how.lost]  There was no reply: the server may be away.
 * @returns {Promise<T | null>}
 */
export async function fetchOptional(url, { init, timeout = TIMEOUT_MS, read = (response) => response.json(), fetch = byNetwork, lost } = {}) {
  try {
    return await within(timeout, async (signal) => {
      const response = await fetch(url, { ...init, signal });
      if (isAway(response.status)) lost?.();
      return response.ok ? await read(response) : null;
    });
  } catch {
    lost?.();
    return null;
  }
}

/** @type {Fetch} */
const byNetwork = (url, init) => globalThis.fetch(address(url), init);
