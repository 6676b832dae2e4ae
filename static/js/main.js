// Wires the page: the pad asks, the server answers, the views show. It decides nothing else.

import { fetchWeights, Predictor } from "./api.js";
import { boundsOf } from "./ink.js";
import { Pad } from "./pad.js";
import { Player } from "./player.js";
import { SAMPLE_WIDTH, samples } from "./samples.js";
import { themeButton } from "./theme.js";
import { trace } from "./trace.js";
import { renderAnswer } from "./views/answer.js";
import { buildBars, renderBars } from "./views/bars.js";
import { Connections } from "./views/connections.js";
import { NetworkView } from "./views/network.js";
import { BLANK, wordsFor } from "./words.js";

/** @import { Prediction } from "./api.js" */
/** @import { Raster } from "./ink.js" */

const AWAY = "The server cannot be reached. Keep drawing: the answer comes once it is back.";
/** @type {{model: string, layers: (Float32Array | null)[]}} */
const UNKNOWN = { model: "", layers: [] };
/** Pixels of white around the picture that is sent. */
const MARGIN = 4;
/** The digit that writes itself before anybody draws. */
const WELCOME = 3;

/** @template {Element} [T=HTMLElement] @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));

const places = { answer: find("#answer"), verdict: find("#verdict"), reason: find("#reason") };
const [status, announcer, bars, stage] = ["#status", "#announcer", "#bars", "#stage"].map((id) => find(id));
const input = /** @type {HTMLCanvasElement} */ (find("#input"));
const network = new NetworkView(find("#network"), input);
const connections = new Connections(find("#connections"));
const player = new Player();
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {Prediction | null} The answer on show. */
let shown = null;
let weights = UNKNOWN;
/** The question whose answer a screen reader is to hear. */
let toAnnounce = Infinity;
let asked = 0;
let away = false;
/** Where the history stood when the last sample began. */
let sampledFrom = 0;
let frame = 0;

const predictor = new Predictor({
  answer: (answer, number) => {
    show(answer);
    report("");
    if (number >= toAnnounce) announce(answer);
  },
  problem: report,
  reach: (reachable) => {
    away = !reachable;
    if (reachable && weights.layers.includes(null)) weights = UNKNOWN; // they may have been lost on the way
    report("");
  },
});

const pad = new Pad(find("#pad"), find("#overlay"), {
  touched: () => {
    dismissSample();
    announcer.textContent = "";
    toAnnounce = Infinity;
  },
  changed: () => (frame ||= requestAnimationFrame(ask)),
  ended: () => {
    announcer.textContent = ""; // the same words twice would be read once
    toAnnounce = welcoming() ? Infinity : asked + (frame ? 1 : 0);
    refreshTools();
  },
  said: (sentence) => (announcer.textContent = sentence),
});

/** @param {string} sentence  What keeps the answer on show from being about the drawing on the pad. */
function report(sentence) {
  status.textContent = away ? AWAY : sentence;
  stage.toggleAttribute("data-stale", status.textContent !== "");
}

/** @returns {boolean}  Whether the sample that welcomes is on the sheet. */
function welcoming() {
  return stage.hasAttribute("data-welcome");
}

/** Asks about the drawing as it is now, at most once a frame. */
function ask() {
  frame = 0;
  if (pad.picture().blank) return wipe();
  asked = predictor.ask(() => encode(pad.picture()));
}

/**
 * The picture on a white sheet a little larger, so that ink along the pad's edge is never taken for the ground.
 * @param {Raster} picture @returns {Promise<Blob>}
 */
function encode(picture) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = picture.size + 2 * MARGIN;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.putImageData(new ImageData(picture.pixels(), picture.size), MARGIN, MARGIN);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no memory for the picture"))), "image/png");
  });
}

/** @param {Prediction} answer */
function show(answer) {
  if (answer.verdict === "blank") return showBlank();
  shown = answer;
  renderAnswer(places, wordsFor(answer), answer.verdict);
  renderBars(bars, answer.probabilities);
  network.render(answer.activations, answer.input);
  connect();
  void learn(answer);
}

/** A clean sheet needs no server. */
function wipe() {
  predictor.forget();
  toAnnounce = Infinity;
  showBlank();
}

function showBlank() {
  shown = null;
  renderAnswer(places, BLANK, "blank");
  renderBars(bars, null);
  network.rest();
  connections.clear();
  report("");
}

