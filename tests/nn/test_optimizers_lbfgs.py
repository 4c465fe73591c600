"""L-BFGS: the minima of PyTorch's in no more evaluations, regression to all digits, and what happens off the road."""

import json
import math
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, LogisticRegression

import autograd
from autograd import DomainError, Value, dot, log, softplus
from nn.optimizers import LBFGS, SGD
from nn.optimizers.line_search import Point, strong_wolfe


def rosenbrock(v):
    return sum([(1 - a) ** 2 + 100 * (b - a * a) ** 2 for a, b in zip(v[::2], v[1::2], strict=True)])


def chained_rosenbrock(v):
    return sum([(1 - a) ** 2 + 100 * (b - a * a) ** 2 for a, b in pairwise(v)])


def beale(v):
    x, y = v
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def quadratic(v):
    """Of condition 1e6; its minimum is 0, at 1, ..., 1."""
    return sum([0.5 * 10 ** (6 * i / (len(v) - 1)) * (x - 1) ** 2 for i, x in enumerate(v)])


rng = np.random.default_rng(0)
POINTS = rng.normal(size=(40, 3))
CLASSES = (POINTS @ [1.0, -2.0, 0.5] + rng.normal(size=40) > 0).astype(int)


def logistic(v):
    """The mean log loss of a logistic neuron with a penalty on its three weights."""
    losses = []
    for x, y in zip(POINTS.tolist(), CLASSES.tolist(), strict=True):
        z = (1 - 2 * y) * (v[0] * x[0] + v[1] * x[1] + v[2] * x[2] + v[3])
        losses.append(softplus(z) if isinstance(z, Value) else torch.logaddexp(z, torch.zeros((), dtype=z.dtype)))
    return sum(losses) / len(losses) + 0.01 * (v[0] ** 2 + v[1] ** 2 + v[2] ** 2)


class Counted:
    """A closure of ours, which counts how often it is called."""

    def __init__(self, function, values):
        self.function, self.values, self.calls = function, values, 0

    def __call__(self):
        self.calls += 1
        loss = self.function(self.values)
        loss.backward()
        return loss.data


def minimum(function, start, **settings):
    """The values at the minimum, the largest gradient there, and the number of evaluations."""
    values = [Value(x) for x in start]
    closure, optimizer = Counted(function, values), LBFGS(values, **settings)
    for _ in range(500):
        optimizer.step(closure)
        if optimizer.converged:
            break
    return [v.data for v in values], max(abs(v.grad) for v in values), closure.calls


def minimum_of_pytorch(function, start, tolerance):
    values, calls = torch.tensor(start, dtype=torch.float64, requires_grad=True), 0
    optimizer = torch.optim.LBFGS(
        [values], max_iter=1000, max_eval=1000, tolerance_grad=tolerance, tolerance_change=0.0,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure():
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        loss = function(list(values))
        loss.backward()
        return loss

    optimizer.step(closure)
    return values.tolist(), calls


@pytest.mark.parametrize("tolerance", [1e-5, 1e-10])
@pytest.mark.parametrize(
    ("function", "start"),
    [
        (rosenbrock, [-1.2, 1.0]), (rosenbrock, [0.0, 0.0]), (rosenbrock, [2.0, -2.0]), (rosenbrock, [-3.0, -4.0]),
        (rosenbrock, [10.0, -10.0]), (rosenbrock, [-0.5, -1.0]),
        (rosenbrock, [-1.2, 1.0] * 5), (chained_rosenbrock, [-1.2, 1.0] * 5),
        (beale, [1.0, 1.0]), (beale, [0.0, 0.0]), (beale, [2.5, 0.0]), (beale, [1.0, -1.0]),
        (quadratic, [0.0] * 10), (quadratic, [5.0, -3.0] * 5),
        (logistic, [0.0] * 4), (logistic, [3.0, 3.0, -3.0, 1.0]),
    ],
)  # fmt: skip
def test_the_minimum_of_pytorch_in_no_more_evaluations(function, start, tolerance):
    found, slope, calls = minimum(function, start, tolerance=tolerance)
    expected, calls_of_pytorch = minimum_of_pytorch(function, start, tolerance)
    assert slope <= tolerance
    assert found == pytest.approx(expected, abs=1e3 * tolerance if function is not quadratic else 10 * tolerance)
    assert calls <= calls_of_pytorch


@pytest.mark.parametrize("start", [[-1.2, 1.0], [0.0, 0.0], [3.0, 3.0]])
def test_the_minimum_of_rosenbrock(start):
    found, _, _ = minimum(rosenbrock, start)
    assert found == pytest.approx([1.0, 1.0], abs=1e-9)


def test_several_iterations_in_one_step_are_as_many_steps():
    found, slope, calls = minimum(rosenbrock, [-1.2, 1.0])
    values = [Value(-1.2), Value(1.0)]
    closure, optimizer = Counted(rosenbrock, values), LBFGS(values, iterations=1000)
    loss = optimizer.step(closure)
    assert optimizer.converged
    assert ([v.data for v in values], closure.calls) == (found, calls)
    assert loss == rosenbrock(found)
    assert max(abs(v.grad) for v in values) == slope


def test_the_loss_falls_at_every_step():
    values = [Value(-1.2), Value(1.0)]
    closure, optimizer = Counted(rosenbrock, values), LBFGS(values)
    losses = [rosenbrock([v.data for v in values])] + [optimizer.step(closure) for _ in range(30)]
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] == rosenbrock([v.data for v in values])


