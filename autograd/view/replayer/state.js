// The steps of a replay and the numbers at each of them, as pure functions of the graph: nothing here touches the page.
// Read next: formula.js, how a step is written down.

const PLACEHOLDER = /\ue000(\d+)\ue001/;

function decodeNumbers(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** Numbers of which each is written once, and how often it stands there. */
function decodeRuns([text, lengths]) {
  return decodeNumbers(text).flatMap((x, i) => Array(lengths[i]).fill(x));
}

/** The graph that Python wrote, with what is asked of it again and again: operands and results of each node. */
function readGraph(data) {
  const nodes = data.nodes.map((node) => ({ ...node, module: data.modules[node.module], operands: [], uses: [] }));
  const edges = edgesOf(data);
  edges.forEach((edge, k) => {
    nodes[edge.target].operands.push(k);
    nodes[edge.source].uses.push(k);
  });
  const calls = data.calls.map(({ text, brackets }) => ({ pieces: text.split(PLACEHOLDER), brackets }));
  return { nodes, edges, calls, locals: data.locals, sources: data.sources, output: data.output, seed: data.seed };
}

/** Only their sources are written down: each node with a rule has as many edges, one after the other, as its call has operands. */
function edgesOf(data) {
  const targets = data.nodes.flatMap((node, i) => (node.rule === undefined ? [] : data.calls[node.rule].locals.map((local) => [i, local])));
  return targets.map(([target, local], k) => ({ source: data.edges[k], target, local }));
}

/** Every step, in the order of the engine: results as computed; the seed; then edge by edge from the output back. */
function stepsOf(graph) {
  const steps = [{ kind: "start" }];
  graph.nodes.forEach((node, i) => {
    if (node.kind === "result") steps.push({ kind: "forward", node: i });
  });
  steps.push({ kind: "seed", node: graph.output });
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    for (const k of graph.nodes[i].operands) {
      if (graph.nodes[graph.edges[k].source].kind !== "constant") steps.push({ kind: "backward", node: i, edge: k });
    }
  }
  steps.push({ kind: "end" });
  return steps;
}

/** Where the forward pass ends: the step of the seed. */
function seedStep(steps) {
  return steps.findIndex((step) => step.kind === "seed");
}

/**
 * The backward pass over stored local derivatives, as the engine does it.
 * Of each edge: the gradient that arrives, the product, and the receiver's sum before and after (null: none yet).
 */
function gradientsOf(graph, steps, partials) {
  const grads = graph.nodes.map(() => null);
  const terms = graph.edges.map(() => null);
  const arrived = graph.nodes.map(() => 0);
  const history = graph.nodes.map(() => []);
  const arrive = (node, step, value) => {
    grads[node] = value;
    history[node].push([step, value]);
  };
  steps.forEach((step, s) => {
    if (step.kind === "seed") arrive(step.node, s, graph.seed);
    if (step.kind !== "backward") return;
    const receiver = graph.edges[step.edge].source;
    const arriving = grads[step.node];
    const product = partials[step.edge] * arriving;
    const before = grads[receiver];
    const after = before === null ? product : before + product;
    arrived[receiver] += 1;
    terms[step.edge] = { arriving, product, before, after, count: arrived[receiver] };
    arrive(receiver, s, after);
  });
  return { grads, terms, history };
}

/** All numbers of a replay. */
function valuesOf(graph, steps, numbers, partials) {
  const computed = graph.nodes.map(() => 0);
  steps.forEach((step, s) => {
    if (step.kind === "forward") computed[step.node] = s;
  });
  return { data: numbers, partials, computed, ...gradientsOf(graph, steps, partials) };
}

/** The data and local derivatives for other leaves: `given` maps a leaf to its number. Throws what a rule throws. */
function evaluate(graph, rules, numbers, given) {
  const data = numbers.slice();
  const partials = graph.edges.map(() => NaN);
  graph.nodes.forEach((node, i) => {
    if (given.has(i)) data[i] = given.get(i);
    if (node.kind !== "result") return;
    const xs = node.operands.map((k) => data[graph.edges[k].source]);
    try {
      data[i] = rules[node.rule].forward(xs);
      const sides = rules[node.rule].partials(data[i], xs);
      node.operands.forEach((k, position) => (partials[k] = sides[position]));
    } catch (error) {
      error.node = i;
      throw error;
    }
  });
  return { data, partials };
}

/** The data of a node after step s; null before it is computed. */
function dataAt(values, node, s) {
  return values.computed[node] <= s ? values.data[node] : null;
}

/** The gradient of a node after step s; null before any has arrived. */
function gradAt(values, node, s) {
  const history = values.history[node];
  let low = 0;
  let high = history.length; // the number of arrivals up to step s lies between
  while (low < high) {
    const middle = (low + high) >> 1;
    if (history[middle][0] <= s) low = middle + 1;
    else high = middle;
  }
  return low ? history[low - 1][1] : null;
}

/** "pending" before a node is computed, "computed", "growing" while gradients still arrive, "complete". */
function stageAt(values, node, s) {
  if (values.computed[node] > s) return "pending";
  const history = values.history[node];
  if (!history.length || history[0][0] > s) return "computed";
  return history[history.length - 1][0] <= s ? "complete" : "growing";
}

/** The node that changes at a step, or null. */
function changedBy(graph, step) {
  if (step.kind === "backward") return graph.edges[step.edge].source;
  return step.node === undefined ? null : step.node;
}

/** The step that tells most about a node: in the forward pass its computation, in the backward pass its whole gradient. */
function stepOfNode(graph, steps, values, node, current) {
  const history = values.history[node];
  if (current >= seedStep(steps) && history.length) return history[history.length - 1][0];
  if (graph.nodes[node].kind === "result") return values.computed[node];
  const uses = graph.nodes[node].uses.map((k) => values.computed[graph.edges[k].target]);
  return uses.length ? Math.min(...uses) : 0;
}
