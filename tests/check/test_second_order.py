"""Second derivatives: numbers by hand, rules that are right in the first order only, kinks, modules."""

from __future__ import annotations

import math
import random

import pytest
from mpmath import mp

from autograd import Op, Value, functions as F  # noqa: N812
from autograd.check import assert_gradients, gradcheck, gradcheck_module
from autograd.engine import NO_GRADIENT


def verdicts(result) -> dict[str, str]:
    return {row.name: row.verdict for row in result.rows}


def test_rows_carry_second_derivatives_known_by_hand():
    # f = x² y + sin y at (2, 3): f_xx = 2y = 6, f_xy = 2x = 4, f_yy = -sin 3
    result = gradcheck(lambda x, y: x * x * y + F.sin(y), 2.0, Value(3.0, label="w"), order=2)
    assert result.ok
    rows = {row.name: row for row in result.rows}
    assert {name: row.analytic for name, row in rows.items()} == {
        "x": 12.0, "y": 4.0 + math.cos(3.0), "x, x": 6.0, "x, y": 4.0, "y, x": 4.0, "y, y": -math.sin(3.0)
    }  # fmt: skip
    assert rows["y, x"].numeric == pytest.approx(4.0, rel=1e-10)
    assert {name: row.label for name, row in rows.items()} == {
        "x": "", "y": "w", "x, x": "", "x, y": "x, w", "y, x": "w, x", "y, y": "w, w"
    }  # fmt: skip


def test_second_derivatives_of_a_composition_by_mpmath():
    def f(x, y):
        return (x * y).tanh() * F.exp(x) + F.log(1 + y * y)

    result = gradcheck(f, 0.4, -0.7, order=2)
    assert result.ok
    rows = {row.name: row.numeric for row in result.rows}
    with mp.workdps(40):
        for name, orders in {"x, x": (2, 0), "x, y": (1, 1), "y, y": (0, 2)}.items():
            exact = mp.diff(lambda x, y: mp.tanh(x * y) * mp.exp(x) + mp.log(1 + y * y), (0.4, -0.7), orders)
            assert rows[name] == pytest.approx(float(exact), rel=1e-9)


def square(partials) -> Op:
    return Op("square", "²", 1, lambda x: x * x, partials)


@pytest.mark.parametrize("op", [
    Op("sine", "sin", 1, math.sin, lambda y, x: (math.cos(float(x)),)),  # a number: nothing left to differentiate
    Op("cube", "³", 1, lambda x: x**3, lambda y, x: (3 * x.data * x if isinstance(x, Value) else 3 * x * x,)),
    Op("exp", "e", 1, math.exp, lambda y, x: (float(y),)),
    square(lambda y, x: (2 * x if isinstance(x, float) else 2 * x.data + 3 * (x - x.data),)),
    square(lambda y, x: (2 * x if isinstance(x, float) else 2 * x.data + 2.000002 * (x - x.data),)),
], ids=lambda op: op.name)  # fmt: skip
def test_a_rule_that_is_right_in_the_first_order_only(op):
    assert gradcheck(lambda x: op(x) * 2 + x, 1.3).verdict == "correct"
    result = gradcheck(lambda x: op(x) * 2 + x, 1.3, order=2)
    assert verdicts(result) == {"x": "correct", "x, x": "wrong"}
    assert result.verdict == "wrong"
    assert gradcheck(lambda x: F.sin(x) * 2 + x, 1.3, order=2).ok


def test_wrong_for_one_pair_of_inputs_only():
    frozen = Op("product", "×", 2, lambda a, b: a * b, lambda y, a, b: (b, float(a)))
    result = gradcheck(lambda a, b: frozen(a, b) + a.sin(), 2.0, 0.3, order=2)
    assert verdicts(result) == {
        "a": "correct", "b": "correct", "a, a": "correct", "a, b": "correct", "b, a": "wrong", "b, b": "correct"
    }  # fmt: skip


def test_a_wrong_gradient_is_wrong_in_its_own_row():
    doubled = Op("doubled", "2", 1, math.sin, lambda y, x: (2 * F.cos(x),))
    assert verdicts(gradcheck(doubled, 1.0, order=2)) == {"operands[0]": "wrong", "operands[0], operands[0]": "correct"}


def test_the_second_derivative_of_relu():
    for x in (0.5, -0.5):
        result = gradcheck(lambda v: F.relu(v) * 3, x, order=2)
        assert result.ok
        assert {row.name: row.analytic for row in result.rows}["v, v"] == 0.0
    kink = gradcheck(lambda v: F.relu(v), 0.0, order=2)
    reasons = {row.name: row.reason for row in kink.rows}
    assert set(verdicts(kink).values()) == {"cannot tell"}
    assert reasons["v"].startswith("kink: the slope is 0 from the left and 1 from the right")
    assert reasons["v, v"] == "the gradient jumps here, by 1"


