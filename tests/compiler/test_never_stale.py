"""What was compiled is not used where it does not hold any more: between calls, between threads, after an error."""

from __future__ import annotations

import ctypes
import math
import threading
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
from autograd import TraceError, Value
from autograd.compiler.calls.plans import Plans
from nn import Adam

X = np.array([[1.0], [2.0], [4.0]])
MEAN = X.mean()


def warmed(step, weights, calls=70):
    bound = step.bind(weights)
    for _ in range(calls):
        bound(X)
    return bound


def test_a_bound_call_sees_what_has_changed_outside(monkeypatch):
    monkeypatch.setattr(Plans, "SHARE", 1.0)  # looks at each call, as soon as the time of one has passed
    factor = SimpleNamespace(k=2.0)
    bound = warmed(autograd.compile(lambda w, x: w[0] * x[0] * factor.k), [Value(3.0)])
    factor.k = 5.0
    found = [bound(X) for _ in range(50)]
    assert found[-1] == pytest.approx(15 * MEAN)


class Constants:
    factor = 2.0


FACTOR, FACTORS, HOLDER, OUTSIDE = 2.0, {"a": [1.0], "k": 2.0}, SimpleNamespace(k=2.0), Value(2.0)


def closed_over(k):
    def f(w, x):
        return w[0] * x[0] * k

    def change(new):
        nonlocal k
        k = new

    return f, change


def set_global(new):
    global FACTOR
    FACTOR = new


INNER, change_inner = closed_over(2.0)


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize(
    ("f", "change"),
    [
        (lambda w, x: w[0] * x[0] * FACTOR, set_global),
        (INNER, change_inner),
        (lambda w, x: w[0] * x[0] * FACTORS["k"], lambda new: FACTORS.update(k=new)),
        (lambda w, x: w[0] * x[0] * HOLDER.k, lambda new: setattr(HOLDER, "k", new)),
        (lambda w, x: w[0] * x[0] * Constants.factor, lambda new: setattr(Constants, "factor", new)),
        (lambda w, x: w[0] * x[0] * OUTSIDE, lambda new: setattr(OUTSIDE, "data", new)),
    ],
    ids=["global", "closure", "dict", "attribute", "class", "Value"],
)
def test_a_number_that_changes_outside_is_seen_by_the_next_bound_call(executor, f, change):
    change(2.0)
    bound = warmed(autograd.compile(f, executor=executor), [Value(3.0)])
    bound._plans.next_look = math.inf  # no other look
    for new in (5.0, 0.5, -1.0):
        change(new)
        assert [bound(X) for _ in range(3)] == pytest.approx([3 * new * MEAN] * 3)


@pytest.mark.parametrize("calls", [127, 120])
def test_what_is_looked_at_seldom_may_change_before_a_check(calls):
    """A list of 17 numbers is not compared in each call, and the 128th is checked."""
    factors = [2.0] * 17
    bound = warmed(autograd.compile(lambda w, x: w[0] * x[0] * factors[16]), [Value(3.0)], calls)
    bound._plans.next_look = math.inf
    factors[16] = 5.0
    found = [bound(X) for _ in range(130 - calls)]
    assert found[127 - calls :] == pytest.approx([15 * MEAN] * 3)


@pytest.mark.parametrize("calls", [62, 63])
def test_a_check_that_fails_since_something_has_changed_is_no_error(calls):
    """Each look compares a half of the table: one before a check, one if it fails."""
    table = [2.0] * 20_000
    bound = warmed(autograd.compile(lambda w, x: w[0] * x[0] * table[-1]), [Value(3.0)], calls)
    bound._plans.next_look = 0.0 if calls == 62 else math.inf
    for _ in range(63 - calls):
        bound(X)  # looks once more, so that the other half is next
    bound._plans.next_look = math.inf
    table[-1] = 5.0
    assert bound(X) == pytest.approx(15 * MEAN)


def test_looking_takes_a_share_of_the_time(monkeypatch):
    plans = autograd.compile(lambda w, x: w[0] * x[0]).bind([Value(1.0)])._plans
    plans.renew()
    assert plans.next_look > 0
    assert not plans.is_due() or plans.cost < 1e-4  # a machine that stood still for twenty looks


def hidden(factor):
    """A function that reads a number which no look sees, and what holds that number."""
    number = ctypes.c_double(factor)
    return (lambda w, x: w[0] * x[0] * number.value), number


def test_after_a_failed_check_what_was_compiled_is_not_used_again():
    f, number = hidden(2.0)
    bound = autograd.compile(f).bind([Value(3.0)])
    assert bound(X) == pytest.approx(6 * MEAN)
    for factor in (3.0, 4.0, 5.0):
        number.value = factor
        with pytest.raises(TraceError):
            bound(X)
        assert bound(X) == pytest.approx(3 * factor * MEAN)


