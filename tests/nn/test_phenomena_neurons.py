"""What one neuron can and cannot do, what zero weights do, and the deltas by hand: facts of the course, proven."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import linprog

from nn.losses import binary_cross_entropy_with_logits, mean_squared_error
from nn.modules import MLP, Neuron
from nn.optimizers import SGD

from .phenomena import (
    AND,
    CORNERS,
    OR,
    SEEDS,
    XNOR,
    XOR,
    biases_of,
    classes,
    descend,
    mean_loss,
    numbers,
    share_right,
    weights_of,
)

TABLES = list(itertools.product((0, 1), repeat=4))  # all 16 truth tables of two inputs

# --- XOR -----------------------------------------------------------------------------------------------------


def is_separable(table):
    """Whether there are weights with w·x + b > 0 for the ones alone: a linear program, feasible or not.

    Scaled up, such weights have w·x + b >= 1 for the ones and <= -1 for the zeros, and the other way round.
    """
    rows = [[(1 - 2 * t) * v for v in (*x, 1.0)] for x, t in zip(CORNERS, table, strict=True)]
    return linprog([0.0] * 3, A_ub=rows, b_ub=[-1.0] * 4, bounds=(None, None)).status == 0


def test_no_weights_at_all_separate_xor():
    """14 of the 16 truth tables are linearly separable (Cover 1965); the other two are XOR and its negation."""
    assert [table for table in TABLES if not is_separable(table)] == [XOR, XNOR]


def test_the_weighted_sums_of_opposite_corners_add_up_to_the_same():
    """h(0,0) + h(1,1) = h(0,1) + h(1,0) = w₁ + w₂ + 2b: the one sum cannot be below 0 and the other above, as XOR asks.

    The weights are sums of powers of 2, so that nothing is rounded.
    """
    for w1, w2, b in itertools.product((-1.5, -0.25, 0.0, 0.75, 2.0), repeat=3):
        h = [Neuron(2, activation="linear", weights=[w1, w2], bias=b)(x).data for x in CORNERS]
        assert h[0] + h[3] == h[1] + h[2] == w1 + w2 + 2 * b


def test_a_perceptron_says_14_of_the_16_truth_tables_and_three_quarters_of_xor():
    grid = itertools.product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5))
    said = {classes(Neuron(2, activation="step", weights=[v, w], bias=b), CORNERS, 0.5) for v, w, b in grid}
    assert said == set(TABLES) - {XOR, XNOR}
    assert max(sum(a == b for a, b in zip(table, XOR, strict=True)) for table in said) == 3


def test_the_best_linear_neuron_for_xor_is_the_constant_one_half():
    """The normal equations give w = 0, b = ½, with a squared error of ¼; there the gradient is 0, exactly."""
    A = np.column_stack([CORNERS, np.ones(4)])
    solution, _, rank, _ = np.linalg.lstsq(A, np.array(XOR, float), rcond=None)
    assert rank == 3  # so that there is no other minimum
    assert solution == pytest.approx([0.0, 0.0, 0.5], abs=1e-15)
    neuron = Neuron(2, activation="linear", weights=[0.0, 0.0], bias=0.5)
    loss = mean_loss(neuron, CORNERS, XOR, mean_squared_error)
    loss.backward()
    assert loss.data == 0.25
    assert [p.grad for p in neuron.parameters()] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_linear_neuron_trained_on_xor_becomes_the_constant_one_half(seed):
    neuron = Neuron(2, activation="linear", seed=seed)
    losses = descend(neuron, CORNERS, XOR, mean_squared_error, SGD(neuron.parameters(), learning_rate=0.4), 400)
    assert numbers(neuron) == pytest.approx([0.0, 0.0, 0.5], abs=1e-9)
    assert losses[-1] == pytest.approx(0.25, abs=1e-15)
    assert min(losses) >= 0.25 - 1e-15


@pytest.mark.parametrize("seed", range(10))
def test_a_sigmoid_neuron_trained_on_xor_stays_at_three_quarters_and_a_squared_error_of_one_quarter(seed):
    """As a probability it can do no better than ½ everywhere, or than one corner wholly wrong: both cost ¼."""
    neuron = Neuron(2, activation="sigmoid", initializer="normal", seed=seed)
    losses = descend(neuron, CORNERS, XOR, mean_squared_error, SGD(neuron.parameters(), learning_rate=5.0), 100)
    assert min(losses) >= 0.25 - 1e-12
    assert share_right(neuron, CORNERS, XOR, 0.5) <= 0.75


@pytest.mark.parametrize("table", [OR, AND])
@pytest.mark.parametrize("seed", SEEDS)
def test_one_neuron_learns_or_and_and_by_gradient_descent_on_the_squared_error(table, seed):
    """From all first weights: 100 steps of rate 5 are three times what the slowest of ten runs takes."""
    neuron = Neuron(2, activation="sigmoid", initializer="normal", seed=seed)
    losses = descend(neuron, CORNERS, table, mean_squared_error, SGD(neuron.parameters(), learning_rate=5.0), 100)
    assert classes(neuron, CORNERS, 0.5) == table
    assert losses[-1] < 0.05  # each output is right by ½ - √(4 · 0.05) = 0.05 at least: none is a matter of luck


def test_three_hidden_units_learn_xor():
    """With tanh from all of ten first weights when this was written; 8 leave room for another order of rounding."""
    learnt = 0
    for seed in range(10):
        network = MLP(2, [3, 1], activation="tanh", seed=seed)
        optimizer = SGD(network.parameters(), learning_rate=0.5)
        descend(network, CORNERS, XOR, binary_cross_entropy_with_logits, optimizer, 250)
        learnt += classes(network, CORNERS, 0.0) == XOR
    assert learnt >= 8


# --- linear activations --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_layers_are_one_linear_map_the_product_of_their_matrices(seed):
    """W₃(W₂(W₁x + b₁) + b₂) + b₃ = (W₃W₂W₁) x + (W₃W₂b₁ + W₃b₂ + b₃), whatever the weights."""
    rng = np.random.default_rng(seed)
    network = MLP(4, [6, 5, 3], activation="linear", seed=seed)
    for p in network.parameters():
        p.data = rng.normal()
    W, b = np.eye(4), np.zeros(4)
    for layer in network.layers:
        W, b = weights_of(layer) @ W, weights_of(layer) @ b + biases_of(layer)
    for x in rng.normal(size=(10, 4)):
        assert [v.data for v in network(x)] == pytest.approx((W @ x + b).tolist(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_other_activations_are_no_linear_map(activation):
    """An affine map has f(x) + f(-x) = 2 f(0)."""
    rng = np.random.default_rng(0)
    network = MLP(4, [6, 5, 1], activation=activation, seed=0)
    for p in network.parameters():
        p.data = rng.normal()
    x = rng.normal(size=4)
    assert abs(network(x).data + network(-x).data - 2 * network([0.0] * 4).data) > 0.01


# --- all weights zero ----------------------------------------------------------------------------------------


def rows_of(layer):
    return [(*(w.data for w in neuron.w), neuron.b.data) for neuron in layer.neurons]


def same_weights(number):
    return lambda n_inputs, n_units, rng: [[number] * n_inputs for _ in range(n_units)]


@pytest.mark.parametrize("number", [0.0, 0.3])
@pytest.mark.parametrize("seed", SEEDS)
def test_units_that_start_with_zero_weights_stay_copies_of_each_other(seed, number):
    """Bit for bit, after every step of training; and so from any other number that all weights start with."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(7, 2)).tolist(), rng.integers(2, size=7).tolist()
    network = MLP(2, [3, 4, 1], activation="sigmoid", initializer=same_weights(number))
    optimizer = SGD(network.parameters(), learning_rate=1.0)
    for _ in range(20):
        descend(network, X, y, binary_cross_entropy_with_logits, optimizer, 1)
        assert [len(set(rows_of(layer))) for layer in network.layers] == [1, 1, 1]
    first, second, output = map(weights_of, network.layers)
    assert np.all(first != number)  # they do learn, all the same
    assert len(set(second[0])) == len(set(output[0])) == 1


