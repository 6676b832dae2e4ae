// A canvas at the screen's own resolution, measured in the style sheet's pixels.

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number}}  Blank.
 */
export function blankCanvas(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.reset();
  context.scale(devicePixelRatio, devicePixelRatio);
  return { context, width, height };
}
