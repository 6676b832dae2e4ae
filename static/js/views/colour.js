// Colours of numbers: ink for an amount, blue for and orange against, symmetric about zero.

/** @typedef {[number, number, number]} Rgb */
/** @typedef {{ink: Rgb, paper: Rgb, pro: Rgb, con: Rgb}} Palette */

/** The opacity of a neuron at rest, so that the layer's shape is seen. */
const REST = 0.07;

/** @param {string} colour  "rgb(1, 2, 3)", as a browser computes it, or "#010203", as a style has it. @returns {Rgb} */
export function parseRgb(colour) {
  const hex = colour.match(/#(..)(..)(..)/)?.slice(1).map((part) => parseInt(part, 16));
  const [r = 0, g = 0, b = 0] = hex ?? (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
}

/** @param {Rgb} colour @param {number} [alpha] @returns {string}  For a style. */
export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${+alpha.toFixed(3)})`;

/**
 * The colour of a value on a scale from −`most` to `most`, and its opacity from 0 to 255.
 * @param {number} value @param {number} most @param {Palette} palette @param {boolean} diverging
 * @returns {[Rgb, number]}
 */
export function shade(value, most, palette, diverging) {
  const amount = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  const colour = diverging && value !== 0 ? (value > 0 ? palette.pro : palette.con) : palette.ink;
  return [colour, Math.round(255 * (REST + (1 - REST) * amount))];
}

/** @param {ImageData} picture @param {number} pixel  Its number. @param {Rgb} colour @param {number} alpha  0 to 255. */
export function setPixel({ data }, pixel, colour, alpha) {
  for (let i = 0; i < 3; i++) data[4 * pixel + i] = colour[i];
  data[4 * pixel + 3] = alpha;
}

/** @type {Palette | null} Read once for each theme: to read computed CSS while a page changes computes it twice. */
let palette = null;

/** Called when the theme changes. */
export function resetPalette() {
  palette = null;
}

/** @param {Element} element  Any on the page. @returns {Palette}  The page's colours in the current theme. */
export function paletteOf(element) {
  palette ??= read(getComputedStyle(element.ownerDocument.documentElement));
  return palette;
}

/** @param {CSSStyleDeclaration} style @returns {Palette} */
function read(style) {
  const colour = (/** @type {string} */ name) => parseRgb(style.getPropertyValue(name));
  return { ink: parseRgb(style.color), paper: colour("--surface"), pro: colour("--for"), con: colour("--against") };
}