def test_a_linear_neuron_has_the_coefficients_of_linear_regression():
    X, y = load_diabetes(return_X_y=True)
    X, y = X / X.std(axis=0), (y - y.mean()) / y.std()
    w, b = [Value(0.0) for _ in range(X.shape[1])], Value(0.0)
    rows, targets = X.tolist(), y.tolist()

    def loss():
        z = autograd.mean([(dot(w, x, b) - t) ** 2 for x, t in zip(rows, targets, strict=True)])
        z.backward()
        return z

    optimizer = LBFGS([*w, b])
    while not optimizer.converged:
        optimizer.step(loss)
        assert optimizer.steps < 100
    expected = LinearRegression().fit(X, y)
    assert [p.data for p in w] == pytest.approx(expected.coef_.tolist(), abs=1e-7)
    assert b.data == pytest.approx(float(expected.intercept_), abs=1e-7)


def test_a_logistic_neuron_has_the_coefficients_of_logistic_regression():
    """scikit-learn minimises C Σ log loss + ½ ‖w‖²: our penalty 0.01 ‖w‖² on the mean is C = 1 / (2 · 0.01 · 40)."""
    found, _, _ = minimum(logistic, [0.0] * 4)
    model = LogisticRegression(C=1 / (2 * 0.01 * 40), tol=1e-12, max_iter=1000).fit(POINTS, CLASSES)
    assert found == pytest.approx([*model.coef_[0].tolist(), float(model.intercept_[0])], abs=1e-6)


# --- the closure ---------------------------------------------------------------------------------------------


def test_the_first_step_goes_down_the_gradient():
    """By hand: on ½ (3x)² from 1 the gradient is 9; the first trial, of length 1, stops short of 0."""
    x = Value(1.0)
    closure = Counted(lambda v: 4.5 * v[0] * v[0], [x])
    LBFGS([x]).step(closure)
    assert x.data == 0.0
    assert closure.calls == 2


def test_parameters_set_by_hand_are_respected():
    values = [Value(-1.2), Value(1.0)]
    closure, optimizer = Counted(rosenbrock, values), LBFGS(values)
    for _ in range(5):
        optimizer.step(closure)
    values[0].data, values[1].data = 0.9, 0.8
    before = rosenbrock([0.9, 0.8])
    assert optimizer.step(closure) < before
    while not optimizer.converged:
        optimizer.step(closure)
    assert [v.data for v in values] == pytest.approx([1.0, 1.0], abs=1e-9)


def test_another_closure_is_another_loss():
    x = Value(0.0)
    optimizer = LBFGS([x])
    for target in (3.0, -5.0):
        closure = Counted(partial(lambda target, v: (v[0] - target) ** 2, target), [x])
        for _ in range(20):
            optimizer.step(closure)
        assert x.data == pytest.approx(target, abs=1e-9)


def test_the_closure_is_not_called_again_where_the_last_step_ended():
    values = [Value(-1.2), Value(1.0)]
    seen = []

    def function(v):
        seen.append(tuple(p.data for p in v))
        return rosenbrock(v)

    closure, optimizer = Counted(function, values), LBFGS(values)
    for _ in range(30):
        optimizer.step(closure)
    assert len(seen) == len(set(seen))


