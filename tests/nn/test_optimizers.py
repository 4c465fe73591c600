"""Optimizers: the update by hand, on floats and on arrays alike."""

import math

import pytest

from autograd import Value
from nn import MLP
from nn.optimizers import SGD


def test_sgd_by_hand():
    a, b = Value(1.0), Value(-2.0)
    optimizer = SGD([a, b], learning_rate=0.1)
    a.grad, b.grad = 3.0, -4.0
    optimizer.step()
    assert (a.data, b.data) == (1.0 - 0.1 * 3.0, -2.0 - 0.1 * -4.0)
    assert optimizer.steps == 1


def test_zero_grad():
    a = Value(1.0)
    optimizer = SGD([a], learning_rate=0.1)
    (a * 3).backward()
    (a * 3).backward()
    assert a.grad == 6.0
    optimizer.zero_grad()
    assert a.grad == 0.0


def test_descent_on_a_parabola():
    """On (w - 3)² the error shrinks by 1 - 2η with every step."""
    w = Value(0.0)
    optimizer = SGD([w], learning_rate=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        ((w - 3) ** 2).backward()
        optimizer.step()
    assert w.data - 3 == pytest.approx(-3 * 0.8**20, rel=1e-12)


def test_the_learning_rate_may_change():
    w = Value(1.0)
    optimizer = SGD([w], learning_rate=1.0)
    w.grad = 1.0
    optimizer.step()
    optimizer.learning_rate = 0.5
    optimizer.step()
    assert w.data == -0.5


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
def test_learning_rates(rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number of at least 0, got"):
        SGD([Value(1.0)], learning_rate=rate)


def test_a_learning_rate_is_a_number():
    with pytest.raises(TypeError, match=r"learning_rate must be a number, as 0\.01, got 'a'"):
        SGD([Value(1.0)], learning_rate="a")


def test_what_is_no_list_of_parameters():
    with pytest.raises(TypeError, match=r"write model\.parameters\(\)"):
        SGD(MLP(2, [1]), learning_rate=0.1)
    with pytest.raises(ValueError, match="one parameter at least"):
        SGD([], learning_rate=0.1)
    with pytest.raises(TypeError, match="are Values, not float"):
        SGD([1.0], learning_rate=0.1)
