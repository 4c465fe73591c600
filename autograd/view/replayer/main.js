// The page: parts put together, and the one place that repaints them when the step or the numbers change.
// Read next: state.js.

const SMALLEST = 0.8; // scale of the picture at first, since numbers must be readable
const SLOW = 2; // steps in a second up to which each is announced while playing

function helpFor() {
  const keys = [["space", "play or pause"], ["← →", "one step back or forward"],
    ["Home End", "to the start, to the end"]];
  const items = keys.map(([key, text]) => element("li", {}, element("kbd", {}, key), ` ${text}`));
  items.push(element("li", {}, element("kbd", {}, "Escape"), " in a number: as it was before it was typed over"));
  items.push(element("li", {}, "Click a node or a row to go to its step; swipe on the panel to move by one."));
  return element("details", { class: "help" }, element("summary", {}, "Keys and touch"), element("ul", {}, ...items));
}

/** That data was changed after the forward pass; nothing if it was not. */
function changedNote(data) {
  return data.changed ? [element("p", { class: "note changed" }, data.changed)] : [];
}

function zoomButtons(picture) {
  const button = (text, label, action) => {
    const made = element("button", { type: "button", "aria-label": label, title: label }, text);
    made.addEventListener("click", action);
    return made;
  };
  return element("div", { class: "zoom", role: "group", "aria-label": "Size of the graph" },
    button("−", "Smaller", () => picture.zoom(picture.scale() / 1.25)),
    button("+", "Larger", () => picture.zoom(picture.scale() * 1.25)),
    button("fit", "The whole graph", () => picture.fit(0.1)));
}

/** Start a replay in `root`. Returns its parts, for what is built on it. */
function createReplay(root, data, svg) {
  const graph = readGraph(data);
  const steps = data.practice ? withQuestions(stepsOf(graph)) : stepsOf(graph);
  const last = steps.length - 1;
  const stepOfEdge = graph.edges.map(() => Infinity);
  steps.forEach((step, s) => {
    if (step.kind === "backward") stepOfEdge[step.edge] = s;
  });
  const original = data.practice ? evaluate(graph, RULES, decodeNumbers(data.data), new Map())
    : { data: decodeNumbers(data.data), partials: decodeRuns(data.partials) };
  graph.nodes.forEach((node, i) => (node.constant = original.data[i]));
  let values = valuesOf(graph, steps, original.data, original.partials);
  const listeners = [];

  const pick = (i) => player.go(stepOfNode(graph, steps, values, i, player.current()));
  const changed = changedNote(data);
  const editor = createEditor(graph, RULES, original, data.fixed === "", (numbers) => {
    changed.forEach((note) => note.toggleAttribute("hidden", numbers !== original)); // else all is computed anew
    values = valuesOf(graph, steps, numbers.data, numbers.partials);
    paint(0, last, true);
  });
  const picture = createPicture(graph, svg, pick);
  const panel = createPanel(graph, steps);
  const table = createTable(graph, pick, editor.inputOf);
  const player = createPlayer(last, (from, to, playing) => paint(from, to, false, playing));
  const controls = createControls(last, player);

  /** Repaint what differs between two steps: of neighbours one node and one edge. */
  function paint(from, to, everything, playing = false) {
    const s = player.current();
    const fast = playing && player.speed() > SLOW;
    const changed = changedBy(graph, steps[s]);
    table.reveal(changed); // what measures the page comes before what changes it: one layout a step
    picture.mark(values, steps[s], fast);
    table.mark(changed);
    for (let k = Math.min(from, to); k <= Math.max(from, to); k++) {
      const node = changedBy(graph, steps[k]);
      if (node !== null) {
        picture.paintNode(values, node, s);
        table.paintNode(values, node, s);
      }
      if (steps[k].kind === "backward") picture.paintEdge(steps, steps[k].edge, s, stepOfEdge);
    }
    if (everything) graph.nodes.forEach((_, i) => paintWhole(i, s));
    const sentence = sentenceOf(graph, values, steps, s);
    panel.show(values, s);
    controls.show(s, playing, sentence);
    if (!fast) announce(sentence);
    if (root.dataset.kind !== steps[s].kind) root.dataset.kind = steps[s].kind; // colours of the phase
    for (const listener of listeners) listener(s);
  }

  function paintWhole(i, s) {
    picture.paintNode(values, i, s);
    table.paintNode(values, i, s);
  }

  const editing = data.fixed ? element("p", { class: "note" }, data.fixed)
    : element("div", { class: "editing" }, element("span", {},
      "Change the data of a leaf: everything is computed anew."), editor.reset);
  controls.view.append(zoomButtons(picture));
  const side = element("div", { class: "side" }, ...changed, table.view, editing, editor.message);
  root.append(picture.view, controls.view, element("div", { class: "columns" }, panel.view, side), helpFor());
  listenToKeys(root, last, player);
  listenToSwipes(panel.view, player);
  picture.fit(SMALLEST);
  paint(0, last, true);
  return { graph, steps, picture, panel, table, editor, player, controls, listeners, values: () => values };
}

function start(root, data) {
  const svg = openingPicture(data.classes);
  if (data.boxes) {
    createGroupReplay(root, data, svg);
    if (data.surface) addSurfaceOfBoxes(root, data.surface);
    return;
  }
  const replay = createReplay(root, data, svg);
  if (data.practice) practise(root, replay);
  else if (!data.fixed) replay.listeners.push(addSurface(root, replay.graph, () => replay.values().data, replay.editor.give));
}