@pytest.mark.parametrize("method", ["per_sample", "jacobian"])
def test_gradients_of_single_samples_are_checked(method):
    f, number = hidden(2.0)
    weights, step = [Value(3.0)], autograd.compile(f)
    getattr(step, method)(weights, X)
    number.value = 3.0
    with pytest.raises(TraceError):
        getattr(step, method)(weights, X)


def test_a_list_that_is_built_for_each_call_is_traced_once():
    step = autograd.compile(lambda p, x: p[0][0] * x[0] + p[1])
    w, b = Value(2.0), Value(1.0)
    step([[w], b], X)
    (paths,) = step._known[(w, b)][0].forms.values()
    for _ in range(5):
        step([[w], b], X)
    assert [*step._known[(w, b)][0].forms.values()] == [paths]


@pytest.mark.parametrize(
    ("made", "other"),
    [
        (lambda: float("2.5"), 3.5), (lambda: int("70000"), 7), (lambda: np.float64(2.5), 2.5),
        (lambda: float("0.0"), -0.0), (lambda: np.arange(3.0), np.arange(3)),
        (lambda: np.arange(3.0), np.array([0.0, 1.0, 2.5])), (lambda: "".join(["a", "b"]), "c"),
    ],
    ids=["float", "int", "numpy", "zero", "type", "array", "text"],
)  # fmt: skip
def test_equal_numbers_that_are_made_for_each_call_are_the_same_parameters_and_others_are_not(made, other):
    step, w = autograd.compile(lambda p, x: p["w"] * x[0]), Value(3.0)

    def paths(k):
        assert step({"w": w, "k": [k]}, X) == pytest.approx(3 * MEAN)
        (found,) = step._known[(w,)][0].forms.values()
        return found

    first = paths(made())
    assert paths(made()) is first
    assert paths(other) is not first


def test_what_is_bound_has_numbers_of_its_own_though_they_are_equal():
    step, w = autograd.compile(lambda p, x: p["w"] * x[0] * p["k"]), Value(3.0)
    step({"w": w, "k": float("2.0")}, X)
    params = {"w": w, "k": float("2.0")}
    bound = step.bind(params)
    params["k"] = 5.0
    bound.read()
    assert bound(X) == pytest.approx(15 * MEAN)


def test_values_in_another_arrangement_are_other_parameters():
    step = autograd.compile(lambda p, x: p["a"] * x[0] + 10 * p["b"])
    a, b = Value(2.0), Value(3.0)
    assert step({"a": a, "b": b}, X) == pytest.approx(2 * MEAN + 30)
    assert step({"b": a, "a": b}, X) == pytest.approx(3 * MEAN + 20)


def test_two_optimizers_in_turn_keep_their_moments():
    weights, twin = [Value(1.0), Value(2.0)], [Value(1.0), Value(2.0)]

    def f(w, x):
        return (w[0] * x[0] - w[1]) ** 2

    bound = autograd.compile(f).bind(weights)
    ours, theirs = [[Adam(ws, learning_rate=rate) for rate in (0.1, 0.01)] for ws in (weights, twin)]
    for i in range(8):
        bound(X)
        bound.update(ours[i % 2])
        theirs[i % 2].zero_grad()
        (sum(f(twin, x) for x in X.tolist()) / len(X)).backward()
        theirs[i % 2].step()
    bound.sync()
    assert [w.data for w in weights] == pytest.approx([w.data for w in twin], rel=1e-12)
    assert np.array(ours[0].state) == pytest.approx(np.array(theirs[0].state), rel=1e-12)


def test_threads_that_call_the_same_step_get_their_own_results():
    weights = [Value(2.0)]
    step = autograd.compile(lambda w, x: w[0] * x[0])
    wrong = []

    def run(scale, size):
        data = np.full((size, 1), scale)
        for _ in range(300):
            loss, (gradient,) = step.value_and_grad(weights, data)
            if loss != 2 * scale or gradient != scale or step.predict(weights, data).shape != (size,):
                wrong.append((scale, loss, gradient))

    threads = [threading.Thread(target=run, args=given) for given in ((1.0, 3), (4.0, 5), (8.0, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("kind", [np.array, list], ids=["array", "list"])
@pytest.mark.parametrize("place", [5, 25_000])
def test_a_plain_call_sees_a_change_in_what_is_large_after_as_many_calls_as_it_has_parts(kind, place):
    table, w = kind([1.0] * 30_000), Value(3.0)
    step = autograd.compile(lambda w, x: w * x * table[place])
    for _ in range(70):
        step(w, [1.0, 2.0])
    table[place] = 2.0
    found = [step(w, [1.0, 2.0]) for _ in range(20)]
    assert found[3:] == [9.0] * 17  # there are three parts of 10,000


def test_a_check_that_meets_a_change_in_what_is_large_compiles_anew_and_blames_nobody():
    table, w = np.ones(100_000), Value(3.0)
    bound = autograd.compile(lambda w, x: w * x * table[95_000]).bind(w)
    for _ in range(6):
        bound([1.0, 2.0])
    table[95_000] = 2.0
    assert [bound([1.0, 2.0]) for _ in range(4)][-1] == 9.0  # the eighth call is checked
