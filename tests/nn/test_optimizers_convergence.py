"""All optimizers alike: each reaches a minimum, rests where it should, and goes on bit for bit from a saved state."""

import json
import math

import pytest
from hypothesis import given, settings as how, strategies as st

from autograd import Value
from nn.optimizers import (
    LBFGS,
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    NAdam,
    RMSprop,
    Rprop,
)
from nn.schedules import constant_rate

AS_IT_IS = constant_rate()


def quadratic(v):
    return sum([c * (x - 1) ** 2 for c, x in zip((0.5, 1.0, 5.0), v, strict=True)])


def rosenbrock(v):
    x, y = v
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def train(optimizer, function, steps, schedule=AS_IT_IS):
    """Make steps on a function of the parameters; gradients are computed anew for each."""

    def closure():
        loss = function(optimizer.parameters)
        loss.backward()
        return loss.data

    for i in range(steps):
        optimizer.factor = schedule(i / steps)
        if optimizer.needs_closure:
            optimizer.step(closure)
        else:
            optimizer.zero_grad()
            closure()
            optimizer.step()


# For each: the settings, and the budget of steps, on the quadratic and on Rosenbrock's function.
BUDGETS = [
    (SGD, {"learning_rate": 0.1}, 300, {"learning_rate": 0.002}, 16000),
    (SGD, {"learning_rate": 0.05, "momentum": 0.8}, 150, {"learning_rate": 0.001, "momentum": 0.9}, 4000),
    (SGD, {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True}, 150,
     {"learning_rate": 0.001, "momentum": 0.9, "nesterov": True}, 4000),
    (Adagrad, {"learning_rate": 1.0}, 300, {"learning_rate": 1.0}, 14000),
    (Adadelta, {"learning_rate": 1.0}, 2000, {"learning_rate": 0.5}, 7000),
    (RMSprop, {"learning_rate": 0.05}, 500, {"learning_rate": 0.003, "alpha": 0.9}, 7000),
    (Adam, {"learning_rate": 0.1}, 400, {"learning_rate": 0.1}, 3000),
    (Adam, {"learning_rate": 0.1, "amsgrad": True}, 600, {"learning_rate": 0.5, "amsgrad": True}, 8000),
    (AdamW, {"learning_rate": 0.1, "weight_decay": 0.0}, 400, {"learning_rate": 0.1, "weight_decay": 0.0}, 3000),
    (NAdam, {"learning_rate": 0.1}, 400, {"learning_rate": 0.05}, 4000),
    (Adamax, {"learning_rate": 0.1}, 400, {"learning_rate": 0.5}, 4000),
    (Rprop, {"learning_rate": 0.1}, 100, {"learning_rate": 0.01}, 4000),
    (LBFGS, {}, 15, {}, 40),
]  # fmt: skip

ids = [
    "-".join([kind.__name__, *(name for name in ("momentum", "nesterov", "amsgrad") if name in settings)])
    for kind, settings, *_ in BUDGETS
]


def down_to_0(part):
    """The steps of many methods do not vanish at a minimum by themselves."""
    return 1 - part


@pytest.mark.parametrize(("kind", "settings", "steps"), [(k, a, n) for k, a, n, _, _ in BUDGETS], ids=ids)
def test_each_reaches_the_minimum_of_a_quadratic(kind, settings, steps):
    parameters = [Value(-1.0), Value(3.0), Value(0.0)]
    train(kind(parameters, **settings), quadratic, steps, AS_IT_IS if kind is LBFGS else down_to_0)
    assert [p.data for p in parameters] == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)


@pytest.mark.parametrize(("kind", "settings", "steps"), [(k, a, n) for k, _, _, a, n in BUDGETS], ids=ids)
def test_each_reaches_the_minimum_of_rosenbrock(kind, settings, steps):
    parameters = [Value(-1.2), Value(1.0)]
    train(kind(parameters, **settings), rosenbrock, steps, AS_IT_IS if kind is LBFGS else down_to_0)
    assert [p.data for p in parameters] == pytest.approx([1.0, 1.0], abs=1e-2)


def test_every_optimizer_has_a_budget():
    assert {kind for kind, *_ in BUDGETS} == set(OPTIMIZERS.values())


# --- what rests ----------------------------------------------------------------------------------------------

