// The replay of a large computation: box by box forward, then box by box backward with what arrives at each.
// Read next: main.js.

/** Forward through the boxes, the seed, and back: the boxes come with operands before results. */
function stepsOfBoxes(count, output) {
  const boxes = Array.from({ length: count }, (_, i) => i);
  return [
    { kind: "start" },
    ...boxes.map((node) => ({ kind: "forward", node })),
    { kind: "seed", node: output },
    ...boxes.reverse().map((node) => ({ kind: "backward", node })),
    { kind: "end" },
  ];
}

function many(count, thing) {
  const plural = thing.endsWith("f") ? `${thing.slice(0, -1)}ves` : `${thing}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? thing : plural}`;
}

/** A step of boxes in full sentences. */
function sentenceOfBoxes(data, steps, s) {
  const step = steps[s];
  const where = `Step ${s} of ${steps.length - 1}.`;
  const { name, data: value } = data.output;
  if (step.kind === "start") {
    const boxes = many(data.boxes.length, "box").replace("boxs", "boxes");
    return `${where} ${many(data.total, "node")} are shown in ${boxes}; nothing is computed yet.`;
  }
  if (step.kind === "end") return `${where} Every gradient is complete: backpropagation is done.`;
  if (step.kind === "seed") {
    const seed = `the gradient of ${name} = ${numberText(value)} is ${numberText(data.seed)}`;
    return `${where} The backward pass begins: ${seed}.`;
  }
  const box = data.boxes[step.node];
  const title = data.names[step.node];
  if (step.kind === "forward") {
    const from = `${many(box.inputs, "input")} and ${many(box.leaves, "leaf")}`;
    return `${where} Forward: ${title} computes ${many(box.results, "result")} from ${from}.`;
  }
  const arrived = `gradients arrive at ${many(box.outputs, "output")} of ${title}.`;
  const length = numberText(box.length);
  const received = box.leaves ? ` Its ${many(box.leaves, "leaf")} receive gradients of length ${length}.` : "";
  const passed = `To its ${many(box.inputs, "input")} it passes on what the chain rule gives.`;
  return `${where} Backward: ${arrived}${received} ${passed}`;
}

function createBoxPanel(data, steps) {
  const phase = element("p", { class: "phase" });
  const formula = element("div", { class: "formula" });
  const view = element("section", { class: "panel", "aria-label": "This step" }, phase, formula);
  const line = (kind, ...parts) => element("div", { class: `line ${kind}` }, ...parts);

  /** What a box gives to others: in the forward pass its numbers, in the backward pass the gradients that arrive. */
  function listed(box, gradients) {
    const items = box.listed.map(([name, value, grad]) => element("li", {}, element("b", {}, name),
      gradients ? ".grad = " : " = ", element("span", { class: gradients ? "number gradient" : "number" },
        numberText(gradients ? grad : value))));
    const more = box.outputs - box.listed.length;
    if (more > 0) items.push(element("li", {}, `and ${more.toLocaleString("en")} more`));
    return element("ul", { class: "values" }, ...items);
  }

  function parts(step, s) {
    const sentence = sentenceOfBoxes(data, steps, s).replace(/^Step \d+ of \d+\. (Forward: |Backward: )?/, "");
    const box = data.boxes[step.node];
    const capital = sentence[0].toUpperCase() + sentence.slice(1);
    if (step.kind === "forward") return [line("said", capital), line("said", "What others use of it:"),
      listed(box, false)];
    if (step.kind === "seed") return [line("big", element("b", {}, data.output.name), ".grad = ",
      element("span", { class: "gradient" }, numberText(data.seed))), line("said", sentence)];
    if (step.kind !== "backward") return [line("said", sentence)];
    const made = [line("said", capital), line("said", "What arrives:"), listed(box, true)];
    if (box.leaves) made.push(line("said", "The largest gradient of its leaves: ",
      element("span", { class: "gradient" }, numberText(box.largest))));
    return made;
  }

  function show(s) {
    const step = steps[s];
    const titles = { start: "Start", seed: "Seed", end: "Done" };
    const kind = step.kind === "forward" ? "Forward" : "Backward";
    phase.textContent = titles[step.kind] || `${kind}: ${data.names[step.node]} ${data.titles[step.node]}`.trim();
    formula.replaceChildren(...parts(step, s));
  }

  return { view, show };
}

