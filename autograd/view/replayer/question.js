// Questions: what is asked at an edge, which answers are right, and the hints. Asked are the local derivative, then
// the sum.
// Read next: answers.js.

const LOCAL = 0; // the two questions of an edge
const SUM = 1;

/** Each backward step with a question before it. */
function withQuestions(steps) {
  return steps.flatMap((step) => (step.kind === "backward" ? [{ ...step, kind: "question" }, step] : [step]));
}

function questionSentence(graph, step) {
  const receiver = nameOf(graph, graph.edges[step.edge].source);
  const node = nameOf(graph, step.node);
  return `Your turn: backward from ${node} to ${receiver}. ` +
    `What is the local derivative of ${node} by ${receiver}, and what is ${receiver}.grad then?`;
}

/** All that is known about an edge: its numbers, and the numbers that follow from those that the page shows. */
function askedAt(graph, values, step) {
  const edge = graph.edges[step.edge];
  const { arriving, product, before, after } = values.terms[step.edge];
  const partial = values.partials[step.edge];
  const operands = graph.nodes[step.node].operands;
  const others = operands.filter((k) => graph.edges[k].source !== edge.source)
    .map((k) => [nameOf(graph, graph.edges[k].source), values.partials[k]]);
  const same = operands.filter((k) => graph.edges[k].source === edge.source);
  const asked = { node: nameOf(graph, step.node), receiver: nameOf(graph, edge.source), partial, arriving, product,
    before, after, others,
    which: same.length > 1 ? ` by operand ${operands.indexOf(step.edge) + 1} alone` : "", // a × a has two edges to a
    together: same.length > 1 ? same.reduce((sum, k) => sum + values.partials[k], 0) : null };
  const shownTerm = asShown(partial) * asShown(arriving);
  const start = before === null ? 0 : asShown(before);
  return { ...asked, right: [
    [partial, ...partialOfShown(graph, values, step)],
    [after, start + shownTerm, start + asShown(product)],
  ] };
}

/** The local derivative of the numbers as they are shown: who computes by hand has no others. */
function partialOfShown(graph, values, step) {
  const node = graph.nodes[step.node];
  const xs = node.operands.map((k) => asShown(values.data[graph.edges[k].source]));
  try {
    return [RULES[node.rule].partials(asShown(values.data[step.node]), xs)[node.operands.indexOf(step.edge)]];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function whatIsOff(typed, asked, which) {
  return which === LOCAL ? whatIsOffLocal(typed, asked) : whatIsOffSum(typed, asked);
}

/** ∂y/∂x with the names of this graph. */
function ratioOf(asked) {
  const partialOf = (name) => mathElement("mrow", {}, mathElement("mo", {}, "∂"), mathElement("mi", {}, name));
  return mathElement("mfrac", {}, partialOf(asked.node), partialOf(asked.receiver));
}

function inMath(...parts) {
  return mathElement("math", { displaystyle: "true" }, ...parts);
}

/** The rule of the operation, or the chain rule with its sum. */
function ruleHint(graph, step, asked, which) {
  if (which === LOCAL) {
    const rule = localOf(graph, step).mathml ? [" = ", namedRule(graph, step)]
      : [": no rule is written down for this operation"];
    return element("span", { class: "rule" }, inMath(ratioOf(asked)), ...rule);
  }
  const grad = (name) => mathElement("mi", {}, `${name}.grad`);
  return element("span", { class: "rule" }, inMath(mathElement("mrow", {}, grad(asked.receiver),
    mathElement("mo", {}, "+="),
    ratioOf(asked), mathElement("mo", {}, "×"), grad(asked.node))));
}

/** The same with numbers in the place of names. */
function numbersHint(graph, values, step, asked, which) {
  if (which === LOCAL) {
    const math = filledRule(graph, values, step);
    const isFilled = localOf(graph, step).mathml && !math.querySelector("msub"); // x with an index stands for many
    return element("span", { class: "rule" }, inMath(ratioOf(asked)), " = ", math,
      isFilled ? "" : whereOf(graph, values, step));
  }
  const before = asked.before === null ? "0" : numberText(asked.before);
  const product = `${bracketed(asked.partial)} × ${bracketed(asked.arriving)}`;
  return element("span", { class: "rule" }, `${asked.receiver}.grad = ${before} + ${product}`);
}

/** Operands and result with their numbers, for rules of many operands. */
function whereOf(graph, values, step) {
  const operands = graph.nodes[step.node].operands.map((k) => graph.edges[k].source).slice(0, MANY);
  const numbers = [...new Set([...operands, step.node])].filter((i) => graph.nodes[i].kind !== "constant")
    .map((i) => `${nameOf(graph, i)} = ${numberText(values.data[i])}`);
  return ` where ${numbers.join(", ")}`;
}
