// A few small pictures of 28×28 side by side, each with a line beneath.

import { el } from "./dom.js";
import { renderInput } from "./input-image.js";

/** @import { Gallery } from "../server/explanations.js" */

/**
 * @param {HTMLElement} list @param {Gallery} gallery @param {number} most
 * @param {(label: number, value: number) => [string, string]} words  A title and a line.
 * @param {string} [kind]  What a screen reader calls them.
 */
export function renderPictures(list, { pictures, labels, values }, most, words, kind = "A training picture") {
  const shown = pictures.slice(0, most).map((picture, i) => {
    const canvas = el("canvas", { role: "img" });
    const [title, line] = words(labels[i], values[i]);
    const item = el("li", {}, canvas, el("b", {}, title), ` ${line}`);
    return { canvas, item, picture, title };
  });
  list.replaceChildren(...shown.map(({ item }) => item));
  for (const { canvas, picture, title } of shown) {
    renderInput(canvas, picture); // in the page, for its colours
    canvas.setAttribute("aria-label", `${kind}: ${title}`);
  }
}