/** The boxes with what is known so far; `paint(i, back)` after the backward pass has, or has not, come to box i. */
function createBoxTable(data, onPick) {
  const cell = (kind, text) => element("td", { class: kind, role: "cell" }, text);
  const rows = data.boxes.map((box, i) => {
    const button = element("button", { type: "button", class: "plain" }, data.names[i]);
    const length = cell("grad", "");
    const row = element("tr", { role: "row" },
      element("th", { scope: "row", role: "rowheader", class: "long" }, button),
      cell("data", box.results.toLocaleString("en")), cell("data", box.leaves.toLocaleString("en")), length);
    row.addEventListener("click", () => onPick(i));
    return { row, length };
  });
  const table = tableOf("The boxes", ["box", "results", "leaves", "grad length"], rows.map(({ row }) => row), "boxes");
  const view = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table of all boxes" },
    table);
  const paint = (i, back) => (rows[i].length.textContent =
    numberText(back && data.boxes[i].leaves ? data.boxes[i].length : null));
  const mark = (i) => rows.forEach(({ row }, k) =>
    (k === i ? row.setAttribute("aria-current", "step") : row.removeAttribute("aria-current")));
  return { view, paint, mark };
}

/** Start a replay of boxes in `root`. */
function createGroupReplay(root, data, svg) {
  const count = data.boxes.length;
  const steps = stepsOfBoxes(count, data.output.box);
  const last = steps.length - 1;
  const forward = (i) => 1 + i;
  const backward = (i) => 2 + count + (count - 1 - i);
  const graph = { nodes: data.names.map((name) => ({ kind: "group", name })),
    edges: data.edges.map(([source, target]) => ({ source, target })) };
  const values = {
    data: graph.nodes.map(() => null), computed: graph.nodes.map((_, i) => forward(i)),
    history: graph.nodes.map((_, i) => [[backward(i), null]]),
  };
  const pick = (i) => player.go(player.current() > count ? backward(i) : forward(i));
  const picture = createPicture(graph, svg, pick);
  const table = createBoxTable(data, pick);
  const panel = createBoxPanel(data, steps);
  const player = createPlayer(last, (from, to, playing) => paint(from, to, playing));
  const controls = createControls(last, player);

  function paint(from, to, playing) {
    const s = player.current();
    for (let k = Math.min(from, to); k <= Math.max(from, to); k++) {
      if (steps[k].node === undefined) continue;
      picture.paintNode(values, steps[k].node, s);
      table.paint(steps[k].node, backward(steps[k].node) <= s);
    }
    const sentence = sentenceOfBoxes(data, steps, s);
    root.dataset.kind = steps[s].kind;
    panel.show(s);
    table.mark(steps[s].node);
    picture.mark(values, steps[s], playing && player.speed() > SLOW);
    controls.show(s, playing, sentence);
    if (!(playing && player.speed() > SLOW)) announce(sentence);
  }

  const note = element("p", { class: "note" },
    `This computation has ${many(data.total, "node")}${data.tooMany ? ` and ${many(data.tooMany, "edge")}` : ""}: too many to show one by one, so they are replayed in boxes. ` +
    "Leaves cannot be changed here.");
  controls.view.append(zoomButtons(picture));
  root.append(picture.view, controls.view, element("div", { class: "columns" }, panel.view,
    element("div", { class: "side" }, ...changedNote(data), table.view, note)), helpFor());
  listenToKeys(root, last, player);
  listenToSwipes(panel.view, player);
  picture.fit(SMALLEST);
  paint(0, last, false);
}
