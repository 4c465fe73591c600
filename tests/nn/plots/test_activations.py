"""Activations and their derivatives as curves, against closed forms; weight and bias of a neuron."""

import math

import numpy as np
import pytest

from autograd import exp
from nn.activations import ACTIVATIONS
from nn.plots import activation, new_figure, weight_bias_effect

from .looks import dashed


@pytest.fixture
def ax():
    return new_figure(5, 4).subplots()


def logistic(z):
    return 1 / (1 + math.exp(-z))


CLOSED = {  # f and f' as the course writes them
    "linear": (lambda z: z, lambda z: 1.0),
    "step": (lambda z: float(z > 0), lambda z: 0.0),
    "sigmoid": (logistic, lambda z: logistic(z) * (1 - logistic(z))),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
    "elu": (lambda z: z if z >= 0 else math.exp(z) - 1, lambda z: 1.0 if z >= 0 else math.exp(z)),
    "softplus": (lambda z: math.log1p(math.exp(z)), logistic),
    "swish": (lambda z: z * logistic(z), lambda z: logistic(z) + z * logistic(z) * (1 - logistic(z))),
    "prelu": (lambda z: z if z >= 0 else z / 4, lambda z: 1.0 if z > 0 else 0.25),
}


@pytest.mark.parametrize("name", CLOSED)
def test_the_curves_are_the_function_and_its_derivative(ax, name):
    activation(name, ax=ax)
    for line, exact in zip(ax.get_lines()[:2], CLOSED[name], strict=True):
        points = line.get_xydata()[~np.isnan(line.get_ydata())]
        assert len(points) == 801
        assert (points[0, 0], points[-1, 0]) == (-5.0, 5.0)
        assert points[:, 1] == pytest.approx([exact(z) for z in points[:, 0]], abs=1e-12)
    assert ax.get_title() == ("prelu, slope 0.25" if name == "prelu" else name)
    f, derivative = ax.get_lines()[:2]
    assert (dashed(f), dashed(derivative)) == (False, True)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["f(z)", "f′(z), its derivative"]


@pytest.mark.parametrize(("name", "jumps"), [("step", (1, 0)), ("relu", (0, 1)), ("tanh", (0, 0)),
                                             ("hard_tanh", (0, 2)), ("leaky_relu", (0, 1)), ("elu", (0, 0)),
                                             ("softsign", (0, 0)), ("hard_sigmoid", (0, 2)),
                                             ("selu", (0, 1))])  # fmt: skip
def test_a_jump_is_a_gap_not_a_slope(ax, name, jumps):
    activation(name, ax=ax)
    assert tuple(int(np.isnan(line.get_ydata()).sum()) for line in ax.get_lines()[:2]) == jumps


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_its_picture(ax, name):
    activation(name, ax=ax)
    assert np.isfinite(ax.get_ylim()).all()


def test_a_function_of_ones_own(ax):
    def bump(z):
        return exp(-z * z)

    activation(bump, limits=(-1.0, 3.0), ax=ax)
    f, derivative = ax.get_lines()[:2]
    z = f.get_xdata()
    assert f.get_ydata() == pytest.approx(np.exp(-z * z))
    assert derivative.get_ydata() == pytest.approx(-2 * z * np.exp(-z * z))
    assert ax.get_xlim() == (-1.0, 3.0)
    assert ax.get_title() == "bump"


def test_what_is_no_curve(ax):
    with pytest.raises(ValueError, match="softmax is an activation of a whole layer"):
        activation("softmax", ax=ax)
    with pytest.raises(ValueError, match="unknown activation 'relo', did you mean 'relu'"):
        activation("relo", ax=ax)
    with pytest.raises(ValueError, match=r"limits = \(2, 1\): the first must be smaller"):
        activation("relu", limits=(2, 1), ax=ax)


def test_the_weight_changes_the_steepness_and_the_bias_shifts():
    left, right = weight_bias_effect(weights=[1, 2], biases=[-2, 0, 2], ax=new_figure(9, 4).subplots(1, 2))
    for line, w in zip(left.get_lines(), [1, 2], strict=False):
        x, y = line.get_data()
        assert y == pytest.approx(1 / (1 + np.exp(-w * x)))
        assert (y[401] - y[399]) / (x[401] - x[399]) == pytest.approx(w / 4, rel=1e-3)  # w σ'(0), where x[400] = 0
    for line, b in zip(right.get_lines(), [-2, 0, 2], strict=False):
        x, y = line.get_data()
        assert float(np.interp(0.5, y, x)) == pytest.approx(-b)
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["b = −2", "b = 0", "b = 2"]
    assert len({line.get_color() for line in right.get_lines()[:3]}) == 3
    assert len({line._unscaled_dash_pattern for line in right.get_lines()[:3]}) == 3  # not by colour alone


def test_panels_that_hold_too_much():
    axes = new_figure(9, 4).subplots(1, 2)
    with pytest.raises(ValueError, match="weights: 6 curves in one panel, and it takes 1 to 5"):
        weight_bias_effect(weights=range(6), ax=axes)
    with pytest.raises(ValueError, match="biases: 0 curves"):
        weight_bias_effect(biases=[], ax=axes)
    with pytest.raises(ValueError, match="whole layer"):
        weight_bias_effect(activation="log_softmax", ax=axes)
