"""The white box: each stored partial is on trial by itself, and the first wrong one is found wherever it stands."""

from __future__ import annotations

import math
import random

import pytest

from autograd import OPS, Op, Value, dot, exp, max, no_grad, sum, tanh
from autograd.check.nodes import first_wrong, gradcheck_nodes, local_partials
from autograd.engine import toposort
from autograd.errors import AutogradError

from .sampling import operands

WRONG_TANH = Op("tanh", "tanh", 1, math.tanh, lambda y, x: (1 - y,))


def names(result):
    return sorted(row.name for row in result.rows)


def test_every_node_and_every_operand_has_a_row():
    a, b = Value(0.5, label="a"), Value(-1.5, label="b")
    y = (a * b + exp(a)) ** 3 - tanh(b)
    y.label = "result"
    result = gradcheck_nodes(y)
    assert result.ok, result
    assert names(result) == [
        "add #1 / operand 0", "add #1 / operand 1", "exp #1 / operand 0", "mul #1 / operand 0", "mul #1 / operand 1",
        "pow #1 / operand 0", "sub #1 / operand 0", "sub #1 / operand 1", "tanh #1 / operand 0",
    ]  # fmt: skip
    assert {row.label for row in result.rows if row.name.startswith("sub")} == {"result"}
    # by hand: the base is -0.75 + e^0.5, and the partial 3 times its square; the exponent 3 is a number
    (power,) = (row for row in result.rows if row.name == "pow #1 / operand 0")
    assert power.analytic == pytest.approx(3 * (-0.75 + math.exp(0.5)) ** 2)
    assert power.numeric == pytest.approx(power.analytic, rel=1e-9)


def test_numbers_among_the_operands_have_no_row():
    x = Value(2.0)
    assert names(gradcheck_nodes(1.0 - x)) == ["sub #1 / operand 1"]
    assert names(gradcheck_nodes(x / 4)) == ["div #1 / operand 0"]
    assert names(gradcheck_nodes(dot([1.0, x], [x, 3.0]))) == ["dot #1 / operand 1", "dot #1 / operand 2"]
    assert gradcheck_nodes(dot([1.0, x], [x, 3.0])).ok


def test_the_first_wrong_node_on_the_way_from_the_inputs_is_named():
    x = Value(0.3)
    for depth in (1, 2, 5):
        y = x
        for i in range(5):
            y = (WRONG_TANH if i >= depth - 1 else tanh)(y * 1.1)
        found = first_wrong(y)
        assert found.row.name == f"tanh #{depth} / operand 0"
        assert (found.operand, found.row.verdict) == (0, "wrong")
        assert found.node.op is WRONG_TANH
        assert found.node is [v for v in toposort(y) if v.op is WRONG_TANH][0]  # noqa: RUF015
    assert first_wrong(tanh(x) * 2) is None


def test_rows_that_are_equally_wrong_come_in_the_order_from_the_inputs():
    zero = Op("nothing", "0", 1, lambda x: 2 * x, lambda y, x: (math.nan,))
    y = zero(zero(zero(Value(1.0))))
    assert [row.name for row in gradcheck_nodes(y).rows] == [f"nothing #{i} / operand 0" for i in (1, 2, 3)]


def test_only_the_operand_that_is_wrong_is_called_so():
    swapped = Op("times", "*", 2, lambda a, b: a * b, lambda y, a, b: (b, b))
    found = {row.name: row.verdict for row in gradcheck_nodes(swapped(Value(2.0), Value(3.0))).rows}
    assert found == {"times #1 / operand 0": "correct", "times #1 / operand 1": "wrong"}


def test_equal_operations_are_one_row():
    calls = []

    def forward(x):
        calls.append(x)
        return x * x

    square = Op("sq", "sq", 1, forward, lambda y, x: (2 * x,))
    once = gradcheck_nodes(square(Value(3.0)))
    count = len(calls)
    many = gradcheck_nodes(sum([square(Value(3.0)) for _ in range(10)] + [square(Value(-3.0))]))
    assert len([name for name in names(many) if name.startswith("sq ")]) == 2  # at 3 and at -3
    assert len(calls) - count - 11 <= 2 * count  # 11 when the nodes were made
    assert once.ok
    assert many.ok


def test_equal_operations_with_other_partials_are_two_rows():
    drawn = iter([2.0, 2.5])
    random_rule = Op("double", "2", 1, lambda x: 2 * x, lambda y, x: (next(drawn),))
    x = Value(1.0)
    result = gradcheck_nodes(random_rule(x) + random_rule(x))
    assert [row.verdict for row in result.rows if row.name.startswith("double")] == ["wrong", "correct"]


def test_a_sign_of_zero_is_a_difference():
    square = Op("sq", "sq", 1, lambda x: x * x, lambda y, x: (math.copysign(1e-3, x) if x == 0 else 2 * x,))
    result = gradcheck_nodes(square(Value(0.0)) + square(Value(-0.0)))
    assert len([row for row in result.rows if row.name.startswith("sq")]) == 2


