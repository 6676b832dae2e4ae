// Wires the page of the mathematics: its figures move, its contents stay in sight, what is wider than the page scrolls by
// itself, and the person's own drawing takes the place of the example.

import { contents } from "./maths/contents.js";
import { fade } from "./maths/fade.js";
import { layers } from "./maths/layers.js";
import { nudge } from "./maths/nudge.js";
import { exchange, textAbout } from "./maths/own-drawing.js";
import { temperature } from "./maths/temperature.js";
import { valley } from "./maths/valley.js";
import { keepNetwork, keptDrawing, keptMode } from "./state/session.js";
import { find } from "./views/dom.js";
import { themeButton } from "./views/theme.js";

const FIGURES = { temperature, nudge, valley, layers, fade };
const BOXES = ".formula, .code pre, .wide";

/** In the next frame: else what that changes would have to be observed in this one, which browsers report as an error. */
const sizes = new ResizeObserver((entries) => requestAnimationFrame(() => entries.forEach(({ target }) => makeScrollable(target))));

/** A box that is too wide scrolls: it then takes the focus and has a name; one that fits does not. @param {Element} box */
function makeScrollable(box) {
  const wide = box.scrollWidth > box.clientWidth;
  for (const [key, value] of Object.entries({ tabindex: "0", role: "region", "aria-label": labelOf(box) })) {
    if (wide) box.setAttribute(key, value);
    else box.removeAttribute(key);
  }
}

/** @param {Element} box @returns {string} */
function labelOf(box) {
  const code = box.closest(".code")?.querySelector("figcaption")?.textContent;
  const number = [...document.querySelectorAll(BOXES)].indexOf(box) + 1;
  return code ? `Code: ${code}` : `${box.matches(".formula") ? "Formula" : "Table"} ${number}`;
}

/** Makes the figures of a text move, and its boxes scroll. @param {ParentNode} text */
function prepare(text) {
  for (const [name, build] of Object.entries(FIGURES)) {
    const figure = /** @type {HTMLElement | null} */ (text.querySelector(`#fig-${name}`));
    if (figure) build(figure); // a network without ReLUs has no figure of its corners
  }
  text.querySelectorAll(BOXES).forEach((box) => {
    sizes.observe(box);
    // Only a box that is in view is laid out, and may then keep the size that stood for it: see maths.css.
    box.addEventListener("contentvisibilityautostatechange", (event) => {
      if (!(/** @type {ContentVisibilityAutoStateChangeEvent} */ (event).skipped)) (sizes.unobserve(box), sizes.observe(box));
    });
  });
}

async function showOwnDrawing() {
  const sketch = keptMode() ? null : keptDrawing();
  const own = sketch && document.querySelector(".live") ? await textAbout(sketch) : null;
  if (!own) return;
  prepare(own);
  exchange(find("main"), own);
}

keepNetwork();
themeButton(find("#theme"), () => {});
contents(find(".contents"));
prepare(document);
void showOwnDrawing();
