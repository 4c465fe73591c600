// A function of two numbers on a grid: its values, their colours and the lines of equal value. Nothing here touches
// the page.
// Read next: plot.js, which draws them.

const GRID = 61; // points in each direction
const SLICE = 12; // milliseconds of computing before the page may do something else
const LEVELS = 8;
const LARGEST = 1e300; // beyond, differences of values are no floats: left blank, as what is undefined
// Viridis (S. van der Walt and N. Smith, 2015): even steps for the eye, in order of lightness, also for the
// colour-blind.
const VIRIDIS = [
  [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37],
];

/** The output as a function of two leaves, the others as they are; nan where it is undefined. */
function outputOf(graph, rules, data, across, up) {
  const numbers = data.slice();
  const moved = new Set([across, up]);
  const work = [];
  graph.nodes.forEach((node, i) => {
    const sources = node.operands.map((k) => graph.edges[k].source);
    if (!sources.some((source) => moved.has(source))) return;
    moved.add(i);
    work.push([i, rules[node.rule].forward, sources]);
  });
  return (x, y) => {
    numbers[across] = x;
    numbers[up] = y;
    try {
      for (const [i, forward, sources] of work) numbers[i] = forward(sources.map((source) => numbers[source]));
    } catch (error) {
      if (error instanceof RangeError) return NaN;
      throw error;
    }
    return numbers[graph.output];
  };
}

/** The gradient of the output by two leaves at a point; null where a rule is undefined. */
function gradientAt(graph, rules, steps, data, across, up, [x, y]) {
  try {
    const { partials } = evaluate(graph, rules, data, new Map([[across, x], [up, y]]));
    const { grads } = gradientsOf({ ...graph, seed: 1 }, steps, partials);
    return [grads[across], grads[up]];
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function gridPoint(low, high, k) {
  return low + ((high - low) * k) / (GRID - 1);
}

/** Values row by row from below, in slices. `onDone(values)`; returns a function that stops it. */
function computeGrid(f, box, onDone) {
  const values = new Float64Array(GRID * GRID);
  let row = 0;
  let timer = 0;
  const slice = () => {
    for (const end = performance.now() + SLICE; row < GRID && performance.now() < end; row++) {
      const y = gridPoint(box.bottom, box.top, row);
      for (let k = 0; k < GRID; k++) {
        const value = f(gridPoint(box.left, box.right, k), y);
        values[row * GRID + k] = Math.abs(value) <= LARGEST ? value : NaN;
      }
    }
    if (row < GRID) timer = setTimeout(slice);
    else onDone(values);
  };
  timer = setTimeout(slice);
  return () => clearTimeout(timer);
}

/** From low to high around a number: at least 1 to each side, 0 among them, in round numbers. */
function spanAround(numbers) {
  const held = numbers.map((x) => Math.max(-LARGEST / 8, Math.min(LARGEST / 8, x)));
  const low = Math.min(...held);
  const high = Math.max(...held);
  const margin = Math.max(1, 2 * Math.min(Math.abs(low), Math.abs(high)), (high - low) / 4);
  const unit = 10 ** Math.floor(Math.log10(margin)) / 2;
  const round = (x) => Number((x * unit).toPrecision(12));
  return [round(Math.floor((low - margin) / unit)), round(Math.ceil((high + margin) / unit))];
}

/** Round numbers between two, about `count` of them. */
function ticksBetween(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = (factor) => Math.abs(Math.log((factor * power) / rough));
  const step = power * [1, 2, 5, 10].reduce((best, factor) => (distance(factor) < distance(best) ? factor : best));
  const first = Math.ceil(low / step - 1e-9);
  const ticks = [];
  for (let k = first; k * step <= high + step * 1e-9 && ticks.length < 4 * count; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}

/** A number with as many digits as it takes to tell it from its neighbours. */
function tickText(x, gap) {
  if (x !== 0 && (Math.abs(x) >= 1e6 || Math.abs(x) < 1e-4)) return twoDigits(x.toExponential(1));
  return x.toFixed(Math.min(8, Math.max(0, -Math.floor(Math.log10(gap) + 1e-9))));
}

/**
 * Where a value lies between the lowest, 0, and the highest, 1. If most values are close to the lowest, as around the
 * minimum of a loss, a power spreads them, so that half of the picture is below 1/2.
 */
function scaleOf(values) {
  const known = Array.from(values).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (!known.length) return null;
  const low = known[0];
  const high = known[known.length - 1];
  const share = (part) => (known[Math.floor(part * (known.length - 1))] - low) / (high - low || 1);
  const isCrowded = high > low && share(0.75) < 0.3;
  const power = isCrowded ? Math.max(0.2, Math.log(0.5) / Math.log(Math.max(1e-9, share(0.5)))) : 1;
  const place = (value) => (high > low ? Math.max(0, (value - low) / (high - low)) ** power : 0.5);
  return { low, high, power, place, unknown: values.length - known.length };
}

/** The values of contour lines, each with its text. */
function levelsOf({ low, high, power }) {
  if (!(high > low)) return [];
  if (power === 1) {
    const levels = ticksBetween(low, high, LEVELS);
    return levels.filter((x) => x > low && x < high).map((x) =>
      [x, tickText(x, levels.length > 1 ? levels[1] - levels[0] : high - low)]);
  }
  const at = (k) => low + (high - low) * (k / (LEVELS + 1)) ** (1 / power);
  const found = new Map();
  for (let k = 1; k <= LEVELS; k++) {
    const gap = 10 ** Math.floor(Math.log10(Math.min(at(k + 1) - at(k), at(k) - at(k - 1))));
    const level = Number((Math.round(at(k) / gap) * gap).toPrecision(12));
    if (level > low && level < high) found.set(level, tickText(level, gap));
  }
  return [...found];
}

function colourAt(place) {
  const at = Math.min(1, Math.max(0, place)) * (VIRIDIS.length - 1);
  const k = Math.min(VIRIDIS.length - 2, Math.floor(at));
  return VIRIDIS[k].map((start, c) => Math.round(start + (VIRIDIS[k + 1][c] - start) * (at - k)));
}
