// The strongest connections from the answer back through the layers. The part of a connection is activation × weight, a
// term of the sum that its unit computes.

/** @typedef {{from: number, to: number, part: number}} Link */

/** Connections followed into the answer, and into the units of a layer before. */
const INTO_ANSWER = 10;
const INTO_UNITS = 20;

/**
 * The strongest connections into the given units, strongest first.
 * @param {ArrayLike<number>} values  The layer below, activated.
 * @param {Float32Array} weights  Row by row, a row for each value.
 * @param {number[]} targets @param {number} most @returns {Link[]}
 */
export function strongest(values, weights, targets, most) {
  const width = weights.length / values.length;
  /** @type {Link[]} */
  let links = [];
  let least = 0; // weaker links are skipped early: this runs with every answer, and most are weaker
  for (let from = 0; from < values.length; from++) {
    if (values[from] === 0) continue;
    for (const to of targets) {
      const part = values[from] * weights[from * width + to];
      if (Math.abs(part) > least) links.push({ from, to, part });
    }
    if (links.length < 8 * most) continue;
    links = strongestFirst(links).slice(0, most);
    least = Math.abs(links[most - 1].part);
  }
  return strongestFirst(links).slice(0, most);
}

/** @param {Link[]} links @returns {Link[]} */
const strongestFirst = (links) => links.sort((a, b) => Math.abs(b.part) - Math.abs(a.part));

/**
 * The links between each layer and the next, from the picture (first) to the answer (last). A layer whose weights have
 * not come yet has none, like those before it.
 * @param {ArrayLike<number>[]} layers  The picture in 0–1 and the activations of every hidden layer.
 * @param {(Float32Array | null | undefined)[]} weights  One more than there are hidden layers.
 * @param {number} digit @returns {Link[][]}
 */
export function trace(layers, weights, digit) {
  /** @type {Link[][]} */
  const found = layers.map(() => []);
  let targets = [digit];
  for (let k = layers.length - 1; k >= 0 && targets.length > 0; k--) {
    const matrix = weights[k];
    if (!matrix) break;
    found[k] = strongest(layers[k], matrix, targets, k === layers.length - 1 ? INTO_ANSWER : INTO_UNITS);
    targets = [...new Set(found[k].map((link) => link.from))];
  }
  return found;
}

/**
 * The strongest links into one neuron and out of it, between the layers as for `trace`.
 * @param {ArrayLike<number>[]} layers @param {(Float32Array | null | undefined)[]} weights
 * @param {number} k  Its layer: 1 is the first hidden one. @param {number} number @returns {Link[][]}
 */
export function traceUnit(layers, weights, k, number) {
  /** @type {Link[][]} */
  const found = layers.map(() => []);
  const [below, above, value] = [weights[k - 1], weights[k], layers[k][number]];
  if (below) found[k - 1] = strongest(layers[k - 1], below, [number], INTO_UNITS);
  if (!above || value === 0) return found;
  const width = above.length / layers[k].length;
  const links = Array.from({ length: width }, (_, to) => ({ from: number, to, part: value * above[number * width + to] }));
  found[k] = strongestFirst(links).slice(0, INTO_UNITS);
  return found;
}
