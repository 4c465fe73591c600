// The panel: what the current step computes, large and in full.
// Read next: table.js.

const LISTED = 12; // leaves that the first and the last step list

function mathOf(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html").querySelector("math");
  if (!parsed) return document.createTextNode("");
  parsed.setAttribute("displaystyle", "true");
  return document.importNode(parsed, true);
}

function mathElement(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function createPanel(graph, steps) {
  const phase = element("p", { class: "phase" });
  const formula = element("div", { class: "formula" });
  const code = element("p", { class: "code" });
  const view = element("section", { class: "panel", "aria-label": "This step" }, phase, formula, code);

  const rules = new Map(); // of local derivatives: read once, and copied for each step
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
      line("big", arithmeticOf(graph, values, step.node), " = ", result),
    ];
  }

  function backward(values, step) {
    const edge = graph.edges[step.edge];
    const term = values.terms[step.edge];
    const local = graph.locals[edge.local];
    const arrivals = values.history[edge.source].length;
    const partial = numberText(values.partials[step.edge]);
    const before = term.before === null ? "0" : numberText(term.before);
    const received = element("span", { class: "sum" }, name(edge.source),
      `.grad: ${before} + ${bracketed(term.product)} = `,
      number(numberText(term.after), "number gradient"));
    return [
      row("local derivative", derivative(step, edge, local), " = ", number(partial),
        element("span", { class: "where-letters" }, letters(step, local))),
      row("gradient that arrives", name(step.node), ".grad = ", number(numberText(term.arriving), "number gradient")),
      row("their product", `${partial} × ${bracketed(term.arriving)} = `,
        number(numberText(term.product), "number gradient")),
      line("big", received),
      line("said", arrivals === 1 ? `The only gradient that arrives at ${nameOf(graph, edge.source)}.`
        : `Gradient ${term.count} of ${arrivals} that arrive at ${nameOf(graph, edge.source)}: ` +
          "they are added up (+=)."),
    ];
  }

  /** Which letters of a rule stand for which nodes: x the one operand, a and b the two, y the result. */
  function letters(step, local) {
    const operands = graph.nodes[step.node].operands.map((k) => graph.edges[k].source);
    const used = (letter) => new RegExp(`(?<![A-Za-z])${letter}(?![A-Za-z])`).test(local.text);
    const known = { 1: ["x"], 2: ["a", "b"] }[operands.length] || [];
    const found = known.map((letter, i) => [letter, operands[i]]).filter(([letter]) => used(letter));
    if (found.length && used("y")) found.push(["y", step.node]);
    const text = found.map(([letter, i]) => `${letter} = ${nameOf(graph, i)}`).join(", ");
    return text && `where ${text}`;
  }

  /** ∂y/∂x with the names of this graph, and the rule. */
  function derivative(step, edge, local) {
    if (!rules.has(local)) rules.set(local, mathOf(local.mathml));
    const ratio = mathElement("math", { displaystyle: "true" },
      mathElement("mfrac", {}, partialOf(step.node), partialOf(edge.source)));
    return element("span", { class: "rule" }, ratio, " = ", rules.get(local).cloneNode(true));
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
