"""`step.bind(params)`: a training in flat arrays is the training of Values."""

import math
import random
import subprocess
import sys
import warnings
from collections import deque

import numpy as np
import pytest
import torch

import autograd
from autograd import DomainError, ShapeError, Value, tanh
from nn import optimizers
from nn.optimizers import LBFGS, SGD, Adam

from ..distributions import ROOT


def neuron(w, x, y):
    return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2


def three():
    return [Value(0.5), Value(-1.0), Value(0.25)]


RANDOM = np.random.default_rng(3)
X, Y = RANDOM.normal(size=(6, 2)), RANDOM.normal(size=6)


def eager_step(w, optimizer):
    optimizer.zero_grad()
    loss = sum(neuron(w, x, y) for x, y in zip(X, Y, strict=True)) / len(X)
    loss.backward()
    optimizer.step()
    return loss.data


RULES = sorted(
    name for name in optimizers.__all__
    if isinstance(kind := getattr(optimizers, name), type) and issubclass(kind, optimizers.Optimizer)
    and kind not in (optimizers.Optimizer, LBFGS)
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("settings", [{}, {"clip_norm": 0.1}, {"clip_value": 0.05}], ids=["free", "norm", "value"])
def test_an_update_is_the_step_of_the_optimizer(rule, settings):
    kind = getattr(optimizers, rule)
    w, v = three(), three()
    theirs, ours = kind(w, **settings), kind(v, **settings)
    bound = autograd.compile(neuron, executor="numpy").bind(v)
    for _ in range(5):
        loss = eager_step(w, theirs)
        assert bound(X, Y) == pytest.approx(loss, rel=1e-9)
        bound.update(ours)
    assert [p.data for p in v] == [0.5, -1.0, 0.25]  # not before sync
    bound.sync()
    assert [p.data for p in v] == pytest.approx([p.data for p in w], rel=1e-9)
    assert [p.grad for p in v] == pytest.approx([p.grad for p in w], rel=1e-9)  # clipped, too
    assert ours.steps == theirs.steps == 5
    assert np.array(ours.state) == pytest.approx(np.array(theirs.state), rel=1e-9)
    eager_step(w, theirs)
    eager_step(v, ours)  # and on, Value by Value
    assert [p.data for p in v] == pytest.approx([p.data for p in w], rel=1e-9)


def test_training_is_that_of_pytorch():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    ours = Adam(w, learning_rate=0.05)
    t = torch.tensor([0.5, -1.0, 0.25], dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([t], lr=0.05)
    x, y = torch.tensor(X), torch.tensor(Y)
    for _ in range(50):
        theirs.zero_grad()
        loss = ((torch.tanh(x @ t[:2] + t[2]) - y) ** 2).mean()
        loss.backward()
        theirs.step()
        assert bound(X, Y) == pytest.approx(loss.item(), rel=1e-9)
        bound.update(ours)
    assert bound.parameters == pytest.approx(t.detach().numpy(), rel=1e-9)


def test_groups_have_settings_of_their_own_and_some_parameters_may_be_frozen():
    groups = lambda w: [{"parameters": [w[2]], "learning_rate": 0.5}, {"parameters": [w[0]]}]  # noqa: E731
    w, v = three(), three()
    theirs, ours = SGD(groups(w), learning_rate=0.1, momentum=0.9), SGD(groups(v), learning_rate=0.1, momentum=0.9)
    bound = autograd.compile(neuron, executor="numpy").bind(v)
    for _ in range(3):
        eager_step(w, theirs)
        bound(X, Y)
        bound.update(ours)
    bound.sync()
    assert [p.data for p in v] == pytest.approx([p.data for p in w], rel=1e-9)
    assert v[1].data == -1.0


def test_a_loaded_state_is_used():
    w, v = three(), three()
    theirs, ours = Adam(w, learning_rate=0.1), Adam(v, learning_rate=0.1)
    bound = autograd.compile(neuron, executor="numpy").bind(v)
    bound(X, Y)
    bound.update(ours)
    for _ in range(3):
        eager_step(w, theirs)
    bound.parameters[:] = [p.data for p in w]
    ours.load_state_dict(theirs.state_dict())
    eager_step(w, theirs)
    bound(X, Y)
    bound.update(ours)
    assert bound.parameters == pytest.approx([p.data for p in w], rel=1e-9)


@pytest.mark.parametrize("kind", [tuple, list])
def test_read_takes_a_state_that_was_changed_in_place(kind):
    row = kind([0.25] * Adam.slots)
    w, v = three(), three()
    theirs, ours = Adam(w, learning_rate=0.1), Adam(v, learning_rate=0.1)
    bound = autograd.compile(neuron, executor="numpy").bind(v)
    for _ in range(3):
        for _ in range(3):
            eager_step(w, theirs)
            bound(X, Y)
            bound.update(ours)
        bound.sync()
        theirs.state[:] = [row] * 3
        ours.state[:] = [row] * 3
        bound.read()
    assert [p.data for p in v] == pytest.approx([p.data for p in w], rel=1e-9)


def test_read_leaves_a_state_that_is_ahead_of_that_of_the_optimizer():
    w, v = three(), three()
    theirs, ours = Adam(w, learning_rate=0.1), Adam(v, learning_rate=0.1)
    bound = autograd.compile(neuron, executor="numpy").bind(v)
    for _ in range(4):
        eager_step(w, theirs)
        bound.parameters[:] = [p.data for p in v]
        bound(X, Y)
        bound.update(ours)
        for p, x in zip(v, bound.parameters.tolist(), strict=True):
            p.data = x
        bound.read()
    assert [p.data for p in v] == pytest.approx([p.data for p in w], rel=1e-9)


def test_read_takes_what_the_values_hold():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    w[0].data = 3.0
    assert bound.parameters[0] == 0.5
    bound.read()
    assert bound.parameters.tolist() == [3.0, -1.0, 0.25]


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_read_sees_what_has_changed_outside(executor):
    w, scales = Value(1.0), [1.0] * 20  # more than are looked at in each call
    bound = autograd.compile(lambda w, x: w * x * scales[3], executor=executor).bind(w)
    for _ in range(12):
        assert bound(np.array([1.0])) == 1.0
    bound._plans.next_look = math.inf  # the time for a look does not come
    scales[3] = 2.0
    assert bound(np.array([1.0])) == 1.0
    bound.read()
    assert bound(np.array([1.0])) == 2.0


def test_losses_weights_and_evaluation():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    single = [neuron(w, x, y).data for x, y in zip(X, Y, strict=True)]
    weights = np.arange(6.0)
    assert bound(X, Y, weights) == pytest.approx(np.dot(weights, single) / 6, rel=1e-12)
    assert bound.losses == pytest.approx(single, rel=1e-12)
    for p in w:
        p.grad = 0.0
    sum(k * neuron(w, x, y) for k, x, y in zip(weights, X, Y, strict=True)).backward()
    assert bound.gradients * 6 == pytest.approx([p.grad for p in w], rel=1e-12)
    before = bound.gradients.copy()
    assert bound.evaluate(X[:2], Y[:2]) == pytest.approx(sum(single[:2]) / 2, rel=1e-12)
    assert (bound.gradients == before).all()
    with pytest.raises(ShapeError, match="weights"):
        bound(X, Y, [1.0])


@pytest.mark.parametrize(
    ("weights", "kind", "words"),
    [(["a", "b"], TypeError, "weights are numbers"), ([1.0, math.nan], ValueError, "weight of sample 1 is nan"),
     ([math.inf, 0.0], ValueError, "weight of sample 0 is inf"), ([1.0], ShapeError, "give one a sample")],
)  # fmt: skip
def test_weights_that_are_none_are_told(weights, kind, words):
    bound = autograd.compile(lambda w, x: w * x, executor="numpy").bind(Value(1.0))
    with pytest.raises(kind, match=words):
        bound([1.0, 2.0], weights=weights)


def test_two_bindings_do_not_disturb_each_other():
    step, w, v = autograd.compile(neuron, executor="numpy"), three(), three()
    first, second = step.bind(w), step.bind(w)
    second.parameters += 1.0
    a = first(X, Y)
    gradient = first.gradients.copy()
    assert second(X, Y) != a
    assert step(v, X, Y) == pytest.approx(a, rel=1e-12)
    assert (first.gradients == gradient).all()


def test_clipping_refuses_what_is_not_finite_and_changes_nothing():
    w = three()
    w[1].label = "b"
    bound, optimizer = autograd.compile(neuron, executor="numpy").bind(w), Adam(w, clip_norm=1.0)
    bound(X, Y)
    for bad in (math.nan, math.inf):
        bound.gradients[1] = bad
        with pytest.raises(DomainError, match=r"parameter 1 \(b\)"):
            bound.update(optimizer)
    assert (optimizer.steps, bound.parameters.tolist()) == (0, [0.5, -1.0, 0.25])
    bound.gradients[:] = 3e200, 4e200, 0.0
    bound.update(SGD(w, learning_rate=1.0, clip_norm=1.0))
    assert bound.parameters == pytest.approx([0.5 - 0.6, -1.0 - 0.8, 0.25], rel=1e-6)
    bound.gradients[:] = 1.7e308, 1.7e308, 0.0  # longer than any float
    bound.update(SGD(w, learning_rate=1.0, clip_norm=1.0))
    assert bound.parameters == pytest.approx([-0.1 - 0.5**0.5, -1.8 - 0.5**0.5, 0.25], rel=1e-6)


class Noisy(SGD):
    def update(self, parameter, gradient, state, step, settings):
        return parameter - settings["learning_rate"] * gradient + random.gauss(0, 0.1), state


class Counting(SGD):
    calls = 0

    def update(self, parameter, gradient, state, step, settings):
        self.calls += 1
        return parameter - settings["learning_rate"] / self.calls * gradient, state


class ForFloats(SGD):
    def update(self, parameter, gradient, state, step, settings):
        return parameter - settings["learning_rate"] * math.tanh(gradient), state


@pytest.mark.parametrize(
    ("kind", "words"), [(Noisy, "something else each time"), (Counting, "a count of its own"), (ForFloats, r"np.tanh")]
)
def test_an_update_that_is_not_for_arrays_is_told_and_changes_nothing(kind, words):
    bound = autograd.compile(neuron, executor="numpy").bind(three())
    bound(X, Y)
    with pytest.raises(TypeError) as error:
        bound.update(optimizer := kind(bound.values, learning_rate=0.1))
    assert words in "\n".join([str(error.value), *getattr(error.value, "__notes__", ())])
    assert (bound.parameters.tolist(), optimizer.steps) == ([0.5, -1.0, 0.25], 0)


def test_optimizers_that_do_not_fit_are_told():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w[:])
    bound(X, Y)
    with pytest.raises(TypeError, match="LBFGS needs the loss anew"):
        bound.update(LBFGS(w))
    with pytest.raises(ValueError, match="parameter 1 of the optimizer is not among"):
        bound.update(SGD([w[0], Value(1.0)], learning_rate=0.1))


def test_an_interrupt_leaves_everything_as_it_was():
    """In a process of its own: an interrupt might come while the tool that measures coverage holds a lock."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.compiler.interrupted", "calls"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 0, "no call was interrupted"


def test_an_overflow_in_an_update_makes_no_noise():
    w = three()
    bound = autograd.compile(neuron, executor="numpy").bind(w)
    bound(X, Y)
    bound.gradients[:] = 1e308
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bound.update(Adam(w, learning_rate=1e300))


class Attribute:
    def __init__(self, w):
        self.w = w


class Slot:
    __slots__ = "weight"  # one name, which is no list of letters

    def __init__(self, w):
        self.weight = w


@pytest.mark.parametrize(
    "kind", [Attribute, Slot, lambda w: {"layers": [Attribute([w])]}, lambda w: {w}, lambda w: deque([w])]
)
def test_values_whose_gradient_would_be_lost_are_told(kind):
    w, b = Value(2.0), Value(3.0)
    step = autograd.compile(lambda p, x: w * x + p[1])
    for ask in (step, step.grad, step.per_sample, step.jacobian, step.bind([kind(w), b])):
        with pytest.raises(TypeError, match=r"(Attribute|Slot|set|deque) in params .* parameters\(\)"):
            ask(*([] if ask.__class__.__name__ == "Bound" else [[kind(w), b]]), [1.0, 2.0])
    assert step.predict([kind(w), b], [1.0, 2.0]).tolist() == [5.0, 7.0]


def test_what_is_no_optimizer_is_told():
    with pytest.raises(TypeError, match=r"an optimizer, as .*, not 'sgd'"):
        autograd.compile(lambda w, x: w * x).bind(Value(1.0)).update("sgd")


@pytest.mark.parametrize("params", [None, [], {"w": [1.0]}, object()])
def test_a_gradient_of_nothing_is_refused_and_a_loss_is_not(params):
    step = autograd.compile(lambda p, x: Value(2.0) * x)
    with pytest.raises(TypeError, match="no Value in params"):
        step(params, [1.0, 2.0])
    assert step.predict(params, [1.0, 2.0]).tolist() == [2.0, 4.0]
    assert step.bind(params).evaluate([1.0, 2.0]) == 3.0


def test_what_is_bound_keeps_its_own_constants_beside_the_same_values():
    w = Value(2.0)
    step = autograd.compile(lambda p, x: p["w"] * x * p["k"], executor="numpy")
    twice, thrice = step.bind({"w": w, "k": 2.0}), step.bind({"w": w, "k": 3.0})
    fourfold = step({"w": w, "k": 4.0}, [1.0])
    assert [twice([1.0]), thrice([1.0]), fourfold] == [4.0, 6.0, 8.0]
    assert [bound.gradients.tolist() for bound in (twice, thrice)] == [[2.0], [3.0]]
