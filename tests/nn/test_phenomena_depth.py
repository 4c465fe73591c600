"""What stops learning in deep networks and in ReLU units, and what mends it: with numbers."""

import math
import statistics

import numpy as np
import pytest

from nn.losses import binary_cross_entropy_with_logits, mean_squared_error
from nn.modules import MLP
from nn.optimizers import SGD, Adam

from .phenomena import SEEDS, XOR, biases_of, descend, gradient_norm, mean_loss, weights_of

# --- the vanishing gradient ----------------------------------------------------------------------------------

DEPTH, WIDTH = 10, 10


def four_times_glorot(fan_in, fan_out, rng):
    limit = 4.0 * math.sqrt(6.0 / (fan_in + fan_out))
    return [[rng.uniform(-limit, limit) for _ in range(fan_in)] for _ in range(fan_out)]


def centre(network):
    """The bias that takes off what the units below give on average: each ½, at a weighted sum of 0."""
    for layer in network.layers[1:]:
        for neuron in layer.neurons:
            neuron.b.data = -0.5 * math.fsum(w.data for w in neuron.w)


def deep(activation, initializer, seed):
    return MLP(WIDTH, [WIDTH] * DEPTH + [1], activation=activation, initializer=initializer, seed=seed)


def first_to_last(network, seed):
    """The gradient of the first hidden layer's weights, in proportion to that of the last one's."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(8, WIDTH)).tolist(), rng.normal(size=8).tolist()
    network.zero_grad()
    mean_loss(network, X, y, mean_squared_error).backward()
    return gradient_norm(network.layers[0]) / gradient_norm(network.layers[-2])


def deltas(network):
    return [[neuron.b.grad for neuron in layer.neurons] for layer in network.layers]


@pytest.mark.parametrize("initializer", ["glorot_uniform", "uniform", four_times_glorot])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_sigmoid_layer_shrinks_the_deltas_by_a_quarter_times_the_norm_of_its_weights(seed, initializer):
    """δ below = σ'(z) ∘ Wᵀ δ and σ' <= ¼, so that ‖δ below‖ <= ¼ ‖W‖ ‖δ‖: over the depth (¼)^9 times the norms."""
    network = deep("sigmoid", initializer, seed)
    network(np.random.default_rng(seed).normal(size=WIDTH)).backward()
    norms = [np.linalg.norm(delta) for delta in deltas(network)[:-1]]
    factors = [0.25 * np.linalg.norm(weights_of(layer), 2) for layer in network.layers[1:-1]]
    for below, factor, above in zip(norms[:-1], factors, norms[1:], strict=True):
        assert below <= factor * above
    assert norms[0] <= math.prod(factors) * norms[-1]


def test_the_gradient_vanishes_in_a_deep_sigmoid_network():
    """10 layers of 10: 2e-6 of the last layer's gradient comes to the first, 2e-5 at most over 7 seeds.

    Glorot's weights keep lengths in the mean, so that ten layers multiply by about (¼)⁹ = 4e-6.
    """
    ratios = [first_to_last(deep("sigmoid", "glorot_uniform", seed), seed) for seed in range(7)]
    assert 1e-7 < statistics.median(ratios) < 1e-5
    assert max(ratios) < 1e-4


def test_it_vanishes_with_the_depth():
    """By about ¼ for every layer: over 4 layers more, between (0.35)⁴ and (0.15)⁴ in the median of 7 seeds."""
    medians = []
    for depth in (2, 6, 10):
        networks = [MLP(WIDTH, [WIDTH] * depth + [1], activation="sigmoid", seed=seed) for seed in range(7)]
        medians.append(statistics.median(first_to_last(network, seed) for seed, network in enumerate(networks)))
    for more, less in zip(medians[1:], medians, strict=False):
        assert 0.15**4 < more / less < 0.35**4


def test_a_first_set_of_weights_four_times_as_large_and_centred_mends_it():
    """Median 0.4 over 7 seeds, near tanh's; without centring 0.006, still 3000 times as much as Glorot's."""
    plain = [first_to_last(deep("sigmoid", "glorot_uniform", seed), seed) for seed in range(7)]
    larger, centred = [], []
    for seed in range(7):
        network = deep("sigmoid", four_times_glorot, seed)
        larger.append(first_to_last(network, seed))
        centre(network)
        centred.append(first_to_last(network, seed))
    assert statistics.median(larger) > 100 * statistics.median(plain)
    assert statistics.median(centred) > 0.05
    assert min(centred) > 100 * max(plain)


def test_a_sigmoid_network_with_four_times_the_weights_and_centred_is_a_tanh_network():
    """σ(z) = ½ (1 + tanh(z / 2)): with 4W and the bias -½ Σ 4w, half the weighted sum is W tanh(half that below)."""
    tanh = MLP(3, [5, 5, 5, 1], activation="tanh", seed=0)
    sigmoid = MLP(3, [5, 5, 5, 1], activation="sigmoid", seed=0)
    first, *hidden, last = zip(sigmoid.layers, tanh.layers, strict=True)
    for (layer, twin), factor in [(first, 2.0), *[(pair, 4.0) for pair in hidden], (last, 2.0)]:
        for neuron, other in zip(layer.neurons, twin.neurons, strict=True):
            for w, v in zip(neuron.w, other.w, strict=True):
                w.data = factor * v.data
    centre(sigmoid)
    for x in np.random.default_rng(0).normal(size=(5, 3)):
        assert sigmoid(x).data == pytest.approx(tanh(x).data, rel=1e-12)


@pytest.mark.parametrize(("activation", "initializer"), [("relu", "he_uniform"), ("tanh", "glorot_uniform")])
def test_relu_and_tanh_with_the_weights_that_suit_them_mend_it(activation, initializer):
    """Medians of 0.7 and 0.9: neither vanishing nor exploding; one seed in seven may be off by ten."""
    ratios = [first_to_last(deep(activation, initializer, seed), seed) for seed in range(7)]
    assert 0.1 < statistics.median(ratios) < 10
    assert 0.01 < min(ratios) < max(ratios) < 100


def test_a_deep_sigmoid_network_does_not_learn_xor_and_one_of_relu_or_of_tanh_does():
    """Four hidden layers of 8, 80 steps. The sigmoids stay at ln 2, the loss of ½ everywhere, to 1e-4.

    ReLU comes to 0.05 at most, tanh to 0.06.
    """
    corners = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)]
    losses = {}
    for activation in ("sigmoid", "relu", "tanh"):
        losses[activation] = []
        for seed in SEEDS:
            network = MLP(2, [8] * 4 + [1], activation=activation, seed=seed)
            optimizer = SGD(network.parameters(), learning_rate=0.3)
            losses[activation].append(
                descend(network, corners, XOR, binary_cross_entropy_with_logits, optimizer, 80)[-1]
            )
    assert losses["sigmoid"] == pytest.approx([math.log(2)] * 5, abs=1e-3)
    assert statistics.median(losses["relu"]) < 0.1
    assert max(losses["tanh"]) < 0.1


# --- dead ReLU -----------------------------------------------------------------------------------------------

X = np.random.default_rng(0).uniform(-1, 1, size=(20, 2)).tolist()
Y = [math.sin(3 * a) + b for a, b in X]


def killed(activation, seed):
    """A network whose hidden units are off for every sample: w·x <= 2√3 with He's weights, and the bias is -5."""
    network = MLP(2, [6, 1], activation=activation, seed=seed)
    for neuron in network.layers[0].neurons:
        neuron.b.data = -5.0
    return network


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dead_relu_unit_gets_no_gradient_and_never_moves(seed):
    """It gives 0 for every sample, where its slope is 0: what is left is the output's bias, which learns the mean."""
    network = killed("relu", seed)
    hidden, output = network.layers
    before = weights_of(hidden), biases_of(hidden), weights_of(output)
    losses = descend(network, X, Y, mean_squared_error, Adam(network.parameters(), learning_rate=0.05), 200)
    after = weights_of(hidden), biases_of(hidden), weights_of(output)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert output.neurons[0].b.data == pytest.approx(np.mean(Y), abs=1e-2)
    assert losses[-1] == pytest.approx(np.var(Y), rel=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_leaky_form_brings_the_units_back(seed):
    """The same weights and the same training: 0.12 to 0.13 is left of the variance of 0.69; a margin of two."""
    network = killed("leaky_relu", seed)
    losses = descend(network, X, Y, mean_squared_error, Adam(network.parameters(), learning_rate=0.05), 200)
    assert losses[-1] < 0.4 * np.var(Y)


def n_without_gradient(network):
    mean_loss(network, X, Y, mean_squared_error).backward()
    return sum(not any(w.grad for w in neuron.w) for neuron in network.layers[0].neurons)


def test_a_large_learning_rate_kills_relu_units_and_no_leaky_ones():
    """A rate ten times too large, 60 steps: 24 of the 50 units of five networks are dead for every sample.

    Half as many are asked for. Of the leaky units, none is without gradient.
    """
    dead = {"relu": [], "leaky_relu": []}
    for activation, counts in dead.items():
        for seed in SEEDS:
            network = MLP(2, [10, 1], activation=activation, seed=seed)
            optimizer = SGD(network.parameters(), learning_rate=0.5)
            descend(network, X, Y, mean_squared_error, optimizer, 60)
            optimizer.zero_grad()
            counts.append(n_without_gradient(network))
    assert sum(dead["relu"]) >= 12
    assert dead["leaky_relu"] == [0] * 5
