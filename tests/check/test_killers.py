"""Tests that came out of mutating the checker: each kills a mutant that the others let live."""

from __future__ import annotations

from autograd import Op, Value, gradcheck
from autograd.check import gradcheck_module, gradcheck_pair
from autograd.check.gradcheck import work
from autograd.check.lines import first_step
from autograd.check.nodes import gradcheck_nodes
from autograd.check.numeric import Differences
from autograd.check.result import GradcheckResult
from autograd.check.settings import Settings
from autograd.check.subjects import conditioning
from autograd.check.verdict import defined_side, unresolved
from autograd.check.windows import RATIO, Window, Windows


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


def test_the_settings_that_are_left_out():
    assert Settings() == Settings(order=1, subset=None, directions=0, seed=0, hints=1)
    assert GradcheckResult([]).hints == 1


def test_a_gradient_on_which_nothing_depends_has_no_magnitude():
    x, y = Value(2.0), Value(3.0)
    assert conditioning(x * 5.0 - x, [x, y]).magnitudes == [6.0, 0.0]
    assert conditioning(3.0, [x, y]).magnitudes == [0.0, 0.0]


def test_one_sided_differences_are_free_of_the_first_four_powers_of_the_step():
    # (f(h) - f(0)) / h = 1 + h + h² + h³ + h⁴
    window = Windows(lambda h: h + h**2 + h**3 + h**4 + h**5, 0.0, 0.0).look(0.05, 1)
    assert window is not None
    assert abs(window.value - 1) < 1e-13
    assert window.slope > 1 + 0.05  # as seen at the first step, the largest


def test_the_rounding_of_one_sided_differences_grows_with_one_over_the_step():
    window = Windows(lambda h: 1.0, 0.0, 1.0).look(0.05, 1)
    assert window is not None
    assert window.error > 2.0**-52 / (0.05 / RATIO**4)


def test_a_change_of_a_ten_thousandth_between_neighbouring_floats_is_roughness():
    def f(x):
        return 1.0 + 1e-4 * (int(x * 2**52) % 2) + (x - 1.5)

    windows = Windows(f, 1.5, f(1.5))
    windows.look(1e-3)
    assert windows.roughness() > 0.05


def test_the_slopes_at_a_kink_are_free_of_the_first_three_powers_of_the_step():
    window = Windows(lambda h: abs(h) * (1 + h + h**2 + h**3), 0.0, 0.0).look(0.05)
    assert window is not None
    assert abs(window.left + 1) < 1e-13
    assert abs(window.right - 1) < 1e-13


def test_the_sides_of_a_domain():
    def half(x):
        return x if x >= 0 else None

    assert defined_side(Differences(Windows(half, 0.0, 0.0), 1.0)) == 1
    assert defined_side(Differences(Windows(lambda x: half(-x), 0.0, 0.0), 1.0)) == -1
    assert defined_side(Differences(Windows(abs, 0.0, 0.0), 1.0)) == 0


def test_a_gradient_of_zero_is_not_called_smaller_than_the_error():
    window = Window(1.0, 1e-4, 1e-3, 0.0, 0.0, 0.0, 0.0)
    assert unresolved(window, 0.0).startswith("differences see no better than")
    assert unresolved(window, 1e-4).startswith("the gradient is smaller than the error of the differences")


def test_a_number_that_overflowed_on_the_way_has_no_rounding_to_count():
    x = Value(1e200)
    assert conditioning(1 / (x * x), [x])[0] == 0.0


def test_what_is_constant_where_nothing_is_claimed_is_not_looked_at_for_long():
    windows = Windows(lambda x: 3.0, 0.5, 3.0)
    assert Differences(windows, 0.0).best() is not None
    assert len(windows.seen) <= 9  # x, and one window of four points on either side