def test_gradients_of_before_do_not_count():
    x = Value(1.0)
    x.grad = 1e9
    LBFGS([x]).step(Counted(lambda v: 4.5 * v[0] * v[0], [x]))
    assert x.data == 0.0


def test_a_closure_may_return_the_loss_as_a_value():
    x = Value(1.0)

    def closure():
        loss = x * x
        loss.backward()
        return loss

    assert LBFGS([x]).step(closure) == 0.0


def test_a_closure_that_returns_nothing():
    x = Value(1.0)
    with pytest.raises(TypeError, match="the closure of L-BFGS must return the loss, it returned None"):
        LBFGS([x]).step(lambda: (x * x).backward())


# --- where the loss is not finite, and failing searches --------------------------------------------------------


def test_trial_points_outside_the_domain_shorten_the_step():
    """x - ln x has its minimum at 1 and is undefined from 0 down, where the first trials of such a rate are."""
    values = [Value(5.0)]
    closure = Counted(lambda v: v[0] - log(v[0]), values)
    optimizer = LBFGS(values, learning_rate=100.0)
    optimizer.step(closure)
    assert 0 < values[0].data < 5
    optimizer.learning_rate = 1.0
    while not optimizer.converged:
        optimizer.step(closure)
    assert values[0].data == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("bad", [math.inf, math.nan])
def test_trial_points_that_are_not_finite_shorten_the_step(bad):
    x = Value(3.0)

    def closure():
        loss = x * x
        loss.backward()
        return loss.data if abs(x.data) < 3.5 else bad

    optimizer = LBFGS([x], learning_rate=1000.0)
    optimizer.step(closure)
    assert abs(x.data) < 3


def test_gradients_that_are_not_finite_shorten_the_step():
    x = Value(3.0)

    def closure():
        loss = x * x
        loss.backward()
        if abs(x.data) > 3.5:
            x.grad = math.nan
        return loss.data

    LBFGS([x], learning_rate=1000.0).step(closure)
    assert abs(x.data) < 3


def test_a_start_that_is_not_finite_is_an_error():
    x = Value(1e200)
    with pytest.raises(DomainError, match="the loss is inf where L-BFGS begins"):
        LBFGS([x]).step(Counted(lambda v: v[0] * v[0], [x]))
    assert x.data == 1e200


def test_after_a_search_that_fails_the_parameters_are_the_best_seen():
    """The loss never falls as fast as the gradient says, but some of the trials are lower than the start."""
    x, seen = Value(0.0), []

    def closure():
        loss = 1.0 - 0.05 * (0.05 < x.data < 0.6) + 1e-3 * x.data
        seen.append((loss, x.data))
        x.grad = -1e4 - x.data
        return loss

    loss = LBFGS([x]).step(closure)
    assert (loss, x.data) == min(seen)
    assert loss < 1.0
    assert x.grad == -1e4 - x.data


def test_a_search_that_finds_nothing_lower_moves_nothing():
    x = Value(2.0)

    def closure():
        x.grad = 1.0  # against the truth: to both sides the loss is larger
        return abs(x.data - 2.0)

    optimizer = LBFGS([x])
    assert optimizer.step(closure) == 0.0
    assert (x.data, x.grad, optimizer.converged) == (2.0, 1.0, False)


def test_after_a_search_that_fails_the_history_begins_anew():
    values = [Value(-1.2), Value(1.0)]
    optimizer = LBFGS(values)
    for _ in range(5):
        optimizer.step(Counted(rosenbrock, values))
    assert optimizer.state_dict()["history"]
    point = [v.data for v in values]

    def closure():
        values[0].grad = values[1].grad = 1.0
        return sum(abs(v.data - x) for v, x in zip(values, point, strict=True))

    optimizer.step(closure)
    assert [v.data for v in values] == point
    assert optimizer.state_dict()["history"] == []


def test_a_history_that_leads_uphill_is_forgotten():
    x = Value(3.0)
    optimizer = LBFGS([x])
    optimizer.load_state_dict({**optimizer.state_dict(), "history": [[[1.0], [-1.0]]]})
    assert optimizer.step(Counted(lambda v: v[0] * v[0], [x])) < 9.0


