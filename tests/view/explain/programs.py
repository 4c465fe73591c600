"""Small random computations, and every path through one by brute force."""

import math

from hypothesis import strategies as st

from autograd import Value, maximum, sin, sum as total, tanh
from autograd.partials import stored_partials

STEPS = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - b,
    lambda a, b: tanh(a),
    lambda a, b: sin(a) * 3,
    lambda a, b: total([a, b, a]),
    lambda a, b: 2 - b,
    lambda a, b: maximum(a, b),
)
STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 4), st.integers(0, 4))


@st.composite
def programs(draw):
    """(y, x): y a result of up to nine steps, each of two of the last five Values; x one of the first two."""
    numbers = st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 3.0])
    values = [Value(draw(numbers)), Value(draw(numbers))]
    for step, i, j in draw(st.lists(STEP, min_size=1, max_size=9)):
        recent = values[-5:]
        values.append(step(recent[i % len(recent)], recent[j % len(recent)]))
    return values[-1], values[draw(st.integers(0, 1))]


def every_path(y, x):
    """The products of all paths from x to y, as the definition of the chain rule says: for small graphs alone."""
    if y is x:
        return [1.0]
    return [p.partial * product for p in stored_partials(y) for product in every_path(p.operand, x)]


def by_size(products):
    return sorted(products, key=lambda p: -math.inf if math.isnan(p) else -abs(p))
