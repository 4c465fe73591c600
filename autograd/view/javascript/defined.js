// Where an operation has no value it throws, with the words of Python's DomainError.
class Undefined extends RangeError {}

const fail = () => {
  throw new Undefined("a rule is undefined here");
};

// `f` of the operands; `labels` are theirs as Python's repr shows them, "" for none.
const defined = (name, domain, f) => (xs, labels = []) => {
  try {
    return f(xs);
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    const shown = xs.map((x, i) => (labels[i] ? `${repr(x)} (label ${labels[i]})` : repr(x)));
    throw new RangeError(`${name} is undefined at ${shown.join(", ")}${domain}`);
  }
};

// A number as Python writes it: the fewest digits that say which one it is.
const repr = (x) => {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const [digits, exponent] = x.toExponential().split("e");
  if (x === 0 || (exponent >= -4 && exponent < 16)) {
    const text = x.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent));
    return text.includes(".") ? text : `${text}.0`;
  }
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
};

// What is needed on one side of a choice only is computed there, and once.
const lazy = (f) => {
  let value;
  let known = false;
  return () => {
    if (!known) {
      value = f();
      known = true;
    }
    return value;
  };
};
