// The plot of a surface: colours on a canvas; axes, lines of equal value, the way and the arrow above it as SVG.
// Read next: surface.js, which says what to plot.

const PLOT = { left: 62, right: 14, top: 12, below: 92, widest: 560, highest: 420, arrow: [30, 90], bar: 12 };
const TRACE = "#C43C00"; // on white, which surrounds it on every colour of the surface

function createPlot() {
  const canvas = element("canvas", { width: String(GRID), height: String(GRID), "aria-hidden": "true" });
  const heat = element("div", { class: "heat" }, canvas);
  const svg = svgElement("svg", { role: "img" });
  const view = element("div", { class: "plot" }, heat, svg);

  function paintColours(values, scale) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(GRID, GRID);
    for (let row = 0; row < GRID; row++) {
      for (let k = 0; k < GRID; k++) {
        const value = values[row * GRID + k];
        if (Number.isNaN(value)) continue;
        image.data.set([...colourAt(scale.place(value)), 255], 4 * ((GRID - 1 - row) * GRID + k));
      }
    }
    context.putImageData(image, 0, 0);
  }

  /**
   * Each grid point is the middle of its square of the canvas, which therefore is half a square larger on each side.
   */
  function placeColours(area) {
    const cell = [area.width / (GRID - 1), area.height / (GRID - 1)];
    Object.assign(heat.style, { left: `${area.left}px`, top: `${area.top}px`, width: `${area.width}px`,
      height: `${area.height}px` });
    Object.assign(canvas.style, { left: `${-cell[0] / 2}px`, top: `${-cell[1] / 2}px`, width: `${cell[0] * GRID}px`,
      height: `${cell[1] * GRID}px` });
  }

  /**
   * `drawn` is {box, names, values, scale, levels, way, downhill, reach, output}: `way` the points so far, `downhill`
   * minus the gradient at the last one, `reach` the part of it that a step goes.
   */
  function draw(drawn, text) {
    const width = Math.min(PLOT.widest, Math.max(240, view.parentElement.clientWidth));
    const area = { left: PLOT.left, top: PLOT.top, width: width - PLOT.left - PLOT.right };
    area.height = Math.min(PLOT.highest, area.width);
    const height = area.top + area.height + PLOT.below;
    Object.assign(view.style, { width: `${width}px`, height: `${height}px` });
    const attributes = { width, height, viewBox: `0 0 ${width} ${height}`, "aria-label": text };
    for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
    placeColours(area);
    const { box } = drawn;
    const at = ([x, y]) => [
      area.left + (area.width * (x - box.left)) / (box.right - box.left),
      area.top + area.height - (area.height * (y - box.bottom)) / (box.top - box.bottom),
    ];
    svg.replaceChildren(...axes(drawn, area, at));
    if (!drawn.scale) return;
    svg.append(...contours(drawn, area), bar(drawn, area), clipped(area, ...trace(drawn, at)));
  }

  return { view, svg, paintColours, draw };
}

function svgText(text, x, y, attributes = {}) {
  const made = svgElement("text", { x, y, "text-anchor": "middle", "font-size": 12, ...attributes });
  made.textContent = text;
  return made;
}

function axes({ box, names }, area, at) {
  const bottom = area.top + area.height;
  const made = [svgElement("rect", { class: "frame", x: area.left, y: area.top, width: area.width, height: area.height,
    fill: "none" })];
  const across = ticksBetween(box.left, box.right, Math.max(3, Math.round(area.width / 80)));
  const up = ticksBetween(box.bottom, box.top, Math.max(3, Math.round(area.height / 60)));
  for (const x of across) {
    const [left] = at([x, box.bottom]);
    made.push(svgElement("path", { class: "frame", d: `M${left} ${bottom}v5` }),
      svgText(tickText(x, across[1] - across[0] || 1), left, bottom + 19));
  }
  for (const y of up) {
    const [, top] = at([box.left, y]);
    made.push(svgElement("path", { class: "frame", d: `M${area.left} ${top}h-5` }),
      svgText(tickText(y, up[1] - up[0] || 1), area.left - 9, top + 4, { "text-anchor": "end" }));
  }
  const middle = area.top + area.height / 2;
  made.push(svgText(fitted(names[0], area.width), area.left + area.width / 2, bottom + 38, { class: "axis" }),
    svgText(fitted(names[1], area.height), 14, middle, { class: "axis", transform: `rotate(-90 14 ${middle})` }));
  return made;
}

