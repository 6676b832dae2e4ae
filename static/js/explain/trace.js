// Why this digit: from the answer back through the layers, the connections that carried most. What a connection
// carries is activation × weight, exactly a term of the sum that its unit computes.

/** @typedef {{from: number, to: number, part: number}} Link */

/** Connections followed into the answer; the next layer back gets more, for it has more units to feed. */
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
  let least = 0; // what the weakest of enough links carries: this runs with every answer, and most are weaker
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
 * The links between each layer and the next, from the picture (first) to the answer (last). A layer whose weights are
 * not here has none, and nor have those before it.
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
