"""Initializers: the spread that their papers ask for, their settings, and which activation gets which."""

import itertools
import math
import random
import statistics
from functools import partial

import numpy as np
import pytest
from scipy.stats import kstest, truncnorm

from nn.activations import ACTIVATIONS, LAYER_ACTIVATIONS, LEARNED_ACTIVATIONS
from nn.initializers import INITIALIZERS, constant, normal, orthogonal, suited_to, truncated_normal, uniform
from nn.layers import Maxout
from nn.modules import MLP, Layer, Neuron

FAN_IN, FAN_OUT = 40, 60
VARIANCES = {
    "zeros": 0.0,
    "ones": 0.0,
    "constant": 0.0,
    "uniform": 1 / 3,  # of U(-1, 1)
    "normal": 1.0,
    "truncated_normal": truncnorm(-2, 2).var() / FAN_IN,
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "he_uniform": 2 / FAN_IN,
    "he_normal": 2 / FAN_IN,
    "lecun_uniform": 1 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
    "orthogonal": 1 / FAN_OUT,  # each of the 40 columns has the length 1, and 60 entries
}
MEANS = {"ones": 1.0, "constant": 0.1}
LIMITS = {
    "uniform": 1.0,
    "truncated_normal": 2 / math.sqrt(FAN_IN),
    "glorot_uniform": math.sqrt(6 / (FAN_IN + FAN_OUT)),
    "he_uniform": math.sqrt(6 / FAN_IN),
    "lecun_uniform": math.sqrt(3 / FAN_IN),
}


def draw(initializer, times=10):
    rng = random.Random(0)
    return [w for _ in range(times) for row in initializer(FAN_IN, FAN_OUT, rng) for w in row]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name):
    weights, variance, mean = draw(INITIALIZERS[name]), VARIANCES[name], MEANS.get(name, 0.0)
    # 24,000 draws: the mean within 4 of its standard deviations; the variance of a normal sample varies by √(2/n).
    assert statistics.fmean(weights) == pytest.approx(mean, abs=4 * math.sqrt(variance / len(weights)) + 1e-15)
    assert statistics.pvariance(weights) == pytest.approx(variance, rel=4 * math.sqrt(2 / len(weights)))


@pytest.mark.parametrize("name", LIMITS)
def test_bounded_ones_fill_their_interval(name):
    largest = max(map(abs, draw(INITIALIZERS[name])))
    assert 0.99 * LIMITS[name] < largest <= LIMITS[name]


def test_truncated_normal_has_that_distribution():
    weights = draw(partial(truncated_normal, deviation=0.5))
    assert kstest(weights, truncnorm(-2, 2, scale=0.5).cdf).pvalue > 0.01


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (partial(uniform, limit=0.5), 0.25 / 3),
        (partial(normal, deviation=0.2), 0.04),
        (partial(truncated_normal, deviation=2.0), 4 * truncnorm(-2, 2).var()),
        (partial(orthogonal, gain=3.0), 9 / FAN_OUT),
    ],
)
def test_settings(initializer, variance):
    weights = draw(initializer)
    assert statistics.pvariance(weights) == pytest.approx(variance, rel=4 * math.sqrt(2 / len(weights)))


@pytest.mark.parametrize(
    ("function", "setting"),
    [(constant, "value"), (uniform, "limit"), (normal, "deviation"), (truncated_normal, "deviation"),
     (orthogonal, "gain")],
)  # fmt: skip
def test_settings_are_finite_numbers(function, setting):
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match=f"{setting} must be a finite number.*, got {number}"):
            Neuron(2, initializer=partial(function, **{setting: number}))
    with pytest.raises(TypeError, match=f"{setting} must be a number, got str: '1'"):
        Neuron(2, initializer=partial(function, **{setting: "1"}))


@pytest.mark.parametrize(
    ("function", "setting"), [(uniform, "limit"), (normal, "deviation"), (truncated_normal, "deviation")]
)
def test_spreads_are_not_negative(function, setting):
    with pytest.raises(ValueError, match=f"{setting} must be a finite number of at least 0, got -0.1"):
        Layer(2, 3, initializer=partial(function, **{setting: -0.1}))
    assert function(3, 1, random.Random(0), **{setting: 0.0}) == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("kind", [Layer, Maxout, lambda *sizes, **settings: MLP(sizes[0], [sizes[1], 2], **settings)])
def test_every_name_is_known_to_every_layer(name, kind):
    module = kind(3, 4, initializer=name, seed=0)
    first = next(m for m in module.modules() if isinstance(m, Neuron))
    expected = INITIALIZERS[name](3, 4, random.Random(0))[0]
    assert [w.data for w in first.w] == expected
    assert first.b.data == 0.0
    assert Neuron(3, initializer=name, seed=0).n_weights == 3


