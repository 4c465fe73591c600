// The panel: what the current step computes, large and in full.
// Read next: table.js.

const LISTED = 12; // leaves that the first and the last step list

function mathElement(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A part of a formula that is not broken where it fits into a line. */
function term(...parts) {
  return element("span", { class: "term" }, ...parts);
}

function createPanel(graph, steps) {
  const phase = element("p", { class: "phase" });
  const formula = element("div", { class: "formula" });
  const code = element("p", { class: "code" });
  const view = element("section", { class: "panel", "aria-label": "This step" }, phase, formula, code);

  const line = (kind, ...parts) => element("div", { class: `line ${kind}` }, ...parts);
  const number = (text, kind = "number") => element("span", { class: kind }, text);
  const name = (i) => element("b", { class: "name" }, nameOf(graph, i));

  function start(values) {
    const leaves = graph.nodes.flatMap((node, i) => (node.kind === "leaf" ? [i] : []));
    return [
      line("said", "The leaves are given. Step forward to compute every node, then backward for every gradient."),
      list(leaves, (i) => [name(i), " = ", number(numberText(values.data[i]))]),
    ];
  }

  function end(values) {
    const leaves = graph.nodes.flatMap((node, i) => (node.kind === "leaf" ? [i] : []));
    const output = nameOf(graph, graph.output);
    return [
      line("said", `Every gradient is complete: how much ${output} changes when a leaf grows by a little.`),
      list(leaves, (i) => [name(i), ".grad = ", number(numberText(values.grads[i]), "number gradient")]),
    ];
  }

  function list(nodes, parts) {
    const items = nodes.slice(0, LISTED).map((i) => element("li", {}, ...parts(i)));
    if (nodes.length > LISTED) items.push(element("li", {}, `and ${nodes.length - LISTED} more: see the table`));
    return element("ul", { class: "values" }, ...items);
  }

  function seed(step) {
    return [
      line("big", name(step.node), ".grad = ", number(numberText(graph.seed), "number gradient")),
      line("said", "The seed: backpropagation begins at the output, whose derivative by itself is 1."),
    ];
  }

  function forward(values, step) {
    const result = number(numberText(values.data[step.node]));
    return [
      line("said", name(step.node), " = ", expressionOf(graph, step.node)),
      line("big", term(arithmeticOf(graph, values, step.node)), " ", term("= ", result)),
    ];
  }

  function backward(values, step) {
    const edge = graph.edges[step.edge];
    const arrived = values.terms[step.edge];
    const arrivals = values.history[edge.source].length;
    const partial = numberText(values.partials[step.edge]);
    const before = arrived.before === null ? "0" : numberText(arrived.before);
    return [
      row("local derivative", derivative(step, edge), " ", term("= ", number(partial))),
      row("gradient that arrives", name(step.node), ".grad = ",
        number(numberText(arrived.arriving), "number gradient")),
      row("their product", term(`${partial} × ${bracketed(arrived.arriving)}`), " ",
        term("= ", number(numberText(arrived.product), "number gradient"))),
      line("big", term(name(edge.source), ".grad:"), " ", term(`${before} + ${bracketed(arrived.product)}`), " ",
        term("= ", number(numberText(arrived.after), "number gradient"))),
      line("said", arrivals === 1 ? `The only gradient that arrives at ${nameOf(graph, edge.source)}.`
        : `Gradient ${arrived.count} of ${arrivals} that arrive at ${nameOf(graph, edge.source)}: ` +
          "they are added up (+=)."),
    ];
  }

  /** ∂y/∂x and the rule, with the names of this graph. */
  function derivative(step, edge) {
    const ratio = mathElement("math", { displaystyle: "true" },
      mathElement("mfrac", {}, partialOf(step.node), partialOf(edge.source)));
    const rule = localOf(graph, step).mathml ? [" = ", namedRule(graph, step)] : [];
    return element("span", { class: "rule" }, ratio, ...rule);
  }

  function partialOf(i) {
    return mathElement("mrow", {}, mathElement("mo", {}, "∂"), mathElement("mi", {}, nameOf(graph, i)));
  }

  function row(title, ...parts) {
    return element("div", { class: "line row" }, element("span", { class: "title" }, title),
      element("span", { class: "body" }, ...parts));
  }

  function source(step) {
    const node = step.node === undefined ? null : graph.nodes[step.node];
    const found = node && node.source !== undefined ? graph.sources[node.source] : null;
    code.replaceChildren();
    code.toggleAttribute("hidden", !found && !(node && node.module));
    if (found) {
      code.append(element("code", {}, found.text), element("span", { class: "place" }, `${found.file}:${found.line}`));
    }
    if (node && node.module) code.append(element("span", { class: "place" }, node.module));
  }

  const titles = { start: "Start", forward: "Forward", seed: "Seed", backward: "Backward", end: "Done" };
  const makers = { start, end, seed: (_, step) => seed(step), forward, backward, question: () => [] };

  function show(values, s) {
    const step = steps[s];
    const about = step.node === undefined ? "" : `: ${nameOf(graph, step.node)}`;
    const to = step.edge !== undefined ? ` → ${nameOf(graph, graph.edges[step.edge].source)}` : "";
    phase.textContent = (titles[step.kind] || "Backward") + about + to;
    formula.replaceChildren(...makers[step.kind](values, step));
    source(step);
  }

  return { view, formula, show };
}
