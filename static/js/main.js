// Assembles the page: the pad changes, the store asks the server, and the views and panels show its answers.

import { cropPhoto, lighten, markDrop, openPhoto, receivePhotos, turnPhoto } from "./drawing/photo.js";
import { Overlay } from "./drawing/overlay.js";
import { oncePerFrame } from "./drawing/frames.js";
import { Toolbar } from "./drawing/toolbar.js";
import { BLANK_NUMBER, inline, spokenNumber, wordsForNumber } from "./explain/number-words.js";
import { BLANK, NOTHING_FOUND, READING, UNANSWERED, aloud, spoken } from "./explain/words.js";
import { NOT_LOADED, PanelHost } from "./panels/host.js";
import { Parameters } from "./server/parameters.js";
import { Throttle } from "./server/throttle.js";
import { drawingOf } from "./state/moment.js";
import { keepPhoto, keptPhoto } from "./state/kept-photo.js";
import { firstDrawing, keepDrawing, keepMode, keepNetwork, keptDrawing, keptMode, saveDrawing } from "./state/session.js";
import { dropOldLink, fragmentOf, linkedDrawing } from "./state/share-link.js";
import { Store } from "./state/store.js";
import { renderAblationNotice } from "./views/ablation-notice.js";
import { Announcer } from "./views/announcer.js";
import { copied } from "./views/clipboard.js";
import { resetPalette } from "./views/colour.js";
import { Cutout } from "./views/cutout.js";
import { find, setHidden } from "./views/dom.js";
import { FigureBoxes } from "./views/figure-boxes.js";
import { keepFocus } from "./views/focus.js";
import { ResultView } from "./views/result.js";
import { StatusLine } from "./views/status-line.js";
import { presenterButton, themeButton } from "./views/theme.js";

/** @import { Photo } from "./drawing/snapshot.js" */
/** @import { Sketch, Stroke } from "./drawing/strokes.js" */
/** @import { Words } from "./explain/words.js" */
/** @import { DigitOrNumber } from "./server/predictor.js" */
/** @import { Moment } from "./state/moment.js" */
/** @import { State } from "./state/store.js" */

/** Statuses: the server takes no picture so large, or waits no longer for it. */
const [TOO_MUCH, TOO_SLOW] = [413, 408];
/** The digit, or the number, on the pad before anybody draws. */
const [PLACEHOLDER, PLACEHOLDER_NUMBER] = ["3", "42"];
/** While the placeholder writes itself, nobody waits: fewer answers show what the page is for, at the price of few requests. */
const PLACEHOLDER_PAUSE_MS = 350;
/** The weights into the first layer are most of all: they wait until somebody draws, or points at a neuron. */
const SECOND_LAYER = 2;
const UNREADABLE = "This file cannot be opened as a picture: choose a PNG, JPEG or WebP.";

const workspace = find("#workspace");
// Only ReLU networks are explained: for others the page has no such elements.
const reasonsButton = /** @type {HTMLButtonElement | null} */ (document.querySelector("#reasons-button"));
const reasonsPanel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#pixel-attribution"));
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const sizes = (find("#network").dataset.sizes ?? "").split(",").map(Number);

const announcer = new Announcer(find("#announcer"));
const status = new StatusLine(find("#status"), workspace);
const overlay = new Overlay(find("#overlay"));
const throttle = new Throttle();
const say = (/** @type {string} */ sentence) => announcer.say(sentence);

/** The number of the latest question. */
let asked = 0;
/** Asks about the drawing as it is now, at most once a frame. */
const askNextFrame = oncePerFrame(ask);

