// Each stroke's part in the answer, and the server's answer without it.

import { paintPath } from "../drawing/canvas.js";
import { curve } from "../drawing/strokes.js";
import { signed, strokeParts } from "../explain/reasons.js";
import { inkStrokes, withoutStroke } from "../explain/stroke-attribution.js";
import { UNEXPLAINED, aDigit, briefly } from "../explain/words.js";
import { Latest } from "../server/latest.js";
import { changes, el } from "../views/dom.js";

/** @import { Prediction } from "../server/api.js" */
/** @import { Painter } from "../drawing/overlay.js" */
/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { Stroke } from "../drawing/strokes.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** @param {Stroke} stroke @param {HTMLElement} element @returns {Painter}  Paints the stroke in full ink. */
const highlight = (stroke, element) => (context, size) => {
  context.strokeStyle = getComputedStyle(element).color;
  paintPath(context, curve(stroke.points), stroke, size);
};

/** @param {Snapshot} snapshot @returns {Snapshot[]}  The drawing without each of its ink strokes. */
const withoutEach = (snapshot) => inkStrokes(snapshot.strokes).map((i) => snapshot.with(withoutStroke(snapshot.strokes, i)));

/** @param {HTMLElement} body @param {Tools} tools @param {() => void} refresh @returns {(state: State) => void} */
function build(body, { store, overlay }, refresh) {
  const note = el("p", { class: "note" });
  const list = el("ol", { class: "stroke-list" });
  /** @type {Latest<Prediction[]>} */
  const knockouts = new Latest();
  const changed = changes();
  body.append(note, list);

  /** @param {Stroke} stroke @param {string[]} words @returns {HTMLElement} */
  const item = (stroke, [name, part, after]) => {
    const kind = part.startsWith("+") ? "part pro" : "part con";
    const cells = [["name", name], [kind, part], ["after", after]].map(([kind, text]) => el("span", { class: kind }, text));
    const line = el("li", { tabindex: "0" }, ...cells);
    const show = () => overlay.show("stroke", highlight(stroke, overlay.canvas));
    const hide = () => overlay.show("stroke", null);
    for (const event of ["pointerenter", "focus"]) line.addEventListener(event, show);
    for (const event of ["pointerleave", "blur"]) line.addEventListener(event, hide);
    return line;
  };

  /** @param {State} state */
  const render = ({ explained, unavailable, live }) => {
    if (!changed(explained, unavailable, live, store.query("ablated", "skip"), knockouts.answer)) return;
    const owners = explained ? inkStrokes(explained.snapshot.strokes) : [];
    if (!explained || owners.length === 0) {
      note.textContent = explained ? "A photo has no strokes: draw, and each stroke gets its credit here." : unavailable ? UNEXPLAINED : "Draw something in strokes.";
      list.replaceChildren();
      return overlay.show("stroke", null);
    }
    const { explanation, snapshot } = explained;
    const key = [snapshot, store.query("ablated", "skip")];
    if (!live) knockouts.ask(key, () => store.whatIf(withoutEach(snapshot)), refresh);
    const answers = knockouts.asked(key) ? knockouts.answer : null;
    const { names, parts } = strokeParts(explained);
    note.textContent = `What each stroke adds to ${aDigit(explanation.target)} rather than ${aDigit(explanation.against)}, and the answer without it. Point at one, or touch it, to see it.`;
    const focused = Array.from(list.children).indexOf(/** @type {Element} */ (document.activeElement));
    overlay.show("stroke", null); // a removed line gets no pointerleave
    list.replaceChildren(
      ...owners.map((i, k) => {
        const answer = answers?.[k];
        const after = answer ? `without it: ${briefly(answer)}` : "";
        return item(snapshot.strokes[i], [names[k], signed(parts[k] ?? 0), after]);
      }),
    );
    if (focused >= 0) /** @type {HTMLElement | undefined} */ (list.children[focused])?.focus();
  };
  return render;
}

/** @type {Panel} */
export const strokeEffects = { needsExplanations: true, build, folded: ({ overlay }) => overlay.show("stroke", null) };
