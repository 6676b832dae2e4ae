// Export the drawing: as a link that reopens it, or as a request for curl, Python or JavaScript.

import { imageShown } from "../drawing/photo.js";
import { address } from "../server/address.js";
import { base64Of } from "../server/explanations.js";
import { fragmentOf, tooLarge } from "../state/share-link.js";
import { copied } from "../views/clipboard.js";
import { button, el } from "../views/dom.js";

/** @import { Snapshot } from "../drawing/snapshot.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

/** Bytes of a picture that a text holds as it is. */
const LONGEST = 200_000;

/** @typedef {"digit" | "text"} What  The answer's main part: of a digit, or of a number. */
/** @type {Record<string, (address: string, image: string, what?: What) => string>} */
export const LANGUAGES = {
  // A photo would be too long for an argument: curl reads it from its input.
  curl: (address, image) =>
    `curl '${address}' --header 'content-type: application/json' --data @- <<'END'\n{"image": "${image}"}\nEND`,
  Python: (address, image, what = "digit") =>
    `import json\nfrom urllib.request import Request, urlopen\n\nbody = json.dumps({"image": "${image}"}).encode()\n` +
    `request = Request("${address}", body, {"content-type": "application/json"})\n` +
    `answer = json.load(urlopen(request))\nprint(answer["${what}"], answer["confidence"])`,
  JavaScript: (address, image, what = "digit") =>
    `const response = await fetch("${address}", {\n  method: "POST",\n  headers: { "content-type": "application/json" },\n` +
    `  body: JSON.stringify({ image: "${image}" }),\n});\nconst answer = await response.json();\nconsole.log(answer.${what}, answer.confidence);`,
};

/** @param {Snapshot} drawing @returns {string}  The reason that there is no link to it; empty if there is one. */
function noLink(drawing) {
  if (drawing.photo) return "A link holds strokes, and a photo has none: copy it as a request instead.";
  return drawing.strokes.length ? "" : "Draw something first.";
}

/** @param {Snapshot} snapshot @returns {Promise<Blob>}  Short enough to be copied as text. */
const imageOf = (snapshot) =>
  snapshot.photo && snapshot.photo.image.size > LONGEST ? imageShown(snapshot.photo) : snapshot.image();

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, { store, say }) {
  const field = el("textarea", { readonly: "", rows: "6", "aria-label": "What was copied", spellcheck: "false" });
  const status = el("p", { class: "note", role: "status" });
  field.hidden = true;

  /** @param {string} text @param {string} name */
  const copy = async (text, name) => {
    field.hidden = false;
    field.value = text;
    const done = await copied(text);
    if (!done) field.select(); // the text can be copied with the keyboard
    status.textContent = done ? `${name} is on the clipboard.` : `${name} stands here: copy it from the field.`;
    say(status.textContent);
  };
  const link = button("Copy a link to this drawing", () => {
    if (tooLarge(store.drawing)) return void (status.textContent = "This drawing is too large for a link.");
    history.replaceState(null, "", fragmentOf(store.drawing));
    void copy(location.href, "The link");
  });
  const requests = Object.entries(LANGUAGES).map(([name, write]) =>
    button(`Copy as ${name}`, async () => {
      const { moment } = store.state;
      if (!moment) return;
      const [path, what] = moment.sheet ? /** @type {const} */ (["/read", "text"]) : /** @type {const} */ (["/predict", "digit"]);
      const url = `${location.origin}${address(path)}${store.query("ablated", "skip")}`;
      await copy(write(url, await base64Of(await imageOf(store.drawing)), what), `The request for ${name}`);
    }),
  );
  body.append(el("div", { class: "buttons" }, link, ...requests), status, field);

  let reason = "";
  return ({ moment }) => {
    const before = reason;
    reason = noLink(store.drawing);
    link.disabled = reason !== "";
    for (const request of requests) request.disabled = !moment;
    if (reason !== before) status.textContent = reason; // else it is about what was copied
  };
}

/** @type {Panel} */
export const exportDrawing = { needsExplanations: false, build };
