// The decision boundary from a grid of predictions, by the same rules as in boundary.py. Nothing here touches the page.
// Read next: player.js, which draws it.

/** A grid from a letter for each of its points; the last of the alphabet says that the model gave no number. */
function gridFrom(text, { letters, levels, none }) {
  const last = letters.length - 1;
  const cells = Array.from(text, (letter) => letters.indexOf(letter)).map((i) => (i === last ? none : i - levels));
  return { size: Math.round(Math.sqrt(cells.length)), cells };
}

/** The four points of the grid around a place, and their shares in it. */
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

/** Of one score: the class by its sign, the shade by its size; as one number, so that it can be compared. */
function shadeOfScore(grid, plane, u, v) {
  let level = 0;
  for (const [share, cell] of cornersOf(grid, u, v)) {
    if (cell === plane.none) return null;
    level += share * cell;
  }
  const shade = Math.min(plane.shades, Math.floor((Math.abs(level) / plane.levels) * plane.shades) + 1);
  return (level > 0 ? 100 : 0) + shade;
}

/** Of several scores: the class that most of the surrounding weighs for. */
function shadeOfClass(grid, plane, u, v) {
  const weights = new Map();
  for (const [share, cell] of cornersOf(grid, u, v)) weights.set(cell, (weights.get(cell) || 0) + share);
  const [best] = [...weights].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return best === plane.none ? null : 100 * best + plane.shades;
}

/** The areas of equal shade, each as colour, opacity and the data of a path made of runs of cells. */
function areasOf(grid, plane, [left, top, right, bottom]) {
  const side = (grid.size - 1) * plane.fine;
  const [width, height] = [(right - left) / side, (bottom - top) / side];
  const shadeAt = plane.oneScore ? shadeOfScore : shadeOfClass;
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
    opacity: plane.opacities[0] + ((plane.opacities[1] - plane.opacities[0]) * (key % 100)) / plane.shades,
  }));
}

/** The line on which the score changes its sign, as the data of a path. */
function boundaryOf(grid, plane, [left, top, right, bottom]) {
  if (!plane.oneScore) return "";
  const last = grid.size - 1;
  const place = (x, y) => {
    const [u, v] = [left + (x / last) * (right - left), bottom + (y / last) * (top - bottom)];
    return `${u.toFixed(1)},${v.toFixed(1)}`;
  };
  const levels = grid.cells.map((cell) => (cell === plane.none ? NaN : cell));
  const pieces = contourPieces(levels, grid.size, 0);
  return pieces.map(([x1, y1, x2, y2]) => `M${place(x1, y1)}L${place(x2, y2)}`).join("");
}
