// Formulas and sentences of a step, as text: what the panel shows and what a screen reader says.
// Read next: panel.js.

const MANY = 8; // operands of one operation that are written out in full

/**
 * A call with texts for its operands: "tanh(n)", "tanh(0.8814)"; negative numbers get brackets where they need them.
 */
function filled(call, texts) {
  const parts = [];
  call.pieces.forEach((piece, i) => {
    if (i % 2 === 0) parts.push(piece);
    else {
      const text = texts[Number(piece)];
      parts.push(call.brackets[Number(piece)] && text.startsWith("-") ? `(${text})` : text);
    }
  });
  if (texts.length <= MANY) return parts.join("");
  return [...parts.slice(0, 2 * MANY - 4), " …", ...parts.slice(-3)].join("");
}

function nameOf(graph, i) {
  return graph.nodes[i].kind === "constant" ? shortNumber(graph.nodes[i].constant) : graph.nodes[i].name;
}

/** A constant as one would write it: no zeros at the end. */
function shortNumber(x) {
  return Number.isFinite(x) ? twoDigits(String(Number(x.toPrecision(4)))) : numberText(x);
}

/** An exponent of at least two digits, as in all other numbers of a page: 1e-09. */
function twoDigits(text) {
  return text.replace(/(?<=e[+-])\d$/, "0$&");
}

/** A node as an expression of its operands' names. */
function expressionOf(graph, i) {
  const node = graph.nodes[i];
  if (node.kind !== "result") return "";
  return filled(graph.calls[node.rule], node.operands.map((k) => nameOf(graph, graph.edges[k].source)));
}

/** The same with the numbers filled in. */
function arithmeticOf(graph, values, i) {
  const texts = graph.nodes[i].operands.map((k) => numberText(values.data[graph.edges[k].source]));
  return filled(graph.calls[graph.nodes[i].rule], texts);
}

/** A number as a factor or a term: negative ones in brackets. */
function bracketed(x) {
  const text = numberText(x);
  return text.startsWith("-") ? `(${text})` : text;
}

/** The step as one or two full sentences. */
function sentenceOf(graph, values, steps, s) {
  const step = steps[s];
  const where = `Step ${s} of ${steps.length - 1}.`;
  const name = (i) => nameOf(graph, i);
  if (step.kind === "start") return `${where} The leaves have their values; nothing is computed yet.`;
  if (step.kind === "end") return `${where} Every gradient is complete: backpropagation is done.`;
  if (step.kind === "seed") {
    const seed = `the gradient of ${name(step.node)} is ${numberText(graph.seed)}, its derivative by itself`;
    return `${where} The backward pass begins: ${seed}.`;
  }
  if (step.kind === "question") return `${where} ${questionSentence(graph, step)}`;
  if (step.kind === "forward") {
    const arithmetic = `${arithmeticOf(graph, values, step.node)} = ${numberText(values.data[step.node])}`;
    return `${where} Forward: ${name(step.node)} is ${expressionOf(graph, step.node)}, that is ${arithmetic}.`;
  }
  const receiver = graph.edges[step.edge].source;
  const term = values.terms[step.edge];
  const before = term.before === null ? "0" : numberText(term.before);
  return (
    `${where} Backward from ${name(step.node)} to ${name(receiver)}: the local derivative ` +
    `${numberText(values.partials[step.edge])} times the gradient ${numberText(term.arriving)} that arrives is ` +
    `${numberText(term.product)}. The gradient of ${name(receiver)} was ${before} and is now ${numberText(term.after)}.`
  );
}
