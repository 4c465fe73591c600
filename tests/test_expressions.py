"""The third reading of the rules: as expressions they give, bit for bit, what they give on floats."""

from __future__ import annotations

import math
import struct
import threading
from numbers import Real

import pytest

from autograd import OPS, AutogradError, Op, Value, exp, log, maximum, no_grad, sum as sum_, tanh
from autograd.engine import choose
from autograd.errors import DomainError
from autograd.expressions import (
    Apply,
    Both,
    Choice,
    Comparison,
    Either,
    Number,
    Operand,
    Result,
    Undefined,
    Untraceable,
    forward_expression,
    in_order,
    partial_expressions,
    parts,
)

from .points import CASES, case_name, points

BY_NAME = {op.name: op for op in OPS}
RELATIONS = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "!=": float.__ne__,
}  # fmt: skip
UNDEFINED = "undefined"
by_case = pytest.mark.parametrize(("op", "count"), CASES, ids=map(case_name, CASES))


def evaluated(expression, xs, y=math.nan, known=None):
    """What an expression stands for, in Python: of a choice the chosen side alone is computed."""
    known = {} if known is None else known
    if expression not in known:
        known[expression] = computed(expression, lambda part: evaluated(part, xs, y, known), xs, y)
    return known[expression]


def computed(expression, value, xs, y):
    match expression:
        case Number(number):
            return number
        case Operand(position):
            return xs[position]
        case Result():
            return y
        case Undefined():
            raise ValueError
        case Apply(op, operands):
            return float(op.forward(*[value(x) for x in operands]))
        case Choice(condition, then, otherwise):
            return value(then) if value(condition) else value(otherwise)
        case Comparison(relation, left, right):
            return RELATIONS[relation](value(left), value(right))
        case Both(left, right):
            return value(left) and value(right)
        case Either(left, right):
            return value(left) or value(right)
    raise AssertionError(expression)


def bits(x):
    return "nan" if x != x else struct.pack("d", x)


def attempted(function):
    """The bits of what a function gives, or that it gives nothing."""
    try:
        return [bits(float(x)) for x in function()]
    except (ValueError, ZeroDivisionError):
        return UNDEFINED


# --- the table ------------------------------------------------------------------------------------------------


@by_case
def test_partials_as_expressions_give_bit_for_bit_what_the_rule_gives(op, count):
    expressions = partial_expressions(op, count)
    assert len(expressions) == count
    compared = 0
    for xs in points(op, count):
        try:
            y = op.forward(*xs)
        except (ValueError, ZeroDivisionError):
            continue
        known = {}
        expected = attempted(lambda: op.partials(y, *xs))  # noqa: B023
        got = attempted(lambda: [evaluated(e, xs, y, known) for e in expressions])  # noqa: B023
        assert got == expected, (xs, y)
        compared += 1
    assert compared >= 90


# What is added with Python's `sum`, whose own rounding is better from 3.12 on: an expression adds from the left.
def added(*xs, start=0):
    for x in xs:
        start += x
    return start


def weighted(*xs):
    half = len(xs) // 2
    return added(*[w * x for w, x in zip(xs[:half], xs[half:-1], strict=True)], start=xs[-1])


ADDED = {"sum": added, "mean": lambda *xs: added(*xs) / len(xs), "dot": weighted}
ARITHMETIC = {
    "add", "sub", "mul", "div", "neg", "pos", "square", "reciprocal", "sign", "step", "clip", "where", "relu",
    "leaky_relu", "prelu", "hard_sigmoid", "hard_tanh", "sum", "mean", "prod", "dot",
}  # fmt: skip


@by_case
def test_a_forward_of_plain_arithmetic_is_read_and_every_other_one_is_refused(op, count):
    if op.name not in ARITHMETIC:
        with pytest.raises(
            Untraceable, match=rf"{op.name}: its forward (takes an operand as a float|divides with %|fails on)"
        ):
            forward_expression(op, count)
        return
    expression = forward_expression(op, count)
    forward = ADDED.get(op.name, op.forward)
    for xs in points(op, count):
        expected = attempted(lambda: [forward(*xs)])  # noqa: B023
        assert attempted(lambda: [evaluated(expression, xs)]) == expected, xs  # noqa: B023


@by_case
def test_an_expression_uses_its_own_operands_and_rows_of_the_table_alone(op, count):
    for part in in_order(partial_expressions(op, count)):
        match part:
            case Operand(position):
                assert 0 <= position < count
            case Apply(used, operands):
                assert used in OPS
                assert used.arity in (None, len(operands))


# --- what is shared is shared ---------------------------------------------------------------------------------


@by_case
def test_equal_parts_are_one_object(op, count):
    seen = {}
    for part in in_order(partial_expressions(op, count)):
        content = part.op if isinstance(part, Apply) else getattr(part, "relation", None)
        content = repr(part.value) if isinstance(part, Number) else getattr(part, "position", content)
        key = (type(part), content, *map(id, parts(part)))
        assert key not in seen, part
        seen[key] = part


