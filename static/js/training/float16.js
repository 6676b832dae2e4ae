// Numbers of 16 bits, as the server keeps a network's checkpoints (IEEE 754 binary16), as numbers that can be used.

/** What the numbers with the sign, the exponent and the first bit of the fraction clear are multiples of. */
const SMALLEST = 2 ** -24;

/** @param {number} bits @returns {number} */
function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * SMALLEST;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** @type {Float32Array | null} All there are: looked up, they cost little. */
let table = null;

/** @param {ArrayBuffer} bytes  Little-endian, as every machine with a browser is. @returns {Float32Array} */
export function fromFloat16(bytes) {
  const known = (table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => half(bits)));
  return Float32Array.from(new Uint16Array(bytes), (bits) => known[bits]);
}

/** @param {ArrayLike<number>} values @param {number} share @returns {number}  What that share of them is not above. */
export function quantile(values, share) {
  const sorted = Float32Array.from(values, Math.abs).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
