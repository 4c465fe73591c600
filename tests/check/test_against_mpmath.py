"""The numeric derivative and its error against mpmath: the table's operations, micrograd's, and random programs.

That the estimate of the error is honest is what every verdict rests on: |numeric - exact| <= error.
"""

from __future__ import annotations

import cmath
import random
from collections.abc import Callable

import mpmath
import pytest
from micrograd.engine import Value as TheirValue
from mpmath import mpf

from autograd import Value
from autograd.check import gradcheck, gradcheck_pair
from autograd.check.exact import complex_step, precise
from autograd.functions import OPS

from ..oracle import definition, derivative, is_kink
from .random_programs import honesty, ordinary

by_name = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


@by_name
def test_the_error_covers_the_distance_to_the_exact_derivative(op):
    rng = random.Random(f"mpmath {op.name}")
    for _ in range(4):
        xs = ordinary(rng, op)
        assert not is_kink(op, tuple(xs))
        for k, row in enumerate(sorted(gradcheck(op, *xs).rows, key=lambda row: row.name)):
            exact = derivative(definition(op), tuple(xs), tuple(int(i == k) for i in range(len(xs))))
            assert row.verdict == "correct"
            assert abs(row.numeric - exact) <= row.error
            assert abs(row.analytic - exact) <= 1e-12 * abs(exact) + 1e-15


# --- micrograd's own operations ------------------------------------------------------------------------------

MICROGRAD: dict[str, tuple[Callable[..., object], Callable[..., mpf]]] = {
    "a + b": (lambda a, b: a + b, lambda a, b: a + b),
    "a * b": (lambda a, b: a * b, lambda a, b: a * b),
    "a - b": (lambda a, b: a - b, lambda a, b: a - b),
    "a / b": (lambda a, b: a / b, lambda a, b: a / b),
    "a ** 3": (lambda a, b: a**3 + b, lambda a, b: a**3 + b),
    "a ** -1.5": (lambda a, b: a**-1.5 * b, lambda a, b: a ** mpf(-1.5) * b),
    "relu": (lambda a, b: (a - b).relu() + a.relu(), lambda a, b: max(a - b, mpf(0)) + max(a, mpf(0))),
    "1 - a, 2 / b": (lambda a, b: (1 - a) * (2 / b), lambda a, b: (1 - a) * (2 / b)),
    "-a": (lambda a, b: -a * b, lambda a, b: -a * b),
    "shared": (lambda a, b: (a * b + a) * (a * b) + b * b, lambda a, b: (a * b + a) * (a * b) + b * b),
}


def their_data(f):
    return lambda *xs: f(*map(TheirValue, xs)).data


def their_gradient(f):
    def gradient(*xs):
        leaves = [*map(TheirValue, xs)]
        f(*leaves).backward()
        return [leaf.grad for leaf in leaves]

    return gradient


@pytest.mark.parametrize("name", MICROGRAD)
def test_micrograds_operations(name):
    theirs, exact = MICROGRAD[name]
    rng = random.Random(name)
    for _ in range(10):
        xs = (rng.uniform(0.1, 3.0), rng.uniform(-3.0, -0.1))
        result = gradcheck_pair(their_data(theirs), their_gradient(theirs), *xs)
        assert result.ok, result
        for k, row in enumerate(sorted(result.rows, key=lambda row: row.name)):
            slope = derivative(exact, xs, (1 - k, k))
            assert abs(row.numeric - slope) <= row.error
            assert abs(row.analytic - slope) <= 1e-14 * abs(slope)


# --- random programs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [0, 20])
def test_the_error_is_honest_on_random_programs(first):
    told = honest = 0
    for i in range(first, first + 20):
        one, other = honesty(f"mpmath {i}", 5 + 2 * i)
        told, honest = told + one, honest + other
    assert told > 50
    assert honest == told


# --- the exact methods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [0.3, 1.1, 2.5])
def test_the_engine_agrees_with_the_exact_methods(x):
    y = Value(x)
    z = (y.sin() * y.exp() + y.log()).tanh()
    z.backward()
    one, error = complex_step(lambda xs: mixed(cmath, xs[0]), [x], 0)
    two, other = precise(lambda xs: mixed(mpmath, xs[0]), [x], 0)
    assert abs(one - two) <= error + other
    assert y.grad == pytest.approx(two, rel=1e-14)


def mixed(module, x):
    return module.tanh(module.sin(x) * module.exp(x) + module.log(x))