const store = new Store(
  {
    changed: (state, cause) => {
      if (cause === "answer") throttle.answered(performance.now());
      if (cause === "view" && status.noted) status.note("");
      if (cause !== "explanation") show(state);
      panelHost.render();
      findFocus();
    },
    answered: (answer, number) => {
      status.report();
      fetchedAhead ??= panelHost.fetch().catch(() => {}); // a panel that is opened tries again, and says so
      announcer.answered(number, () => heard(answer));
    },
    problem: (sentence, code) => {
      if (code === TOO_MUCH || code === TOO_SLOW) void sendLess(sentence);
      else status.report(sentence);
    },
    reach: (reachable) => {
      if (reachable) [parameters, exactParameters].forEach((each) => each.retry());
      else if (pad.drawing.photo) void lighten(pad.drawing.photo); // the way may be too slow for a whole photo
      status.reach(reachable);
    },
    returned: (sentence) => status.note(sentence),
  },
  () => pad.snapshot(),
  find("#network").dataset.network,
);
/** @type {Promise<unknown> | null} The panels' modules, fetched after the first answer. */
let fetchedAhead = null;
const fetchPanels = async () => (await import("./panels/index.js")).panels;
const parameters = new Parameters(() => result.refresh());
const exactParameters = new Parameters(() => panelHost.render(), { exact: true });
const panelHost = new PanelHost(find("#panels"), fetchPanels, {
  store,
  overlay,
  parameters: exactParameters,
  add: (stroke) => toolbar.add(stroke),
  say,
  showReason: (sentence) => (find("#exact-reason").textContent = sentence),
  get reducedMotion() {
    return reducedMotion.matches;
  },
});
/** @type {Toolbar} */
const toolbar = new Toolbar(
  workspace,
  {
    touched: () => {
      status.dropNotice();
      announcer.say("");
      announcer.expect(Infinity);
    },
    changed: askNextFrame,
    cleared: wipe,
    invite,
    switched: keepMode,
    kept: keptDrawing,
    ended: () => {
      announcer.say(""); // a screen reader reads the same words once
      announcer.expect(toolbar.showsPlaceholder ? Infinity : asked + Number(askNextFrame.pending));
      store.strokeEnded();
      if (toolbar.showsPlaceholder) return;
      dropOldLink(toolbar.drawn);
      saveDrawing(toolbar.drawn);
      void keepPhoto(pad.drawing.photo);
    },
    announce: say,
  },
  () => reducedMotion.matches,
);
const { pad } = toolbar;
const findFocus = keepFocus(pad.canvas);
const result = new ResultView(
  {
    workspace,
    answer: find("#answer"),
    figures: find("#figures"),
    figureWords: find("#figure-words"),
    verdict: find("#verdict"),
    reason: find("#reason"),
    bars: find("#bars"),
    network: find("#network"),
    input: find("#input"),
    connections: find("#connections"),
    pad: pad.canvas,
    short: find("#short-answer"),
  },
  sizes,
  parameters,
  { chosen: document.querySelector("#neuron") && inspect, looked: look, announce: say, explored: () => fetchWeights(1) },
);

const boxes = new FigureBoxes(pad.canvas, (figure) => store.look(figure));

const photoField = /** @type {HTMLInputElement} */ (find("#photo"));
const limits = { bytes: Number(photoField.dataset.bytes), pixels: Number(photoField.dataset.pixels) };
const cutout = new Cutout(find(".pad-frame"), find("#turn"), {
  chosen: (box) => {
    const { photo } = pad.drawing; // the box is in its pixels
    changePhoto((now) => (now === photo ? cropPhoto(now, box, limits) : now));
  },
  turned: () => changePhoto((photo) => turnPhoto(photo, limits)),
});

/** @param {Photo} photo */
function open(photo) {
  status.dropNotice();
  toolbar.setPhoto(photo);
  status.report();
}

let changes = Promise.resolve();

/** Puts another photo on the pad in place of the one that is there, after those that are still being made. @param {(photo: Photo) => Photo | Promise<Photo>} change */
function changePhoto(change) {
  changes = changes.then(async () => {
    const { photo } = pad.drawing;
    const changed = photo && (await change(photo));
    if (changed && changed !== photo && pad.drawing.photo === photo) open(changed);
  }).catch(() => status.note(UNREADABLE));
}

/** Asks about the photo again, with fewer pixels. @param {string} sentence  What is said if it has no more to spare. */
async function sendLess(sentence) {
  const { photo } = pad.drawing;
  if (photo && (await lighten(photo))) ask();
  else status.report(sentence);
}

/** On a slow machine it asks less often than every frame, for the pen comes first. */
function ask() {
  if (pad.drawing.live && !throttle.ready(performance.now(), toolbar.showsPlaceholder ? PLACEHOLDER_PAUSE_MS : 0)) return askNextFrame();
  if (pad.blank) return wipe();
  asked = store.ask(pad.drawing.live !== null, pad.wide);
  if (store.state.away) show(store.state); // no answer comes that would
}

/** A blank pad needs no server. */
function wipe() {
  announcer.expect(Infinity);
  throttle.reset();
  store.clear();
}