def test_parts_come_before_what_is_made_of_them_and_each_once():
    order = in_order(partial_expressions(BY_NAME["gelu_tanh"], 1))
    assert len(set(order)) == len(order)
    for i, part in enumerate(order):
        assert all(below in order[:i] for below in parts(part))


@pytest.mark.parametrize("name", ["prod", "norm", "logsumexp", "dot", "mean"])
def test_rules_of_many_operands_grow_with_their_number_alone(name):
    sizes = [len(in_order(partial_expressions(BY_NAME[name], count))) for count in (101, 201, 401)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])


def test_a_chain_of_a_hundred_thousand_parts_is_put_in_order():
    expression = Operand(0)
    for _ in range(100_000):
        expression = Apply(BY_NAME["neg"], (expression,))
    assert len(in_order([expression])) == 100_001


# --- decisions ------------------------------------------------------------------------------------------------


def rule(partials, arity=1):
    return Op("own", "own", arity, forward=lambda *xs: xs[0], partials=partials)


def agrees(partials, arity=1):
    """Whether the rule of an own operation is read rightly at many points."""
    op = rule(partials, arity)
    expressions = partial_expressions(op, arity)
    for xs in points(op, arity):
        expected = attempted(lambda: partials(xs[0], *xs))  # noqa: B023
        assert attempted(lambda: [evaluated(e, xs, xs[0]) for e in expressions]) == expected, xs  # noqa: B023
    return expressions


def test_an_if_is_read_as_choose_is():
    def partials(y, x):
        if x > 1:
            return (2.0 * x,)
        if x > 0 and x <= 0.5:
            return (exp(x),)
        return (-1.0,)

    assert isinstance(agrees(partials)[0], Choice)


def test_loops_that_end_are_read():
    def partials(y, x):
        power = 1.0
        for _ in range(3):
            power = power * x if x > 0 else power - x
        return (power,)

    agrees(partials)


def test_a_condition_counts_as_one_or_zero():
    agrees(lambda y, a, b: (sum([a > b, a >= b, a < 0]) / 3, (a > b) * b), arity=2)


def test_a_decision_that_changes_nothing_leaves_no_choice():
    (expression,) = partial_expressions(rule(lambda y, x: (choose(x > 0, 2.0, 2.0),)), 1)
    assert isinstance(expression, Number)


def test_a_comparison_is_decided_once():
    (expression,) = agrees(lambda y, x: (choose(x > 0, 1.0, 0.0) + choose(x > 0, x, 0.0),))
    assert [type(part) for part in in_order([expression])].count(Comparison) == 1


def test_a_side_that_raises_is_undefined():
    def partials(y, x):
        if x < 0:
            raise ValueError
        return (1 / x,)

    (expression,) = agrees(partials)
    assert isinstance(expression.then, Undefined)
    (expression,) = partial_expressions(rule(lambda y, x: (1 / 0,)), 1)
    assert isinstance(expression, Undefined)


def test_the_number_and_its_negative_zero_are_two():
    first, second = partial_expressions(rule(lambda y, a, b: (0.0, -0.0), 2), 2)
    assert math.copysign(1.0, first.value) == 1.0
    assert math.copysign(1.0, second.value) == -1.0


# --- what cannot be read ---------------------------------------------------------------------------------------


def forever(y, x):
    while x > 0:
        x = x * 2
    return (x,)


def wrong(y, x):
    return [x]


