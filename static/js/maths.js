// Wires the page of the mathematics: its figures move, and what is wider than the page scrolls by itself.

import { fade } from "./maths/fade.js";
import { layers } from "./maths/layers.js";
import { nudge } from "./maths/nudge.js";
import { temperature } from "./maths/temperature.js";
import { valley } from "./maths/valley.js";
import { keepNetwork } from "./state/session.js";
import { themeButton } from "./views/theme.js";

const FIGURES = { temperature, nudge, valley, layers, fade };

keepNetwork();
themeButton(/** @type {HTMLElement} */ (document.querySelector("#theme")), () => {});
for (const [name, build] of Object.entries(FIGURES)) {
  const figure = /** @type {HTMLElement | null} */ (document.querySelector(`#fig-${name}`));
  if (figure) build(figure); // a network without ReLUs has no figure of its corners
}

/** A box that is too wide scrolls: it then takes the focus and has a name; one that fits does not. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    for (const [key, value] of Object.entries({ tabindex: "0", role: "region", "aria-label": labelOf(target) })) {
      if (wide) target.setAttribute(key, value);
      else target.removeAttribute(key);
    }
  }
});
const boxes = [...document.querySelectorAll(".formula, .code pre, .wide")];
boxes.forEach((box) => sizes.observe(box));

/** @param {Element} box @returns {string} */
function labelOf(box) {
  const code = box.closest(".code")?.querySelector("figcaption")?.textContent;
  return code ? `Code: ${code}` : `${box.matches(".formula") ? "Formula" : "Table"} ${boxes.indexOf(box) + 1}`;
}
