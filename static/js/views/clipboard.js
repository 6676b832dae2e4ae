// The clipboard, which a browser may deny.

/** @param {string} text @returns {Promise<boolean>}  Whether it was copied. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