def test_a_kink_of_the_gradient():
    result = gradcheck(lambda x: x * abs(x), 0.0, order=2)
    assert verdicts(result) == {"x": "correct", "x, x": "cannot tell"}
    assert {row.name: row.reason for row in result.rows}["x, x"] == (
        "kink: the slope is -2 from the left and 2 from the right; the second derivative 0 is their mean"
    )


@pytest.mark.parametrize("scale", [1e-60, 1.0, 1e60])
def test_scales(scale):
    assert gradcheck(lambda x, w: (x / scale).tanh() * w, 0.3 * scale, 2.0, order=2).ok


def test_steps_that_are_tiny_beside_the_other_inputs_do_not_make_a_second_derivative_zero():
    frozen = Op("square", "²", 1, lambda x: x * x, lambda y, x: (2 * float(x),))
    result = gradcheck(lambda x, y: frozen(x + y), 1e-20, 1.0, order=2)
    assert {name: found for name, found in verdicts(result).items() if ", " in name} == dict.fromkeys(
        ("x, x", "x, y", "y, x", "y, y"), "wrong"
    )
    assert gradcheck(lambda x, y: (x + y) ** 2, 1e-20, 1.0, order=2).ok


def test_several_outputs_and_a_constant_one():
    result = gradcheck(lambda x, y: [x * y, 3.0], 2.0, 3.0, order=2)
    assert result.ok
    assert len(result.rows) == 2 * (2 + 4)
    assert {row.name: row.analytic for row in result.rows}["out[0] / x, y"] == 1.0


class Network:
    """One input, two hidden units, one output."""

    def __init__(self, activation):
        rng = random.Random(3)
        self.activation = activation
        self.weights = [Value(rng.uniform(-1, 1), label=f"w{i}") for i in range(5)]

    def __call__(self, x):
        a, b, c, d, e = self.weights
        return c * self.activation(a * x) + d * self.activation(b * x) + e

    def parameters(self):
        return self.weights


def squared(prediction, target):
    return (prediction - target) ** 2


def test_a_module():
    model = Network(F.tanh)
    before = [p.data for p in model.weights]
    result = gradcheck_module(model, [0.5, -1.2], [1.0, 0.3], squared, order=2)
    assert result.ok
    assert len(result.rows) == 5 + 25
    assert [p.data for p in model.weights] == before
    assert all(p.grad is NO_GRADIENT for p in model.weights)
    floats_only = Op("tanh", "tanh", 1, math.tanh, lambda y, x: (1 - math.tanh(float(x)) ** 2,))
    module = Network(floats_only), [0.5, -1.2], [1.0, 0.3], squared
    assert gradcheck_module(*module).ok
    assert gradcheck_module(*module, order=2).verdict == "wrong"
    with pytest.raises(AssertionError):
        assert_gradients(*module, order=2)


def test_directions_see_second_derivatives_of_all_inputs():
    floats_only = Op("sine", "sin", 1, math.sin, lambda y, x: (math.cos(float(x)),))
    xs = [0.1 + 0.01 * i for i in range(60)]

    def f(vs, op):
        return F.dot(vs, vs) * 0.1 + sum(op(v) if i == 41 else F.sin(v) for i, v in enumerate(vs))

    assert gradcheck(lambda vs: f(vs, F.sin), xs, order=2, subset=0, directions=2).ok
    result = gradcheck(lambda vs: f(vs, floats_only), xs, order=2, subset=0, directions=2)
    assert verdicts(result) == {
        "direction 0": "correct", "direction 1": "correct",
        "direction 0, direction 0": "wrong", "direction 1, direction 1": "wrong",
    }  # fmt: skip


def test_a_subset_in_second_order_is_all_pairs_of_it():
    result = gradcheck(lambda vs: F.dot(vs, vs), [1.0, 2.0, 3.0, 4.0], order=2, subset=2, seed=1)
    assert result.ok
    assert len(result.rows) == 2 + 4


@pytest.mark.parametrize("order", [0, 3, -1, 2.0, True, None, "2"])
def test_other_orders_are_refused_before_anything_runs(order):
    def never(*xs):
        raise AssertionError("it ran")

    for check in (
        lambda: gradcheck(never, 1.0, order=order),
        lambda: gradcheck_module(Network(never), [1.0], [1.0], squared, order=order),
        lambda: assert_gradients(never, 1.0, order=order),
    ):
        with pytest.raises(ValueError, match="order is one of 1, 2, not"):
            check()
