"""A batch of arrays as one before: what is unusual in it is noticed as in the first one."""

import math
import warnings

import numpy as np
import pytest

import autograd
from autograd import DomainError, ShapeError, Value, logsumexp, tanh
from tests.compiler.test_compile import EXECUTORS, eager

RANDOM = np.random.default_rng(8)


def straight(bound):
    """The kinds of batches that go the straight way."""
    return list(bound._plans.straight)


def calls(bound, n, *batch):
    """Some calls, after which all checks of the first ones are made."""
    for _ in range(n):
        loss = bound(*batch)
    return loss


def neuron(w, x, y):
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def three():
    return [Value(0.5), Value(-1.0), Value(0.25)]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("dtypes", [(float, float), (np.float32, int), (np.int32, bool), (int, np.uint8)], ids=str)
def test_shapes_and_types_take_turns(executor, dtypes):
    w = three()
    bound = autograd.compile(neuron, executor=executor).bind(w)
    for k in range(40):
        n = (3, 5, 1)[k % 3]
        x, y = (3 * RANDOM.normal(size=(n, 2))).astype(dtypes[0]), (3 * RANDOM.random(n)).astype(dtypes[1])
        loss, gradient = eager(neuron, w, w, x.tolist(), y.tolist())
        assert bound(x, y) == pytest.approx(loss, rel=1e-12)
        assert bound.gradients == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-15)
    assert len(straight(bound)) == 3


def test_kinds_that_are_kept_are_bounded():
    bound = autograd.compile(neuron, executor="numpy").bind(three())
    for n in range(1, 30):
        calls(bound, 2, np.ones((n, 2)), np.ones(n))
    assert len(straight(bound)) <= bound._plans.KINDS


def test_parameters_may_be_changed_between():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    x, y = RANDOM.normal(size=(4, 2)), RANDOM.normal(size=4)
    for k in range(10):
        bound.parameters[:] = [0.1 * k, 0.2, 0.3]
        for v, number in zip(w, bound.parameters.tolist(), strict=True):
            v.data = number
        assert bound(x, y) == pytest.approx(eager(neuron, w, w, x, y)[0], rel=1e-12)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_sample_that_takes_another_path_is_noticed(executor):
    f = lambda w, x: w[0] * x if w[0] * x > 0 else w[0] * x * x * w[0]  # noqa: E731
    w = [Value(2.0)]
    bound = autograd.compile(f, executor=executor).bind(w)
    assert calls(bound, 11, np.array([1.0, 2.0])) == 3.0
    assert len(straight(bound)) == 1
    assert bound(np.array([1.0, -2.0])) == (2.0 + 16.0) / 2
    assert bound.gradients.tolist() == [(1.0 + 16.0) / 2]
    assert bound(np.array([1.0, 2.0])) == 3.0


def test_a_whole_number_that_was_not_there_is_noticed():
    w = [Value(0.1 * k) for k in range(5)]
    f = lambda w, x, y: logsumexp([v * x for v in w]) - w[y] * x  # noqa: E731
    bound = autograd.compile(f, executor="numpy").bind(w)
    x = RANDOM.normal(size=4)
    for labels in ([0, 1, 1, 2], [0, 3, 1, 2], [4, 4, -1, 0]):
        loss, gradient = eager(f, w, w, x, labels)
        assert calls(bound, 7, x, np.array(labels)) == pytest.approx(loss, rel=1e-12)
        assert bound.gradients == pytest.approx(np.array(gradient), rel=1e-12)
    with pytest.raises(IndexError):
        bound(x, np.array([0, 1, 2, 9]))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_whole_numbers_that_begin_anywhere(executor):
    w = [Value(0.1 * k) for k in range(7)]
    f = lambda w, x, y: w[y] * x * y  # noqa: E731
    bound = autograd.compile(f, executor=executor).bind(w)
    x = RANDOM.normal(size=4)
    for labels in ([1, 2, 3, 2], [1, 2, 1, 2]):
        loss, gradient = eager(f, w, w, x, labels)
        assert calls(bound, 12, x, np.array(labels)) == pytest.approx(loss, rel=1e-12)
        assert bound.gradients == pytest.approx(np.array(gradient), rel=1e-12)
    (way,) = bound._plans.straight.values()
    assert way.starts.min() == 1
    with pytest.raises(IndexError):
        bound(x, np.array([1, 2, 3, 9]))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_is_undefined_or_infinite_is_told(executor):
    w = [Value(1.0)]
    bound = autograd.compile(lambda w, x: (w[0] * x).log(), executor=executor).bind(w)
    calls(bound, 11, np.array([1.0, 2.0]))
    before = bound.gradients.copy()
    with pytest.raises(DomainError) as error:
        bound(np.array([1.0, -2.0]))
    assert error.value.__notes__[0].startswith("in sample 1 of the batch: log at")
    assert (bound.gradients == before).all()
    bound = autograd.compile(lambda w, x: (w[0] * x).exp(), executor=executor).bind(w)
    calls(bound, 11, np.array([1.0, 2.0]))
    with pytest.warns(RuntimeWarning, match="the loss is inf: in sample 0 of the batch exp"):
        assert bound(np.array([1000.0, 1.0])) == math.inf


