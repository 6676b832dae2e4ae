// Wires the page: the pad asks, the server answers, the views show. It decides nothing else.

import { Lens } from "./drawing/overlay.js";
import { openPhoto, receivePhotos } from "./drawing/photo.js";
import { boundsOf } from "./drawing/raster.js";
import { Stand } from "./drawing/toolbar.js";
import { trace } from "./explain/trace.js";
import { AWAY, BLANK, wordsFor } from "./explain/words.js";
import { Inside } from "./panels/host.js";
import { panels } from "./panels/index.js";
import { Parameters } from "./server/parameters.js";
import { Pace } from "./server/throttle.js";
import { carried, carry } from "./state/session.js";
import { drawingIn } from "./state/share-link.js";
import { Desk } from "./state/store.js";
import { renderDamage } from "./views/ablation-notice.js";
import { renderAnswer } from "./views/answer.js";
import { buildBars, renderBars } from "./views/bars.js";
import { forgetPalette } from "./views/colour.js";
import { Connections } from "./views/connections.js";
import { NetworkView } from "./views/network.js";
import { themeButton } from "./views/theme.js";

/** @import { Prediction } from "./server/predictor.js" */
/** @import { Moment } from "./state/moments.js" */
/** @import { Scene } from "./state/store.js" */

/** The digit that writes itself before anybody draws. */
const WELCOME = 3;
/** Pixels from which the pad, which stays in view, is no longer beside the network. */
const SCROLLED = 24;

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const places = { stage: find("#stage"), answer: find("#answer"), verdict: find("#verdict"), reason: find("#reason") };
const [status, announcer, bars, stage] = ["#status", "#announcer", "#bars", "#stage"].map((id) => find(id));
const input = /** @type {HTMLCanvasElement} */ (find("#input"));
// Only networks of ReLUs are explained: for others these are not on the page.
const whyButton = /** @type {HTMLButtonElement | null} */ (document.querySelector("#why-button"));
const whyPanel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#why"));
const neuronPanel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#neuron"));
const connections = new Connections(find("#connections"));
const lens = new Lens(find("#lens"));
const pace = new Pace();
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** The question whose answer a screen reader is to hear. */
let toAnnounce = Infinity;
let asked = 0;
let away = false;
/** What became of a file or of a look back, until somebody draws. */
let notice = "";
let photos = 0;
let frame = 0;

const desk = new Desk(
  {
    changed: (scene, why) => {
      if (why === "answer") pace.answered(performance.now());
      if (why === "view" && notice) note("");
      if (why !== "explanation") show(scene);
      inside.render();
    },
    answered: (answer, number) => {
      report("");
      if (number >= toAnnounce) announce(answer);
    },
    problem: report,
    reach: (reachable) => {
      away = !reachable;
      if (reachable) parameters.retry();
      report("");
    },
    returned: note,
  },
  () => pad.snapshot(),
  find("#network").dataset.served,
);
const parameters = new Parameters(() => {
  connect(desk.scene.moment);
  inside.render();
});
const inside = new Inside(find("#inside"), panels, {
  desk,
  lens,
  parameters,
  add: (stroke) => stand.add(stroke),
  say: (sentence) => (announcer.textContent = sentence),
  because: (sentence) => (find("#because").textContent = sentence),
  get still() {
    return stillness.matches;
  },
});
const network = new NetworkView(find("#network"), input, {
  chosen: neuronPanel && inspect,
  said: (sentence) => (announcer.textContent = sentence),
});
/** @type {Stand} */
const stand = new Stand(
  stage,
  {
    touched: () => {
      notice = announcer.textContent = "";
      toAnnounce = Infinity;
    },
    changed: () => (frame ||= requestAnimationFrame(ask)),
    wiped: wipe,
    ended: () => {
      announcer.textContent = ""; // the same words twice would be read once
      toAnnounce = stand.welcoming ? Infinity : asked + (frame ? 1 : 0);
      desk.rest();
    },
    said: (sentence) => (announcer.textContent = sentence),
  },
  () => stillness.matches,
);
const { pad } = stand;

/** @param {string} sentence  What keeps the answer on show from being about the drawing on the pad. */
function report(sentence) {
  status.textContent = away ? AWAY : sentence || notice;
  stage.toggleAttribute("data-stale", away || sentence !== "");
}

/** @param {string} sentence  Stands until somebody draws. */
function note(sentence) {
  notice = sentence;
  report("");
}

/** Asks about the drawing as it is now, at most once a frame; on a slow machine less often, for the pen comes first. */
function ask() {
  frame = 0;
  if (pad.drawing.live && !pace.ready(performance.now())) {
    frame = requestAnimationFrame(ask);
    return;
  }
  if (pad.blank) return wipe();
  asked = desk.ask(pad.drawing.live !== null);
}

