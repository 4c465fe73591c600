"""Losses: the course's numbers, PyTorch's and scikit-learn's, what holds in general, edges, and what is refused.

PyTorch's losses are taken with `reduction="sum"` for one sample: the sum over its outputs. Its multi-class hinge is
divided by the number of classes, and multiplied by it here.
"""

import math
import random
from functools import partial

import mpmath
import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from hypothesis import example, given, settings, strategies as st
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error as sklearns_mean_squared_error

import autograd
from autograd import OPS, DomainError, ShapeError, Value, gradcheck, hessian, sigmoid, softmax
from nn import losses
from nn.losses import (
    LOSSES,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_squared_error,
    multiclass_hinge,
    poisson,
    resolve,
    squared_hinge,
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


# --- PyTorch's numbers ---------------------------------------------------------------------------------------


def torchs_margin(s, y):
    """max(0, 1 - y s) of every output, by PyTorch's loss of rankings: s against a score of 0."""
    return F.margin_ranking_loss(s, torch.zeros_like(s), y, margin=1.0, reduction="none")


def torchs_categorical(p, t, label_smoothing=0.0):
    """From ln p instead of logits: the softmax of ln p is p, but its gradient is not that by p, so without it."""
    t = F.one_hot(t, len(p)).double() if t.dim() == 0 else t
    return -(((1 - label_smoothing) * t + label_smoothing / len(p)) * torch.log(p)).sum()


PYTORCHS = {
    mean_absolute_error: partial(F.l1_loss, reduction="sum"),
    mean_squared_error: partial(F.mse_loss, reduction="sum"),
    half_squared_error: lambda p, y: 0.5 * F.mse_loss(p, y, reduction="sum"),
    huber: partial(F.huber_loss, reduction="sum"),
    binary_cross_entropy: partial(F.binary_cross_entropy, reduction="sum"),
    binary_cross_entropy_with_logits: partial(F.binary_cross_entropy_with_logits, reduction="sum"),
    categorical_cross_entropy: torchs_categorical,
    categorical_cross_entropy_with_logits: F.cross_entropy,
    hinge: lambda s, y: torchs_margin(s, y).sum(),
    squared_hinge: lambda s, y: (torchs_margin(s, y) ** 2).sum(),
    multiclass_hinge: lambda s, y: len(s) * F.multi_margin_loss(s, y),
    kl_divergence: lambda p, t: F.kl_div(torch.log(p), t, reduction="sum"),
    poisson: partial(F.poisson_nll_loss, log_input=True, full=False, reduction="sum"),
}

rng = random.Random(4)


def some(n, low, high):
    return [rng.uniform(low, high) for _ in range(n)]


def shares(n):
    parts = some(n, 0.05, 1.0)
    return [part / math.fsum(parts) for part in parts]


def samples():
    """Every loss with predictions and targets: random ones, then edges."""
    for n in (1, 3, 7):
        for loss in (mean_absolute_error, mean_squared_error, half_squared_error, huber):
            yield loss, some(n, -3, 3), some(n, -3, 3), {}
        yield huber, some(n, -9, 9), some(n, -9, 9), {"delta": 2.5}
        yield binary_cross_entropy, some(n, 0.01, 0.99), [float(rng.randrange(2)) for _ in range(n)], {}
        yield binary_cross_entropy, some(n, 0.01, 0.99), some(n, 0, 1), {}
        yield binary_cross_entropy_with_logits, some(n, -5, 5), [float(rng.randrange(2)) for _ in range(n)], {}
        yield binary_cross_entropy_with_logits, some(n, -5, 5), some(n, 0, 1), {}
        for loss in (hinge, squared_hinge):
            yield loss, some(n, -2, 2), [rng.choice((-1.0, 1.0)) for _ in range(n)], {}
        yield poisson, some(n, -3, 3), [float(rng.randrange(9)) for _ in range(n)], {}
    for n in (2, 3, 10):
        for smoothing in ({}, {"label_smoothing": 0.1}, {"label_smoothing": 1.0}):
            yield categorical_cross_entropy, shares(n), rng.randrange(n), smoothing
            yield categorical_cross_entropy, shares(n), shares(n), smoothing
            yield categorical_cross_entropy_with_logits, some(n, -5, 5), rng.randrange(n), smoothing
            yield categorical_cross_entropy_with_logits, some(n, -5, 5), shares(n), smoothing
        yield multiclass_hinge, some(n, -2, 2), rng.randrange(n), {}
        yield kl_divergence, shares(n), shares(n), {}
    yield mean_absolute_error, [1.0, 1e10, -1e-10], [1.0, 0.0, 0.0], {}
    yield huber, [1.0, -1.0, 0.0, 1e-9, 1e9, -1e9], [0.0] * 6, {}  # the corners, the middle, far out
    yield huber, [0.25, -0.25, 0.2500001], [0.0] * 3, {"delta": 0.25}
    yield binary_cross_entropy, [1e-10, 1 - 1e-10, 1e-10, 1 - 1e-10], [1.0, 0.0, 0.0, 1.0], {}
    yield binary_cross_entropy_with_logits, [700.0, -700.0, 0.0, 30.0], [0.0, 1.0, 0.5, 1.0], {}
    yield categorical_cross_entropy_with_logits, [700.0, -700.0, 0.0], 1, {}
    yield categorical_cross_entropy_with_logits, [700.0, -700.0, 0.0], [0.5, 0.0, 0.5], {}
    yield multiclass_hinge, [2.0, 1.0, 1.0], 0, {}  # both others exactly 1 behind
    yield multiclass_hinge, [1.0, 1.0, 1.0], 2, {}
    yield kl_divergence, [0.5, 0.25, 0.25], [0.5, 0.5, 0.0], {}
    yield poisson, [-700.0, 0.0, 20.0], [0.0, 0.0, 3.0], {}


@pytest.mark.parametrize(("loss", "prediction", "target", "options"), list(samples()))
def test_value_and_gradients_equal_pytorchs(loss, prediction, target, options):
    theirs = torch.tensor(prediction, dtype=torch.float64, requires_grad=True)
    given_to_them = torch.tensor(target, dtype=torch.float64 if isinstance(target, list) else torch.int64)
    expected = PYTORCHS[loss](theirs, given_to_them, **options)
    expected.backward()
    values = [Value(p) for p in prediction]
    result = loss(values, target, **options)
    result.backward()
    assert result.data == pytest.approx(expected.item(), rel=1e-12, abs=1e-15)
    assert [v.grad for v in values] == pytest.approx(theirs.grad.tolist(), rel=1e-12, abs=1e-15)
    assert loss(prediction, target, **options) == result.data


def test_every_loss_is_held_against_pytorch_or_mpmath():
    assert {*PYTORCHS, log_cosh} == set(LOSSES.values())


# --- mpmath's numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-8, 1e-3, 1.0, 19.999, 20.0, 20.001, 40.0, 710.0, 1e4, 1e300])
@pytest.mark.parametrize("sign", [1, -1])
def test_log_cosh_and_both_its_derivatives(x, sign):
    error = Value(sign * x)
    log_cosh(error, 0.0).backward()
    with mpmath.workdps(50 if x < 1e-100 or x > 1e100 else 400):
        exact = mpmath.mpf(x)
        value = exact - mpmath.log(2) if x > 1e3 else mpmath.log(mpmath.cosh(exact))
        first, second = mpmath.tanh(exact), mpmath.sech(exact) ** 2 if x < 1e3 else mpmath.mpf(0)
    assert log_cosh(sign * x, 0.0) == pytest.approx(float(value), rel=1e-14)
    assert error.grad == pytest.approx(sign * float(first), rel=1e-14)
    ((bend,),) = hessian(lambda xs: log_cosh(xs[0], 0.0))([sign * x])
    assert float(bend) == pytest.approx(float(second), rel=1e-12, abs=1e-15)


def test_huber_bends_at_zero_as_the_squared_error_does():
    for x, expected in ((0.0, 1.0), (1e-8, 1.0), (-0.5, 1.0), (1.5, 0.0), (-1e4, 0.0)):
        ((bend,),) = hessian(lambda xs: huber(xs[0], 0.0))([x])
        assert float(bend) == expected


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


def test_certain_and_right():
    """The gradient is -1/p = -1 and 1/(1 - p) = 1, where PyTorch has 0."""
    assert gradient(binary_cross_entropy, [1.0], 1) == [-1.0]
    assert gradient(binary_cross_entropy, [0.0], 0) == [1.0]


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
    for target in (1, [0, 1], [0.0, 1.0]):
        certain = categorical_cross_entropy_with_logits([0.0, 40.0], target)
        assert certain == pytest.approx(math.exp(-40), rel=1e-12)
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
        (categorical_cross_entropy, [0.5, 0.5], 2**60 + 1, "class index is 1152921504606846977, but"),
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


# --- what holds in general -----------------------------------------------------------------------------------

number = st.floats(-1e6, 1e6)
logit = st.floats(-50, 50)
probability = st.floats(0.001, 0.999)
ELEMENTWISE = {
    mean_absolute_error: (number, number),
    mean_squared_error: (number, number),
    half_squared_error: (number, number),
    huber: (number, number),
    log_cosh: (number, number),
    binary_cross_entropy: (probability, st.floats(0, 1)),
    binary_cross_entropy_with_logits: (logit, st.floats(0, 1)),
    hinge: (number, st.sampled_from([-1, 1])),
    squared_hinge: (number, st.sampled_from([-1, 1])),
    poisson: (logit, st.integers(0, 100)),
}
PROBABLE = (categorical_cross_entropy, kl_divergence)
OF_ERRORS = (mean_absolute_error, mean_squared_error, half_squared_error, huber, log_cosh)


@st.composite
def distributions(draw, size):
    parts = draw(st.lists(st.floats(0.01, 1.0), min_size=size, max_size=size))
    return [part / math.fsum(parts) for part in parts]


@pytest.mark.parametrize("loss", list(ELEMENTWISE))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_loss_of_outputs_is_the_sum_of_their_losses_and_not_negative(loss, data):
    outputs, targets = ELEMENTWISE[loss]
    pairs = data.draw(st.lists(st.tuples(outputs, targets), min_size=1, max_size=4))
    single = [loss(p, y) for p, y in pairs]
    together = loss([p for p, _ in pairs], [y for _, y in pairs])
    assert together == pytest.approx(math.fsum(single), rel=1e-12, abs=1e-12 * math.fsum(map(abs, single)))
    assert isinstance(loss(Value(pairs[0][0]), pairs[0][1]), Value)
    if loss is not poisson:  # without ln y! it may be negative
        assert together >= 0


@pytest.mark.parametrize("loss", list(LOSSES.values()))
def test_whole_numbers_give_a_float_and_values_a_value(loss):
    several = loss in PROBABLE or loss in (multiclass_hinge, categorical_cross_entropy_with_logits)
    prediction, target = ([0, 1], 1) if several else ([1], [1])
    assert type(loss(prediction, target)) is float
    result = loss([Value(p) for p in prediction], target)
    assert type(result) is Value
    assert result.data == loss(prediction, target)


@settings(max_examples=60, deadline=None)
@given(number, number)
@example(0.0, 0.0)
def test_losses_of_errors_are_even_and_zero_for_the_right_number_alone(p, y):
    for loss in OF_ERRORS:
        assert loss(p, y) == loss(y, p)
        assert loss(y, y) == 0.0
    assert (mean_absolute_error(p, y) > 0) == (p != y)


TINY = 1e-300  # doubles near their smallest have fewer digits: a square of 1e-160 is off by more than 1e-12 of itself


@settings(max_examples=60, deadline=None)
@given(number, st.floats(0.01, 1e6))
def test_huber_lies_below_both_that_it_is_made_of(x, delta):
    value = huber(x, 0, delta=delta)
    assert value <= half_squared_error(x, 0) * (1 + 1e-12) + TINY
    assert value <= delta * abs(x) * (1 + 1e-12)
    assert huber(delta * (1 + 1e-9), 0, delta=delta) == pytest.approx(huber(delta, 0, delta=delta), rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(number)
def test_log_cosh_is_about_half_a_square_and_about_the_absolute_value(x):
    value = log_cosh(x, 0)
    assert abs(x) - math.log(2) - 1e-9 <= value <= min(x * x / 2, abs(x)) * (1 + 1e-12) + TINY
    if abs(x) < 0.01:
        assert value == pytest.approx(x * x / 2, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 6))
def test_losses_of_logits_and_scores_depend_on_differences_alone(data, k):
    z = data.draw(st.lists(logit, min_size=k, max_size=k))
    shift, target = data.draw(st.floats(-1e3, 1e3)), data.draw(st.integers(0, k - 1))
    row = data.draw(distributions(k))
    moved = [x + shift for x in z]
    for loss, t in ((categorical_cross_entropy_with_logits, target), (categorical_cross_entropy_with_logits, row),
                    (multiclass_hinge, target)):  # fmt: skip
        assert loss(moved, t) == pytest.approx(loss(z, t), rel=1e-9, abs=1e-9)
        assert loss(z, t) >= 0
        values = [Value(x) for x in z]
        loss(values, t).backward()
        assert math.fsum(v.grad for v in values) == pytest.approx(0.0, abs=1e-12 * k)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 6))
