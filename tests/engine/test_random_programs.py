"""Random programs against an oracle that knows no derivative rule: mpmath's numerical `diff` at 50 digits."""

import mpmath
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from autograd import Value, dot, logsumexp, sum as total
from autograd.engine import toposort

# Each op: with Values, and with mpmath's numbers. All are smooth and keep their results within a few units, so that
# rounding stays near the last digits and a wrong rule, wherever it is, cannot hide behind a tolerance.
OPS = {
    "add": (lambda a, b, c: (a + b) * 0.5, lambda a, b, c: (a + b) / 2),
    "sub": (lambda a, b, c: (a - b) / 2, lambda a, b, c: (a - b) / 2),
    "mul": (lambda a, b, c: (a * b).tanh(), lambda a, b, c: mp.tanh(a * b)),
    "div": (lambda a, b, c: a / (b * b + 1), lambda a, b, c: a / (b * b + 1)),
    "pow": (lambda a, b, c: (a * a + 1) ** -b.sigmoid(), lambda a, b, c: (a * a + 1) ** (-1 / (1 + mp.exp(-b)))),
    "pow constant": (lambda a, b, c: (a * a + 0.5) ** 0.75, lambda a, b, c: (a * a + mp.mpf(0.5)) ** mp.mpf(0.75)),
    "constant pow": (lambda a, b, c: 2 ** a.sin(), lambda a, b, c: 2 ** mp.sin(a)),
    "constant minus": (lambda a, b, c: c - a, lambda a, b, c: mp.mpf(c) - a),
    "constant times": (lambda a, b, c: a * c, lambda a, b, c: a * mp.mpf(c)),
    "constant over": (lambda a, b, c: c / (2 + a.cos()), lambda a, b, c: mp.mpf(c) / (2 + mp.cos(a))),
    "neg": (lambda a, b, c: -a, lambda a, b, c: -a),
    "exp": (lambda a, b, c: (-(a * a)).exp(), lambda a, b, c: mp.exp(-a * a)),
    "log": (lambda a, b, c: (a * a + 1).log(), lambda a, b, c: mp.log(a * a + 1)),
    "sqrt": (lambda a, b, c: (a * a + 1).sqrt(), lambda a, b, c: mp.sqrt(a * a + 1)),
    "sin": (lambda a, b, c: a.sin(), lambda a, b, c: mp.sin(a)),
    "tanh": (lambda a, b, c: a.tanh(), lambda a, b, c: mp.tanh(a)),
    "sum": (lambda a, b, c: total([a, b, c, a]) / 4, lambda a, b, c: (2 * a + b + mp.mpf(c)) / 4),
    "dot": (lambda a, b, c: dot([a, c], [b, a], b).tanh(), lambda a, b, c: mp.tanh(a * b + mp.mpf(c) * a + b)),
    "logsumexp": (
        lambda a, b, c: logsumexp([a, b, c]) - 1,
        lambda a, b, c: mp.log(mp.exp(a) + mp.exp(b) + mp.exp(mp.mpf(c))) - 1,
    ),
}

number = st.floats(-1.5, 1.5)
instruction = st.tuples(st.sampled_from(sorted(OPS)), st.integers(0, 10**6), st.integers(0, 10**6), number)


def run(program, leaves, side):
    """The last of the values that the program computes; each instruction takes operands among all before it."""
    values = list(leaves)
    for op, i, j, c in program:
        values.append(OPS[op][side](values[i % len(values)], values[j % len(values)], c))
    return values[-1]


def scale(y, leaves):
    """What the gradients would be if no term cancelled another: the measure of their rounding errors."""
    order = toposort(y)
    sizes = dict.fromkeys(order, 0.0)
    sizes[y] = 1.0
    for v in reversed(order):
        for x, partial in local_partials(v):
            sizes[x] += abs(partial) * sizes[v]
    return [sizes.get(leaf, 0.0) for leaf in leaves]


def local_partials(v):
    """The operands of `v` that are Values, with the partials by them."""
    if type(v.b) is tuple:
        return [(x, d) for x, d in zip(v.b, v.db, strict=True) if x is not None]
    return [(x, d) for x, d in ((v.a, v.da), (v.b, v.db)) if x is not None]


@settings(max_examples=150, deadline=None)
@given(st.lists(number, min_size=1, max_size=3), st.lists(instruction, min_size=1, max_size=12))
def test_gradients_of_random_programs(data, program):
    leaves = [Value(x) for x in data]
    y = run(program, leaves, 0)
    y.backward()
    with mp.workdps(50):
        exact = run(program, [mp.mpf(x) for x in data], 1)
        assert abs(y.data - exact) <= 1e-13 * (1 + abs(exact))
        for i, (leaf, size) in enumerate(zip(leaves, scale(y, leaves), strict=True)):
            others = [mp.mpf(x) for x in data]
            derivative = mpmath.diff(lambda t, i=i, at=others: run(program, [*at[:i], t, *at[i + 1 :]], 1), others[i])
            assert abs(leaf.grad - derivative) <= 1e-12 * (1 + size)


@pytest.mark.parametrize("op", sorted(OPS))
def test_each_instruction_alone(op):
    a, b, c = 0.7, -1.1, 0.4
    x, y = Value(a), Value(b)
    result = OPS[op][0](x, y, c)
    result.backward()
    with mp.workdps(50):
        exact = OPS[op][1]
        by_a = mpmath.diff(lambda t: exact(t, mp.mpf(b), c), mp.mpf(a))
        by_b = mpmath.diff(lambda t: exact(mp.mpf(a), t, c), mp.mpf(b))
        assert abs(result.data - exact(mp.mpf(a), mp.mpf(b), c)) <= 1e-15
        assert abs(x.grad - by_a) <= 1e-15
        assert abs(y.grad - by_b) <= 1e-15
