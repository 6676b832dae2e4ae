// Worker that posts pictures to the server. It says when it is ready. A message with a picture then begins a request; one
// without it aborts it.

import { postPicture } from "./request.js";

/** @import { Picture } from "../drawing/snapshot.js" */
/** @import { Reply } from "./request.js" */
/** @typedef {{number: number, url?: string, picture?: Picture}} WorkerRequest */
/** @typedef {{number: number, reply: Reply | null} | "ready"} WorkerReply  Null: no server answered. */

/** @type {Map<number, AbortController>} */
const controllers = new Map();

/** @param {number} number @param {string} url @param {Picture} picture */
async function begin(number, url, picture) {
  const controller = new AbortController();
  controllers.set(number, controller);
  const reply = await postPicture(url, picture, controller.signal).catch(() => null);
  controllers.delete(number);
  postMessage({ number, reply });
}

addEventListener("message", (/** @type {MessageEvent<WorkerRequest>} */ { data: { number, url, picture } }) => {
  if (url && picture) void begin(number, url, picture);
  else controllers.get(number)?.abort();
});
postMessage("ready");
