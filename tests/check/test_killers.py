"""Tests that came out of mutating the checker: each kills a mutant that the others let live."""

from __future__ import annotations

from autograd import Op, Value, gradcheck
from autograd.check import gradcheck_module, gradcheck_pair
from autograd.check.gradcheck import work
from autograd.check.lines import first_step
from autograd.check.nodes import gradcheck_nodes
from autograd.check.numeric import Differences
from autograd.check.windows import Windows


class Line:
    """A module of two parameters."""

    def __init__(self):
        self.w, self.b = Value(1.5), Value(-0.5)

    def __call__(self, x):
        return self.w * x + self.b

    def parameters(self):
        return [self.w, self.b]


def squared(prediction, target):
    return (prediction - target) ** 2


def test_the_fewest_hints_are_the_default():
    bad = Op("cube", "³", 1, lambda x: x**3, lambda y, x: (-3 * x * x,))
    assert str(gradcheck(bad, 2.0)) == str(gradcheck(bad, 2.0, hints=1)) != str(gradcheck(bad, 2.0, hints=2))
    pair = (lambda x: x**3, lambda x: -3 * x * x, 2.0)
    assert str(gradcheck_pair(*pair)) == str(gradcheck_pair(*pair, hints=1)) != str(gradcheck_pair(*pair, hints=2))


def test_the_seed_is_0_by_default():
    samples = [1.0, 2.0], [0.0, 3.0], squared
    found, same, other = (
        str(gradcheck_module(Line(), *samples, subset=0, directions=3, **seed))
        for seed in ({}, {"seed": 0}, {"seed": 1})
    )
    assert found == same != other


def test_a_tiny_derivative_of_a_pair_is_held_to_all_its_digits():
    assert gradcheck_pair(lambda x: 1e-20 * x, lambda x: 1.000001e-20, 2.0).verdict == "wrong"
    assert gradcheck_pair(lambda x: 1e-20 * x, lambda x: 1e-20, 2.0).verdict == "correct"


def test_the_work_of_a_graph():
    x = Value(1.0)
    assert work(3.0) == work(x) == 0
    assert work(x + x) == 2 * 122
    assert work((x + 1.0).exp()) == 2 * 122 + 121


def test_a_direction_begins_with_a_32nd_of_the_size_of_each_input():
    # over n inputs a direction of length about 1 moves each by 1 / √n of its size, to a power of two
    assert [first_step(n) for n in (1, 4, 100)] == [1 / 32, 2 / 32, 8 / 32]


def test_an_edge_next_to_a_tiny_number_is_no_reason_to_doubt_that_it_is_flat_there():
    def step(x):
        return 1.0 if x > 0 else 0.0

    window = Differences(Windows(step, 1e-20, 1.0), 0.0).best()
    assert window is not None
    assert (window.value, window.step < 1e-20) == (0.0, True)
    (row,) = gradcheck_nodes(Value(1e-20).step()).rows
    assert (row.verdict, row.numeric) == ("correct", 0.0)
