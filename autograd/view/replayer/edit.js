// Editing: an input for each leaf, and the whole replay computed again in the page with the same rules.
// Read next: main.js.

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NAMED = { inf: Infinity, infinity: Infinity, nan: NaN };

/** A number as it may be typed; a string saying what is wrong with anything else. */
function parseNumber(text) {
  const typed = text.trim().replace("\u2212", "-");
  const word = typed.toLowerCase().replace(/^[+-]/, "");
  if (Object.hasOwn(NAMED, word)) return typed.startsWith("-") ? -NAMED[word] : NAMED[word];
  if (DECIMAL.test(typed)) return Number(typed);
  if (!typed) return "Type a number.";
  if (/^[+-]?\d+,\d+$/.test(typed)) return `“${typed}” is not a number: write a point in place of the comma.`;
  return `“${typed.slice(0, 40)}” is not a number.`;
}

/** A number as it is edited: all its digits, as Python writes them. */
function exactText(x) {
  if (!Number.isFinite(x)) return numberText(x);
  return Number.isInteger(x) && Math.abs(x) < 1e15 ? `${x}.0` : String(x);
}

/**
 * Inputs for the leaves.
 * `original` and `recomputed` are {data, partials}; `onChange(numbers)` is called after a successful edit or a reset.
 */
function createEditor(graph, rules, original, editable, onChange) {
  const given = new Map();
  const inputs = new Map();
  const message = element("p", { class: "message", role: "alert", hidden: "" });
  const reset = element("button", { type: "button", class: "reset", disabled: "" }, "Reset the leaves");
  let numbers = original;

  /** What is wrong, if anything; then the reset is a way out, too. */
  function tell(text, input) {
    message.textContent = text;
    message.toggleAttribute("hidden", !text);
    reset.disabled = !text && !given.size;
    for (const other of inputs.values()) other.removeAttribute("aria-invalid");
    if (input && text) input.setAttribute("aria-invalid", "true");
  }

  function commit(i) {
    const input = inputs.get(i);
    if (!input.dataset.typed) return; // left as it was
    if (input.value === exactText(numbers.data[i])) return tell("");
    const x = parseNumber(input.value);
    if (typeof x === "string") return tell(`${nameOf(graph, i)}: ${x} The replay is as before.`, input);
    const refused = give(new Map([[i, x]]));
    if (!refused) return;
    tell(`${nameOf(graph, i)} = ${numberText(x)} is not possible: ${refused}. The replay is as before.`, input);
  }

  /** Compute everything anew with other numbers in some leaves; returns what is wrong if that cannot be, or else "". */
  function give(leaves) {
    try {
      numbers = evaluate(graph, rules, original.data, new Map([...given, ...leaves]));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return `at ${nameOf(graph, error.node)}, ${error.message}`;
    }
    for (const [i, x] of leaves) {
      given.set(i, x);
      delete inputs.get(i).dataset.typed;
      show(i, inputs.get(i).matches(":focus"));
    }
    tell("");
    onChange(numbers);
    return "";
  }

  /** Four decimals while it is looked at, all digits while it is edited. */
  function show(i, exact) {
    const input = inputs.get(i);
    if (!input.dataset.typed) input.value = exact ? exactText(numbers.data[i]) : numberText(numbers.data[i]);
  }

  reset.addEventListener("click", () => {
    given.clear();
    numbers = original;
    tell("");
    for (const [i, input] of inputs) {
      delete input.dataset.typed;
      show(i, false);
    }
    onChange(numbers);
  });

  function inputOf(i) {
    if (!editable || graph.nodes[i].kind !== "leaf") return null;
    const input = element("input", {
      type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", class: "leaf",
      "aria-label": `data of ${graph.nodes[i].name}`,
    });
    inputs.set(i, input);
    show(i, false);
    input.addEventListener("focus", () => {
      show(i, true);
      if (!input.matches(":active")) input.select(); // as after every tabulator; a pointer sets the caret itself
    });
    input.addEventListener("input", () => (input.dataset.typed = "yes"));
    input.addEventListener("blur", () => {
      commit(i);
      delete input.dataset.typed; // a number that was refused does not stay; why it was, is still told
      input.removeAttribute("aria-invalid");
      show(i, false);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") commit(i);
      if (event.key !== "Escape") return;
      delete input.dataset.typed;
      show(i, true);
      tell("");
    });
    return input;
  }

  return { inputOf, message, reset, give: editable ? give : null };
}
