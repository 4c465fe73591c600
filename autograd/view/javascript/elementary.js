// Python raises where JavaScript gives Infinity or NaN. NaN as an operand is passed on by both.
const inside = (holds, f) => (x) => (holds(x) || Number.isNaN(x) ? f(x) : fail());

const finite = (x) => Math.abs(x) < Infinity;

const log = inside((x) => x > 0, Math.log);

const log1p = inside((x) => x > -1, Math.log1p);

const log2 = inside((x) => x > 0, Math.log2);

const log10 = inside((x) => x > 0, Math.log10);

const sqrt = inside((x) => x >= 0, Math.sqrt);

const sin = inside(finite, Math.sin);

const cos = inside(finite, Math.cos);

const tan = inside(finite, Math.tan);

const asin = inside((x) => x >= -1 && x <= 1, Math.asin);

const acos = inside((x) => x >= -1 && x <= 1, Math.acos);

const acosh = inside((x) => x >= 1, Math.acosh);

const atanh = inside((x) => x > -1 && x < 1, Math.atanh);

const exp = Math.exp;

const expm1 = Math.expm1;

const exp2 = (x) => 2 ** x;

const cbrt = Math.cbrt;

const atan = Math.atan;

const atan2 = Math.atan2;

const sinh = Math.sinh;

const cosh = Math.cosh;

const tanh = Math.tanh;

const asinh = Math.asinh;

const hypot = Math.hypot;

const norm = Math.hypot;

const abs = Math.abs;

// + 0 makes 0 of -0, which Python's whole numbers do not have.
const floor = (x) => Math.floor(x) + 0;

const ceil = (x) => Math.ceil(x) + 0;

// Halves to even, where Math.round takes them up.
const round = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)) + 0;

const div = (a, b) => (b === 0 ? fail() : a / b);

// 1 ** NaN and (-1) ** Infinity are 1 in C and in Python.
const pow = (a, b) => {
  if (a < 0 && b % 1 !== 0 && finite(b)) return fail();
  if (a === 0 && b < 0 && finite(b)) return fail();
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
};