# --- orthogonal ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fan_in", "fan_out"), [(1, 1), (5, 5), (30, 12), (12, 30), (1, 7), (7, 1), (50, 50)])
def test_orthogonal_rows_or_columns(fan_in, fan_out):
    W = np.array(orthogonal(fan_in, fan_out, random.Random(1)))
    assert W.shape == (fan_out, fan_in)
    product = W @ W.T if fan_out <= fan_in else W.T @ W
    np.testing.assert_allclose(product, np.eye(min(fan_in, fan_out)), rtol=0, atol=1e-14)


def test_orthogonal_is_orthogonal_though_draws_are_nearly_parallel():
    class Hilbert:
        """Draws the rows of a Hilbert matrix, which are nearly parallel: its condition number is 10¹³."""

        def __init__(self):
            self.numbers = iter([1 / (i + j + 1) for i in range(10) for j in range(10)])

        def gauss(self, mean, deviation):
            return next(self.numbers)

    W = np.array(orthogonal(10, 10, Hilbert()))
    np.testing.assert_allclose(W @ W.T, np.eye(10), rtol=0, atol=1e-14)


def test_all_directions_are_equally_likely():
    rng = random.Random(0)
    angles = [math.atan2(b, a) for (a, b), _ in (orthogonal(2, 2, rng) for _ in range(2000))]
    assert kstest(angles, "uniform", args=(-math.pi, 2 * math.pi)).pvalue > 0.01
    signs = [np.sign(np.linalg.det(orthogonal(2, 2, rng))) for _ in range(400)]
    assert abs(sum(signs)) < 80  # turns and reflections alike: 4 standard deviations


def test_an_orthogonal_linear_network_keeps_the_length_of_inputs_and_gradients():
    network = MLP(6, [6] * 10, activation="linear", initializer="orthogonal", seed=0)
    x = [1.0, -2.0, 0.5, 3.0, 0.0, -1.0]
    assert math.hypot(*[y.data for y in network(x)]) == pytest.approx(math.hypot(*x), rel=1e-12)
    J = np.linalg.multi_dot([[[w.data for w in n.w] for n in layer.neurons] for layer in network.layers])
    assert np.linalg.svd(J, compute_uv=False) == pytest.approx(np.ones(6), abs=1e-12)


# --- defaults ------------------------------------------------------------------------------------------------

DEFAULTS = {
    "he_uniform": "relu leaky_relu prelu elu celu gelu silu swish mish softplus",
    "lecun_normal": "selu maxout",
    "glorot_uniform": "linear step sigmoid tanh softsign hard_sigmoid hard_tanh softmax log_softmax",
}


def test_the_default_suits_the_activation():
    for name, activations in DEFAULTS.items():
        for activation in activations.split():
            assert suited_to(activation) is INITIALIZERS[name], activation
    listed = set(itertools.chain(*[activations.split() for activations in DEFAULTS.values()]))
    assert listed == {*ACTIVATIONS, *LAYER_ACTIVATIONS, *LEARNED_ACTIVATIONS, "maxout"}
    assert suited_to("a function of one's own") is INITIALIZERS["glorot_uniform"]


@pytest.mark.parametrize("make", [lambda rng: Layer(50, 50, activation="relu", seed=rng),
                                  lambda rng: Layer(50, 50, activation="selu", seed=rng),
                                  lambda rng: Layer(50, 50, activation="linear", seed=rng),
                                  lambda rng: Maxout(50, 50, seed=rng)])  # fmt: skip
def test_the_default_keeps_the_mean_square_over_a_layer(make):
    rng = random.Random(0)
    squares = []
    for _ in range(8):
        x = [rng.gauss(0, 1) for _ in range(50)]
        squares += [y.data**2 for y in make(rng)(x)]
    assert statistics.fmean(squares) == pytest.approx(1.0, rel=0.25)  # ReLU varies most: √(5/400) = 0.11 each


def test_a_network_uses_them_layer_by_layer():
    network = MLP(50, [50, 50], activation="relu", seed=0)
    hidden, output = [[w.data for neuron in layer.neurons for w in neuron.w] for layer in network.layers]
    assert max(map(abs, hidden)) == pytest.approx(math.sqrt(6 / 50), rel=0.01)
    assert max(map(abs, output)) == pytest.approx(math.sqrt(6 / 100), rel=0.01)
    assert all(neuron.b.data == 0.0 for layer in network.layers for neuron in layer.neurons)


def test_zeros_keep_neurons_identical():
    layer = Layer(3, 2, activation="tanh", initializer="zeros")
    assert len({w.data for neuron in layer.neurons for w in neuron.w}) == 1


def test_draws_repeat_by_seed():
    for name in INITIALIZERS:
        assert Layer(3, 4, initializer=name, seed=2).state_dict() == Layer(3, 4, initializer=name, seed=2).state_dict()
