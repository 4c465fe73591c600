// The table of all that has been computed: a row for each node, which follows the step.
// Read next: edit.js, the inputs of the leaves.

const LONG_NAME = 6; // characters that have room in any window
const LONG = 9;

/** A table with a head; its roles are told since its rows are laid out as grids. */
function tableOf(title, columns, body, kind = "nodes") {
  const head = columns.map((text) => element("th", { scope: "col", role: "columnheader" }, text));
  return element("table", { class: kind, role: "table", "aria-label": title },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)), body);
}

function createTable(graph, onPick, inputOf) {
  const rows = new Map();
  const body = element("tbody", { role: "rowgroup" });
  graph.nodes.forEach((node, i) => {
    if (node.kind === "constant") return;
    const button = element("button", { type: "button", class: "plain" }, node.name);
    const data = element("td", { class: "data", role: "cell" });
    const grad = element("td", { class: "grad", role: "cell" });
    const input = inputOf(i);
    if (input) data.append(input);
    const expression = node.kind === "leaf" ? "leaf" : expressionOf(graph, i);
    const row = element("tr", { class: node.kind, role: "row" },
      element("th", { scope: "row", role: "rowheader", class: node.name.length > LONG_NAME ? "long" : "" }, button),
      element("td", { class: expression.length > LONG ? "expression long" : "expression", role: "cell", title: expression }, expression),
      data, grad);
    row.addEventListener("click", (event) => {
      if (!event.target.closest("input")) onPick(i);
    });
    body.append(row);
    rows.set(i, { row, data, grad, input });
  });
  const table = tableOf("What has been computed", ["node", "expression", "data", "grad"], body);
  const view = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table of all nodes" }, table);
  let current = null;

  function paintNode(values, i, s) {
    const found = rows.get(i);
    if (!found) return;
    if (!found.input) found.data.textContent = numberText(dataAt(values, i, s));
    found.grad.textContent = numberText(gradAt(values, i, s));
    found.row.classList.toggle("pending", stageAt(values, i, s) === "pending");
  }

  /** Mark the row of a node, and scroll the table, never the page, until it shows. */
  function mark(i) {
    if (current) current.removeAttribute("aria-current");
    current = rows.has(i) ? rows.get(i).row : null;
    if (!current) return;
    current.setAttribute("aria-current", "step");
    const top = current.offsetTop - table.tHead.offsetHeight;
    const bottom = current.offsetTop + current.offsetHeight;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (bottom > view.scrollTop + view.clientHeight) view.scrollTop = bottom - view.clientHeight;
  }

  return { view, paintNode, mark };
}
