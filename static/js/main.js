// Assembles the page: the pad changes, the store asks the server, and the views and panels show its answers.

import { receivePhotos } from "./drawing/photo.js";
import { Overlay } from "./drawing/overlay.js";
import { Toolbar } from "./drawing/toolbar.js";
import { PanelHost } from "./panels/host.js";
import { panels } from "./panels/index.js";
import { Parameters } from "./server/parameters.js";
import { Throttle } from "./server/throttle.js";
import { keptDrawing, keepDrawing } from "./state/session.js";
import { drawingIn } from "./state/share-link.js";
import { Store } from "./state/store.js";
import { renderAblationNotice } from "./views/ablation-notice.js";
import { Announcer } from "./views/announcer.js";
import { resetPalette } from "./views/colour.js";
import { ResultView } from "./views/result.js";
import { StatusLine } from "./views/status-line.js";
import { themeButton } from "./views/theme.js";

/** @import { Stroke } from "./drawing/strokes.js" */
/** @import { State } from "./state/store.js" */

/** The digit that writes itself before anybody draws. */
const WELCOME = 3;
/** Pixels from which the pad, which stays in view, is no longer beside the network. */
const SCROLLED = 24;
const UNREADABLE = "This file cannot be opened as a picture: choose a PNG, JPEG or WebP.";

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const stage = find("#stage");
// Only networks of ReLUs are explained: for others these are not on the page.
const whyButton = /** @type {HTMLButtonElement | null} */ (document.querySelector("#why-button"));
const whyPanel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#pixel-attribution"));
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const sizes = (find("#network").dataset.sizes ?? "").split(",").map(Number);

const announcer = new Announcer(find("#announcer"));
const status = new StatusLine(find("#status"), stage);
const overlay = new Overlay(find("#overlay"));
const throttle = new Throttle();
const say = (/** @type {string} */ sentence) => announcer.say(sentence);

/** The number of the latest question. */
let asked = 0;
let frame = 0;

const store = new Store(
  {
    changed: (state, why) => {
      if (why === "answer") throttle.answered(performance.now());
      if (why === "view" && status.noted) status.note("");
      if (why !== "explanation") show(state);
      panelHost.render();
    },
    answered: (answer, number) => {
      status.report();
      announcer.answered(answer, number);
    },
    problem: (sentence) => status.report(sentence),
    reach: (reachable) => {
      if (reachable) parameters.retry();
      status.reach(reachable);
    },
    returned: (sentence) => status.note(sentence),
  },
  () => pad.snapshot(),
  find("#network").dataset.network,
);
const parameters = new Parameters(() => {
  result.connect(store.state.moment, parameters);
  panelHost.render();
});
const panelHost = new PanelHost(find("#panels"), panels, {
  store,
  overlay,
  parameters,
  add: (stroke) => toolbar.add(stroke),
  say,
  showReason: (sentence) => (find("#exact-reason").textContent = sentence),
  get reducedMotion() {
    return reducedMotion.matches;
  },
});
/** @type {Toolbar} */
const toolbar = new Toolbar(
  stage,
  {
    touched: () => {
      status.dropNotice();
      announcer.say("");
      announcer.expect(Infinity);
    },
    changed: () => (frame ||= requestAnimationFrame(ask)),
    cleared: wipe,
    ended: () => {
      announcer.say(""); // the same words twice would be read once
      announcer.expect(toolbar.welcoming ? Infinity : asked + (frame ? 1 : 0));
      store.strokeEnded();
    },
    announce: say,
  },
  () => reducedMotion.matches,
);
const { pad } = toolbar;
const result = new ResultView(
  {
    places: { stage, answer: find("#answer"), verdict: find("#verdict"), reason: find("#reason") },
    bars: find("#bars"),
    network: find("#network"),
    input: find("#input"),
    connections: find("#connections"),
    pad: pad.canvas,
  },
  sizes,
  { chosen: document.querySelector("#neuron") && inspect, announce: say },
);

/** Asks about the drawing as it is now, at most once a frame; on a slow machine less often, for the pen comes first. */
function ask() {
  frame = 0;
  if (pad.drawing.live && !throttle.ready(performance.now())) {
    frame = requestAnimationFrame(ask);
    return;
  }
  if (pad.blank) return wipe();
  asked = store.ask(pad.drawing.live !== null);
}

/** A blank pad needs no server. */
function wipe() {
  announcer.expect(Infinity);
  throttle.reset();
  store.clear();
}

/** @param {State} state */
function show({ moment, viewed, choice, live }) {
  const blank = !moment || moment.answer.verdict === "blank";
  pad.showSnapshot(viewed === null || !moment ? null : moment.snapshot);
  renderAblationNotice(find("#ablation"), choice, () => store.choose({ off: new Set(), skip: new Set() }));
  result.network.mark(choice.unit, choice.off);
  if (whyButton) whyButton.hidden = blank;
  if (blank) {
    result.rest();
    return status.report();
  }
  result.render(moment, live && throttle.slow ? null : parameters);
  void parameters.load(moment.answer);
}

const reconnect = () => result.reconnect(store.state.moment, parameters);

function scrolled() {
  const was = stage.hasAttribute("data-scrolled");
  if (was === stage.toggleAttribute("data-scrolled", scrollY > SCROLLED)) return;
  if (was) reconnect(); // an answer may have come while the pad was elsewhere
}

/** @param {string} unit  Opens the panel about a neuron. */
function inspect(unit) {
  store.choose({ unit });
  panelHost.open("neuron");
}

/** The page's colours are others: what is painted, not styled, is painted anew. */
function recolour() {
  resetPalette();
  pad.repaint();
  result.network.repaint();
  overlay.repaint();
  panelHost.render();
}

/** @param {Stroke[] | null} strokes @returns {boolean}  Whether there are any; they are on the pad then. */
function reopen(strokes) {
  if (strokes) toolbar.open(strokes);
  return strokes !== null;
}

function start() {
  show(store.state);
  if (whyButton && whyPanel) {
    whyButton.addEventListener("click", () => (whyPanel.open = !whyPanel.open));
    whyPanel.addEventListener("toggle", () => (whyButton.ariaExpanded = `${whyPanel.open}`));
  }
  receivePhotos(
    find("#photo"),
    (photo) => (status.dropNotice(), toolbar.setPhoto(photo), status.report()),
    () => (toolbar.dismiss(), status.note(UNREADABLE)),
  );
  addEventListener("online", () => store.checkServer());
  addEventListener("hashchange", () => reopen(drawingIn(location.hash)));
  addEventListener("scroll", scrolled, { passive: true });
  addEventListener("resize", () => (pad.fit(), reconnect()));
  new ResizeObserver(reconnect).observe(stage);
  themeButton(find("#theme"), recolour);
  keepDrawing(() => toolbar.drawn, (strokes) => toolbar.open(strokes));
  if (!reopen(drawingIn(location.hash) ?? keptDrawing())) toolbar.write(WELCOME, { welcomes: true });
}

start();
