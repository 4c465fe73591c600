"""An engine of one's own under test: pytest test_engine.py --value-class engine.py:Value."""

import pytest
from hypothesis import given

from autograd.check.strategies import assert_agrees, programs


# Random programs, with the values and gradients that are right; one that fails is shrunk to the smallest.
@given(program=programs(["add", "mul", "tanh"]))
def test_programs(value_class, program):
    assert_agrees(value_class, program)


# A marked test that takes the fixture value_class computes with that class.
@pytest.mark.gradcheck(points=5)
def test_a_neuron(x1, x2, w1, w2, b, value_class):
    return (w1 * x1 + w2 * x2 + b).tanh()


@pytest.mark.gradcheck(points=5)
def test_a_polynomial(x, value_class):
    return x * x * x + 2 * x
