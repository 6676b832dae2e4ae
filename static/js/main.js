// Assembles the page: the pad changes, the store asks the server, and the views and panels show its answers.

import { receivePhotos } from "./drawing/photo.js";
import { Lens } from "./drawing/overlay.js";
import { Stand } from "./drawing/toolbar.js";
import { Inside } from "./panels/host.js";
import { panels } from "./panels/index.js";
import { Parameters } from "./server/parameters.js";
import { Pace } from "./server/throttle.js";
import { carried, carry } from "./state/session.js";
import { drawingIn } from "./state/share-link.js";
import { Desk } from "./state/store.js";
import { renderDamage } from "./views/ablation-notice.js";
import { Announcer } from "./views/announcer.js";
import { forgetPalette } from "./views/colour.js";
import { ResultView } from "./views/result.js";
import { StatusLine } from "./views/status-line.js";
import { themeButton } from "./views/theme.js";

/** @import { Stroke } from "./drawing/strokes.js" */
/** @import { Scene } from "./state/store.js" */

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
const whyPanel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#why"));
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const sizes = (find("#network").dataset.sizes ?? "").split(",").map(Number);

const announcer = new Announcer(find("#announcer"));
const status = new StatusLine(find("#status"), stage);
const lens = new Lens(find("#lens"));
const pace = new Pace();
const say = (/** @type {string} */ sentence) => announcer.say(sentence);

/** The number of the latest question. */
let asked = 0;
let frame = 0;

const desk = new Desk(
  {
    changed: (scene, why) => {
      if (why === "answer") pace.answered(performance.now());
      if (why === "view" && status.noted) status.note("");
      if (why !== "explanation") show(scene);
      inside.render();
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
  find("#network").dataset.served,
);
const parameters = new Parameters(() => {
  result.connect(desk.scene.moment, parameters);
  inside.render();
});
const inside = new Inside(find("#inside"), panels, {
  desk,
  lens,
  parameters,
  add: (stroke) => stand.add(stroke),
  say,
  because: (sentence) => (find("#because").textContent = sentence),
  get still() {
    return stillness.matches;
  },
});
/** @type {Stand} */
const stand = new Stand(
  stage,
  {
    touched: () => {
      status.dropNotice();
      announcer.say("");
      announcer.await(Infinity);
    },
    changed: () => (frame ||= requestAnimationFrame(ask)),
    wiped: wipe,
    ended: () => {
      announcer.say(""); // the same words twice would be read once
      announcer.await(stand.welcoming ? Infinity : asked + (frame ? 1 : 0));
      desk.rest();
    },
    said: say,
  },
  () => stillness.matches,
);
const { pad } = stand;
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
  { chosen: document.querySelector("#neuron") && inspect, said: say },
);

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

/** A clean sheet needs no server. */
function wipe() {
  announcer.await(Infinity);
  pace.forget();
  desk.clear();
}

/** @param {Scene} scene */
function show({ moment, viewed, choice, live }) {
  const blank = !moment || moment.answer.verdict === "blank";
  pad.look(viewed === null || !moment ? null : moment.snapshot);
  renderDamage(find("#damage"), choice, () => desk.choose({ off: new Set(), skip: new Set() }));
  result.network.mark(choice.unit, choice.off);
  if (whyButton) whyButton.hidden = blank;
  if (blank) {
    result.rest();
    return status.report();
  }
  result.render(moment, live && pace.slow ? null : parameters);
  void parameters.learn(moment.answer);
}

const reconnect = () => result.reconnect(desk.scene.moment, parameters);

function scrolled() {
  const was = stage.hasAttribute("data-scrolled");
  if (was === stage.toggleAttribute("data-scrolled", scrollY > SCROLLED)) return;
  if (was) reconnect(); // an answer may have come while the pad was elsewhere
}

/** @param {string} unit  Opens the panel about a neuron. */
function inspect(unit) {
  desk.choose({ unit });
  inside.open("neuron");
}

/** The page's colours are others: what is painted, not styled, is painted anew. */
function recolour() {
  forgetPalette();
  pad.repaint();
  result.network.repaint();
  lens.repaint();
  inside.render();
}

/** @param {Stroke[] | null} strokes @returns {boolean}  Whether there are any; they are on the pad then. */
function reopen(strokes) {
  if (strokes) stand.open(strokes);
  return strokes !== null;
}

function start() {
  show(desk.scene);
  if (whyButton && whyPanel) {
    whyButton.addEventListener("click", () => (whyPanel.open = !whyPanel.open));
    whyPanel.addEventListener("toggle", () => (whyButton.ariaExpanded = `${whyPanel.open}`));
  }
  receivePhotos(
    find("#photo"),
    (photo) => (status.dropNotice(), stand.lay(photo), status.report()),
    () => (stand.dismiss(), status.note(UNREADABLE)),
  );
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
