// The grid of a layer's tiles, whatever its width.

/** @typedef {{columns: number, rows: number}} Grid */

/** The largest ratio of height to width. */
const TALLEST = 2;

/**
 * The grid with the fewest empty places, and of those the squarest; never wider than it is high.
 * @param {number} count @returns {Grid}
 */
export function gridFor(count) {
  let grid = { columns: 1, rows: Math.max(1, count) };
  let cost = Infinity;
  for (let columns = 1; columns * columns < count + columns; columns++) {
    const rows = Math.ceil(count / columns);
    if (rows > TALLEST * columns) continue;
    const waste = columns * rows - count;
    if (waste > cost) continue; // later grids are squarer, so they win a tie
    grid = { columns, rows };
    cost = waste;
  }
  return grid;
}

/**
 * The middle of a place in a grid that fills a box.
 * @param {number} index @param {Grid} grid @param {{left: number, top: number, width: number, height: number}} box
 * @returns {{x: number, y: number}}
 */
export function middle(index, { columns, rows }, { left, top, width, height }) {
  const [column, row] = [index % columns, Math.floor(index / columns)];
  return { x: left + ((column + 0.5) * width) / columns, y: top + ((row + 0.5) * height) / rows };
}
