// One neuron or many, as numbers and in words: its name, its pre-activation and activation, which digits it adds to,
// and what an answer would be without it.

import { argmax } from "./numbers.js";
import { signed } from "./reasons.js";

/** @import { Activations, Explanation, Inspection } from "../server/api.js" */
/** @typedef {{layer: string, number: number}} Unit */
/**
 * The effect of ablating one neuron alone.
 * @typedef {object} Effect
 * @property {string} unit
 * @property {number} change  Of the log-odds: below zero, the neuron speaks for the target.
 * @property {number} digit  The answer without it.
 * @property {boolean} flips  Whether the answer changes.
 */

/** @param {Unit} unit @returns {string}  The server's name for it: "hidden1.17". */
export const unitId = ({ layer, number }) => `${layer}.${number}`;

/** @param {string} layer  The server's name: "hidden1". @returns {string} */
export const layerTitle = (layer) => layer.replace(/^hidden(\d+)$/, "Hidden layer $1");

/** @param {Unit} unit @returns {string}  Its name in a sentence. */
export const displayName = ({ layer, number }) => `neuron ${number} of ${layerTitle(layer).toLowerCase()}`;

/** @param {string | null} name @param {readonly Activations[]} layers @returns {Unit | null}  Null if there is none. */
export function parseUnit(name, layers) {
  const [layer, number] = (name ?? "").split(".");
  const width = layers.find((each) => each.layer === layer)?.values.length ?? 0;
  return /^\d+$/.test(number ?? "") && Number(number) < width ? { layer, number: Number(number) } : null;
}

/**
 * The pre-activation in three terms: what ink adds, what ink subtracts, and the constant.
 * @param {Inspection} unit @param {ArrayLike<number>} ink  0 to 255. @returns {[number, number, number]}
 */
export function preActivationTerms({ picture, constant }, ink) {
  let [raises, lowers] = [0, 0];
  picture.forEach((weight, i) => {
    const part = (weight * ink[i]) / 255;
    if (part > 0) raises += part;
    else lowers += part;
  });
  return [raises, lowers, constant];
}

/** @param {number} value @returns {string}  With a real minus. */
export const twoDecimals = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");

/**
 * @param {Inspection} unit @param {boolean} ablated @returns {string}  Its pre-activation, activation and logits, in one sentence.
 */
export function neuronSentence(unit, ablated) {
  const name = displayName(unit).replace(/^n/, "N");
  if (ablated) return `${name} is switched off: it heard ${twoDecimals(unit.total)} and says nothing.`;
  if (unit.value <= 0) return `${name} heard ${twoDecimals(unit.total)}, less than zero, so it says nothing.`;
  const against = argmax(unit.votes.map((vote) => -vote));
  return `${name} says ${twoDecimals(unit.value)}: it argues most for ${argmax(unit.votes)} and most against ${against}.`;
}

/** Half a step up, which floats may lack, as a calculator rounds it. */
const HALF_UP = 1 + 1e-12;

/**
 * What a neuron adds to each digit's logit, less what it adds to all ten on average: that changes no probability.
 * @param {Pick<Inspection, "votes" | "value">} unit
 * @returns {{each: number, now: number, places: number}[]}  For an activation of 1, to so many places, and now: times the activation on show.
 */
export function votesOf({ votes, value }) {
  const mean = votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
  const places = 2 + Math.ceil(Math.log10(Math.max(10, value))); // the more is said, the more a rounded vote would lose
  return votes.map((vote) => {
    const each = Number((vote - mean).toFixed(places));
    return { each, now: each * Number(value.toFixed(2)) * HALF_UP, places };
  });
}

/**
 * The weights with which a neuron hears each pixel, in 0–1, through the neurons below that speak.
 * @param {ArrayLike<number>[]} layers  The picture and the activations of every hidden layer. @param {ArrayLike<number>[]} weights
 * @param {number} k  Its layer: 1 is the first hidden one. @param {number} number @returns {number[]}
 */
export function pixelWeights(layers, weights, k, number) {
  let heard = Array.from(layers[k - 1], (_, i) => weights[k - 1][i * layers[k].length + number]);
  for (let below = k - 1; below > 0; below--) {
    const speaking = heard.map((weight, i) => (layers[below][i] > 0 ? weight : 0));
    const [matrix, width] = [weights[below - 1], speaking.length];
    heard = Array.from(layers[below - 1], (_, row) => speaking.reduce((sum, weight, i) => sum + weight * matrix[row * width + i], 0));
  }
  return heard;
}

/**
 * What an activation of 1 adds to each digit, through the neurons above that speak.
 * @param {ArrayLike<number>[]} layers @param {ArrayLike<number>[]} weights  From its own layer's on. @param {number} k @param {number} number
 * @returns {number[]}
 */
export function digitWeights(layers, weights, k, number) {
  let said = rowOf(weights[k], layers[k].length, number);
  for (let above = k + 1; above < layers.length; above++) {
    const speaking = said.map((part, i) => (layers[above][i] > 0 ? part : 0));
    const [matrix, width] = [weights[above], weights[above].length / layers[above].length];
    said = Array.from({ length: width }, (_, digit) => speaking.reduce((sum, part, i) => sum + part * matrix[i * width + digit], 0));
  }
  return said;
}

/** @param {ArrayLike<number>} matrix @param {number} rows @param {number} row @returns {number[]} */
const rowOf = (matrix, rows, row) => Array.from({ length: matrix.length / rows }, (_, i) => matrix[(row * matrix.length) / rows + i]);

/** @param {number} value @param {number[] | null} said  What an activation of 1 adds to each digit, if it is known. @param {boolean} ablated @returns {string} */
export function speech(value, said, ablated) {
  if (ablated) return "is switched off";
  if (value === 0) return "is at rest";
  const words = `says ${twoDecimals(value)}`;
  return said ? `${words}: most for ${argmax(said)}, most against ${argmax(said.map((part) => -part))}` : words;
}

/** @param {Explanation} explanation @returns {Effect[][]}  For each layer and neuron. */
export function effectsOf({ knockouts, log_odds: now, logits }) {
  const answer = argmax(logits);
  return knockouts.map(({ layer, digits, log_odds: without }) =>
    digits.map((digit, number) => ({
      unit: unitId({ layer, number }),
      change: without[number] - now,
      digit,
      flips: digit !== answer,
    })),
  );
}

/**
 * The neurons that are on, most important first: those that change the answer, then by the change of the log-odds.
 * @param {Effect[][]} effects @param {ReadonlySet<string>} ablated @returns {Effect[]}
 */
export const byImportance = (effects, ablated) =>
  effects
    .flat()
    .filter(({ unit }) => !ablated.has(unit))
    .sort((a, b) => Number(b.flips) - Number(a.flips) || a.change - b.change);

/** @param {Effect} effect @param {number} answer @returns {string}  "without it 1 instead of 7 (−6.2)" */
export const withoutUnit = ({ digit, flips, change }, answer) =>
  `without it ${flips ? `${digit} instead of ${answer}` : `still ${answer}`} (${signed(change)})`;
