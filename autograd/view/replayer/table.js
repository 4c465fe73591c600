// The table of all that has been computed: a row for each node, which follows the step.
// Read next: edit.js, the inputs of the leaves.

const LONG_NAME = 5; // characters that have room in any window
const LONG = 5;
const BLOCK = 20; // rows that are laid out and painted together, and only where they are in sight

/** A table with a head; its roles are told since its rows are laid out as grids. */
function tableOf(title, columns, rows, kind = "nodes") {
  const head = columns.map((text) => element("th", { scope: "col", role: "columnheader" }, text));
  return element("table", { class: kind, role: "table", "aria-label": title },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)), ...blocksOf(rows));
}

function blocksOf(rows) {
  const blocks = [];
  for (let i = 0; i < rows.length; i += BLOCK) {
    const block = element("tbody", { role: "rowgroup" }, ...rows.slice(i, i + BLOCK));
    block.style.setProperty("--rows", block.rows.length);
    blocks.push(block);
  }
  return blocks;
}

function createTable(graph, onPick, inputOf) {
  const rows = new Map();
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
      element("td", { class: expression.length > LONG ? "expression long" : "expression", role: "cell",
        title: expression }, expression),
      data, grad);
    row.addEventListener("click", (event) => {
      if (!event.target.closest("input")) onPick(i);
    });
    rows.set(i, { row, data, grad, input, place: rows.size });
  });
  const made = [...rows.values()].map(({ row }) => row);
  const table = tableOf("What has been computed", ["node", "expression", "data", "grad"], made);
  const view = element("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table of all nodes" },
    table);
  let current = null;

  function paintNode(values, i, s) {
    const found = rows.get(i);
    if (!found) return;
    if (!found.input) found.data.textContent = numberText(dataAt(values, i, s));
    found.grad.textContent = numberText(gradAt(values, i, s));
    found.row.classList.toggle("pending", stageAt(values, i, s) === "pending");
  }

  function mark(i) {
    if (current) current.removeAttribute("aria-current");
    current = rows.has(i) ? rows.get(i).row : null;
    if (current) current.setAttribute("aria-current", "step");
  }

  /** Scroll the table, never the page, until the row of a node shows below the head, which is as high as any row. */
  function reveal(i) {
    if (!rows.has(i)) return;
    const height = table.tHead.getBoundingClientRect().height;
    const top = rows.get(i).place * height;
    const bottom = top + 2 * height;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (bottom > view.scrollTop + view.clientHeight) view.scrollTop = bottom - view.clientHeight;
  }

  return { view, paintNode, mark, reveal };
}