def test_from_logits_is_from_the_probabilities_of_softmax_and_sigmoid(data, k):
    z = data.draw(st.lists(st.floats(-15, 15), min_size=k, max_size=k))
    p, index = softmax(z), data.draw(st.integers(0, k - 1))
    for t in (index, [float(j == index) for j in range(k)], data.draw(distributions(k))):
        expected = categorical_cross_entropy(p, t)
        assert categorical_cross_entropy_with_logits(z, t) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    y = data.draw(st.sampled_from([0, 0.25, 1]))
    expected = binary_cross_entropy(sigmoid(z[0]), y)
    assert binary_cross_entropy_with_logits(z[0], y) == pytest.approx(expected, rel=1e-9)
    # two classes are the binary case, with the difference of the logits
    two = categorical_cross_entropy_with_logits(z[:2], 1)
    assert two == pytest.approx(binary_cross_entropy_with_logits(z[1] - z[0], 1), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 6), st.floats(0, 1))
def test_label_smoothing_shares_the_target_among_all_classes(data, k, share):
    p, t = data.draw(distributions(k)), data.draw(distributions(k))
    index = data.draw(st.integers(0, k - 1))
    for loss, outputs in (
        (categorical_cross_entropy, p), (categorical_cross_entropy_with_logits, [math.log(x) for x in p])
    ):  # fmt: skip
        assert loss(outputs, t, label_smoothing=0.0) == loss(outputs, t)
        assert loss(outputs, index, label_smoothing=0) == loss(outputs, index)
        smoothed = (1 - share) * loss(outputs, index) - share / k * math.fsum(math.log(x) for x in p)
        assert loss(outputs, index, label_smoothing=share) == pytest.approx(smoothed, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 6))
