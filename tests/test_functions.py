"""The functions in front of the table's rows: what they refuse, and how they say so."""

import numpy as np
import pytest

import autograd
from autograd import Op, ShapeError, Value, celu, cross_entropy_with_logits, dot, softmax
from autograd.errors import DomainError


@pytest.mark.parametrize("name", ["maximum", "minimum", "pow", "hypot", "atan2", "logaddexp", "prelu"])
@pytest.mark.parametrize("operand", [None, "a", [1.0], 1j])
def test_methods_of_two_operands_refuse_what_is_no_number(name, operand):
    with pytest.raises(TypeError, match="one real number"):
        getattr(Value(2.0), name)(operand)


def test_celu_needs_a_positive_alpha():
    with pytest.raises(DomainError, match="celu"):
        celu(-1.0, -1.0)
    with pytest.raises(DomainError, match="celu"):
        celu(Value(1.0), 0.0)


def test_what_is_no_sequence_or_empty_is_named():
    with pytest.raises(TypeError, match="softmax takes a sequence"):
        softmax(Value(1.0))
    with pytest.raises(TypeError, match="dot takes two sequences of numbers, not Value and float"):
        dot(Value(1.0), 2.0)
    with pytest.raises(ValueError, match="max of an empty sequence"):
        autograd.max()
    with pytest.raises(ValueError, match="softmax of an empty sequence"):
        softmax([])


def test_a_class_index_may_be_a_whole_float_and_nothing_between():
    assert cross_entropy_with_logits([0.0, 0.0], 1.0) == cross_entropy_with_logits([0.0, 0.0], 1)
    for index in (1.5, 2, -1):
        with pytest.raises(ShapeError, match="the class index is"):
            cross_entropy_with_logits([0.0, 0.0], index)
    logits = [0.5, -1.0, 2.0]
    for index in (True, np.int64(1), np.uint8(1), np.float32(1)):
        assert cross_entropy_with_logits(logits, index) == cross_entropy_with_logits(logits, 1)


def test_partials_that_are_no_tuple_are_named():
    double = Op("double", "2x", 1, lambda x: 2 * x, lambda y, x: 2.0)
    with pytest.raises(ValueError, match=r"double: partials gave 2\.0, not a tuple"):
        double(Value(1.0))