finite = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS.values() if not kind.needs_closure])
@given(start=st.lists(finite, min_size=1, max_size=4), steps=st.integers(1, 5))
@how(max_examples=30, deadline=None)
def test_without_gradient_and_decay_nothing_moves(kind, start, steps):
    parameters = [Value(x) for x in start]
    optimizer = kind(parameters, **({"weight_decay": 0.0} if kind is AdamW else {}))
    for _ in range(steps):
        optimizer.step()
    assert [p.data for p in parameters] == start


@given(start=finite, rate=st.floats(0, 1), decay=st.floats(0, 1))
@how(max_examples=50, deadline=None)
def test_decoupled_decay_alone_shrinks_by_one_factor(start, rate, decay):
    w = Value(start)
    AdamW([w], learning_rate=rate, weight_decay=decay).step()
    assert w.data == start * (1 - rate * decay)


@pytest.mark.parametrize("kind", [Adagrad, Adam, AdamW, NAdam, Adamax, RMSprop, Rprop])
@given(gradient=st.floats(1e-2, 1e6), sign=st.sampled_from([-1, 1]))
@how(max_examples=30, deadline=None)
def test_the_first_step_does_not_depend_on_the_size_of_the_gradient(kind, gradient, sign):
    moves = []
    for slope in (sign * gradient, float(sign)):
        w = Value(0.0)
        w.grad = slope
        kind([w], learning_rate=0.5).step()
        moves.append(w.data)
    assert moves[0] == pytest.approx(moves[1], rel=1e-4)
    assert moves[0] * sign < 0


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS.values() if not kind.needs_closure])
def test_a_rate_of_0_moves_nothing(kind):
    w = Value(2.0)
    optimizer = kind([w], learning_rate=0.5)
    optimizer.factor = 0.0
    w.grad = 3.0
    optimizer.step()
    assert w.data == (2.0 if kind is not Rprop else 2.0 - 1e-6)  # whose steps have a smallest size


# --- going on ------------------------------------------------------------------------------------------------

RESUMED = [
    (SGD, {"momentum": 0.9, "learning_rate": 1e-3}), (SGD, {"momentum": 0.9, "dampening": 0.5, "learning_rate": 1e-3}),
    (Adagrad, {"learning_rate_decay": 0.1, "initial_accumulator": 0.1}), (Adadelta, {}),
    (RMSprop, {"momentum": 0.5, "centered": True}), (Adam, {"amsgrad": True, "clip_norm": 1.0}),
    (AdamW, {"clip_value": 0.5}), (NAdam, {}), (Adamax, {}), (Rprop, {}), (LBFGS, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "settings"), RESUMED)
def test_training_goes_on_bit_for_bit_from_a_saved_state(kind, settings):
    whole = [Value(-1.2), Value(1.0)]
    train(kind(whole, **settings), rosenbrock, 50)
    half = [Value(-1.2), Value(1.0)]
    first = kind(half, **settings)
    train(first, rosenbrock, 25)
    saved = json.dumps(first.state_dict(), allow_nan=False)
    again = [Value(p.data) for p in half]
    second = kind(again)
    second.load_state_dict(json.loads(saved))
    assert second.steps == 25
    assert json.dumps(second.state_dict()) == saved
    train(second, rosenbrock, 25)
    assert [p.data.hex() for p in again] == [p.data.hex() for p in whole]


def test_every_optimizer_is_resumed():
    assert {kind for kind, _ in RESUMED} == set(OPTIMIZERS.values())


def test_groups_and_the_factor_are_saved_too():
    def make():
        parameters = [Value(1.0), Value(2.0)]
        return Adam([{"parameters": parameters[:1], "learning_rate": 0.5}, {"parameters": parameters[1:]}])

    first, second = make(), make()
    first.groups[1]["beta1"], first.factor = 0.25, 0.125
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert [group["learning_rate"] for group in second.groups] == [0.5, 0.001]
    assert [group["beta1"] for group in second.groups] == [0.9, 0.25]
    assert second.factor == 0.125


def test_a_saved_state_is_a_copy():
    w = Value(1.0)
    optimizer = SGD([w], momentum=0.9)
    saved = optimizer.state_dict()
    w.grad = 1.0
    optimizer.step()
    assert saved["state"] == [[0.0]]
    assert not math.isclose(optimizer.state[0][0], 0.0)
