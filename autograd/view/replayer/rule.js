// The rule of a local derivative, with the names or the numbers of this graph in the place of the table's letters.
// Read next: panel.js.

const FIRST_LETTER = 0xe000; // private characters stand for letters: see letters.py
const RESULT = -1;
const parsedRules = new WeakMap(); // read once, and copied for each step

function mathOf(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html").querySelector("math");
  if (!parsed) return document.createTextNode("");
  parsed.setAttribute("displaystyle", "true");
  return document.importNode(parsed, true);
}

function localOf(graph, step) {
  return graph.locals[graph.edges[step.edge].local];
}

/** The node that a character of a rule stands for, or undefined. */
function nodeOfLetter(graph, step, character) {
  const place = localOf(graph, step).places[character.charCodeAt(0) - FIRST_LETTER];
  if (place === undefined) return undefined;
  return place === RESULT ? step.node : graph.edges[graph.nodes[step.node].operands[place]].source;
}

/** The rule as mathematics; `write(node, letter)` gives the element that takes the place of a letter. */
function ruleOf(graph, step, write) {
  const local = localOf(graph, step);
  if (!parsedRules.has(local)) parsedRules.set(local, mathOf(local.mathml));
  const math = parsedRules.get(local).cloneNode(true);
  if (!local.mathml) return math;
  for (const letter of math.querySelectorAll("mi")) {
    const node = letter.textContent.length === 1 ? nodeOfLetter(graph, step, letter.textContent) : undefined;
    if (node !== undefined) letter.replaceWith(write(node, letter));
  }
  return math;
}

/** With names; constants are the numbers that they are. */
function namedRule(graph, step) {
  return ruleOf(graph, step, (i, letter) => (graph.nodes[i].kind === "constant" ? numberInRule(nameOf(graph, i), letter)
    : mathElement("mi", {}, nameOf(graph, i))));
}

function filledRule(graph, values, step) {
  return ruleOf(graph, step, (i, letter) => numberInRule(numberText(values.data[i]), letter));
}

/** With names, in one line. */
function spokenRule(graph, step) {
  return localOf(graph, step).text.replace(/[\ue000-\uf8ff]/g, (character) => {
    const node = nodeOfLetter(graph, step, character);
    return node === undefined ? character : nameOf(graph, node);
  });
}

/** A number where a letter was: in brackets after another factor, as the base of a power, and where it is negative. */
function numberInRule(text, letter) {
  const number = mathElement("mn", {}, text);
  const before = letter.previousElementSibling;
  const isFactor = before ? !["mo", "mspace"].includes(before.localName) : letter.parentElement.localName === "msup";
  if (!isFactor && !text.startsWith("-")) return number;
  return mathElement("mrow", {}, mathElement("mo", {}, "("), number, mathElement("mo", {}, ")"));
}
