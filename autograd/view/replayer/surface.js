// The surface of the output over two leaves, and gradient descent on it, one step at a time.
// Read next: contours.js, the numbers, and plot.js, the picture.

const STRIDE = 10; // of the grid, in the table that tells the same in numbers

/**
 * Add the surface to a replay. `numbers()` gives the data of all nodes, `give(leaves)` changes some in the replay, if
 * that can be; returns what to call when they change.
 */
function addSurface(root, graph, numbers, give = null) {
  const leaves = graph.nodes.flatMap((node, i) => (node.kind === "leaf" ? [i] : []));
  if (leaves.length < 2) return () => {};
  const steps = stepsOf(graph);
  const plot = createPlot();
  const output = nameOf(graph, graph.output);
  let stop = () => {};
  let state; // {axes: two leaves, f, box, way, values, scale, levels}; see `restart`
  let ways = new Map(); // of pairs of leaves that were chosen before

  const options = () => leaves.map((i) => element("option", { value: String(i) }, nameOf(graph, i)));
  const chooser = (label) => element("select", { "aria-label": label }, ...options());
  const field = (label) => element("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false",
    "aria-label": label });
  const button = (text, action) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", action);
    return made;
  };
  const choices = [chooser("Leaf to the right"), chooser("Leaf upwards")];
  const limits = [["left", "right"], ["bottom", "top"]].map((sides) => sides.map((side) => field(`${side} limit`)));
  const rate = field("Learning rate");
  rate.value = "0.1";
  let unfit = ""; // what is wrong with the learning rate, as long as it is
  const message = element("p", { class: "message", role: "alert", hidden: "" });
  const here = element("p", { class: "here" });
  const moved = element("p", { class: "moved" });
  const note = element("p", { class: "note" });
  const table = element("div", { class: "numbers", tabindex: "0", role: "region",
    "aria-label": "The surface in numbers" });
  const word = (text) => element("span", {}, text);
  const axisRow = (k, text) => element("div", { class: "axis-row" },
    word(text), choices[k], word("from"), limits[k][0], word("to"), limits[k][1]);
  const take = button("Use this point in the replay", useHere);
  take.hidden = true; // until there is a step, and a replay that can be changed
  const side = element("div", { class: "settings" }, axisRow(0, "to the right"), axisRow(1, "upwards"),
    element("div", { class: "moves" }, button("Automatic limits", automatic), button("Back to the start", restart)),
    element("div", { class: "moves" }, word("learning rate"), rate, button("Step downhill", descend), take),
    message, here, moved, note);
  const view = element("details", { class: "surface" }, element("summary", {}, `Surface: ${output} over two leaves`),
    element("div", { class: "columns" }, element("div", { class: "frame" }, plot.view), side),
    element("details", {}, element("summary", {}, "The surface in numbers"), table));
  root.querySelector(".help").before(view);

  /** At first the two leaves that the output depends on most. */
  function choose() {
    const { grads } = gradientsOf({ ...graph, seed: 1 }, steps, evaluate(graph, RULES, numbers(), new Map()).partials);
    const size = (i) => (Number.isNaN(grads[i]) ? 0 : Math.abs(grads[i]));
    const [first, second] = [...leaves].sort((i, j) => size(j) - size(i));
    [choices[0].value, choices[1].value] = [first, second].sort((i, j) => i - j).map(String);
  }

  /** From where the leaves are now. */
  function restart() {
    const axes = choices.map((choice) => Number(choice.value));
    const data = numbers();
    if (!state || state.data !== data) ways = new Map(); // they led over another surface
    begin(axes, data, [axes.map((i) => data[i])]);
  }

  function begin(axes, data, way) {
    state = { ...state, axes, data, f: outputOf(graph, RULES, data, ...axes), way };
    moved.textContent = "";
    automatic();
  }

  /** Another pair of leaves; one that was chosen before has its way again. */
  function change() {
    const axes = choices.map((choice) => Number(choice.value));
    ways.set(state.axes.join(), state.way).set([...state.axes].reverse().join(), state.way.map(([x, y]) => [y, x]));
    if (!ways.has(axes.join())) return restart();
    begin(axes, state.data, ways.get(axes.join()));
  }

  /** The two leaves of the replay become the point that the steps have led to, from which a new way begins. */
  function useHere() {
    const refused = give(new Map(state.axes.map((i, k) => [i, point()[k]])));
    if (refused) return tell(`This point is not possible in the replay: ${refused}.`);
    moved.textContent = `The replay has these numbers now: ${named(point())}. The way begins here.`;
    announce(moved.textContent);
  }

  function automatic() {
    const known = state.way.map((point) => point.map((x) => (Number.isFinite(x) ? x : 0)));
    const [[left, right], [bottom, top]] = [0, 1].map((k) => spanAround(known.map((point) => point[k])));
    state.box = { left, right, bottom, top };
    [left, right, bottom, top].forEach((x, k) => (limits[k >> 1][k % 2].value = String(x)));
    compute();
  }

  function compute() {
    stop();
    tell("");
    view.setAttribute("aria-busy", "true");
    stop = computeGrid(state.f, state.box, (values) => {
      const scale = scaleOf(values);
      Object.assign(state, { values, scale, levels: scale ? levelsOf(scale) : [] });
      plot.paintColours(values, scale);
      fillTable();
      note.textContent = notes();
      view.removeAttribute("aria-busy");
      draw();
    });
  }

  function notes() {
    const others = leaves.length > 2 ? "Only these two leaves move; the others keep their numbers." : "";
    const { scale } = state;
    if (!scale) return `${others} ${output} is undefined everywhere here: nothing can be shown.`.trim();
    const percent = Math.max(1, Math.round((100 * scale.unknown) / (GRID * GRID)));
    const blank = scale.unknown ? `${output} is undefined at ${percent} % of the points, which are left blank.` : "";
    const flat = scale.low === scale.high ? `${output} is the same everywhere here.` : "";
    return [others, blank, flat].filter(Boolean).join(" ");
  }

  function tell(text, input = null) {
    message.textContent = text || unfit;
    message.toggleAttribute("hidden", !message.textContent);
    for (const other of limits.flat()) other.removeAttribute("aria-invalid");
    if (input) input.setAttribute("aria-invalid", "true");
  }

  /** The learning rate, or null after saying what is wrong with it, which is said until it is right. */
  function readRate() {
    unfit = "";
    rate.removeAttribute("aria-invalid");
    tell("");
    const x = read(rate);
    if (x !== null && !(x > 0)) tell("The learning rate must be greater than 0.", rate);
    unfit = message.textContent;
    return unfit ? null : x;
  }

  /** The number of an input, or null after saying what is wrong. */
  function read(input) {
    const x = parseNumber(input.value);
    if (Math.abs(x) <= LARGEST) return x;
    tell(typeof x === "string" ? x : "Type a number of at most 1e300.", input);
    return null;
  }

  function limit() {
    const [left, right, bottom, top] = limits.flat().map(read);
    if ([left, right, bottom, top].includes(null)) return;
    if (!(left < right)) return tell("The limit to the right must be greater than the one to the left.", limits[0][1]);
    if (!(bottom < top)) return tell("The upper limit must be greater than the lower one.", limits[1][1]);
    state.box = { left, right, bottom, top };
    compute();
  }

  const point = () => state.way[state.way.length - 1];
  const gradient = () => gradientAt(graph, RULES, steps, state.data, ...state.axes, point());
  const named = (pair) => state.axes.map((i, k) => `${nameOf(graph, i)} = ${numberText(pair[k])}`).join(", ");

  /** x ← x − rate · ∂y/∂x for the two leaves. */
  function descend() {
    const step = readRate();
    if (step === null) return;
    const slope = gradient();
    if (!slope) return tell("There is no gradient here: a rule is undefined.");
    const to = point().map((x, k) => x - step * slope[k]);
    const [before, after] = [point(), to].map(([x, y]) => state.f(x, y));
    if (!Number.isFinite(after)) {
      return tell(`The step leads to ${named(to)}, where ${output} is undefined. Nothing has moved.`);
    }
    state.way.push(to);
    const size = numberText(Math.abs(after - before));
    const change = after < before ? `${size} less` : after > before ? `${size} more: the step was too large`
      : "the same";
    const numbers = `${output} was ${numberText(before)} and is now ${numberText(after)}`;
    moved.textContent = `Step ${state.way.length - 1}: ${numbers}, ${change}.`;
    draw();
    announce(`${moved.textContent} ${here.textContent}`);
  }

  function draw() {
    take.toggleAttribute("hidden", !give || state.way.length < 2);
    const slope = gradient();
    const downhill = slope && slope.map((x) => -x);
    const [x, y] = point();
    const { box } = state;
    const inside = x >= box.left && x <= box.right && y >= box.bottom && y <= box.top;
    here.textContent = `Here ${named([x, y])}: ${output} = ${numberText(state.f(x, y))}. ` +
      (downhill ? `Minus the gradient, the arrow: (${downhill.map(numberText).join(", ")}).`
        : "There is no gradient here.") +
      (inside ? "" : " This is outside of the picture: see Automatic limits.");
    const names = state.axes.map((i) => nameOf(graph, i));
    const reach = Number.isFinite(Number(rate.value)) && Number(rate.value) > 0 ? Number(rate.value) : 1;
    if (state.values && view.open) plot.draw({ ...state, names, downhill, reach, output }, alternative(names));
  }

  function alternative([across, up]) {
    const { box, scale } = state;
    const span = `${across} from ${box.left} to ${box.right}, ${up} from ${box.bottom} to ${box.top}`;
    if (!scale) return `${output} over ${span}: undefined everywhere.`;
    const [lowest, highest] = [scale.low, scale.high].map((value) => `${numberText(value)} at ${placeOf(value)}`);
    return `${output} over ${span}: from ${lowest} to ${highest}. ${here.textContent}`;
  }

  function placeOf(value) {
    const k = state.values.indexOf(value);
    const { box } = state;
    return named([gridPoint(box.left, box.right, k % GRID), gridPoint(box.bottom, box.top, Math.floor(k / GRID))]);
  }

  /** Every tenth point of the grid, as the picture lies: rows from above. */
  function fillTable() {
    const { box, values, axes } = state;
    const some = Array.from({ length: (GRID - 1) / STRIDE + 1 }, (_, k) => k * STRIDE);
    const head = some.map((k) => element("th", { scope: "col" }, numberText(gridPoint(box.left, box.right, k))));
    const rows = [...some].reverse().map((row) =>
      element("tr", {}, element("th", { scope: "row" }, numberText(gridPoint(box.bottom, box.top, row))),
      ...some.map((k) => element("td", {}, Number.isNaN(values[row * GRID + k]) ? "undefined"
        : numberText(values[row * GRID + k])))));
    const [x, y] = axes.map((i) => nameOf(graph, i));
    const caption = element("caption", {}, `${output}: ${x} in the head, ${y} in the first column`);
    const top = element("thead", {}, element("tr", {}, element("td", {}), ...head));
    table.replaceChildren(element("table", {}, caption, top, element("tbody", {}, ...rows)));
  }

  choices.forEach((choice, k) => choice.addEventListener("change", () => {
    if (choice.value === choices[1 - k].value) choices[1 - k].value = String(state.axes[k]);
    change();
  }));
  for (const input of limits.flat()) input.addEventListener("change", limit);
  rate.addEventListener("change", () => {
    readRate();
    draw();
  });
  rate.addEventListener("keydown", (event) => event.key === "Enter" && descend());
  view.addEventListener("keydown", (event) => event.stopPropagation()); // arrows scroll the table here, and do not step
  let width = 0;
  new ResizeObserver(() => {
    if (state && plot.view.parentElement.clientWidth !== width) draw();
    width = plot.view.parentElement.clientWidth;
  }).observe(plot.view.parentElement);
  view.addEventListener("toggle", () => {
    if (!view.open || (state && state.values)) return;
    choose();
    restart();
  });
  return () => {
    if (state && state.data !== numbers()) restart();
  };
}

/** The surface of a computation that is replayed in boxes. */
function addSurfaceOfBoxes(root, record) {
  const graph = readGraph(record);
  const data = decodeNumbers(record.data);
  graph.nodes.forEach((node, i) => (node.constant = data[i]));
  addSurface(root, graph, () => data);
}
