// No exponential here overflows to NaN: each is taken of a number below 0.
const sigmoid = (x) => {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
};

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const log_sigmoid = (x) => -softplus(-x);

const elu = (x, alpha) => (x <= 0 ? alpha * Math.expm1(x) : x);

const celu = (x, alpha) => {
  if (alpha <= 0) return fail();
  return x <= 0 ? alpha * Math.expm1(x / alpha) : x;
};

// The fixed point of mean 0 and variance 1.
const selu = (x) => 1.0507009873554805 * elu(x, 1.6732632423543772);

const silu = (x) => x * sigmoid(x);

const mish = (x) => x * Math.tanh(softplus(x));

const softsign = (x) => x / (1 + Math.abs(x));

const gelu = (x) => 0.5 * x * erfc(-Math.SQRT1_2 * x);

const gelu_tanh = (x) => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
