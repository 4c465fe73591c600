const max = Math.max;

const maximum = Math.max;

const min = Math.min;

const minimum = Math.min;

// The largest exponential is 1 and stays outside the sum, so that nothing overflows and log1p keeps the others.
const logsumexp = (...xs) => {
  const largest = Math.max(...xs);
  if (Math.abs(largest) === Infinity) return largest;
  const others = xs.slice();
  others.splice(xs.indexOf(largest), 1);
  return largest + Math.log1p(others.reduce((sum, x) => sum + Math.exp(x - largest), 0));
};

const logaddexp = (a, b) => logsumexp(a, b);

const binary_cross_entropy_with_logits = (z, t) => t * softplus(-z) + (1 - t) * softplus(z);