/** @param {Scene} scene */
function show({ moment, viewed, choice, live }) {
  const blank = !moment || moment.answer.verdict === "blank";
  pad.look(viewed === null || !moment ? null : moment.snapshot);
  renderDamage(find("#damage"), choice, () => desk.choose({ off: new Set(), skip: new Set() }));
  network.mark(choice.unit, choice.off);
  if (whyButton) whyButton.hidden = blank;
  if (blank) return showBlank();
  const { answer } = moment;
  renderAnswer(places, wordsFor(answer), answer.verdict);
  renderBars(bars, answer.probabilities);
  network.render(answer.activations, answer.input);
  if (live && pace.slow) connections.clear();
  else connect(moment);
  void parameters.learn(answer);
}

/** A clean sheet needs no server. */
function wipe() {
  toAnnounce = Infinity;
  pace.forget();
  desk.clear();
}

function showBlank() {
  renderAnswer(places, BLANK, "blank");
  renderBars(bars, null);
  network.rest();
  connections.clear();
  report("");
}

/** @param {Moment | null} moment */
function connect(moment) {
  if (!moment) return;
  const { input: picture, activations, probabilities, model } = moment.answer;
  const layers = [Array.from(picture, (value) => value / 255), ...activations.map(({ values }) => values)];
  const digit = probabilities.indexOf(Math.max(...probabilities));
  connections.render(
    { pad: pad.canvas, input, layers: network.layers.map(({ canvas }) => canvas), rows: Array.from(bars.children) },
    {
      ink: moment.snapshot.photo ? null : moment.snapshot.raster.bounds(),
      seen: boundsOf(picture),
      links: model === parameters.model ? trace(layers, parameters.weights, digit) : [],
      widths: layers.map(({ length }) => length),
    },
  );
}

/** Things on the page may have moved. */
function reconnect() {
  connections.forget();
  connect(desk.scene.moment);
}

function scrolled() {
  const was = stage.hasAttribute("data-scrolled");
  if (was === stage.toggleAttribute("data-scrolled", scrollY > SCROLLED)) return;
  if (was) reconnect(); // an answer may have come while the pad was elsewhere
}

/** @param {string} unit  Opens the panel about a neuron. */
function inspect(unit) {
  desk.choose({ unit });
  if (!neuronPanel) return;
  neuronPanel.open = true;
  neuronPanel.scrollIntoView({ block: "nearest", behavior: stillness.matches ? "auto" : "smooth" });
}

/** @param {Prediction} answer */
function announce(answer) {
  const { verdict, reason } = wordsFor(answer);
  toAnnounce = Infinity;
  announcer.textContent = `${verdict} ${reason}`;
}

/** The page's colours are others: what is painted, not styled, is painted anew. */
function recolour() {
  forgetPalette();
  pad.repaint();
  network.repaint();
  lens.repaint();
  inside.render();
}

/** @param {Blob} file */
async function showPhoto(file) {
  const mine = ++photos;
  notice = "";
  try {
    const photo = await openPhoto(file);
    if (mine !== photos) return photo.bitmap.close(); // another was chosen meanwhile
    stand.lay(photo);
  } catch {
    stand.dismiss();
    notice = "This file cannot be opened as a picture: choose a PNG, JPEG or WebP.";
  }
  report("");
}

/** @param {import("./drawing/strokes.js").Stroke[] | null} strokes @returns {boolean}  Whether there are any; they are on the pad then. */
function reopen(strokes) {
  if (strokes) stand.open(strokes);
  return strokes !== null;
}

function start() {
  const brush = /** @type {HTMLInputElement} */ (find("#brush"));
  const setBrush = () => (pad.brush = brush.valueAsNumber / 100);
  const sizes = (find("#network").dataset.sizes ?? "").split(",").map(Number);
  buildBars(bars, sizes[sizes.length - 1]);
  network.rest(sizes.slice(1, -1).map((width, i) => ({ layer: `hidden${i + 1}`, width })));
  show(desk.scene);
  setBrush();
  brush.addEventListener("input", setBrush);
  if (whyButton && whyPanel) {
    whyButton.addEventListener("click", () => (whyPanel.open = !whyPanel.open));
    whyPanel.addEventListener("toggle", () => (whyButton.ariaExpanded = `${whyPanel.open}`));
  }
  receivePhotos(/** @type {HTMLInputElement} */ (find("#photo")), (file) => void showPhoto(file));
  addEventListener("online", () => desk.look());
  addEventListener("hashchange", () => reopen(drawingIn(location.hash)));
  addEventListener("scroll", scrolled, { passive: true });
  addEventListener("resize", () => (pad.fit(), reconnect()));
  new ResizeObserver(reconnect).observe(stage);
  themeButton(find("#theme"), recolour);
  carry(() => stand.drawn, (strokes) => stand.open(strokes));
  if (!reopen(drawingIn(location.hash) ?? carried())) stand.write(WELCOME, { welcomes: true });
}

start();