def test_an_error_of_the_closure_leaves_the_parameters_as_they_were():
    x = Value(3.0)

    def closure():
        loss = x * x
        loss.backward()
        if x.data != 3.0:
            raise KeyboardInterrupt
        return loss.data

    with pytest.raises(KeyboardInterrupt):
        LBFGS([x]).step(closure)
    assert x.data == 3.0


def test_at_a_minimum_nothing_moves():
    x = Value(0.0)
    optimizer = LBFGS([x])
    closure = Counted(lambda v: v[0] * v[0], [x])
    assert optimizer.step(closure) == 0.0
    assert (x.data, optimizer.converged, closure.calls) == (0.0, True, 1)


def test_a_rate_of_0_moves_nothing():
    x = Value(1.0)
    optimizer = LBFGS([x])
    optimizer.factor = 0.0
    assert optimizer.step(Counted(lambda v: v[0] * v[0], [x])) == 1.0
    assert x.data == 1.0


# --- settings and state --------------------------------------------------------------------------------------


def test_the_history_is_of_limited_length():
    values = [Value(x) for x in [-1.2, 1.0] * 5]
    closure, optimizer = Counted(chained_rosenbrock, values), LBFGS(values, history=3)
    for _ in range(20):
        optimizer.step(closure)
    assert len(optimizer.state_dict()["history"]) == 3


def test_a_history_of_one_still_reaches_the_minimum():
    found, slope, _ = minimum(rosenbrock, [-1.2, 1.0], history=1)
    assert slope <= 1e-10
    assert found == pytest.approx([1.0, 1.0], abs=1e-8)


def test_groups():
    a, b = Value(1.0), Value(2.0)
    with pytest.raises(ValueError, match="L-BFGS changes all parameters together: give one list of them, not 2"):
        LBFGS([{"parameters": [a]}, {"parameters": [b]}])
    assert LBFGS([{"parameters": [a, b], "history": 5}]).settings["history"] == 5


@pytest.mark.parametrize(("name", "value"), [("history", 0), ("history", 1.5), ("iterations", 0)])
def test_settings_that_count(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1, got {value}"):
        LBFGS([Value(1.0)], **{name: value})


@pytest.mark.parametrize(
    "history", [None, [1], [[[1.0], [2.0, 3.0]]], [[[1.0, math.nan], [1.0, 1.0]]], [[["x", 1.0], [1.0, 1.0]]]]
)
def test_a_history_that_is_none_is_refused_and_nothing_is_changed(history):
    values = [Value(-1.2), Value(1.0)]
    optimizer = LBFGS(values)
    for _ in range(3):
        optimizer.step(Counted(rosenbrock, values))
    before = json.dumps(optimizer.state_dict())
    with pytest.raises(ValueError, match="the history of L-BFGS"):
        optimizer.load_state_dict({**optimizer.state_dict(), "history": history})
    assert json.dumps(optimizer.state_dict()) == before


def test_there_is_no_update_of_a_single_parameter():
    assert LBFGS.needs_closure
    assert not SGD.needs_closure
    with pytest.raises(NotImplementedError, match="no update of a single parameter"):
        LBFGS.update(1.0, 1.0, (), 1, {})


# --- the line search -----------------------------------------------------------------------------------------


def on_a_line(function, slope):
    return lambda t: Point(t, function(t), slope(t), [])


@pytest.mark.parametrize("first", [1e-6, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2),  # Moré and Thuente's first
        (lambda t: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4, lambda t: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3),
        (lambda t: math.cosh(min(t, 300) - 5), lambda t: math.sinh(min(t, 300) - 5)),
        (lambda t: -t + 0.5 * t * t, lambda t: t - 1),
    ],
)
def test_a_step_that_is_found_has_both_properties(function, slope, first):
    line = on_a_line(function, slope)
    start = line(0.0)
    point, found = strong_wolfe(line, start, first)
    assert found
    assert point.loss <= start.loss + 1e-4 * point.step * start.slope
    assert abs(point.slope) <= 0.9 * abs(start.slope)


def test_the_search_gives_up_on_a_loss_that_falls_for_ever():
    line = on_a_line(lambda t: -t, lambda t: -1.0)
    point, found = strong_wolfe(line, line(0.0), 1.0)
    assert not found
    assert point.step > 1e9
