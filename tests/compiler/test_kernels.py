"""The rules as array expressions give what they give on floats, at kinks, in tails and outside of domains."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from autograd import Op, exp, log
from autograd.compiler.table.arrays import Writer, context, repeat
from autograd.compiler.table.kernels import (
    ARITHMETIC,
    REWRITTEN,
    gradient_expressions,
    partial_expressions,
    rolled_gradient,
    rolled_partials,
    rolled_value,
    shown,
    unreadable,
    value_expression,
)
from autograd.engine import choose, no_rule
from autograd.expressions import Apply, Untraceable, in_order
from autograd.functions import OPS

from ..points import CASES, MEETING, case_name, points

BY_NAME = {op.name: op for op in OPS}
MEASURE = 1e-12
LEAST = 1e-307  # what is smaller has lost digits of its own: `hypot` of three is that of two, twice
by_case = pytest.mark.parametrize(("op", "count"), CASES, ids=map(case_name, CASES))
several = [(op, count) for op, count in CASES if op.arity is None and op.name != "dot" and count > 1]


def computed(expressions, xs, y=None, shape=None):
    """What expressions give, as arrays, and whether numpy has flagged anything."""
    flags = []
    writer = Writer(np.float64)
    shape = np.broadcast_shapes(*[x.shape for x in xs]) if shape is None else shape
    targets = [np.full(shape, 12345.0) for _ in expressions]
    writer.write(expressions, xs, y, targets)
    settings = dict.fromkeys(("divide", "invalid", "over"), "call") | {"under": "ignore"}
    context(lambda kind, flag: flags.append(kind), **settings).run(repeat, writer.calls)
    return targets, bool(flags)


def eager(op, count):
    """Operands where the operation is defined; the values and partials there; other operands."""
    where, values, partials, undefined = [], [], [], []
    for xs in points(op, count):
        try:
            y = op.forward(*xs)
            sides = op.partials(y, *xs)
        except (ValueError, ArithmeticError):
            undefined.append(xs)
            continue
        where.append(xs)
        values.append(y)
        partials.append(sides)
    return np.array(where).T, np.array(values, float), np.array(partials, float).T, undefined


def agree(found, expected):
    with np.errstate(invalid="ignore"):
        near = np.abs(found - expected) <= np.maximum(MEASURE * np.abs(expected), LEAST)
    return near | (found == expected) | (np.isnan(found) & np.isnan(expected))


# --- the table ------------------------------------------------------------------------------------------------


@by_case
def test_values_and_partials_are_those_of_the_eager_engine(op, count):
    xs, values, partials, _ = eager(op, count)
    (found,), _ = computed([value_expression(op, count)], list(xs))
    # where something overflows on the way, a nan in place of a number is noticed, and computed again
    noticed = ~np.isfinite(found) & ~np.isfinite(xs).all(axis=0)
    assert (agree(found, values) | noticed).all(), xs[:, ~(agree(found, values) | noticed)]
    found, _ = computed(partial_expressions(op, count), list(xs), values)
    finite = np.isfinite(xs).all(axis=0)
    wrong = ~agree(np.array(found), partials)[:, finite]
    assert not wrong.any(), xs[:, finite][:, wrong.any(axis=0)]


@pytest.mark.parametrize(("op", "count"), several, ids=map(case_name, several))
def test_one_expression_stands_for_all_operands(op, count):
    xs, values, partials, _ = eager(op, count)
    finite = np.isfinite(xs).all(axis=0)
    xs, values, partials = np.ascontiguousarray(xs[:, finite]), values[finite], partials[:, finite]
    (found,), _ = computed([rolled_value(op, count)], [xs], shape=values.shape)
    assert agree(found, values).all()
    if op.name == "prod":  # each partial leaves another operand out
        assert rolled_partials(op, count) is None
        return
    (found,), _ = computed([rolled_partials(op, count)], [xs], values, partials.shape)
    assert agree(found, partials).all()
    gradient = np.linspace(-2.0, 3.0, len(values))
    (found,), _ = computed(rolled_gradient(op, count), [xs, gradient], values, partials.shape)
    with np.errstate(all="ignore"):
        assert agree(found, partials * gradient).all()


@by_case
def test_gradients_are_partials_times_what_arrives(op, count):
    xs, values, partials, _ = eager(op, count)
    finite = np.isfinite(xs).all(axis=0)
    xs, values, partials = xs[:, finite], values[finite], partials[:, finite]
    gradient = np.linspace(-2.0, 3.0, len(values))
    expressions = gradient_expressions(op, count)
    for k, expression in enumerate(expressions):
        if expression is None:
            assert (partials[k] == 0.0).all()
            continue
        (found,), _ = computed([expression], [*xs, gradient], values, values.shape)
        with np.errstate(all="ignore"):
            assert agree(found, partials[k] * gradient).all()


@by_case
def test_where_an_operation_is_undefined_the_array_is_not_finite_and_numpy_says_so(op, count):
    for xs in eager(op, count)[3]:
        if not np.isfinite(xs).all():  # noticed where it came from
            continue
        (found,), flagged = computed([value_expression(op, count)], [np.array([x]) for x in xs])
        assert not np.isfinite(found[0]), xs
        assert flagged, xs


@by_case
def test_expressions_are_arithmetic_and_primitives(op, count):
    for part in in_order([value_expression(op, count), *partial_expressions(op, count)]):
        if isinstance(part, Apply):
            assert part.op in ARITHMETIC or part.op.partials is no_rule


@by_case
def test_the_whole_table_is_readable(op, count):
    assert unreadable(op, count) is None


@pytest.mark.parametrize("name", ["sum", "mean", "max", "norm", "logsumexp"])
def test_a_rolled_expression_does_not_grow(name):
    sizes = {len(in_order([rolled_value(BY_NAME[name], n), rolled_partials(BY_NAME[name], n)])) for n in (3, 7, 300)}
    assert len(sizes) == 1


@pytest.mark.parametrize("x", [1e-20, 1e-9, 1.0, 30.0, 36.0, 40.0, 1e3, 1e8, 1e300])
def test_logsumexp_keeps_its_digits_and_counts_ties(x):
    for operands in ([0.0, -x], [-x, 0.0, 0.0], [x, x, -x], [-x, -x], [0.0, -x, -2 * x]):
        stack = np.array(operands)[:, None]
        op, count = BY_NAME["logsumexp"], len(operands)
        (found,), _ = computed([rolled_value(op, count)], [stack], shape=(1,))
        expected = op.forward(*operands)
        assert math.isclose(found[0], expected, rel_tol=1e-14), operands


def test_the_logistic_function_keeps_its_digits_in_both_tails():
    xs = np.array([-745.0, -700.0, -40.0, -1e-9, 0.0, 3.0, 36.0, 800.0])
    (found,), flagged = computed([value_expression(BY_NAME["sigmoid"], 1)], [xs])
    assert np.allclose(found, [BY_NAME["sigmoid"].forward(x) for x in xs], rtol=1e-15, atol=0)
    assert not flagged


HOSTILE = [*MEETING, 5e-324, 1e-16, 30.0, 36.0, -37.0, 709.0, -746.0, 1e300, -1.7e308]


@pytest.mark.parametrize(("name", "count"), [("sigmoid", 1), *(("logsumexp", count) for count in (1, 2, 3))])
def test_rules_that_are_written_a_second_time_are_the_tables_also_at_infinity_and_nan(name, count):
    op = BY_NAME[name]
    xs = np.array(list(product(HOSTILE, repeat=count))).T
    values = np.array([op.forward(*column) for column in xs.T.tolist()])
    partials = np.array([op.partials(*column) for column in zip(values.tolist(), *xs.tolist(), strict=True)]).T
    (found,), _ = computed([value_expression(op, count)], list(xs))
    assert agree(found, values).all(), xs[:, ~agree(found, values)]
    found, _ = computed(partial_expressions(op, count), list(xs), values)
    assert agree(np.array(found), partials).all(), xs[:, ~agree(np.array(found), partials).all(axis=0)]


def test_no_other_rule_is_written_a_second_time():
    names = "_sigmoid", "_logsumexp", "_logsumexp_partials"
    assert set(REWRITTEN) == {f"autograd.functions.{name}" for name in names}


# --- operations of users ----------------------------------------------------------------------------------------


def own(forward, partials=lambda y, x: (1.0,), arity=1):
    return Op("own", "own", arity, forward, partials)


def sinc(x):
    return 1.0 if x == 0 else math.sin(x) / x


READABLE = {
    "math": (lambda x: math.exp(-x) * math.cos(x), lambda y, x: (-y - math.exp(-x) * math.sin(x),)),
    "an equality": (sinc, lambda y, x: (choose((x >= 0) & (x <= 0), 0.0, lambda: math.cos(x) / x - y / x),)),
    "a remainder": (lambda x: x % 2.0, lambda y, x: (1.0,)),
    "builtins": (lambda x: max(abs(x), round(x), 1.0) + min(x, 2.0), lambda y, x: (choose(x > 2, 1.0, 2.0) + 0.0 * x,)),
    "a condition on infinity": (lambda x: x if math.isfinite(x) else 0.0 * x, lambda y, x: (1.0,)),
    "a sum": (lambda x: sum([x, 1.0, x * x]) + math.prod([x, 2.0]), lambda y, x: (1.0 + 2 * x + 2.0,)),
    "an error": (lambda x: log(x) if x > 1 else 1 / 0, lambda y, x: (1 / x,)),
}


@pytest.mark.parametrize("name", READABLE)
def test_operations_of_users_are_read(name):
    op = own(*READABLE[name])
    assert unreadable(op, 1) is None
    xs, values, partials, undefined = eager(op, 1)
    few = np.isfinite(xs[0]) & (np.abs(xs[0]) < 700)
    (found,), _ = computed([value_expression(op, 1)], [xs[0, few]])
    assert agree(found, values[few]).all()
    (found,), _ = computed(partial_expressions(op, 1), [xs[0, few]], values[few])
    assert agree(found, partials[0, few]).all()
    for x in undefined:
        (found,), flagged = computed([value_expression(op, 1)], [np.array(x)])
        assert flagged or not np.isfinite(x).all()


def overflow(x):
    try:
        return math.exp(x)
    except OverflowError:
        return 1e308


UNREADABLE = {
    "bits": (lambda x: float.fromhex(float(x).hex()), "takes|own"),
    "a table": (lambda x: {0.0: 1.0}.get(x, 2.0), "by its hash"),
    "an overflow that is caught": (overflow, "another function when it is read"),
    "an error that is caught": (lambda x: log_or(x, -1.0), "goes on after an operation"),
    "a text": (lambda x: float(f"{x:.3f}"), "takes"),
}  # fmt: skip


def log_or(x, otherwise):
    try:
        return math.log(x)
    except ValueError:
        return otherwise


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told(name):
    forward, why = UNREADABLE[name]
    op = own(forward)
    assert unreadable(op, 1)
    with pytest.raises(Untraceable, match=why):
        value_expression(op, 1)


def test_a_rule_that_cannot_be_read_is_told():
    assert "not a tuple" in unreadable(own(lambda x: x, lambda y, x: [1.0]), 1)
    assert unreadable(own(lambda x: x, lambda y, x: (float(f"{x:.2f}"),)), 1)


def test_an_operation_made_of_others_is_written_out():
    op = own(lambda a, b: exp(a) * b, lambda y, a, b: (y, exp(a)), 2)
    assert shown(value_expression(op, 2)) == "math.exp(x0) * x1"
    assert [shown(e) for e in gradient_expressions(op, 2)] == ["x2 * y", "x2 * math.exp(x0)"]


def test_nothing_is_allocated_for_what_lies_between():
    writer = Writer(np.float64)
    x, y = np.ones((4, 8)), np.empty((4, 8))
    for _ in range(3):
        writer.write([value_expression(BY_NAME["gelu_tanh"], 1)], [x], None, [y])
    first = len(writer.made)
    writer.write([value_expression(BY_NAME["gelu_tanh"], 1)], [x], None, [y])
    assert len(writer.made) == first <= 5
