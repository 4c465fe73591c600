/* The decision boundary drawn from a grid of predictions, by the same rules as in boundary.py. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function gridFrom(text, plane) {
  const cells = Array.from(text, (letter) => LETTERS.indexOf(letter)).map((i) => (i === 63 ? plane.none : i - plane.levels));
  return { size: Math.round(Math.sqrt(cells.length)), cells };
}

/* The four points of the grid around a place, and their shares in it. */
function cornersOf({ size, cells }, u, v) {
  const [i, j] = [Math.floor(u), Math.floor(v)];
  const [a, b] = [u - i, v - j];
  const at = j * size + i;
  return [
    [(1 - a) * (1 - b), cells[at]],
    [a * (1 - b), cells[at + 1]],
    [(1 - a) * b, cells[at + size]],
    [a * b, cells[at + size + 1]],
  ];
}

/* Of one score: the class by its sign, the shade by its size; as one number, so that it can be compared. */
function shadeOfScore(grid, plane, u, v) {
  let level = 0;
  for (const [share, cell] of cornersOf(grid, u, v)) {
    if (cell === plane.none) return null;
    level += share * cell;
  }
  const shade = Math.min(plane.shades, Math.floor((Math.abs(level) / plane.levels) * plane.shades) + 1);
  return (level > 0 ? 100 : 0) + shade;
}

/* Of several scores: the class that most of the surrounding weighs for. */
function shadeOfClass(grid, plane, u, v) {
  const weights = new Map();
  for (const [share, cell] of cornersOf(grid, u, v)) weights.set(cell, (weights.get(cell) || 0) + share);
  const [best] = [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return best === plane.none ? null : 100 * best + plane.shades;
}

/* The areas of equal shade, each as colour, opacity and the data of a path made of runs of cells. */
function areasOf(grid, plane, [left, top, right, bottom]) {
  const side = (grid.size - 1) * plane.fine;
  const [width, height] = [(right - left) / side, (bottom - top) / side];
  const shadeAt = plane.classes <= 2 && Math.min(...grid.cells) < 0 ? shadeOfScore : shadeOfClass;
  const paths = new Map();
  for (let v = 0; v < side; v += 1) {
    const shades = Array.from({ length: side }, (_, u) => shadeAt(grid, plane, (u + 0.5) / plane.fine, (v + 0.5) / plane.fine));
    let start = 0;
    for (let u = 1; u <= side; u += 1) {
      if (u < side && shades[u] === shades[start]) continue;
      const edges = [left + start * width, bottom - (v + 1) * height, left + u * width, bottom - v * height];
      const [x0, y0, x1, y1] = edges.map((edge) => edge.toFixed(1)); // edges are rounded, not lengths: no gaps
      const path = `M${x0},${y0}H${x1}V${y1}H${x0}z`;
      if (shades[start] !== null) paths.set(shades[start], (paths.get(shades[start]) || "") + path);
      start = u;
    }
  }
  return [...paths].map(([key, d]) => ({
    d,
    colour: plane.colours[Math.min(Math.floor(key / 100), plane.colours.length - 1)],
    opacity: 0.08 + (0.26 * (key % 100)) / plane.shades,
  }));
}

/* The line on which the score changes its sign, by marching squares. */
function contourOf({ size, cells }, plane, [left, top, right, bottom]) {
  if (plane.classes > 2 || Math.min(...cells) >= 0) return "";
  const last = size - 1;
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
  let path = "";
  for (let j = 0; j < last; j += 1) {
    for (let i = 0; i < last; i += 1) {
      const at = j * size + i;
      const square = [cells[at], cells[at + 1], cells[at + size + 1], cells[at + size]];
      if (square.includes(plane.none)) continue;
      let ends = 0;
      for (let k = 0; k < 4; k += 1) {
        const [before, after] = [square[k], square[(k + 1) % 4]];
        if (before > 0 === after > 0) continue;
        const share = before / (before - after);
        const [[x0, y0], [x1, y1]] = [corners[k], corners[(k + 1) % 4]];
        const x = left + ((i + x0 + share * (x1 - x0)) / last) * (right - left);
        const y = bottom + ((j + y0 + share * (y1 - y0)) / last) * (top - bottom);
        path += `${ends % 2 ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
        ends += 1;
      }
    }
  }
  return path;
}
