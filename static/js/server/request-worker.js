// The worker that runs errands. A message with a picture begins one; one without it ends the one of that number.

import { run } from "./request.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Reply } from "./request.js" */
/** @typedef {{number: number, url?: string, picture?: Picture}} Order */
/** @typedef {{number: number, reply: Reply | null}} Report  Null where no server answered. */

/** @type {Map<number, AbortController>} */
const flights = new Map();

/** @param {number} number @param {string} url @param {Picture} picture */
async function begin(number, url, picture) {
  const flight = new AbortController();
  flights.set(number, flight);
  const reply = await run(url, picture, flight.signal).catch(() => null);
  flights.delete(number);
  postMessage({ number, reply });
}

addEventListener("message", (/** @type {MessageEvent<Order>} */ { data: { number, url, picture } }) => {
  if (url && picture) void begin(number, url, picture);
  else flights.get(number)?.abort();
});
