"""Functions of `math` are read as primitives: the whole table, bit for bit, and functions of users."""

from __future__ import annotations

import builtins
import math

import pytest

from autograd import OPS, Op, exp, maximum
from autograd.engine import choose
from autograd.expressions import (
    Apply,
    Choice,
    Comparison,
    Operand,
    Undefined,
    Untraceable,
    forward_expression,
    in_order,
    partial_expressions,
    primitive,
)
from autograd.expressions.values import values_of

from .points import CASES, case_name, points

BY_NAME = {op.name: op for op in OPS}
SAFE = [(op, count) for op, count in CASES if (op.name, count) != ("logsumexp", 5)]  # 5! decisions


def ieee(op, xs):
    """A primitive as floating point has it: too large a result is infinite."""
    try:
        return float(op.forward(*xs))
    except OverflowError:
        return math.copysign(math.inf, op.forward(*[math.copysign(1.0, x) for x in xs]))


def attempted(function):
    try:
        return function()
    except (ValueError, ZeroDivisionError):
        return "undefined"


@pytest.mark.parametrize(("op", "count"), SAFE, ids=[case_name(case) for case in SAFE])
def test_every_forward_of_the_table_is_read(op, count):
    expression = forward_expression(op, count, {})
    for part in in_order([expression]):
        if isinstance(part, Apply) and part.op not in OPS:
            assert part.op.name.startswith(("math.", "builtins.", "operator."))
    for xs in points(op, count):
        if any(x != x for x in xs):  # operands are taken not to be nan
            continue
        expected = attempted(lambda: op.forward(*xs))  # noqa: B023
        found = attempted(lambda: values_of([expression], xs, math.nan, ieee)[0])  # noqa: B023
        if "undefined" in (found, expected):
            assert found == expected, xs
        elif op.name == "pow" and math.isinf(expected):  # of an odd power of a negative number the sign is another
            assert abs(found) == math.inf
        else:
            is_nan = found != found and expected != expected
            scale = sum(map(abs, xs)) if op.name in ("sum", "mean") else abs(expected)  # Python's `sum` is compensated
            assert is_nan or found == expected or abs(found - expected) <= 1e-15 * scale, xs


def test_a_primitive_is_made_once_and_has_the_name_of_its_function():
    assert primitive(math.exp) is primitive(math.exp)
    assert (primitive(math.exp).name, primitive(builtins.max).name) == ("math.exp", "builtins.max")
    assert primitive(math.exp).forward is math.exp


def own(forward, arity=1):
    return Op("own", "own", arity, forward, lambda y, *xs: (1.0,) * len(xs))


SCALE = 2.0


def helper(x, factor=3.0):
    return factor * math.sinh(x)


def test_helpers_closures_and_defaults_are_read():
    function = math.cosh

    def forward(x, y):
        return helper(x) + SCALE * function(y) + sum([x, y]) + max(x, y, 0.0) + float(x) + abs(y) + pow(x, 2)

    expression = forward_expression(own(forward, 2), 2, {})
    for xs in ((1.0, 2.0), (-0.5, 0.25)):
        assert values_of([expression], xs, 0.0, ieee)[0] == forward(*xs)


def test_a_function_is_read_in_place_of_another():
    def forward(x):
        return helper(x)

    read = forward_expression(own(forward), 1, {f"{__name__}.helper": lambda x: math.tanh(x)})
    assert read == forward_expression(own(lambda x: math.tanh(x)), 1, {}) or read.op.name == "math.tanh"


def test_equality_of_floats_is_a_comparison():
    expression = forward_expression(own(lambda x: 1.0 if x == 2 else 3.0 if x != 5 else 4.0), 1, {})
    assert [values_of([expression], (x,), 0.0, ieee)[0] for x in (2.0, 5.0, 7.0)] == [1.0, 4.0, 3.0]


def test_both_sides_of_a_choice_are_read_at_once():
    reads = []

    def partials(y, *xs):
        reads.append(1)
        return tuple([choose(x > 0, lambda x=x: 2 * x, 0.0) for x in xs])

    found = partial_expressions(Op("own", "own", None, lambda *xs: 0.0, partials), 40, {})
    assert len(found) == 40
    assert isinstance(found[39], Choice)
    assert isinstance(found[39].condition, Comparison)
    assert len(reads) == 1


def test_choices_of_several_results():
    op = Op("own", "own", 2, lambda a, b: a, lambda y, a, b: choose(a > b, (1.0, b), lambda: (exp(a), 0.0)))
    found = partial_expressions(op, 2, {})
    assert values_of(found, (2.0, 1.0), 0.0, ieee) == (1.0, 1.0)
    assert values_of(found, (0.0, 1.0), 0.0, ieee) == (1.0, 0.0)


def test_operations_of_the_table_stay_what_they_are():
    (operand,) = [p for p in in_order([forward_expression(own(lambda x: exp(x)), 1, {})]) if isinstance(p, Operand)]
    expression = forward_expression(own(lambda x: maximum(exp(x), 1.0)), 1, {})
    assert expression.op is BY_NAME["maximum"]
    assert expression.operands[0].op is exp
    assert operand.position == 0


def test_a_value_error_is_undefined():
    def forward(x):
        if x < 0:
            raise ValueError
        return math.sqrt(x)

    assert isinstance(forward_expression(own(forward), 1, {}).then, Undefined)


def caught(x):
    try:
        return math.log(x)
    except ValueError:
        return 0.0


@pytest.mark.parametrize(
    ("forward", "why"),
    [
        (caught, "goes on after an operation that is undefined"),
        (lambda x: max([x, 1.0], key=lambda v: -v), "fails on symbols|calls builtins.max with key"),
        (lambda x: round(x, 2), "rounds to digits"),
        (lambda x: x // 2, "divides with % or //"),
        (lambda x: {x: 1.0}[x], "by its hash"),
        (lambda x: int(x), "takes an operand as a float"),
    ],
)
def test_what_cannot_be_read_is_refused(forward, why):
    with pytest.raises(Untraceable, match=why):
        forward_expression(own(forward), 1, {})


def test_without_primitives_nothing_has_changed():
    with pytest.raises(Untraceable, match="takes an operand as a float"):
        forward_expression(exp, 1)
    with pytest.raises(Untraceable, match="compares with == or !="):
        forward_expression(own(lambda x: 1.0 if x == 1 else 2.0), 1)
