// The line on which a grid of numbers has one value. Nothing here touches the page.
// Read next: watcher/boundary.js, which draws the boundary of two classes with it, and replayer/plot.js.

/**
 * The line as pieces [x1, y1, x2, y2] in steps of the grid, by marching squares (Lorensen and Cline, 1987). `values`
 * are row after row, `size` to a row; squares with a NaN at a corner have no line.
 */
function contourPieces(values, size, level) {
  const pieces = [];
  const at = ([x, y]) => values[y * size + x];
  for (let y = 0; (y + 2) * size <= values.length; y++) {
    for (let x = 0; x + 1 < size; x++) {
      const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
      const heights = corners.map(at);
      if (heights.some(Number.isNaN)) continue;
      const crossings = [];
      corners.forEach(([x1, y1], side) => {
        const [x2, y2] = corners[(side + 1) % 4];
        const [a, b] = [heights[side], heights[(side + 1) % 4]];
        if (a < level === b < level) return;
        const share = (level - a) / (b - a);
        crossings.push([x1 + (x2 - x1) * share, y1 + (y2 - y1) * share]);
      });
      if (crossings.length === 4) { // a saddle: which corners belong together is decided by the middle
        const middle = heights.reduce((sum, height) => sum + height) / 4;
        if (middle < level !== heights[0] < level) crossings.push(crossings.shift());
      }
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([...crossings[k], ...crossings[k + 1]]);
    }
  }
  return pieces;
}
