"""Initializers: the spread that their papers ask for, and which activation gets which."""

import math
import random
import statistics

import pytest

from nn import MLP, Layer
from nn.initializers import INITIALIZERS, suited_to

FAN_IN, FAN_OUT = 40, 60
VARIANCES = {
    "zeros": 0.0,
    "uniform": 1 / 3,  # of U(-1, 1)
    "normal": 1.0,
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "he_uniform": 2 / FAN_IN,
    "he_normal": 2 / FAN_IN,
    "lecun_uniform": 1 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
}
LIMITS = {
    "uniform": 1.0,
    "glorot_uniform": math.sqrt(6 / (FAN_IN + FAN_OUT)),
    "he_uniform": math.sqrt(6 / FAN_IN),
    "lecun_uniform": math.sqrt(3 / FAN_IN),
}


def draw(name):
    rng = random.Random(0)
    return [w for _ in range(10) for row in INITIALIZERS[name](FAN_IN, FAN_OUT, rng) for w in row]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name):
    weights, variance = draw(name), VARIANCES[name]
    # 24,000 draws: the mean within 4 of its standard deviations; the variance of a normal sample varies by √(2/n).
    assert statistics.fmean(weights) == pytest.approx(0.0, abs=4 * math.sqrt(variance / len(weights)))
    assert statistics.pvariance(weights) == pytest.approx(variance, rel=4 * math.sqrt(2 / len(weights)))


@pytest.mark.parametrize("name", LIMITS)
def test_uniform_ones_fill_their_interval(name):
    largest = max(map(abs, draw(name)))
    assert 0.999 * LIMITS[name] < largest <= LIMITS[name]


@pytest.mark.parametrize(
    ("activation", "initializer"),
    [
        ("relu", "he_uniform"), ("leaky_relu", "he_uniform"), ("gelu", "he_uniform"), ("tanh", "glorot_uniform"),
        ("sigmoid", "glorot_uniform"), ("linear", "glorot_uniform"), ("softmax", "glorot_uniform"),
        ("selu", "lecun_normal"), ("a function of one's own", "glorot_uniform"),
    ],
)  # fmt: skip
def test_the_default_suits_the_activation(activation, initializer):
    assert suited_to(activation) is INITIALIZERS[initializer]


def test_a_network_uses_them_layer_by_layer():
    network = MLP(50, [50, 50], activation="relu", seed=0)
    hidden, output = [[w.data for neuron in layer.neurons for w in neuron.w] for layer in network.layers]
    assert max(map(abs, hidden)) == pytest.approx(math.sqrt(6 / 50), rel=0.01)
    assert max(map(abs, output)) == pytest.approx(math.sqrt(6 / 100), rel=0.01)
    assert all(neuron.b.data == 0.0 for layer in network.layers for neuron in layer.neurons)


def test_zeros_keep_neurons_identical():
    layer = Layer(3, 2, activation="tanh", initializer="zeros")
    assert len({w.data for neuron in layer.neurons for w in neuron.w}) == 1
