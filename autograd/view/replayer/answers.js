// Answers: typed text read as a number, whether it is right, and what is off if it is not. Nothing here touches the page.
// Read next: practice.js.

const LONGEST_ANSWER = 80; // characters
const NOTHING = 1e-12; // an answer below it may be given as 0
const RELATIVE = 1e-3;
const COARSEST = 5e-3; // what few decimals may be off, beside the answer
const SIGNS = { "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "∕": "/", "⁄": "/", "²": "^2", "³": "^3", "**": "^" };
const LITERAL = /^(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?/i;
const NO_NUMBERS = { inf: Infinity, "∞": Infinity, infinity: Infinity, nan: NaN };

/**
 * What was typed, as {value, unit}; null if it is not a number, a fraction or a product: 0.5 .5 0,5 1/2 -1e-3 2*3 1 - 0.5^2.
 * `unit` is one unit of the last digit, if enough digits were typed for it to mean something, and otherwise 0.
 */
function readAnswer(text) {
  if (text.length > LONGEST_ANSWER) return null;
  let typed = text.trim().replace(/\*\*|[−–×·⋅÷∕⁄²³]/g, (sign) => SIGNS[sign]);
  if (!typed.includes(".")) typed = typed.replace(/,(?=\d)/g, ".");
  const word = typed.toLowerCase().replace(/^[+-]/, "");
  if (Object.hasOwn(NO_NUMBERS, word)) return { value: typed.startsWith("-") ? -NO_NUMBERS[word] : NO_NUMBERS[word], unit: 0 };
  const tokens = tokensOf(typed);
  const value = tokens && parseSum(tokens);
  if (!tokens || tokens.length || value === null || Number.isNaN(value)) return null;
  return { value, unit: unitOf(typed) };
}

function tokensOf(typed) {
  const tokens = [];
  for (let rest = typed.trim(); rest; rest = rest.trim()) {
    const literal = LITERAL.exec(rest);
    if (!literal && !"+-*/^()".includes(rest[0])) return null;
    tokens.push(literal ? Number(literal[0]) : rest[0]);
    rest = rest.slice(literal ? literal[0].length : 1);
  }
  return tokens;
}

/** Tokens are taken from the front; null where a number is missing. */
function parseSum(tokens) {
  let sum = parseProduct(tokens);
  while (sum !== null && (tokens[0] === "+" || tokens[0] === "-")) {
    const sign = tokens.shift() === "+" ? 1 : -1;
    const term = parseProduct(tokens);
    sum = term === null ? null : sum + sign * term;
  }
  return sum;
}

function parseProduct(tokens) {
  let product = parseSigned(tokens);
  while (product !== null && (tokens[0] === "*" || tokens[0] === "/")) {
    const divides = tokens.shift() === "/";
    const factor = parseSigned(tokens);
    product = factor === null ? null : divides ? product / factor : product * factor;
  }
  return product;
}

function parseSigned(tokens) {
  if (tokens[0] !== "-" && tokens[0] !== "+") return parsePower(tokens);
  const sign = tokens.shift() === "-" ? -1 : 1;
  const x = parseSigned(tokens);
  return x === null ? null : sign * x;
}

function parsePower(tokens) {
  const base = parseSingle(tokens);
  if (base === null || tokens[0] !== "^") return base;
  tokens.shift();
  const exponent = parseSigned(tokens);
  return exponent === null ? null : base ** exponent;
}

function parseSingle(tokens) {
  const token = tokens.shift();
  if (typeof token === "number") return token;
  if (token !== "(") return null;
  const inside = parseSum(tokens);
  return tokens.shift() === ")" ? inside : null;
}

/** One unit of the last decimal of a single number with three significant digits or four decimals; 0 for anything else. */
function unitOf(typed) {
  const bare = typed.replace(/^[+-]\s*/, "");
  const literal = LITERAL.exec(bare);
  if (!literal || literal[0].length !== bare.length) return 0;
  const decimals = (literal[1].split(".")[1] || "").length;
  const significant = literal[1].replace(".", "").replace(/^0+/, "").length;
  return decimals && (significant >= 3 || decimals >= 4) ? 10 ** (Number(literal[2] || 0) - decimals) : 0;
}

/**
 * Whether what was typed agrees with a number: as the page shows it, or of the same sign and within a thousandth of it, or
 * within one unit of the last decimal typed where that is at most half a hundredth of it: 0.177 for 0.1774, not 0.123 for 0.125.
 */
function agrees(typed, x) {
  const { value, unit } = typed;
  if (!Number.isFinite(x) || !Number.isFinite(value)) return Object.is(value, x);
  if (value === x || value === asShown(x)) return true;
  if (value === 0) return Math.abs(x) < NOTHING;
  if (Math.sign(value) !== Math.sign(x)) return Math.abs(x) < NOTHING && Math.abs(value) < NOTHING;
  return Math.abs(value - x) <= Math.max(RELATIVE * Math.abs(x), Math.min(unit, COARSEST * Math.abs(x)));
}

/** Whether an answer is right: it agrees, and is no nearer to another number of the step, as the new term without the `+=`. */
function isRight(typed, asked, which) {
  const right = asked.right[which];
  const distance = (x) => Math.abs(typed.value - x);
  const nearest = Math.min(...right.map(distance));
  const { product, before, partial, arriving } = asked;
  const others = (which === 0 ? [product, arriving] : [product, before ?? 0, partial, arriving]).filter((x) => x !== right[0]);
  return right.some((x) => agrees(typed, x)) && !others.some((x) => distance(x) < nearest);
}

/** A number as it can be read off the page. */
function asShown(x) {
  const text = numberText(x);
  return Object.hasOwn(NO_NUMBERS, text.replace("-", "")) ? x : Number(text);
}

/** What is off in an answer to "the local derivative"; "" if that cannot be told. */
function whatIsOffLocal(typed, asked) {
  if (agrees(typed, asked.product)) {
    return "This is multiplied with the gradient that arrives already. Asked is the local derivative alone.";
  }
  if (asked.together !== null && agrees(typed, asked.together)) {
    return `This is the derivative by all operands that are ${asked.receiver}. Each has an edge of its own: asked is${asked.which}.`;
  }
  const other = asked.others.find(([, partial]) => agrees(typed, partial));
  if (other) return `This is the derivative by the other operand, ${other[0]}.`;
  return whatIsOffAnyway(typed, asked.partial);
}

/** What is off in an answer to "the gradient of the receiver now". */
function whatIsOffSum(typed, asked) {
  const { partial, arriving, product, before } = asked;
  if (before !== null) {
    if (agrees(typed, product)) {
      return `This is the new term alone: ${asked.receiver}.grad was ${numberText(before)} already, ` +
        "and the term is added to it (+=).";
    }
    if (agrees(typed, before)) return "This is the sum as it was: the new term is to be added to it.";
    if (agrees(typed, before - product)) return "The new term has the wrong sign.";
    if (agrees(typed, before + partial)) return "The local derivative was added as it is: multiply it with the gradient that arrives first.";
  }
  if (agrees(typed, partial)) return "This is the local derivative: multiply it with the gradient that arrives.";
  if (agrees(typed, arriving)) return "This is the gradient that arrives: multiply it with the local derivative.";
  return whatIsOffAnyway(typed, asked.after);
}

function whatIsOffAnyway(typed, x) {
  if (agrees(typed, -x)) return "The sign is wrong.";
  if (x !== 0 && agrees(typed, 1 / x)) return "This is one divided by what it should be.";
  if (agrees(typed, 2 * x)) return "This is twice what it should be.";
  if (agrees(typed, x / 2)) return "This is half of what it should be.";
  if (Math.abs(typed.value - x) <= 0.05 * Math.abs(x)) return "This is close, but not within a thousandth: give more digits.";
  return whichWay(typed.value, x);
}

/** At least whether it is too large, too small or of the wrong sign. */
function whichWay(value, x) {
  if (!Number.isFinite(value) || !Number.isFinite(x)) return "";
  if (value === 0) return "It is not 0.";
  if (x === 0) return `It is too ${value > 0 ? "large" : "small"}.`;
  const size = Math.abs(value) > Math.abs(x) ? "large" : "small";
  return Math.sign(value) === Math.sign(x) ? `The sign is right, the size too ${size}.`
    : `The sign is wrong, and the size too ${size}.`;
}
