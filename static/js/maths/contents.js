// The contents: always open beside the text; above it, on a narrow screen, folded until they are wanted. The section that is
// read is marked.

import { oncePerFrame } from "../drawing/frames.js";

/** As in maths.css: from this width on, there is room beside the text. */
const BESIDE = "(min-width: 70rem)";

/** @param {HTMLElement} details */
export function contents(details) {
  const fold = /** @type {HTMLDetailsElement} */ (details);
  const beside = matchMedia(BESIDE);
  const unfold = () => void (fold.open = beside.matches);
  beside.addEventListener("change", unfold);
  unfold();
  fold.addEventListener("click", ({ target }) => {
    if (!beside.matches && /** @type {Element} */ (target).closest("a")) fold.open = false;
  });
  const links = [...fold.querySelectorAll("a")];
  const headings = links.map((link) => /** @type {HTMLElement} */ (document.getElementById(decodeURIComponent(link.hash.slice(1)))));
  const mark = () => {
    const read = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link, i) => (i === read ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current")));
  };
  addEventListener("scroll", oncePerFrame(mark), { passive: true });
  mark();
}
