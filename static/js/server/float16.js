// Decodes 16-bit floats (IEEE 754 binary16), in which weights come where three figures are enough.

/** The smallest number above zero. */
const SMALLEST = 2 ** -24;

/** @param {number} bits @returns {number} */
function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * SMALLEST;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** @type {Float32Array | null} The value of each of the 65,536 patterns. */
let table = null;

/** @param {ArrayBuffer} bytes  Little-endian. @returns {Float32Array} */
export function fromFloat16(bytes) {
  const known = (table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => half(bits)));
  return Float32Array.from(new Uint16Array(bytes), (bits) => known[bits]);
}
