"""The facts of the course about neurons and networks, with its numbers."""

import math

import pytest

from nn import (
    MLP,
    SGD,
    Neuron,
    binary_cross_entropy_with_logits,
    class_from_logits,
    class_from_probability,
    fit,
    mean_squared_error,
)

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
OR, AND, XOR = [0, 1, 1, 1], [0, 0, 0, 1], [0, 1, 1, 0]


# --- the perceptron by hand ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "h", "p", "prediction"),
    [((0, 0), -0.5, 0.3775, 0), ((0, 1), -1.5, 0.1824, 0), ((1, 0), 0.5, 0.6225, 1), ((1, 1), -0.5, 0.3775, 0)],
)
def test_the_perceptron_by_hand(x, h, p, prediction):
    neuron = Neuron(2, activation="sigmoid", weights=[1, -1], bias=-0.5)
    y = neuron(x)
    assert y.operands[0].data == h
    assert y.data == pytest.approx(p, abs=5e-5)
    assert round(y) == class_from_probability(y) == prediction


def test_the_bias_is_the_weight_of_a_constant_input():
    with_bias = Neuron(2, activation="tanh", weights=[0.3, -0.7], bias=0.2)
    without = Neuron(3, activation="tanh", weights=[0.2, 0.3, -0.7])
    assert with_bias([1.5, 2.5]).data == pytest.approx(without([1.0, 1.5, 2.5]).data, abs=1e-15)


def trained(
    sizes, targets, *, loss=binary_cross_entropy_with_logits, seed=0, epochs=1000, learning_rate=0.5, **options
):
    model = MLP(2, sizes, seed=seed, **options)
    fit(
        model, CORNERS, targets, loss=loss, optimizer=SGD(model.parameters(), learning_rate=learning_rate),
        epochs=epochs, batch_size=4, seed=seed, progress=False,
    )  # fmt: skip
    return model


@pytest.mark.parametrize(("targets", "learnt"), [(OR, True), (AND, True), (XOR, False)])
def test_one_neuron_learns_or_and_and_but_not_xor(targets, learnt):
    """With squared error and gradient descent, as the course has it."""
    neuron = trained([1], targets, loss=mean_squared_error, output_activation="sigmoid", epochs=300, learning_rate=5.0)
    assert ([class_from_probability(neuron(x)) for x in CORNERS] == targets) is learnt


@pytest.mark.parametrize("seed", range(5))
def test_no_single_neuron_learns_xor(seed):
    neuron = trained([1], XOR, seed=seed, epochs=200)
    predicted = [class_from_logits(neuron(x)) for x in CORNERS]
    assert sum(p == y for p, y in zip(predicted, XOR, strict=True)) <= 3


def test_xor_is_learnt_by_three_hidden_units():
    """From most of ten first weights; gradient descent stays in a local minimum from the others."""
    learnt = 0
    for seed in range(10):
        network = trained([3, 1], XOR, seed=seed, activation="tanh", epochs=300)
        learnt += [class_from_logits(network(x)) for x in CORNERS] == XOR
    assert learnt >= 8


# --- architecture --------------------------------------------------------------------------------------------


def test_linear_activations_collapse_to_one_linear_model():
    network = MLP(2, [3, 2, 1], activation="linear", seed=0)
    b = network([0.0, 0.0]).data
    w = [network([1.0, 0.0]).data - b, network([0.0, 1.0]).data - b]
    for x in ((2.0, -3.0), (0.5, 10.0)):
        assert network(x).data == pytest.approx(w[0] * x[0] + w[1] * x[1] + b, rel=1e-12)


def test_a_hidden_layer_of_ones_is_a_matrix_product():
    """Two hidden nodes with all weights 1: each holds the sum of the inputs."""
    network = MLP(3, [2, 1], activation="linear", initializer=lambda n, m, rng: [[1.0] * n for _ in range(m)])
    assert [y.data for y in network.layers[0]([1.0, 2.0, 3.0])] == [6.0, 6.0]
    assert network([1.0, 2.0, 3.0]).data == 12.0


def test_all_zero_weights_keep_the_gradients_identical():
    network = MLP(2, [3, 1], activation="sigmoid", initializer="zeros")
    mean_squared_error(network([1.0, 2.0]), 1.0).backward()
    rows = [tuple(w.grad for w in neuron.w) for neuron in network.layers[0].neurons]
    assert len(set(rows)) == 1
    output = network.layers[1].neurons[0]
    assert len({w.grad for w in output.w}) == 1
    assert output.w[0].grad != 0.0


# --- backpropagation by hand ---------------------------------------------------------------------------------


def test_two_layer_deltas_by_hand():
    """E = ½ Σ (ŷₖ - yₖ)², tanh hidden units, linear outputs: the derivation of the course against the engine."""
    n_inputs, n_hidden, n_outputs, eta = 3, 4, 2, 0.1
    network = MLP(n_inputs, [n_hidden, n_outputs], activation="tanh", seed=11)
    hidden, output = network.layers
    x, y = [0.5, -1.2, 2.0], [0.3, -0.8]

    w1 = [[w.data for w in neuron.w] for neuron in hidden.neurons]
    w2 = [[w.data for w in neuron.w] for neuron in output.neurons]
    z = [math.tanh(math.fsum(w * xi for w, xi in zip(row, x, strict=True))) for row in w1]
    prediction = [math.fsum(w * zj for w, zj in zip(row, z, strict=True)) for row in w2]
    delta2 = [p - t for p, t in zip(prediction, y, strict=True)]
    delta1 = [(1 - z[j] ** 2) * math.fsum(w2[k][j] * delta2[k] for k in range(n_outputs)) for j in range(n_hidden)]

    outputs = network(x)
    (0.5 * mean_squared_error(outputs, y)).backward()
    assert [p.data for p in outputs] == pytest.approx(prediction, rel=1e-13)
    for j, neuron in enumerate(hidden.neurons):
        assert [w.grad for w in neuron.w] == pytest.approx([delta1[j] * xi for xi in x], rel=1e-12)
        assert neuron.b.grad == pytest.approx(delta1[j], rel=1e-12)
    for k, neuron in enumerate(output.neurons):
        assert [w.grad for w in neuron.w] == pytest.approx([delta2[k] * zj for zj in z], rel=1e-12)
        assert neuron.b.grad == pytest.approx(delta2[k], rel=1e-12)

    SGD(network.parameters(), learning_rate=eta).step()
    assert hidden.neurons[0].w[0].data == pytest.approx(w1[0][0] - eta * delta1[0] * x[0], rel=1e-12)