def test_copies_of_one_unit_do_not_learn_xor():
    """Three of them are as one, and that is monotone in one weighted sum of the inputs: it separates as one neuron."""
    network = MLP(2, [3, 1], activation="tanh", initializer=same_weights(0.3))
    optimizer = SGD(network.parameters(), learning_rate=0.5)
    losses = descend(network, CORNERS, XOR, binary_cross_entropy_with_logits, optimizer, 250)
    assert share_right(network, CORNERS, XOR) <= 0.75
    assert losses[-1] > 0.4


def test_with_as_many_ones_as_zeros_zero_weights_do_not_even_move():
    """All outputs are ½, so that the errors ½ - y of XOR cancel in the output layer, and nothing passes its zeros."""
    network = MLP(2, [3, 1], activation="sigmoid", initializer="zeros")
    optimizer = SGD(network.parameters(), learning_rate=1.0)
    losses = descend(network, CORNERS, XOR, binary_cross_entropy_with_logits, optimizer, 20)
    assert numbers(network) == [0.0] * 13
    assert set(losses) == {math.log(2)}


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_with_tanh_or_relu_zero_weights_do_not_even_move(activation):
    """f(0) = 0 stops the gradients of the weights above, those the gradients below: only the last bias learns."""
    network = MLP(2, [3, 1], activation=activation, initializer="zeros")
    descend(network, CORNERS, OR, mean_squared_error, SGD(network.parameters(), learning_rate=0.3), 50)
    assert numbers(network)[:-1] == [0.0] * 12
    assert numbers(network)[-1] == pytest.approx(0.75, abs=1e-9)  # the mean of the targets