def test_nothing_changes():
    a, b = Value(0.5), Value(2.0)
    y = exp(a * b) + a
    y.backward()
    before = [(v, v.data, v.grad) for v in toposort(y)]
    gradcheck_nodes(y)
    assert [(v, v.data, v.grad) for v in toposort(y)] == before
    z = exp(a * b)
    assert [v.grad for v in toposort(z) if v.op] == [0.0, 0.0]
    gradcheck_nodes(z)
    assert [v.grad for v in toposort(z) if v.op] == [0.0, 0.0]


def test_data_that_was_changed_since_is_no_mistake_of_the_rule():
    a = Value(0.5)
    y = exp(a) * 2
    a.data = 1.0
    found = {row.name: row for row in gradcheck_nodes(y).rows}
    row = found["exp #1 / operand 0"]
    assert (row.verdict, row.reason[:24]) == ("cannot tell", "the operation gives 2.71")
    assert "node has 1.6487" in row.reason
    assert "changed" in row.reason
    assert found["mul #1 / operand 0"].verdict == "correct"


def test_a_kink_is_told():
    (row,) = gradcheck_nodes(Value(0.0).relu()).rows
    assert (row.verdict, row.reason[:5]) == ("cannot tell", "kink:")
    rows = gradcheck_nodes(max([Value(1.0), Value(1.0)])).rows
    assert {row.verdict for row in rows} == {"cannot tell"}


def test_an_undefined_neighbourhood_is_told():
    row = min(gradcheck_nodes(Value(-2.0) ** Value(3.0)).rows, key=lambda row: row.name == "pow #1 / operand 0")
    assert math.isnan(row.analytic)
    assert row.verdict == "cannot tell"


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_row_of_the_table(op):
    rng = random.Random(op.name)
    for _ in range(10):
        try:
            y = op(*map(Value, operands(rng, op)))
        except ArithmeticError:  # a pair of operands without a value, as (-2) ** 0.5
            continue
        assert gradcheck_nodes(y).verdict != "wrong"


def test_a_deep_graph_needs_no_recursion():
    y = x = Value(0.5)
    for _ in range(100_000):
        y = y + x * 0.0
    result = gradcheck_nodes(y)
    assert result.ok
    assert names(result) == ["add #1 / operand 0", "add #1 / operand 1", "mul #1 / operand 0"]


@pytest.mark.parametrize("y", [3.0, Value(3.0), "y"])
def test_what_nothing_was_computed_for_is_refused(y):
    with pytest.raises(TypeError, match="there is nothing to check"):
        gradcheck_nodes(y)


def test_a_node_made_by_hand_is_refused():
    with pytest.raises(AutogradError, match="made by hand"):
        gradcheck_nodes(Value(3.0, (Value(1.0), Value(2.0)), "+"))


def test_inside_no_grad():
    y = exp(Value(1.0))
    with no_grad():
        assert gradcheck_nodes(y).ok


def test_local_partials_come_from_the_inputs_to_the_output():
    x = Value(0.4)
    y = tanh(exp(x) * 2)
    assert [found.node.op.name for found in local_partials(y)] == ["exp", "mul", "tanh"]


def test_nan_is_what_the_operation_gave_and_not_stale():
    (row,) = gradcheck_nodes(exp(Value(math.nan))).rows
    assert row.verdict == "cannot tell"
    assert row.reason.startswith("the input is nan")
    broken = Op("broken", "?", 1, lambda x: math.nan, lambda y, x: (1.0,))
    (row,) = gradcheck_nodes(broken(Value(1.0))).rows
    assert row.reason.startswith("the value of the function is nan")


def test_nan_where_there_was_a_number_is_stale():
    x = Value(1.0)
    y = exp(x)
    x.data = math.nan
    (row,) = gradcheck_nodes(y).rows
    assert "node has 2.718" in row.reason
    x.data = 1.0
    y.data = math.nan
    (row,) = gradcheck_nodes(y).rows
    assert "node has nan" in row.reason


def test_a_partial_that_is_rounding_beside_the_others_is_zero():
    # 1e-17 where 0 is right, as a sum of terms that cancel leaves it
    first = Op("first", "1", 2, lambda a, b: a, lambda y, a, b: (1.0, 1e-17))
    assert gradcheck_nodes(first(Value(0.5), Value(0.7))).ok
    alone = Op("nothing", "0", 1, lambda b: 1.0, lambda y, b: (1e-17,))
    assert not gradcheck_nodes(alone(Value(0.7))).ok


def test_a_tiny_operand_beside_a_large_one_and_alone():
    x = Value(1e-30)
    assert gradcheck_nodes(x + Value(1.0)).ok
    assert gradcheck_nodes(x.cos()).ok
    wrong = Op("plus", "+", 2, lambda a, b: a + b, lambda y, a, b: (0.0, 1.0))  # no change of f at tiny steps
    assert not gradcheck_nodes(wrong(x, Value(1.0))).ok
