"""What every kind of gradient must be called: one test for each kind, through the public functions."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Op, Value, functions as F  # noqa: N812
from autograd.check import gradcheck, gradcheck_pair

MISTAKES = {  # the rule that is right, its forward function, and the mistake
    "sign": (math.sin, lambda y, x: (-math.cos(x),)),
    "factor two": (lambda x: x * x, lambda y, x: (x,)),
    "factor two too many": (math.exp, lambda y, x: (2 * y,)),
    "input for output": (math.tanh, lambda y, x: (1 - x * x,)),
    "output for input": (math.log, lambda y, x: (1 / y,)),
    "exponent too large": (lambda x: x**3, lambda y, x: (3 * x**3,)),
    "exponent too small": (lambda x: x**3, lambda y, x: (3 * x,)),
    "factor of the exponent missing": (lambda x: x**3, lambda y, x: (x**2,)),
    "factor of the exponent off by one": (lambda x: x**3, lambda y, x: (2 * x**2,)),
    "tanh without the square": (math.tanh, lambda y, x: (1 - y,)),
    "sigmoid for tanh": (math.tanh, lambda y, x: (y * (1 - y),)),
    "exp and log swapped": (math.exp, lambda y, x: (1 / x,)),
    "sine for cosine": (math.sin, lambda y, x: (math.sin(x),)),
    "one": (math.sin, lambda y, x: (1.0,)),
    "zero": (math.sin, lambda y, x: (0.0,)),
    "reciprocal": (math.exp, lambda y, x: (1 / y,)),
    "millionth too large": (math.sin, lambda y, x: (math.cos(x) * 1.000001,)),
    "millionth too small": (math.sin, lambda y, x: (math.cos(x) * 0.999999,)),
    "millionth added": (math.sin, lambda y, x: (math.cos(x) + 1e-6,)),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("x", [0.3, 1.7])
def test_wrong_rules_of_one_operand(name, x):
    forward, partials = MISTAKES[name]
    op = Op("op", "op", 1, forward, partials)
    assert gradcheck(op, x).verdict == "wrong"
    assert gradcheck(lambda a, b: (op(a) * b).sigmoid() + b, x, 0.4).verdict == "wrong"


@pytest.mark.parametrize(("forward", "partials", "wrong"), [
    (lambda a, b: a * b, lambda y, a, b: (a, b), {"a", "b"}),  # swapped
    (lambda a, b: a * b, lambda y, a, b: (b, 0.0), {"b"}),  # dropped
    (lambda a, b: a - b, lambda y, a, b: (1.0, 1.0), {"b"}),
    (lambda a, b: a - b, lambda y, a, b: (-1.0, 1.0), {"a", "b"}),  # as b - a
    (lambda a, b: a / b, lambda y, a, b: (1 / b, -a / b), {"b"}),  # without the square
    (lambda a, b: a / b, lambda y, a, b: (1 / b, -1 / b**2), {"b"}),  # without the numerator
    (lambda a, b: a**b, lambda y, a, b: (b * a ** (b - 1), y), {"b"}),  # without the logarithm
    (lambda a, b: max(a, b), lambda y, a, b: (1.0, 1.0), {"a"}),
])  # fmt: skip
def test_wrong_rules_of_two_operands(forward, partials, wrong):
    op = Op("op", "op", 2, forward, partials)
    result = gradcheck(lambda a, b: op(a, b) * 1.5, 1.3, 2.1)
    assert {row.name for row in result.rows if row.verdict == "wrong"} == wrong
    assert {row.name for row in result.rows if row.verdict == "correct"} == {"a", "b"} - wrong


def test_a_missing_chain_factor():
    assert gradcheck_pair(lambda x: math.sin(3 * x), lambda x: math.cos(3 * x), 0.7).verdict == "wrong"
    assert gradcheck_pair(lambda x: math.sin(3 * x), lambda x: 3 * math.cos(3 * x), 0.7).verdict == "correct"


def test_wrong_at_one_point_only():
    op = Op("op", "op", 1, math.sin, lambda y, x: (math.cos(x) + (1e-3 if x == 2.0 else 0.0),))
    assert [gradcheck(op, x).verdict for x in (1.0, 2.0, 3.0)] == ["correct", "wrong", "correct"]


def test_wrong_in_the_second_order_only():
    op = Op("op", "op", 1, math.sin, lambda y, x: (math.cos(float(x)),))
    assert [gradcheck(op, 1.0, order=order).verdict for order in (1, 2)] == ["correct", "wrong"]
    assert gradcheck(F.sin, 1.0, order=2).verdict == "correct"


@pytest.mark.parametrize(("f", "convention"), [
    (F.relu, "the slope is 0 from the left and 1 from the right; the gradient 0 is that from the left"),
    (abs, "the slope is -1 from the left and 1 from the right; the gradient 0 is their mean"),
    (lambda x: F.max(x, 2 * x), "the slope is 1 from the left and 2 from the right; the gradient 1.5 is their mean"),
])  # fmt: skip
def test_right_at_a_kink(f, convention):
    (row,) = gradcheck(f, 0.0).rows
    assert (row.verdict, row.reason) == ("cannot tell", f"kink: {convention}")


@pytest.mark.parametrize("exponent", [-150, -100, -20, 20, 100, 150])
def test_huge_and_tiny_scales(exponent):
    scale = 10.0**exponent
    for f, x in (
        (lambda x: (x / scale).sin(), 0.4 * scale),
        (lambda x: x.sin() * scale, 0.4),
        (lambda x: (x / scale).sin(), 0.0),
    ):
        assert gradcheck(f, x).verdict == "correct"

        def cut(x, f=f):
            return f(x) + 1e-6 * f(Value(x.data))  # a part that is not in the graph

        assert gradcheck(cut, x).verdict == "wrong"


def test_noisy():
    def f(x, level):
        return x * x + level * random.Random(x.data.hex()).uniform(-1, 1)

    assert gradcheck(lambda x: f(x, 1e-3), 1.3).verdict == "cannot tell"
    assert gradcheck(lambda x: f(x, 1e-12), 1.3).verdict == "correct"
    assert gradcheck(lambda x: f(x, 1e-12) + 0.1 * x.data, 1.3).verdict == "wrong"


def test_not_deterministic():
    rng = random.Random(0)
    (row,) = gradcheck(lambda x: x * rng.random(), 1.3).rows
    assert row.verdict == "cannot tell"
    assert row.reason.startswith("not deterministic")


def test_discontinuous():
    (row,) = gradcheck(lambda x: x + (1.0 if x.data >= 2.0 else 0.0), 2.0).rows
    assert (row.verdict, row.reason) == ("cannot tell", "the function jumps here, by 1")
    assert gradcheck(lambda x: x + (1.0 if x.data >= 2.0 else 0.0), 2.1).verdict == "correct"


def test_constant():
    assert gradcheck(lambda x: 0 * x + 3, 1.3).verdict == "correct"
    assert gradcheck(lambda x: 3.0, 1.3).verdict == "correct"
    one = Op("one", "1", 1, lambda x: 1.0, lambda y, x: (1e-6,))
    assert gradcheck(one, 1.3).verdict == "wrong"


def test_undefined_on_one_side():
    (row,) = gradcheck(lambda x: x**1.5 + 2 * x, 0.0).rows
    assert (row.verdict, row.reason) == ("correct", "one-sided: the function is undefined for smaller values")
    (row,) = gradcheck(lambda x: x**1.5 + 2 * x + 1e-3 * x.data, 0.0).rows
    assert row.verdict == "wrong"
