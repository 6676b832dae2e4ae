// The person's own drawing instead of the example: its numbers and figures take the places of the example's, and back.

import { Snapshot } from "../drawing/snapshot.js";
import { fetchOptional } from "../server/fetch-optional.js";
import { el, find } from "../views/dom.js";

/** @import { Sketch } from "../drawing/strokes.js" */

/** What depends on the example: numbers, figures, and the words for it. */
const PLACES = "data, .live, .example";

/** @param {Sketch} sketch @returns {Promise<HTMLElement | null>}  The text about it; null if nothing is drawn or the server has none. */
export async function textAbout({ strokes }) {
  const drawing = new Snapshot(strokes);
  if (!drawing.raster.bounds()) return null;
  const init = { method: "POST", body: await drawing.image() };
  const html = await fetchOptional(`/maths${location.search}`, { init, read: (response) => response.text() });
  return html ? new DOMParser().parseFromString(html, "text/html").body : null;
}

/**
 * Shows the text about a drawing, and a button that changes between the two.
 * @param {ParentNode} shown @param {ParentNode} own  The same text with other numbers.
 */
export function exchange(shown, own) {
  const [olds, news] = [shown, own].map((text) => [...text.querySelectorAll(PLACES)]);
  if (olds.length !== news.length) return; // the server's text is newer than the page
  const pairs = olds.map((old, i) => [old, document.adoptNode(news[i])]);
  const change = el("button", { type: "button", class: "link" });
  const swap = (/** @type {string} */ other) => {
    for (const pair of pairs.map((pair) => pair.reverse())) pair[1].replaceWith(pair[0]);
    change.textContent = `Show ${other} instead`;
    find("#sample figcaption").append(" ", change);
  };
  let example = false;
  change.addEventListener("click", () => {
    example = !example;
    swap(example ? "your drawing" : "the hurried seven");
    change.focus();
  });
  swap("the hurried seven");
}