function connect() {
  if (!shown) return;
  const { input: picture, activations, probabilities, model } = shown;
  const layers = [Array.from(picture, (value) => value / 255), ...activations.map(({ values }) => values)];
  const digit = probabilities.indexOf(Math.max(...probabilities));
  connections.render(
    { pad: pad.canvas, input, layers: network.layers.map(({ canvas }) => canvas), rows: Array.from(bars.children) },
    {
      ink: pad.picture().bounds(),
      seen: boundsOf(picture),
      links: model === weights.model ? trace(layers, weights.layers, digit) : [],
      widths: layers.map(({ length }) => length),
    },
  );
}

/** Gets the weights of the model that answered, the last layer first. @param {Prediction} answer */
async function learn({ model, input: picture, activations, probabilities }) {
  if (model === weights.model) return;
  const mine = { model, layers: /** @type {(Float32Array | null)[]} */ ([]) };
  weights = mine;
  const sizes = [picture.length, ...activations.map(({ values }) => values.length), probabilities.length];
  for (let k = sizes.length - 1; k > 0 && weights === mine; k--) {
    mine.layers[k - 1] = await fetchWeights(k, model, sizes[k - 1] * sizes[k]);
    connect();
  }
}

/** @param {Prediction} answer */
function announce(answer) {
  const { verdict, reason } = wordsFor(answer);
  toAnnounce = Infinity;
  announcer.textContent = `${verdict} ${reason}`;
}

/** @param {number} digit @param {boolean} welcome  Whether it goes away at the first touch. */
function playSample(digit, welcome) {
  dismissSample();
  pad.clear();
  sampledFrom = pad.drawing.depth;
  stage.toggleAttribute("data-welcome", welcome);
  const pen = {
    down: (/** @type {import("./ink.js").Point} */ point) => pad.down(point, SAMPLE_WIDTH, false),
    move: pad.move.bind(pad),
    up: () => pad.up(),
  };
  player.play(samples[digit], pen, stillness.matches);
}

/** The sheet belongs to whoever touches it: a sample that welcomes, or is still being written, gives way. */
function dismissSample() {
  if (!welcoming() && !player.playing) return;
  player.stop();
  if (welcoming()) pad.forget();
  else pad.rewind(sampledFrom);
  stage.removeAttribute("data-welcome");
  wipe();
  refreshTools();
}

/** @param {() => void} action @returns {() => void} */
const own = (action) => () => {
  dismissSample();
  action();
};

const tools = {
  undo: own(() => pad.undo()),
  redo: own(() => pad.redo()),
  clear: own(() => {
    pad.clear();
    hold(false); // an eraser has nothing to do on a clean sheet
    wipe();
    announcer.textContent = "The pad is clear.";
  }),
  pen: () => hold(false),
  eraser: () => hold(true),
};

/** @param {boolean} erasing */
function hold(erasing) {
  pad.erasing = erasing;
  refreshTools();
}

function refreshTools() {
  find("#pen").ariaPressed = `${!pad.erasing}`;
  find("#eraser").ariaPressed = `${pad.erasing}`;
  /** @type {HTMLButtonElement} */ (find("#undo")).disabled = welcoming() || !pad.drawing.canUndo;
  /** @type {HTMLButtonElement} */ (find("#redo")).disabled = welcoming() || !pad.drawing.canRedo;
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "z") event.shiftKey ? tools.redo() : tools.undo();
  else if (command && event.key.toLowerCase() === "y") tools.redo();
  else if (event.key === "Escape" || event.key === "Delete") tools.clear();
  else if (event.target === pad.canvas && !command && !pad.drawing.live && /^\d$/.test(event.key)) playSample(Number(event.key), false);
  else return;
  event.preventDefault();
}

/** The page's colours are others: what is painted, not styled, is painted anew. */
function recolour() {
  pad.repaint();
  network.repaint();
}

function start() {
  const brush = /** @type {HTMLInputElement} */ (find("#brush"));
  const setBrush = () => (pad.brush = brush.valueAsNumber / 100);
  const sizes = (find("#network").dataset.sizes ?? "").split(",").map(Number);
  buildBars(bars, sizes[sizes.length - 1]);
  network.rest(sizes.slice(1, -1).map((width, i) => ({ layer: `hidden${i + 1}`, width })));
  showBlank();
  setBrush();
  brush.addEventListener("input", setBrush);
  for (const [name, action] of Object.entries(tools)) find(`#${name}`).addEventListener("click", action);
  for (const chip of document.querySelectorAll("[data-sample]")) {
    chip.addEventListener("click", () => playSample(Number(chip.getAttribute("data-sample")), false));
  }
  addEventListener("keydown", shortcut);
  addEventListener("online", () => predictor.look());
  addEventListener("resize", () => (pad.fit(), connect()));
  new ResizeObserver(connect).observe(stage);
  themeButton(find("#theme"), recolour);
  refreshTools();
  playSample(WELCOME, true);
}

start();
