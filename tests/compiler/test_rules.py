"""An optimizer's rule on arrays is its rule on floats, number by number."""

import math

import numpy as np
import pytest

from autograd import Value
from autograd.compiler.calls.rules import Rule
from autograd.compiler.calls.state import State
from autograd.expressions import Untraceable
from nn import optimizers
from nn.optimizers import SGD, Adam, RMSprop
from tests.compiler.test_bound import RULES

VARIANTS = {
    "SGD": [{"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}, {"momentum": 1.0, "dampening": 0.5}],
    "Adam": [{"amsgrad": True}, {"weight_decay": 0.1}, {"beta1": 0.0}],
    "RMSprop": [{"centered": True}, {"momentum": 0.5, "weight_decay": 1.0}],
    "Adagrad": [{"initial_accumulator": 1.0, "learning_rate_decay": 0.1}],
}


def by_floats(kind, p, g, state, step, settings):
    found = [kind.update(*map(float, (p[i], g[i])), tuple(float(s[i]) for s in state), step, settings)
             for i in range(len(p))]  # fmt: skip
    return [np.array([new for new, _ in found]), *np.array([after for _, after in found]).reshape(len(p), -1).T]


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name in RULES for given in [{}, *VARIANTS.get(name, [])]]
)
def test_arrays_move_as_floats_do(name, given):
    kind, random = getattr(optimizers, name), np.random.default_rng(1)
    optimizer = kind([Value(1.0)], **given)
    settings = optimizer.settings_of(optimizer.groups[0])
    settings["learning_rate"] = 0.3
    p, g = random.normal(size=(2, 20))
    state = tuple(np.zeros((optimizer.slots, 20)))
    rule = Rule(kind.update, settings, p, g, state)
    for step in range(1, 6):
        settings["learning_rate"] *= 0.9  # as a schedule does
        theirs = by_floats(kind, p, g, state, step, settings)
        rule.set(settings)
        ours = rule(step)
        for array, new, expected in zip((p, *state), ours, theirs, strict=True):
            assert new == pytest.approx(expected, rel=1e-12, abs=0)
            array[...] = expected
        g[...] = random.normal(size=20) * (random.random(20) < 0.8)


def test_zero_times_what_is_not_finite_is_not_left_out():
    values = [Value(1.0), Value(2.0)]
    optimizer = SGD(values, learning_rate=0.5)
    state = State(optimizer, values)
    p, g = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    state.step(p, g)
    assert p.tolist() == [0.5, 1.5]
    g[0] = math.nan
    state.step(p, g)
    assert np.isnan(state.groups[0][2][0]).tolist() == np.isnan(p).tolist() == [True, False]
    p[:], g[:] = 1.0, 1.0
    state.step(p, g)  # the velocity is nan, times the momentum 0
    assert np.isnan(p).tolist() == [True, False]
    assert p[1] == 0.5


def test_a_velocity_that_was_loaded_need_not_be_finite():
    values = [Value(1.0), Value(2.0)]
    optimizer = SGD(values, learning_rate=0.5)
    optimizer.state[0] = (math.inf,)
    p = np.array([1.0, 2.0])
    State(optimizer, values).step(p, np.ones(2))
    assert np.isnan(p).tolist() == [True, False]


def test_settings_may_become_others_between_the_steps():
    values = [Value(1.0)]
    p, g = np.array([1.0]), np.array([1.0])
    optimizer = SGD(values, learning_rate=0.5)
    state = State(optimizer, values)
    state.step(p, g)
    optimizer.groups[0]["momentum"] = 0.5
    state.step(p, g)
    assert p.tolist() == [1.0 - 0.5 - 0.5 * (0.5 * 1.0 + 1.0)]


def test_other_arrays_are_used_when_they_are_given():
    values = [Value(1.0)]
    state = State(SGD(values, learning_rate=1.0), values)
    first, second = np.array([1.0]), np.array([5.0])
    state.step(first, np.array([1.0]))
    state.step(second, np.array([2.0]))
    assert (first.tolist(), second.tolist()) == ([0.0], [3.0])


def test_a_rule_that_cannot_be_read_runs_on_arrays():
    class Own(SGD):
        @staticmethod
        def update(parameter, gradient, state, step, settings):
            return parameter - settings["learning_rate"] * np.sign(gradient), state

    values = [Value(1.0), Value(1.0)]
    optimizer = Own(values, learning_rate=0.25)
    with pytest.raises(Untraceable):
        Rule(Own.update, optimizer.settings, np.ones(2), np.ones(2), (np.zeros(2),))
    p = np.ones(2)
    State(optimizer, values).step(p, np.array([3.0, -2.0]))
    assert p.tolist() == [0.75, 1.25]


def test_few_calls_are_left():
    counts = {}
    for kind in (SGD, Adam, RMSprop):
        optimizer = kind([Value(1.0)])
        arrays = [np.ones(2) for _ in range(2 + optimizer.slots)]
        counts[kind] = len(Rule(kind.update, optimizer.settings, *arrays[:2], tuple(arrays[2:])).calls)
    assert counts[SGD] == 2  # p - learning_rate * g
    assert counts[RMSprop] < 20
    assert counts[Adam] < 25