def test_kl_divergence_is_the_cross_entropy_less_the_entropy(data, k):
    p, t = data.draw(distributions(k)), data.draw(distributions(k))
    entropy = -math.fsum(x * math.log(x) for x in t)
    value = kl_divergence(p, t)
    assert value == pytest.approx(categorical_cross_entropy(p, t) - entropy, abs=1e-12)
    assert value >= -1e-15
    assert kl_divergence(p, p) == 0.0
    assert kl_divergence(p, 1) == pytest.approx(categorical_cross_entropy(p, 1))  # a certain class has no entropy


def test_poisson_is_smallest_at_the_logarithm_of_the_count():
    for y in (0.5, 1, 7):
        z = Value(math.log(y))
        poisson(z, y).backward()
        assert z.grad == pytest.approx(0.0, abs=1e-14)


# --- made of the table ---------------------------------------------------------------------------------------

MID = {
    **{loss: ([0.3, -0.7], [1.0, 0.5]) for loss in OF_ERRORS},
    binary_cross_entropy: ([0.3, 0.6], [1, 0.5]),
    binary_cross_entropy_with_logits: ([0.3, -0.7], [1, 0.5]),
    categorical_cross_entropy: ([0.3, 0.6, 0.1], [0.2, 0.3, 0.5]),
    categorical_cross_entropy_with_logits: ([0.3, -0.6, 0.1], [0.2, 0.3, 0.5]),
    hinge: ([0.3, -0.7], [1, -1]),
    squared_hinge: ([0.3, -0.7], [1, -1]),
    multiclass_hinge: ([0.3, -0.7, 0.1], 2),
    kl_divergence: ([0.3, 0.6, 0.1], [0.2, 0.3, 0.5]),
    poisson: ([0.3, -0.7], [2, 0]),
}


