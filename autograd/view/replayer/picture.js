// The picture of the graph, and what moves on it: the active node, the active edge, the numbers known so far.
// Read next: panel.js.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const SPACE = 24; // pixels around what is brought into view
const TALLEST = 0.46; // of the window: how high the picture may be; the same in replay.css
const STAGES = ["pending", "computed", "growing", "complete"];

function svgElement(tag, attributes) {
  const made = document.createElementNS(SVG_NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** The shapes of the SVG by node and by edge: `shapes[i] = {group, data, grad, op}`. */
function shapesOf(svg, graph) {
  const shapes = graph.nodes.map(() => ({}));
  for (const group of svg.querySelectorAll("g[data-node]")) {
    const shape = shapes[Number(group.dataset.node)];
    if (group.classList.contains("op")) shape.op = group;
    else Object.assign(shape, { group, data: group.querySelector(".data"), grad: group.querySelector(".grad") });
  }
  const edges = graph.edges.map(() => null);
  for (const group of svg.querySelectorAll("g.edge")) {
    for (const k of (group.dataset.edge || "").split(" ")) if (k) edges[Number(k)] = group;
    if (group.classList.contains("result")) shapes[Number(group.dataset.target)].arrow = group;
  }
  return { shapes, edges };
}

/** Marks that lie over the picture and are moved, so that a step touches few elements. */
function marksFor(svg) {
  const layer = svgElement("g", { class: "marks", "aria-hidden": "true" });
  const marks = {};
  for (const name of ["flow", "flowThrough"]) marks[name] = svgElement("path", { class: `mark ${name}`, fill: "none" });
  for (const name of ["source", "target"]) marks[name] = svgElement("rect", { class: `mark ${name}`, rx: 9, fill: "none" });
  for (const name of ["times", "plus"]) marks[name] = pill(name);
  layer.append(...Object.values(marks));
  svg.append(layer);
  return marks;
}

function surround(mark, group, margin) {
  mark.toggleAttribute("hidden", !group);
  if (!group) return;
  const box = boxOf(group);
  mark.setAttribute("x", box.x - margin);
  mark.setAttribute("y", box.y - margin);
  mark.setAttribute("width", box.width + 2 * margin);
  mark.setAttribute("height", box.height + 2 * margin);
}

function follow(mark, group, quick) {
  if (!quick) mark.parentNode.prepend(mark); // put in again, so that its dashes run again
  const path = group && group.querySelector("path");
  mark.toggleAttribute("hidden", !path);
  if (path) mark.setAttribute("d", path.getAttribute("d"));
}

/** The picture in a window that scrolls; `onPick(node)` when a node is clicked. */
function createPicture(graph, svg, onPick) {
  const { shapes, edges } = shapesOf(svg, graph);
  const marks = marksFor(svg);
  svg.querySelectorAll("g > title").forEach((title) => title.remove()); // they would tell old numbers
  const natural = { width: Number(svg.getAttribute("width")), height: Number(svg.getAttribute("height")) + PILL.height };
  svg.setAttribute("viewBox", `0 0 ${natural.width} ${natural.height}`); // room for what hangs below the lowest shape
  const view = element("div", { class: "picture", tabindex: "0", role: "region", "aria-label": "Graph" }, svg);
  const groups = [...svg.querySelectorAll("g[data-node], g.edge")];
  const cull = createCulling(view, groups);
  const hang = createHanging(groups, natural);
  const showWhatIsInSight = () => cull(scale, view.scrollLeft, view.scrollTop);
  let scale = 1;

  view.addEventListener("scroll", showWhatIsInSight, { passive: true });
  new ResizeObserver(showWhatIsInSight).observe(view);
  svg.addEventListener("click", (event) => {
    const group = event.target.closest("g[data-node]");
    if (group) onPick(Number(group.dataset.node));
  });

  function paintNode(values, i, s) {
    const { group, data, grad, op } = shapes[i];
    if (!group || graph.nodes[i].kind === "constant") return;
    const stage = stageAt(values, i, s);
    for (const shape of [group, op]) {
      if (shape) for (const name of STAGES) shape.classList.toggle(name, name === stage);
    }
    if (data) data.textContent = numberText(dataAt(values, i, s));
    if (grad) grad.textContent = numberText(gradAt(values, i, s));
  }

  function paintEdge(steps, k, s, stepOfEdge) {
    const group = edges[k];
    if (group) group.classList.toggle("passed", stepOfEdge[k] <= s);
  }

  function paintConstant(values, i) {
    const text = shapes[i].group && shapes[i].group.querySelector("text");
    if (text) text.textContent = shortNumber(values.data[i]);
  }

  /** Surround what the step is about, and bring it into view. */
  function mark(values, step, quick) {
    const none = step.node === undefined;
    const backward = step.edge !== undefined;
    const asked = step.kind === "question";
    const receiver = backward ? graph.edges[step.edge].source : null;
    const node = none ? {} : shapes[step.node];
    if (!none) reveal(backward ? [shapes[receiver].group, node.group] : [node.group, node.op], quick);
    for (const shape of Object.values(marks)) {
      shape.classList.toggle("backward", backward);
      shape.classList.toggle("still", quick);
    }
    surround(marks.target, node.group, 5);
    surround(marks.source, backward ? shapes[receiver].group : step.kind === "forward" ? node.op : null, 5);
    follow(marks.flow, backward ? edges[step.edge] : null, quick);
    follow(marks.flowThrough, step.kind === "seed" ? null : node.arrow, quick);
    const shown = (sign, x) => `${sign} ${asked ? "?" : numberText(x)}`;
    const taken = backward ? hang(marks.times, node.op, shown("×", values.partials[step.edge])) : hang(marks.times, null);
    if (backward) hang(marks.plus, shapes[receiver].group, shown("+=", values.terms[step.edge].product), taken);
    else hang(marks.plus, null);
  }

  /** Scroll so that these shapes are inside the window; if they are too far apart, the first of them. */
  function reveal(groups, quick) {
    const boxes = groups.filter(Boolean).map(boxOf);
    if (!boxes.length) return;
    const x = scrolled(boxes.map((box) => [box.x, box.x + box.width]), view.scrollLeft, view.clientWidth);
    const y = scrolled(boxes.map((box) => [box.y, box.y + box.height]), view.scrollTop, view.clientHeight);
    if (Math.abs(x - view.scrollLeft) < 1 && Math.abs(y - view.scrollTop) < 1) return;
    const smooth = !quick && !prefersReducedMotion();
    view.scrollTo({ left: x, top: y, behavior: smooth ? "smooth" : "auto" });
    if (!smooth) showWhatIsInSight(); // at once: that it has scrolled is told a frame later
  }

  /** Where the window of a size begins so that these stretches are in it: where it is now, or with them in its middle. */
  function scrolled(stretches, now, size) {
    let low = Math.min(...stretches.map((stretch) => stretch[0])) * scale - SPACE;
    let high = Math.max(...stretches.map((stretch) => stretch[1])) * scale + SPACE;
    if (high - low > size) [low, high] = stretches[0].map((end) => end * scale);
    return low >= now && high <= now + size ? now : (low + high - size) / 2;
  }

  function zoom(to) {
    scale = Math.min(3, Math.max(0.1, to));
    svg.style.width = `${natural.width * scale}px`;
    svg.style.height = `${natural.height * scale}px`;
    svg.style.maxWidth = "none";
    showWhatIsInSight();
  }

  /** As large as fits, but never so small that numbers cannot be read: then it scrolls. */
  function fit(smallest) {
    const width = view.clientWidth / natural.width;
    const height = (TALLEST * window.innerHeight) / natural.height;
    zoom(Math.max(smallest, Math.min(1.4, width, height)));
  }

  return { view, svg, paintNode, paintEdge, paintConstant, mark, zoom, fit, scale: () => scale };
}