FOREIGN = Value(3.0)
REFUSED = {
    "math": (lambda y, x: (math.cos(x),), "takes an operand as a float"),
    "float": (lambda y, x: (float(x),), "takes an operand as a float"),
    "data": (lambda y, x: (x.data,), "takes an operand as a float"),
    "round": (lambda y, x: (round(x),), "takes an operand as a float"),
    "format": (lambda y, x: (float(f"{x:.2f}"),), "takes an operand as a float"),
    "equality": (lambda y, x: (1.0 if x == 0 else 2.0,), "compares with == or !="),
    "foreign Value": (lambda y, x: (x * FOREIGN,), "uses a Value that is not one of its operands"),
    "foreign comparison": (lambda y, x: (1.0 if x > FOREIGN else 0.0,), "uses a Value that is not one"),
    "a list": (wrong, "gave list, not a tuple of 1 derivatives"),
    "too many": (lambda y, x: (x, x), "not a tuple of 1 derivatives"),
    "text": (lambda y, x: ("x",), "fails on symbols: TypeError"),
    "an error of its own": (lambda y, x: (x + "nothing",), "fails on symbols: TypeError"),
    "a loop without end": (forever, "makes more than 1000 decisions"),
    "bits": (lambda y, x: (choose((x > 0) & True, 1.0, 0.0),), "fails on symbols"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_rule_that_leaves_arithmetic_is_refused_with_the_reason(case):
    partials, why = REFUSED[case]
    with pytest.raises(Untraceable, match=why) as caught:
        partial_expressions(rule(partials), 1)
    assert str(caught.value).startswith("own: its rule ")
    assert isinstance(caught.value, AutogradError)


def caught(compute, otherwise, errors=Exception):
    """A function that goes on where another one raises."""

    def function(*xs):
        try:
            return compute(*xs)
        except errors:
            return otherwise

    return function


def raised_again_below_zero(x):
    try:
        return log(x)
    except ValueError:
        if x < -5:
            raise
        return 0.0


def other(x):
    return {0.0: 1.0}.get(x, x * x)


SWALLOWED = {
    "a refusal": (caught(math.log, -100.0), "takes an operand as a float"),
    "a refusal of a type": (caught(lambda x: x % 2, 0.0, TypeError), "divides with % or //"),
    "a refusal of an attribute": (caught(lambda x: x.real, 0.0, AttributeError), "uses the attribute 'real'"),
    "an instance": (lambda x: x * 2 if isinstance(x, float) else x * 3, "asks what an operand is an instance of"),
    "a class": (lambda x: x * 2 if x.__class__ is float else x * 3, "asks what an operand is an instance of"),
    "an abstract class": (lambda x: x * 2 if isinstance(x, Real) else x * 3, "asks what an operand is an instance of"),
    "a set": (lambda x: 1.0 if x in {0.0, 1.0} else x * 2, "by its hash"),
    "a dict": (other, "by its hash"),
    "str": (lambda x: x * len(str(x)), "writes an operand as text"),
    "repr": (lambda x: x * len(repr(x)), "writes an operand as text"),
    "format": (lambda x: x * len(f"{x}"), "takes an operand as a float"),
    "a logarithm": (caught(log, -100.0, ValueError), "goes on after an operation that is undefined"),
    "a quotient": (caught(lambda x: 1 / x, 0.0, ZeroDivisionError), "goes on after an operation that is undefined"),
    "a power": (caught(lambda x: x**2, 1e308, OverflowError), "goes on after an operation that is undefined"),
    "the second one": (lambda x: log(x) + caught(log, 0.0)(x - 1), "goes on after an operation that is undefined"),
    "one that is raised again": (raised_again_below_zero, "goes on after an operation that is undefined"),
    "one behind a decision": (lambda x: x if x > 0 else caught(log, 0.0)(x + 1), "goes on after an operation"),
}  # fmt: skip


@pytest.mark.parametrize(("function", "why"), SWALLOWED.values(), ids=SWALLOWED)
def test_what_would_be_read_wrongly_is_refused_even_if_the_refusal_is_caught(function, why):
    own = Op("own", "own", 1, forward=function, partials=lambda y, x: (function(x),))
    with pytest.raises(Untraceable, match=f"own: its forward .*{why}"):
        forward_expression(own, 1)
    with pytest.raises(Untraceable, match=f"own: its rule .*{why}"):
        partial_expressions(own, 1)


def test_an_error_that_is_raised_as_another_one_is_as_undefined():
    def partials(y, x):
        try:
            return (1 / x + log(x),)
        except ValueError:
            raise DomainError("not here") from None

    agrees(partials)


def test_more_than_a_thousand_combinations_of_decisions_are_refused():
    assert len(partial_expressions(BY_NAME["max"], 9)) == 9
    with pytest.raises(Untraceable, match="max: its rule makes more than 1024 combinations of decisions"):
        partial_expressions(BY_NAME["max"], 11)


def test_reading_leaves_nothing_behind():
    with pytest.raises(Untraceable):
        partial_expressions(rule(REFUSED["math"][0]), 1)
    x = Value(2.0)
    assert type(x * x) is Value
    assert (x * x).data == 4.0


def test_reading_is_the_same_inside_no_grad_and_beside_other_threads():
    results = []

    def read():
        with no_grad():
            results.extend(type(partial_expressions(tanh, 1)[0]) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    x = Value(0.5)
    assert all(type(x * x) is Value for _ in range(1000))
    for thread in threads:
        thread.join()
    assert results == [Apply] * 80


def test_an_operation_of_ones_own_is_part_of_the_rule_of_another():
    cube = Op("cube", "³", 1, forward=lambda x: x * x * x, partials=lambda y, x: (3 * x * x,))
    agrees(lambda y, x: (cube(x) + sum_([x, 1.0]) + maximum(x, 0.5) + tanh(x) + abs(x) + (2 - x) / 3,))


def test_methods_are_read_as_functions_are():
    (expression,) = partial_expressions(rule(lambda y, x: (x.tanh() ** 2,)), 1)
    assert [part.op.name for part in in_order([expression]) if isinstance(part, Apply)] == ["tanh", "pow"]