@pytest.mark.parametrize("loss", list(LOSSES.values()))
def test_a_loss_has_no_rule_of_its_own(loss):
    """Every op in its graph is a row of the table, and the gradients of both orders are those of the differences."""
    prediction, target = MID[loss]
    values = [Value(p) for p in prediction]
    seen, waiting = set(), [loss(values, target)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Value):
            seen.add(value.op)
            waiting += value.operands
    assert seen - {None} <= set(OPS)
    assert gradcheck(lambda *xs: loss(list(xs), target), *prediction).ok
    gradient = autograd.grad(lambda xs: loss(xs, target))
    assert gradcheck(lambda *xs: gradient(list(xs))[0], *prediction).ok


# --- names and settings --------------------------------------------------------------------------------------


def test_the_losses_by_name():
    assert all(function.__name__ == name and resolve(name) is function for name, function in LOSSES.items())
    functions = {name for name in losses.__all__ if callable(getattr(losses, name)) and name not in ("Loss", "resolve")}
    assert functions == set(LOSSES)
    own = lambda prediction, target: prediction  # noqa: E731
    assert resolve(own) is own
    with pytest.raises(ValueError, match="unknown loss 'mean_square_error', did you mean 'mean_squared_error'"):
        resolve("mean_square_error")
    with pytest.raises(TypeError, match=r"a loss is a name or a function .* not 3"):
        resolve(3)


