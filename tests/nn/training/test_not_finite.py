"""Where inf and nan come from: the first operation, and the likely cause."""

import math

import pytest

from autograd import Value, exp, log1p, sqrt
from nn.training.not_finite import first_not_finite, likely_cause, steep_operation


def test_the_first_operation_is_the_one_whose_operands_are_finite():
    x = Value(800.0)
    large = exp(x)  # inf
    assert first_not_finite(large * 0 + log1p(large)) == "exp(800) = inf"
    assert first_not_finite(Value(1.0) + 1) == ""


@pytest.mark.parametrize(("label", "named"), [("", "an input or a parameter = nan"), ("w", "w = nan")])
def test_a_leaf_that_is_not_finite_is_named(label, named):
    assert first_not_finite(Value(math.nan, label=label) * 2) == named


def test_many_operands_are_shortened():
    y = Value(1e200)
    assert first_not_finite(sum([y * y] * 1)) == "mul(1e+200, 1e+200) = inf"
    from autograd import dot

    assert first_not_finite(dot([1e200] * 9, [y] * 9)).count("1e+200") <= 6


def test_a_slope_that_is_infinite_is_found_from_the_output_back():
    x = Value(0.0)
    y = 3 * sqrt(x) + x
    y.backward()
    assert steep_operation(y) == "sqrt(0) = 0"
    z = x * 2
    z.backward()
    assert steep_operation(z) == ""


def test_deep_graphs_are_searched_without_recursion():
    y = Value(2.0)
    for _ in range(20_000):
        y = y * 1.5
    assert first_not_finite(y).startswith("mul(")


def test_causes():
    assert likely_cause([math.inf], [1.0]).startswith("the largest parameter has grown to inf")
    assert likely_cause([1.0], {"not": "flat"}) == "a smaller learning rate or standardised inputs usually mend this"
    assert likely_cause([], [5e6]).startswith("an input is as large as 5e+06")
    assert (
        likely_cause([1.0], [1.0], 1e308) == "the target is as large as 1e+308: standardised targets usually mend this"
    )