/** A name cut to a length in pixels, of which the widest character takes 13. */
function fitted(name, length) {
  const most = Math.floor(length / 13);
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

/**
 * Lines of equal value, dark with a light core: seen on every colour. Each has its value, where the others' are not.
 */
function contours({ values, levels }, area) {
  const place = (x, y) => [
    area.left + (area.width * x) / (GRID - 1),
    area.top + area.height - (area.height * y) / (GRID - 1),
  ];
  const lines = [];
  const texts = [];
  const taken = [];
  for (const [level, text] of levels) {
    const pieces = contourPieces(values, GRID, level).map(([x1, y1, x2, y2]) => [...place(x1, y1), ...place(x2, y2)]);
    if (!pieces.length) continue;
    const d = pieces.map((piece) => piece.map((x) => x.toFixed(1))).map(([x1, y1, x2, y2]) =>
      `M${x1} ${y1}L${x2} ${y2}`).join("");
    lines.push(svgElement("path", { class: "contour under", d }), svgElement("path", { class: "contour", d }));
    const spot = spotFor(pieces, text, area, taken);
    if (spot) texts.push(...tag(text, spot));
  }
  return [...lines, ...texts];
}

/** The middle of the piece that is farthest from the texts so far; null if all are too close. */
function spotFor(pieces, text, area, taken) {
  const half = 4 * text.length + 4;
  let best = null;
  let most = 0;
  for (const [x1, y1, x2, y2] of pieces) {
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    if (x - half < area.left || x + half > area.left + area.width) continue;
    if (y - 10 < area.top || y + 10 > area.top + area.height) continue;
    const room = Math.min(500, ...taken.map((spot) =>
      Math.max(Math.abs(spot.x - x) - spot.half - half, 2.2 * (Math.abs(spot.y - y) - 18))));
    if (room > most) [best, most] = [{ x, y, half }, room];
  }
  if (best) taken.push(best);
  return best;
}

function tag(text, { x, y, half }) {
  return [svgElement("rect", { class: "tag", x: x - half, y: y - 8, width: 2 * half, height: 16, rx: 4 }),
    svgText(text, x, y + 4, { class: "level" })];
}

/** What the colours mean: the lowest value to the left, the highest to the right, a line at each value of a contour. */
function bar({ scale, levels, output }, area) {
  const group = svgElement("g", { class: "bar", "shape-rendering": "crispEdges" });
  const top = area.top + area.height + 52;
  const parts = 64;
  for (let k = 0; k < parts; k++) {
    const x = area.left + (area.width * k) / parts;
    const fill = `rgb(${colourAt(k / (parts - 1))})`;
    group.append(svgElement("rect", { x, y: top, width: area.width / parts + 0.5, height: PLOT.bar, fill }));
  }
  for (const [level] of levels) {
    const x = area.left + area.width * scale.place(level);
    group.append(svgElement("path", { class: "frame", d: `M${x} ${top + PLOT.bar}v5` }));
  }
  const below = top + PLOT.bar + 19;
  group.append(svgText(numberText(scale.low), area.left, below, { "text-anchor": "start" }),
    svgText(output, area.left + area.width / 2, below, { class: "axis" }),
    svgText(numberText(scale.high), area.left + area.width, below, { "text-anchor": "end" }));
  return group;
}

function clipped(area, ...children) {
  const { left: x, top: y, width, height } = area;
  const inner = svgElement("svg", { "aria-hidden": "true", x, y, width, height,
    viewBox: `${x} ${y} ${width} ${height}` });
  inner.append(...children);
  return inner;
}

const FAR = 1e6; // pixels: beyond, SVG has no numbers

/** The way so far, the arrow of minus the gradient, and the point. */
function trace({ way, downhill, reach }, at) {
  const points = way.map(at);
  if (!points.flat().every((x) => Math.abs(x) < FAR)) return []; // as of a leaf that is inf or nan
  const made = [];
  const both = (tagName, attributes) => ["halo", "trace"].map((kind) =>
    svgElement(tagName, { ...attributes, class: kind }));
  if (points.length > 1) made.push(...both("path",
    { fill: "none", d: `M${points.map((point) => point.join(" ")).join("L")}` }));
  for (const [cx, cy] of points.slice(0, -1)) made.push(svgElement("circle",
    { class: "stop", cx, cy, r: 3.5, fill: TRACE }));
  const here = points[points.length - 1];
  const tip = downhill && tipOf(here, at(way[way.length - 1].map((x, k) => x + reach * downhill[k])));
  if (tip) made.push(...both("path", { fill: "none", d: arrowPath(here, tip) }));
  made.push(svgElement("circle", { class: "here", cx: here[0], cy: here[1], r: 6.5, fill: TRACE }));
  return made;
}

/** Where the arrow ends: as far as the step goes, but neither too short to be seen nor across the whole picture. */
function tipOf([x, y], [toX, toY]) {
  const length = Math.hypot(toX - x, toY - y);
  if (!(length > 0) || !Number.isFinite(length)) return null;
  const shown = Math.min(PLOT.arrow[1], Math.max(PLOT.arrow[0], length)) / length;
  return [x + (toX - x) * shown, y + (toY - y) * shown];
}

function arrowPath([x, y], [toX, toY]) {
  const angle = Math.atan2(toY - y, toX - x);
  const wing = (turn) => `${toX - 11 * Math.cos(angle + turn)} ${toY - 11 * Math.sin(angle + turn)}`;
  return `M${x} ${y}L${toX} ${toY}M${wing(0.5)}L${toX} ${toY}L${wing(-0.5)}`;
}