def test_random_weights_tell_the_units_apart():
    network = MLP(2, [3, 4, 1], activation="sigmoid", seed=0)
    descend(network, CORNERS, XOR, binary_cross_entropy_with_logits, SGD(network.parameters(), learning_rate=1.0), 20)
    assert [len(set(rows_of(layer))) for layer in network.layers] == [3, 4, 1]


# --- positive inputs -----------------------------------------------------------------------------------------


def signs_of_gradients(neuron, x, target):
    neuron.zero_grad()
    mean_squared_error(neuron(x), target).backward()
    return {math.copysign(1.0, w.grad) for w in neuron.w if w.grad}


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "leaky_relu"])
def test_with_positive_inputs_the_gradients_of_a_neuron_share_one_sign(activation):
    """∂E/∂wᵢ = δ xᵢ: the sign of δ for all i, so that one update can only raise or only lower all the weights."""
    rng = np.random.default_rng(0)
    seen = set()
    for seed in range(50):
        neuron = Neuron(10, activation=activation, seed=seed)
        signs = signs_of_gradients(neuron, rng.uniform(0.1, 1.0, size=10).tolist(), rng.choice([-1.0, 1.0]))
        assert len(signs) == 1
        seen |= signs
    assert seen == {-1.0, 1.0}


def test_with_centred_inputs_they_do_not():
    """All ten signs equal by chance: 2 · 2⁻¹⁰ of the samples, that is 0.1 of these 50; 2 or more of them: 0.5 %."""
    rng = np.random.default_rng(0)
    neurons = [Neuron(10, activation="tanh", seed=seed) for seed in range(50)]
    mixed = [len(signs_of_gradients(n, rng.uniform(-1.0, 1.0, size=10).tolist(), 1.0)) == 2 for n in neurons]
    assert sum(mixed) >= 49


@pytest.mark.parametrize(("activation", "n_signs"), [("sigmoid", {1}), ("tanh", {2})])
def test_a_layer_of_sigmoids_gives_the_next_one_positive_inputs_and_one_of_tanh_does_not(activation, n_signs):
    x = np.random.default_rng(0).normal(size=4)
    network = MLP(4, [12, 8, 1], activation=activation, seed=0)
    mean_squared_error(network(x), 1.0).backward()
    assert {len({w.grad > 0 for w in neuron.w}) for neuron in network.layers[1].neurons} == n_signs


# --- backpropagation by hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "sizes"), [(0, (3, 4, 2)), (1, (1, 1, 1)), (2, (5, 2, 3)), (3, (2, 8, 1)), (4, (4, 4, 4))]
)
def test_the_deltas_of_a_two_layer_network_by_hand_are_the_gradients(seed, sizes):
    """E = ½ Σₖ (ŷₖ - yₖ)², zⱼ = tanh aⱼ, linear outputs: δₖ = ŷₖ - yₖ and δⱼ = (1 - zⱼ²) Σₖ wₖⱼ δₖ.

    A weight's gradient is the δ of its unit times its input, a bias's is the δ; the update is w ← w - η ∂E/∂w.
    """
    n_inputs, n_hidden, n_outputs = sizes
    rng = np.random.default_rng(seed)
    network = MLP(n_inputs, [n_hidden, n_outputs], activation="tanh", seed=seed)
    for p in network.parameters():
        p.data = rng.normal()
    x, y = rng.normal(size=n_inputs), rng.normal(size=n_outputs)

    hidden, output = network.layers
    W1, b1, W2, b2 = weights_of(hidden), biases_of(hidden), weights_of(output), biases_of(output)
    z = np.tanh(W1 @ x + b1)
    delta_out = W2 @ z + b2 - y
    delta_hidden = (1 - z**2) * (W2.T @ delta_out)

    (0.5 * mean_squared_error(network(x), y)).backward()
    for layer, delta, inputs in [(hidden, delta_hidden, x), (output, delta_out, z)]:
        gradients = np.array([[w.grad for w in neuron.w] for neuron in layer.neurons])
        assert gradients == pytest.approx(np.outer(delta, inputs), rel=1e-12, abs=1e-13)
        assert [neuron.b.grad for neuron in layer.neurons] == pytest.approx(delta, rel=1e-12, abs=1e-13)

    SGD(network.parameters(), learning_rate=0.1).step()
    assert weights_of(hidden) == pytest.approx(W1 - 0.1 * np.outer(delta_hidden, x), rel=1e-12, abs=1e-13)
    assert biases_of(hidden) == pytest.approx(b1 - 0.1 * delta_hidden, rel=1e-12, abs=1e-13)
    assert weights_of(output) == pytest.approx(W2 - 0.1 * np.outer(delta_out, z), rel=1e-12, abs=1e-13)
    assert biases_of(output) == pytest.approx(b2 - 0.1 * delta_out, rel=1e-12, abs=1e-13)