@pytest.mark.parametrize("delta", [0, -1.0, math.nan])
def test_huber_needs_a_positive_delta(delta):
    with pytest.raises(ValueError, match=f"delta of huber must be positive, got {delta}"):
        huber(1.0, 0.0, delta=delta)


@pytest.mark.parametrize("share", [-0.1, 1.5, math.nan])
def test_label_smoothing_is_a_share(share):
    for loss in (categorical_cross_entropy, categorical_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=r"label_smoothing is a share, in \[0, 1\], got"):
            loss([0.5, 0.5], 0, label_smoothing=share)


def test_smoothing_asks_for_every_class():
    with pytest.raises(DomainError, match="has the probability 0"):
        categorical_cross_entropy([1.0, 0.0], 0, label_smoothing=0.1)


def test_refused_targets():
    with pytest.raises(ValueError, match="a target of poisson is a count, 0 or more, got -1"):
        poisson(0.0, -1)
    with pytest.raises(ValueError, match="the targets of squared_hinge are -1 and \\+1, got 0"):
        squared_hinge(0.5, 0)
    with pytest.raises(ValueError, match=r"kl_divergence must sum to 1, got \[1, 1\] with the sum 2"):
        kl_divergence([0.5, 0.5], [1, 1])
    for row in ([1, 1, 0], [0, 0, 0], [0.5, 0.5, 0]):
        with pytest.raises(ValueError, match="a class index or a one-hot row"):
            multiclass_hinge([0.0, 0.0, 0.0], row)
    for loss in (multiclass_hinge, kl_divergence):
        with pytest.raises(ShapeError, match=f"{loss.__name__} needs one output per class"):
            loss([0.5], 0)
        with pytest.raises(ShapeError, match="the class index is 5"):
            loss([0.5, 0.5], 5)
        for index in (math.nan, math.inf):
            with pytest.raises(ShapeError, match="must be a whole number"):
                loss([0.5, 0.5], index)
    with pytest.raises(DomainError, match=r"is ln 0.*categorical_cross_entropy_with_logits avoids"):
        kl_divergence([0.0, 1.0], [0.5, 0.5])


def test_zero_times_the_logarithm_of_zero_is_zero_in_kl_divergence():
    assert kl_divergence([0.5, 0.5], [0, 1]) == pytest.approx(math.log(2))
    assert kl_divergence([0.0, 1.0], [0, 1]) == kl_divergence([0.0, 1.0], 1) == 0.0


def test_large_errors_do_not_overflow():
    for loss in (mean_absolute_error, huber, log_cosh):
        assert loss(1e300, -1e300) == pytest.approx(2e300)
        assert loss(math.inf, 0.0) == math.inf
        assert math.isnan(loss(math.nan, 0.0))