/** @param {DigitOrNumber} answer @returns {string}  For screen readers. */
function heard(answer) {
  const blank = "lines" in answer ? answer.lines.length === 0 : answer.verdict === "blank";
  if (blank && pad.drawing.photo) return aloud(NOTHING_FOUND);
  return "lines" in answer ? spokenNumber(answer) : spoken(answer);
}

/** @param {Moment | null} moment  In which nothing was read. @param {boolean} photo @returns {Words} */
function wordsForNothing(moment, photo) {
  if (photo) return moment ? NOTHING_FOUND : READING;
  if (moment?.sheet) return wordsForNumber(moment.sheet.reading);
  if (store.state.away && !pad.blank) return UNANSWERED;
  return pad.wide ? BLANK_NUMBER : BLANK;
}

/** @param {Moment | null} moment */
function showActions(moment) {
  const read = moment?.place !== undefined;
  for (const name of ["#cuts-button", "#copy-number"]) setHidden(find(name), !read);
  const several = moment?.answer.verdict === "several";
  setHidden(find("#read-number"), !several);
  if (reasonsButton) setHidden(reasonsButton, !moment || moment.answer.verdict === "blank" || several);
}

/** @param {State} state */
function show({ moment, viewed, choice, live }) {
  const blank = !moment || moment.answer.verdict === "blank";
  pad.showSnapshot(viewed === null || !moment ? null : drawingOf(moment));
  const photo = viewed === null ? pad.drawing.photo : null;
  setHidden(find("#photo-hint"), photo === null);
  cutout.render(photo, !moment?.sheet && moment?.snapshot.photo === photo ? moment.answer.placement : null, pad.aspect);
  boxes.render(moment);
  showActions(moment);
  renderAblationNotice(find("#ablation"), choice, restore);
  result.network.mark(choice.unit, choice.ablated);
  if (blank) {
    result.rest(wordsForNothing(moment, photo !== null));
    return status.report();
  }
  result.render(moment, { live, lines: !(live && throttle.slow) });
  if (!live) fetchWeights(toolbar.showsPlaceholder ? SECOND_LAYER : 1);
}

/** Fetches the weights that connections and portraits of neurons need, once there is an answer. @param {number} first  The first layer. */
function fetchWeights(first) {
  const { moment } = store.state;
  if (moment && moment.answer.verdict !== "blank") void parameters.load(moment.answer, first);
}

const reconnect = () => result.reconnect();

/** Brings the pad back into view, and what is done by keys back to it. */
function backToPad() {
  pad.canvas.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: reducedMotion.matches ? "instant" : "smooth" });
}

/** Looks at another figure of the number, which may be on a part of the sheet that is not in view. @param {Moment} figure */
function look(figure) {
  store.look(figure);
  if (!figure.place) return;
  const [{ frame }, [left, , width]] = [drawingOf(figure), figure.place];
  for (const x of [left + width, left]) pad.sheet.reveal(frame.left + frame.unit * x);
}

/** Copies the number that is read, line by line. */
async function copyNumber() {
  const text = store.state.moment?.sheet?.reading.text ?? "";
  const done = await copied(text);
  status.note(done ? `${inline(text)} is on the clipboard.` : "The browser does not let this page use the clipboard.");
  say(find("#status").textContent ?? "");
}

/** Switches everything on again, and tells the answer. */
function restore() {
  announcer.expect(0);
  store.choose({ ablated: new Set(), skip: new Set() });
}

/** Opens a panel far from the button that was pressed: the next Tab goes on from there. @param {string} id */
function goTo(id) {
  panelHost.open(id);
  find(`#${id} > summary`).focus({ preventScroll: true });
}

/** Goes to the panel about a neuron. @param {string} unit */
function inspect(unit) {
  store.choose({ unit });
  goTo("neuron");
}

/** Repaints what CSS does not colour, once the theme has changed: at once, for the page may be about to be printed. */
function recolour() {
  resetPalette();
  pad.repaint();
  result.network.repaint();
  result.short.repaint();
  overlay.repaint.now();
  panelHost.render.now();
}

/** Puts a drawing on the pad, if there is any; that of a link is written stroke by stroke. @param {Sketch | null} sketch @returns {boolean}  Whether there is. */
function reopen(sketch) {
  if (sketch && fragmentOf(sketch) === location.hash) toolbar.replay(sketch);
  else if (sketch) toolbar.open(sketch);
  return sketch !== null;
}

