"""The facts of the course about neurons, activations, losses and backpropagation, with its numbers."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import autograd
from autograd import Value, grad, leaky_relu, prelu, relu, sigmoid, softmax, step, swish, tanh
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
from nn.losses import (
    binary_cross_entropy,
    categorical_cross_entropy,
    half_squared_error,
    huber,
    log_cosh,
    mean_absolute_error,
)
from nn.metrics import accuracy

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
    """From most first weights; gradient descent may stay in a local minimum from others."""
    learnt = 0
    for seed in range(5):
        network = trained([3, 1], XOR, seed=seed, activation="tanh", epochs=300)
        learnt += [class_from_logits(network(x)) for x in CORNERS] == XOR
    assert learnt >= 4


@pytest.mark.parametrize(("activation", "slope_in_the_middle"), [(sigmoid, 0.25), (relu, 1.0)])
def test_the_weight_changes_the_steepness_and_the_bias_shifts_the_curve(activation, slope_in_the_middle):
    for w, b in product((0.5, 1.0, 4.0), (-2.0, 0.0, 3.0)):
        neuron = Neuron(1, activation=activation, weights=[w], bias=b)
        plain = Neuron(1, activation=activation, weights=[w])
        for x in (-1.5, -0.25, 0.75, 2.0):
            assert neuron([x]).data == pytest.approx(plain([x + b / w]).data, rel=1e-12)  # moved by -b / w
        middle = Value(-b / w + 1e-9)
        neuron([middle]).backward()
        assert middle.grad == pytest.approx(w * slope_in_the_middle)


def test_the_perceptron_is_a_linear_classifier():
    """A step neuron computes OR and AND; for XOR its four conditions on w₁, w₂, b contradict each other."""
    for weights, bias, expected in (([1, 1], -0.5, OR), ([1, 1], -1.5, AND)):
        perceptron = Neuron(2, activation="step", weights=weights, bias=bias)
        assert [perceptron(x).data for x in CORNERS] == expected
    grid = [Fraction(k, 2) for k in range(-6, 7)]
    for w1, w2, b in product(grid, repeat=3):
        assert [int(w1 * x1 + w2 * x2 + b > 0) for x1, x2 in CORNERS] != XOR
        # b <= 0, w₁ + b > 0 and w₂ + b > 0 give w₁ + w₂ + b > -b >= 0, where XOR needs <= 0
        if b <= 0 < min(w1 + b, w2 + b):
            assert w1 + w2 + b > 0


def test_a_logistic_neuron_is_logistic_regression():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = (X @ [1.0, -2.0, 0.5] + rng.normal(size=40) > 0.3).astype(int)
    model = LogisticRegression().fit(X, y)
    neuron = Neuron(3, activation="sigmoid", weights=model.coef_[0].tolist(), bias=float(model.intercept_[0]))
    expected = model.predict_proba(X)[:, 1].tolist()
    assert [neuron(x).data for x in X.tolist()] == pytest.approx(expected, rel=1e-12)


# --- activations ---------------------------------------------------------------------------------------------

BETA = 0.1
POINTS = [-30.0, -2.0, -0.5, 0.5, 2.0, 30.0]
TABLE = [  # f; f and f' as the course has them
    (step, lambda z: 1.0 if z > 0 else 0.0, lambda z, f: 0.0),
    (sigmoid, lambda z: 1 / (1 + math.exp(-z)), lambda z, f: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    (tanh, math.tanh, lambda z, f: 1 / math.cosh(z) ** 2),
    (relu, lambda z: max(0.0, z), lambda z, f: 1.0 if z > 0 else 0.0),
    (lambda z: leaky_relu(z, BETA), lambda z: z if z > 0 else BETA * z, lambda z, f: 1.0 if z > 0 else BETA),
    (lambda z: prelu(z, 0.25), lambda z: z if z >= 0 else 0.25 * z, lambda z, f: 1.0 if z >= 0 else 0.25),
    (
        lambda z: autograd.elu(z, 1.5),
        lambda z: z if z >= 0 else 1.5 * math.expm1(z),
        lambda z, f: 1.0 if z >= 0 else 1.5 * math.exp(z),
    ),
    (swish, lambda z: z / (1 + math.exp(-z)), lambda z, f: f / z + f * (1 - f / z)),  # s + z s (1 - s), s = f / z
]


@pytest.mark.parametrize(("activation", "formula", "derivative"), TABLE)
def test_the_table_of_activations(activation, formula, derivative):
    for z in POINTS:
        value = activation(z)
        assert value == pytest.approx(formula(z), rel=1e-12)
        assert grad(activation)(z).data == pytest.approx(derivative(z, value), rel=1e-9)


def test_derivatives_from_the_output():
    """sigmoid' = f (1 - f), in (0, 1/4]; tanh' = 1 - tanh²."""
    for z in (-30.0, -2.0, 0.0, 0.5, 5.0):
        f, t = sigmoid(z), math.tanh(z)
        slope = grad(sigmoid)(z).data
        assert slope == pytest.approx(f * (1 - f), rel=1e-9)
        assert 0 < slope <= 0.25
        assert grad(tanh)(z).data == pytest.approx(1 - t * t, rel=1e-9, abs=1e-15)
    assert grad(sigmoid)(0.0).data == 0.25


def test_the_learned_slope_of_prelu():
    for z, expected in ((-3.0, -3.0), (-0.5, -0.5), (2.0, 0.0)):
        alpha = Value(0.25)
        prelu(z, alpha).backward()
        assert alpha.grad == expected


def test_the_derivative_of_elu_is_continuous_at_alpha_one():
    below, above = (grad(lambda z: autograd.elu(z, 1.0))(z).data for z in (-1e-12, 1e-12))
    assert below == pytest.approx(above, abs=1e-11)
    assert grad(lambda z: autograd.elu(z, 0.5))(-1e-12).data == pytest.approx(0.5)


def test_sigmoid_is_not_zero_centred_and_tanh_is():
    for z in POINTS:
        assert 0 < sigmoid(z) <= 1
        assert sigmoid(z) + sigmoid(-z) == pytest.approx(1.0)  # about 1/2
        assert tanh(z) == -tanh(-z)  # about 0
        assert tanh(z) == pytest.approx(2 * sigmoid(2 * z) - 1)


def test_maxout_generalises_relu_and_leaky_relu_with_twice_the_parameters():
    w, b = [0.5, -1.5], 0.25
    first = Neuron(2, activation="linear", weights=w, bias=b)
    for slope, reference in ((0.0, "relu"), (0.01, "leaky_relu")):
        second = Neuron(2, activation="linear", weights=[slope * wi for wi in w], bias=slope * b)
        plain = Neuron(2, activation=reference, weights=w, bias=b)
        for x in product((-2.0, 0.3, 1.0), repeat=2):
            assert autograd.max(first(x), second(x)).data == pytest.approx(plain(x).data, rel=1e-12)
        assert first.n_parameters + second.n_parameters == 2 * plain.n_parameters


def test_softmax_reads_as_probabilities():
    p = softmax([2.0, -1.0, 0.5])
    total = math.exp(2.0) + math.exp(-1.0) + math.exp(0.5)
    assert p == pytest.approx([math.exp(z) / total for z in (2.0, -1.0, 0.5)])
    assert math.fsum(p) == pytest.approx(1.0)
    assert softmax([3.0, 0.0])[0] == pytest.approx(sigmoid(3.0))  # of two classes it is the sigmoid


def test_a_saturated_sigmoid_kills_the_gradient():
    neuron = Neuron(1, activation="sigmoid", weights=[40.0])
    neuron([1.0]).backward()
    assert 0 < neuron.w[0].grad < 1e-16


# --- losses --------------------------------------------------------------------------------------------------


def test_the_absolute_error_has_a_constant_gradient_and_is_robust_to_outliers():
    for error, expected in ((0.1, 1.0), (1e6, 1.0), (-1e6, -1.0)):
        assert grad(lambda p: mean_absolute_error(p, 0.0))(error).data == expected
        assert grad(lambda p: mean_squared_error(p, 0.0))(error).data == 2 * error
    # where the mean loss is smallest: for squares at the mean, which an outlier moves, for absolutes at the median
    data = [1.0, 2.0, 3.0, 4.0, 1000.0]
    for loss, best in ((mean_squared_error, 202.0), (mean_absolute_error, 3.0)):
        means = {c: math.fsum(loss(c, y) for y in data) for c in (*data, 202.0, 2.5, 203.0)}
        assert min(means, key=means.get) == best


def test_the_forms_of_the_losses_of_errors():
    for x in (-3.0, -0.4, 0.0, 0.4, 1.0, 3.0):
        assert mean_absolute_error(x, 0.0) == abs(x)
        assert mean_squared_error(x, 0.0) == pytest.approx(x * x)
        assert half_squared_error(x, 0.0) == pytest.approx(x * x / 2)
        for delta in (0.5, 1.0, 2.0):
            expected = x * x / 2 if abs(x) < delta else delta * (abs(x) - delta / 2)
            assert huber(x, 0.0, delta=delta) == pytest.approx(expected, rel=1e-12)
        assert log_cosh(x, 0.0) == pytest.approx(math.log(math.cosh(x)), rel=1e-12)
    assert log_cosh(0.01, 0.0) == pytest.approx(0.01**2 / 2, rel=1e-4)
    assert log_cosh(50.0, 0.0) == pytest.approx(50.0 - math.log(2), rel=1e-14)


@pytest.mark.parametrize(
    ("y", "p", "expected"), [(0, 0.1, 0.1054), (0, 0.9, 2.3026), (1, 0.1, 2.3026), (1, 0.9, 0.1054)]
)
def test_the_table_of_binary_cross_entropy(y, p, expected):
    assert binary_cross_entropy(p, y) == pytest.approx(expected, abs=5e-5)
    assert binary_cross_entropy(p, y) == pytest.approx(-(y * math.log(p) + (1 - y) * math.log(1 - p)))
    assert binary_cross_entropy_with_logits(math.log(p / (1 - p)), y) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("rows", "squared", "cross_entropy"),
    [
        ([[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]], 0.2533, 0.3757),
        ([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]], 0.7067, 1.0567),
    ],
)
def test_comparing_networks(rows, squared, cross_entropy):
    """Both err on one of three, yet the first is better: losses see it."""
    targets = [[1, 0], [0, 1], [1, 0]]
    assert 1 - accuracy([0, 1, 0], [class_from_logits(row) for row in rows]) == pytest.approx(1 / 3)
    for loss, expected in ((mean_squared_error, squared), (categorical_cross_entropy, cross_entropy)):
        values = [loss(row, target) for row, target in zip(rows, targets, strict=True)]
        assert math.fsum(values) / 3 == pytest.approx(expected, abs=5e-5)


def test_survival_data_by_a_loss_of_ones_own():
    """Times until an event, some only watched so long: -ln likelihood of a rate e^z is e^z t - z for each event.

    It is smallest where the rate is the number of events by the time watched.
    """
    data = [(2.0, 1), (5.0, 0), (1.0, 1), (4.0, 1), (3.0, 0)]  # time, whether the event was seen
    model = Neuron(1, activation="linear", weights=[0.0])

    def survival(log_rate, target):
        time, seen = target
        return autograd.exp(log_rate) * time - seen * log_rate

    fit(
        model, [[0.0]] * 5, data, loss=survival, optimizer=SGD(model.parameters(), learning_rate=0.5), epochs=200,
        batch_size=5, seed=0, progress=False,
    )  # fmt: skip
    assert math.exp(model.b.data) == pytest.approx(3 / 15, rel=1e-9)


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
    half_squared_error(outputs, y).backward()
    assert [p.grad for p in outputs] == pytest.approx(delta2, rel=1e-12)  # δₖ = ŷₖ - yₖ
    assert [p.data for p in outputs] == pytest.approx(prediction, rel=1e-13)
    for j, neuron in enumerate(hidden.neurons):
        assert [w.grad for w in neuron.w] == pytest.approx([delta1[j] * xi for xi in x], rel=1e-12)
        assert neuron.b.grad == pytest.approx(delta1[j], rel=1e-12)
    for k, neuron in enumerate(output.neurons):
        assert [w.grad for w in neuron.w] == pytest.approx([delta2[k] * zj for zj in z], rel=1e-12)
        assert neuron.b.grad == pytest.approx(delta2[k], rel=1e-12)

    SGD(network.parameters(), learning_rate=eta).step()
    for j, neuron in enumerate(hidden.neurons):
        moved = [w - eta * delta1[j] * xi for w, xi in zip(w1[j], x, strict=True)]
        assert [w.data for w in neuron.w] == pytest.approx(moved, rel=1e-12)
    for k, neuron in enumerate(output.neurons):
        moved = [w - eta * delta2[k] * zj for w, zj in zip(w2[k], z, strict=True)]
        assert [w.data for w in neuron.w] == pytest.approx(moved, rel=1e-12)


def test_the_recursion_over_the_next_layer():
    """∂E/∂oᵢ = Σₗ wₗᵢ K'(sₗ) ∂E/∂oₗ from layer to layer, two numbers kept per neuron: its activation and its diff."""
    network = MLP(3, [4, 3, 5, 2], activation="sigmoid", output_activation="tanh", seed=7)
    x, y = [0.5, -1.2, 2.0], [0.3, -0.8]
    activations = [x]
    for layer in network.layers[:-1]:
        activations.append([sigmoid(s) for s in weighted_sums(layer, activations[-1])])
    activations.append([math.tanh(s) for s in weighted_sums(network.layers[-1], activations[-1])])

    outputs = network(x)
    half_squared_error(outputs, y).backward()
    assert [p.data for p in outputs] == pytest.approx(activations[-1], rel=1e-13)
    diffs = [o - t for o, t in zip(activations[-1], y, strict=True)]
    for depth in range(len(network.layers) - 1, -1, -1):
        layer, inputs = network.layers[depth], activations[depth]
        is_last = depth == len(network.layers) - 1
        slopes = [1 - o * o if is_last else o * (1 - o) for o in activations[depth + 1]]  # K'(s) from o = K(s)
        deltas = [slope * diff for slope, diff in zip(slopes, diffs, strict=True)]
        for neuron, delta in zip(layer.neurons, deltas, strict=True):
            assert [w.grad for w in neuron.w] == pytest.approx([delta * o for o in inputs], rel=1e-11)
            assert neuron.b.grad == pytest.approx(delta, rel=1e-11)
        pairs = list(zip(layer.neurons, deltas, strict=True))
        diffs = [math.fsum(neuron.w[i].data * delta for neuron, delta in pairs) for i in range(len(inputs))]


def weighted_sums(layer, inputs):
    return [
        math.fsum([neuron.b.data, *(w.data * o for w, o in zip(neuron.w, inputs, strict=True))])
        for neuron in layer.neurons
    ]