@pytest.mark.parametrize("executor", EXECUTORS)
def test_what_is_undefined_is_told_though_the_loss_is_finite(executor):
    f = lambda w, x: w[0] + autograd.where(0.0, (w[0] * x).log(), 1.0)  # noqa: E731
    bound = autograd.compile(f, executor=executor).bind([Value(1.0)])
    assert calls(bound, 11, np.array([1.0, 2.0])) == 2.0
    with pytest.raises(DomainError) as error:
        bound(np.array([1.0, -2.0]))
    assert error.value.__notes__[0].startswith("in sample 1 of the batch: log at")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_gradient_that_becomes_infinite_is_told(executor):
    bound = autograd.compile(lambda w, x: (w[0] * x).sqrt(), executor=executor).bind([Value(1.0)])
    calls(bound, 11, np.array([1.0, 2.0]))
    with pytest.warns(RuntimeWarning, match="a gradient is not finite: in sample 1 of the batch sqrt"):
        bound(np.array([1.0, 0.0]))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_gradient_whose_square_overflows_is_fine(executor):
    bound = autograd.compile(lambda w, x: w[0] * x, executor=executor).bind([Value(1.0)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert calls(bound, 12, np.array([1e200, 3e200])) == 2e200
    assert bound.gradients.tolist() == [2e200]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("columns", [[0, 1, 2], [1], [0, 2], [2, 0]], ids=str)
def test_all_columns_or_some_are_read(executor, columns):
    def f(w, x, y):
        return (sum([w[i] * x[c] for i, c in enumerate(columns)]) * x[columns[0]] - y) ** 2

    w = three()
    bound = autograd.compile(f, executor=executor).bind(w)
    for _ in range(12):
        x, y = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=4)
        loss, gradient = eager(f, w, w, x.tolist(), y.tolist())
        assert bound(x, y) == pytest.approx(loss, rel=1e-12)
        assert bound.gradients == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-15)
    assert straight(bound)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_some_numbers_of_a_sample_that_is_a_matrix_are_read(executor):
    def f(w, x, y):
        return (w[0] * x[0][1] + w[1] * x[1][0] + w[2] * x[1][1] - y[0]) ** 2

    w = three()
    bound = autograd.compile(f, executor=executor).bind(w)
    for _ in range(12):
        x, y = RANDOM.normal(size=(4, 2, 3)), RANDOM.normal(size=(4, 2))
        loss, gradient = eager(f, w, w, x.tolist(), y.tolist())
        assert bound(x, y) == pytest.approx(loss, rel=1e-12)
        assert bound.gradients == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-15)
    assert straight(bound)


def test_numbers_beyond_those_of_float32_are_told_after_others():
    bound = autograd.compile(lambda w, x: w[0] * x, executor="numpy", dtype="float32").bind([Value(1.0)])
    assert calls(bound, 12, np.array([1.0, 3.0])) == 2.0
    with pytest.raises(OverflowError, match="float32"):
        bound(np.array([1.0, 1e300]))


def test_losses_and_outputs_stay_when_others_come():
    def f(w, x, y):
        return neuron(w, x, y), [x[0] * w[0], y]

    bound = autograd.compile(f, executor="numpy", has_aux=True).bind(three())
    x, y = RANDOM.normal(size=(4, 2)), RANDOM.normal(size=4)
    calls(bound, 9, x, y)
    losses, outputs = bound.losses, bound.outputs
    kept = losses.copy(), outputs.copy()
    calls(bound, 5, 2 * x, y)
    assert (losses == kept[0]).all()
    assert (outputs == kept[1]).all()
    assert outputs == pytest.approx(np.stack([0.5 * x[:, 0], y], axis=1), rel=1e-12)
    assert bound.outputs == pytest.approx(np.stack([x[:, 0], y], axis=1), rel=1e-12)


def test_wrong_batches_are_told_after_right_ones():
    bound = autograd.compile(neuron, executor="numpy").bind(three())
    calls(bound, 9, np.ones((4, 2)), np.ones(4))
    with pytest.raises(ShapeError, match="as many"):
        bound(np.ones((4, 2)), np.ones(3))
    with pytest.raises(ShapeError, match="no samples"):
        bound(np.ones((0, 2)), np.ones(0))
    with pytest.raises(TypeError):
        bound(np.array([[None, 1.0]]), np.ones(1))


def test_arrays_of_objects_are_looked_at_one_by_one():
    bound = autograd.compile(lambda w, x: w[0] * x[0] + x[1], executor="numpy").bind([Value(3.0)])
    for k in range(6):
        assert bound(np.array([[1, 0.5 + k]], dtype=object)) == 3.5 + k
    assert not straight(bound)