/** Puts the photo that was kept on the pad, or what invites to draw. */
async function reopenPhoto() {
  try {
    const kept = keptPhoto();
    if (!kept) return invite();
    const photo = await openPhoto(kept, limits);
    if (pad.blank) open(photo); // else somebody has drawn meanwhile
  } catch {
    invite();
  }
}

/** Opens the panel that the address names: #why, #neuron=hidden1.17, or a panel's own id. */
function openPanel() {
  const [, name, unit] = /^#([a-z-]+)(?:=([\w.]+))?$/.exec(location.hash) ?? [];
  if (name === "neuron" && unit) store.choose({ unit });
  if (name) panelHost.open(name === "why" ? "pixel-attribution" : name);
}

/** Shows log-odds instead of probabilities, or the other way about. */
function changeScale() {
  const logOdds = find("#bars").toggleAttribute("data-log-odds");
  find("#bars").ariaLabel = logOdds ? "The log-odds of each digit" : "How probable each digit is";
  find("#scale").ariaPressed = `${logOdds}`;
  show(store.state);
}

/** Adds a stroke to a 4; where there is none, or only a part of it, it is written first. @param {string} four  A sample. @param {Stroke} stroke */
function closeFour(four, stroke) {
  const answer = toolbar.writing ? null : store.state.moment?.answer; // a part of a 4 may be nearest to a 4, or to a 9
  const digit = answer?.verdict === "not-a-digit" ? null : answer?.digit;
  if (digit === 9) return;
  if (digit !== 4) toolbar.write(four, { atOnce: true });
  toolbar.add(stroke);
}

/** Begins the tour, on a pad for one digit. */
async function tour() {
  const { startTour } = await import("./tour.js");
  toolbar.setWide(false);
  backToPad();
  startTour(find("#tour"), {
    write: (sample) => toolbar.write(sample),
    close: closeFour,
    open: (panel) => panelHost.open(panel),
    ended: backToPad,
  });
}

/** Shows what the pad is for, by a sample that goes away when it is touched. */
function invite() {
  toolbar.write(pad.wide ? PLACEHOLDER_NUMBER : PLACEHOLDER, { placeholder: true });
}

const refuse = (/** @type {string} */ sentence) => status.note(sentence);

function start() {
  if (keepNetwork()) return;
  show(store.state);
  if (reasonsButton && reasonsPanel) {
    reasonsButton.addEventListener("click", () => (reasonsPanel.open ? (reasonsPanel.open = false) : goTo(reasonsPanel.id)));
    reasonsPanel.addEventListener("toggle", () => (reasonsButton.ariaExpanded = `${reasonsPanel.open}`));
  }
  find("#cuts-button").addEventListener("click", () => goTo("segmentation"));
  find("#tour-button").addEventListener("click", () => void tour().catch(() => status.note(NOT_LOADED)));
  find("#scale").addEventListener("click", changeScale);
  find("#copy-number").addEventListener("click", () => void copyNumber());
  find("#read-number").addEventListener("click", () => toolbar.setWide(true));
  receivePhotos(photoField, limits, open, () => (toolbar.dismiss(), status.note(UNREADABLE)));
  markDrop(find(".pad-frame"));
  addEventListener("online", () => store.checkServer());
  addEventListener("hashchange", () => (reopen(linkedDrawing(refuse)), openPanel()));
  result.short.watch(find("header"), reconnect); // an answer may have come while the pad was not beside the network
  find("#short-answer button").addEventListener("click", backToPad);
  addEventListener("resize", () => (pad.fit(), reconnect()));
  const moves = new ResizeObserver(reconnect); // panels are below all that lines join, and grow and shrink while one draws
  for (const part of workspace.querySelectorAll(":scope > :not(svg, #panels)")) moves.observe(part);
  themeButton(find("#theme"), recolour);
  presenterButton(find("#present"), () => (pad.fit(), reconnect()));
  keepDrawing(() => toolbar.drawn, (sketch) => toolbar.open(sketch));
  const sketch = firstDrawing(refuse, keptMode());
  if (!sketch) pad.setWide(keptMode());
  if (!reopen(sketch)) void reopenPhoto();
  openPanel();
}

start();
