"""Losses: the course's numbers, scikit-learn's, the gradients known in closed form, and what is refused."""

import math

import numpy as np
import pytest
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error as sklearns_mean_squared_error

from autograd import DomainError, ShapeError, Value, softmax
from nn import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    hinge,
    mean_squared_error,
)


def mean(loss, predictions, targets):
    return math.fsum(float(loss(p, t)) for p, t in zip(predictions, targets, strict=True)) / len(predictions)


# --- the course's tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "p", "expected"), [(0, 0.1, 0.1054), (0, 0.9, 2.3026), (1, 0.1, 2.3026), (1, 0.9, 0.1054)]
)
def test_binary_cross_entropy_table(y, p, expected):
    logit = math.log(p / (1 - p))
    assert binary_cross_entropy(Value(p), y).data == pytest.approx(expected, abs=5e-5)
    assert binary_cross_entropy_with_logits(Value(logit), y).data == pytest.approx(expected, abs=5e-5)


NN1 = [[0.9, 0.1], [0.1, 0.9], [0.4, 0.6]]
NN2 = [[0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]
TARGETS = [[1, 0], [0, 1], [1, 0]]


@pytest.mark.parametrize(("network", "squared", "cross_entropy"), [(NN1, 0.2533, 0.3757), (NN2, 0.7067, 1.0567)])
def test_comparing_networks(network, squared, cross_entropy):
    assert mean(mean_squared_error, network, TARGETS) == pytest.approx(squared, abs=5e-5)
    assert mean(categorical_cross_entropy, network, TARGETS) == pytest.approx(cross_entropy, abs=5e-5)
    indices = [t.index(1) for t in TARGETS]
    assert mean(categorical_cross_entropy, network, indices) == pytest.approx(cross_entropy, abs=5e-5)
    logits = [[math.log(p) for p in row] for row in network]
    assert mean(categorical_cross_entropy_with_logits, logits, TARGETS) == pytest.approx(cross_entropy, abs=5e-5)


# --- scikit-learn's numbers ----------------------------------------------------------------------------------


def test_equal_to_scikit_learn():
    rng = np.random.default_rng(0)
    p, y = rng.uniform(0.01, 0.99, 20), rng.integers(0, 2, 20)
    assert mean(binary_cross_entropy, p.tolist(), y.tolist()) == pytest.approx(log_loss(y, p), rel=1e-12)
    assert mean(hinge, (4 * p - 2).tolist(), (2 * y - 1).tolist()) == pytest.approx(hinge_loss(y, 4 * p - 2), rel=1e-12)
    assert mean(mean_squared_error, p.tolist(), y.tolist()) == pytest.approx(sklearns_mean_squared_error(y, p))
    logits, labels = rng.normal(size=(20, 4)), [*range(4), *rng.integers(0, 4, 16).tolist()]
    rows = [softmax(row) for row in logits.tolist()]
    expected = log_loss(labels, rows)
    assert mean(categorical_cross_entropy, rows, labels) == pytest.approx(expected, rel=1e-12)
    assert mean(categorical_cross_entropy_with_logits, logits.tolist(), labels) == pytest.approx(expected, rel=1e-12)


# --- gradients -----------------------------------------------------------------------------------------------


def gradient(loss, prediction, target):
    values = [Value(p) for p in prediction]
    loss(values if len(values) > 1 else values[0], target).backward()
    return [v.grad for v in values]


def test_gradients_in_closed_form():
    assert gradient(mean_squared_error, [0.9, 0.3], [1.0, 0.0]) == pytest.approx([2 * -0.1, 2 * 0.3])
    assert gradient(hinge, [0.5], 1) == [-1.0]
    assert gradient(hinge, [0.5], -1) == [1.0]
    assert gradient(hinge, [1.0], 1) == [0.0]  # at the corner, as relu'(0) = 0
    assert gradient(binary_cross_entropy, [0.25], 1) == pytest.approx([-4.0])
    assert gradient(binary_cross_entropy, [0.25], 0) == pytest.approx([4 / 3])
    assert gradient(binary_cross_entropy_with_logits, [0.0], 1) == pytest.approx([-0.5])  # p - y
    p = softmax([1.0, 2.0, 3.0])
    for target in (2, [0, 0, 1]):
        expected = [p[0], p[1], p[2] - 1]
        assert gradient(categorical_cross_entropy_with_logits, [1.0, 2.0, 3.0], target) == pytest.approx(expected)


# --- edges ---------------------------------------------------------------------------------------------------


def test_zero_times_the_logarithm_of_zero_is_zero():
    assert binary_cross_entropy(1.0, 1) == binary_cross_entropy(0.0, 0) == 0.0
    assert categorical_cross_entropy([0.0, 1.0], [0, 1]) == categorical_cross_entropy([0.0, 1.0], 1) == 0.0


@pytest.mark.parametrize(("p", "y"), [(0.0, 1), (1.0, 0), (Value(0.0), 1), (0.0, 0.5)])
def test_the_true_class_has_no_probability(p, y):
    with pytest.raises(DomainError, match="the true class has the probability 0; binary_cross_entropy_with_logits"):
        binary_cross_entropy(p, y)


def test_the_true_class_has_no_probability_among_several():
    with pytest.raises(DomainError, match="the true class has the probability 0"):
        categorical_cross_entropy([0.0, 1.0], 0)


def test_logits_are_not_probabilities():
    for loss, prediction in ((binary_cross_entropy, 1.5), (categorical_cross_entropy, [-0.5, 1.5])):
        with pytest.raises(DomainError, match=rf"takes probabilities in \[0, 1\].*{loss.__name__}_with_logits"):
            loss(prediction, 1)


def test_nan_travels():
    for loss in (binary_cross_entropy, binary_cross_entropy_with_logits, mean_squared_error, hinge):
        assert math.isnan(loss(math.nan, 1))


def test_large_logits_lose_nothing():
    assert binary_cross_entropy_with_logits(-1000.0, 1) == 1000.0
    assert binary_cross_entropy_with_logits(1000.0, 1) == 0.0
    assert categorical_cross_entropy_with_logits([1000.0, 0.0], 1) == 1000.0
    tiny = binary_cross_entropy_with_logits(40.0, 1)
    assert tiny == pytest.approx(math.exp(-40), rel=1e-12)
    assert binary_cross_entropy(1e-20, 0) == pytest.approx(1e-20, rel=1e-12)


def test_soft_targets():
    expected = -(0.3 * math.log(0.6) + 0.7 * math.log(0.4))
    assert binary_cross_entropy(0.6, 0.3) == pytest.approx(expected)
    assert categorical_cross_entropy([0.6, 0.4], [0.3, 0.7]) == pytest.approx(expected)
    assert categorical_cross_entropy_with_logits([math.log(0.6), math.log(0.4)], [0.3, 0.7]) == pytest.approx(expected)


def test_several_outputs_are_summed():
    single = (mean_squared_error, hinge, binary_cross_entropy_with_logits)
    for loss in single:
        assert loss([0.2, -0.7], [1, 1]) == pytest.approx(loss(0.2, 1) + loss(-0.7, 1))
    assert binary_cross_entropy([0.2, 0.7], [1, 0]) == pytest.approx(-math.log(0.2) - math.log(0.3))


def test_numpy_targets():
    assert categorical_cross_entropy([0.5, 0.5], np.int64(1)) == pytest.approx(math.log(2))
    assert categorical_cross_entropy([0.5, 0.5], np.array([0.0, 1.0])) == pytest.approx(math.log(2))
    assert categorical_cross_entropy_with_logits([0.0, 0.0], 1.0) == pytest.approx(math.log(2))
    assert mean_squared_error(Value(1.0), np.float64(3.0)).data == 4.0


@pytest.mark.parametrize(
    ("loss", "prediction", "target", "message"),
    [
        (mean_squared_error, [1.0, 2.0], [1.0], "1 targets for 2 outputs"),
        (mean_squared_error, [1.0, 2.0], 1.0, "1 targets for 2 outputs"),
        (hinge, [1.0], [1, 1], "2 targets for 1 outputs"),
        (categorical_cross_entropy, [0.5, 0.5], 2, "class index is 2, but there are 2 outputs: 0 to 1"),
        (categorical_cross_entropy, [0.5, 0.5], -1, "class index is -1"),
        (categorical_cross_entropy_with_logits, [0.5, 0.5], 0.5, "must be a whole number, got 0.5"),
        (categorical_cross_entropy, [0.5, 0.5], [1, 0, 0], "3 targets for 2 outputs"),
        (categorical_cross_entropy, 0.5, 0, "one output per class, 2 at least"),
        (categorical_cross_entropy_with_logits, [0.5], 0, "one output per class, 2 at least"),
    ],
)
def test_shapes(loss, prediction, target, message):
    with pytest.raises(ShapeError, match=message):
        loss(prediction, target)


def test_targets():
    with pytest.raises(ValueError, match="the targets of hinge are -1 and \\+1, got 0"):
        hinge(0.5, 0)
    for loss in (binary_cross_entropy, binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match="a class, 0 or 1, or a probability between, got -1"):
            loss(0.5, -1)
    with pytest.raises(ValueError, match="a class, 0 or 1"):
        categorical_cross_entropy_with_logits([0.0, 0.0], [2, -1])


@pytest.mark.parametrize("number", [np.bool_, np.int64, np.float32, np.array])
def test_targets_of_numpy_are_numbers(number):
    one = number(1)
    for loss in (hinge, mean_squared_error, binary_cross_entropy, binary_cross_entropy_with_logits):
        assert loss(0.25, one) == loss([0.25], [one]) == loss(np.array(0.25), one) == loss(0.25, 1)
        assert loss(Value(0.25), one).data == loss(0.25, 1)
    for loss in (categorical_cross_entropy, categorical_cross_entropy_with_logits):
        assert loss([0.25, 0.75], one) == loss([0.25, 0.75], 1)
