"""Comparisons: each sample takes the path that the engine takes with it."""

import itertools
import re
import warnings

import numpy as np
import pytest

import autograd
from autograd import PathsWarning, ShapeError, TraceError, Value
from autograd.compiler.calls import paths
from autograd.compiler.trace.tracing import trace
from tests.compiler.test_compile import eager


def check(f, w, *batch, n_paths=None, **settings):
    step = autograd.compile(f, **{"executor": "numpy", **settings})
    for _ in range(3):
        for v in w:
            v.grad = 0.0
        loss, gradient = eager(f, w, w, *batch)
        assert step(w, *batch) == pytest.approx(loss, rel=1e-12)
        assert [v.grad for v in w] == pytest.approx(gradient, rel=1e-12)
        losses, gradients = step.per_sample(w, *batch)
        assert losses == pytest.approx(
            [eager(f, w, w, *[[s] for s in sample])[0] for sample in zip(*batch, strict=True)]
        )
        assert gradients.mean(axis=0) == pytest.approx(gradient, rel=1e-12)
    assert n_paths is None or len(step.plan.paths) == n_paths
    return step


X = np.random.default_rng(5).normal(size=20)


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_a_choice_makes_two_paths(executor):
    def f(w, x):
        v = w[0] * x
        return v**2 + w[1] if v > 0 else -3 * v * w[1]

    check(f, [Value(2.0), Value(-1.0)], X, n_paths=2, executor=executor)


def test_builtin_max_min_and_sorted():
    def f(w, x):
        values = [w[0] * x, w[1] - x, x * x * w[2]]
        return max(values) * 2 + min(values) + sorted(values)[1] ** 2

    check(f, [Value(1.0), Value(0.5), Value(-0.3)], X)


def test_a_loop_that_ends_by_a_value():
    def f(w, x):
        v = w[0] * x
        while v < 20:
            v = v * 2 + 1
        return v

    check(f, [Value(1.5)], abs(X))


def test_a_hinge_by_hand_and_a_network_of_it():
    def f(w, x):
        hidden = [a * x + b for a, b in zip(w[:3], w[3:6], strict=True)]
        return sum([h if h > 0 else 0.01 * h for h in hidden])

    check(f, [Value(k) for k in (1.0, -2.0, 0.5, 0.1, 0.2, -0.3)], X)


def test_paths_by_parameters_follow_these():
    f = lambda w, x: w[0] * x if w[0] > 0 else w[0] * x * x  # noqa: E731
    w = [Value(1.0)]
    step = check(f, w, X)
    w[0].data = -1.0
    assert step(w, X) == pytest.approx(-(X**2).mean(), rel=1e-12)


def test_a_comparison_with_a_whole_number():
    def f(w, x, y):
        return w[0] * x if y == 1 else w[1] * x if y > 1 else w[0] * w[1] * x

    check(f, [Value(2.0), Value(3.0)], X, [k % 4 for k in range(20)])


def test_tokens_pick_rows_at_several_places():
    def f(w, x, y):
        rows = [w[2 * k : 2 * k + 2] for k in range(4)]
        score = sum([a * b for i, j in itertools.pairwise(x) for a, b in zip(rows[i], rows[j], strict=True)])
        return (score - rows[y][0]) ** 2

    random = np.random.default_rng(2)
    w = [Value(v) for v in random.normal(size=8)]
    check(f, w, random.integers(0, 4, (20, 3)), random.integers(0, 4, 20), n_paths=1)


@pytest.mark.parametrize("labels", [[3, 4, 5], [-2, -1, 0], [0, 2, 7], [-(2**62), 2**62, 5]], ids=str)
def test_whole_numbers_may_start_anywhere_and_have_gaps(labels):
    w = {label: Value(0.5 + k) for k, label in enumerate(labels)}
    bound = autograd.compile(lambda w, x, y: w[y] * x, executor="numpy").bind(w)
    x, y = np.arange(1.0, 7.0), np.array(labels * 2)
    for k in range(12):
        expected = sum([w[j].data * i for i, j in zip(x, np.roll(y, k).tolist(), strict=True)]) / 6
        assert bound(x, np.roll(y, k)) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(KeyError):
        bound(x, np.array([1000] * 6))


LARGE = 2**60


@pytest.mark.parametrize("split", [False, True], ids=["one array", "two arrays"])
def test_large_whole_numbers_in_arrays_are_told_apart_behind_a_second_path(split):
    w = {LARGE + k: Value(0.5 + k) for k in range(4)}

    def f(w, x, y=None):
        first, second = (x, y) if split else x
        return w[first].relu() * 2 if second > 2 else w[first] * 3

    X, Y = np.array([LARGE + k % 4 for k in range(12)]), np.arange(12) % 5
    given = (X, Y) if split else (np.column_stack([X, Y]),)
    expected = [f(w, *sample).data for sample in zip(*[part.tolist() for part in given], strict=True)]
    step = autograd.compile(f, executor="numpy")
    assert step.per_sample(w, *given)[0].tolist() == expected
    assert step.predict(w, *given).tolist() == expected


@pytest.mark.parametrize("large", [2**53 + 1, -(2**53) - 1, 10**30], ids=str)
@pytest.mark.parametrize("X", [lambda n: [5, n], lambda n: [[5, 2.0], [n, 1.5]], lambda n: [[5], [n, 5]]])
def test_large_whole_numbers_in_lists_are_refused(large, X):
    step = autograd.compile(lambda w, x: w * 2)
    with pytest.raises(OverflowError, match=r"a whole number of 2\*\*53 or more in X or Y.*arrays of whole numbers"):
        step.predict(Value(1.0), X(large))
    assert step.predict(Value(1.0), X(2**53 - 1)).tolist() == [2.0, 2.0]


def test_a_number_between_those_that_were_seen_needs_no_other_trace(monkeypatch):
    traced = []
    monkeypatch.setattr(paths, "trace", lambda *args, **options: traced.append(1) or trace(*args, **options))
    w = [Value(0.5 * k) for k in range(12)]
    bound = autograd.compile(lambda w, x, y: w[y] * x, executor="numpy").bind(w)
    bound([1.0, 1.0, 1.0], [1, 4, 9])
    before = len(traced)
    assert bound([1.0] * 9, list(range(1, 10))) == pytest.approx(2.5, rel=1e-12)  # the mean of 0.5, 1, ... 4.5
    assert len(traced) == before
    assert bound([1.0, 1.0], [0, 11]) == pytest.approx(2.75, rel=1e-12)
    assert len(traced) > before


def test_whole_numbers_that_are_not_read_may_be_any():
    w = [Value(2.0), Value(3.0)]
    bound = autograd.compile(lambda w, x: w[x[0]] * x[1], executor="numpy").bind(w)
    for k in range(8):
        assert bound(np.array([[0, -1], [1, 10 - k]])) == pytest.approx((-2.0 + 3 * (10 - k)) / 2, rel=1e-12)


def test_too_many_paths_run_eagerly_with_one_warning():
    def f(w, x):
        total = w[0] * 0.0
        while total < x:
            total = total + w[0]
        return total**2

    w, x = [Value(1.0)], np.arange(12.0)
    step = autograd.compile(f, paths=3, executor="numpy")
    with pytest.warns(PathsWarning, match=r"more than 3 paths.*test_paths.py:\d+: total = total \+ w") as told:
        loss = step(w, x)
    assert re.fullmatch(r"\S*test_paths.py:\d+: total = total \+ w\[0\]", told[0].message.line)
    assert loss == pytest.approx((x**2).mean(), rel=1e-12)
    assert w[0].grad == pytest.approx((2 * x**2).mean(), rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert step(w, x) == loss
        assert step.per_sample(w, x)[1][:, 0].tolist() == (2 * x**2).tolist()
    assert len(step.plan.paths) == 3
    assert "not compiled: f has more than 3 paths" in str(step.plan)


def test_paths_that_return_other_numbers_of_results_are_told():
    step = autograd.compile(lambda w, x: [w * x, w] if w * x > 0 else [w], executor="numpy")
    with pytest.raises(ShapeError, match=r"built differently.*\[0\] for sample 1, and \[0, 1\] for another"):
        step(Value(1.0), [1.0, -1.0])


def test_random_functions_with_choices_are_those_of_the_engine():
    random = np.random.default_rng(11)
    for _ in range(10):
        a = random.normal(size=(3, 3))

        def f(w, x, a=a):
            u, v, z = [sum([p * w[k] * x for k, p in enumerate(row)]) for row in a.tolist()]
            first = u if u > v else v * v
            second = max(first, z, key=lambda s: s) if first > 0.5 else min(u, v)
            return first * second + (z if second <= z else 2.0)

        check(f, [Value(p) for p in random.normal(size=3)], random.normal(size=15))


def test_the_first_sample_of_a_path_is_checked_before_the_path_is_used():
    def f(w, x):
        return w * x if x < 3 else (w * 2.0 if type(x) is float else w * 5.0)

    w = Value(0.5)
    step = autograd.compile(f, executor="numpy")
    for _ in range(2):
        assert step(w, [1.0, 2.0]) == 0.75
    for _ in range(3):  # at the third call no sample of the batch is checked
        with pytest.raises(TraceError, match=r"result 0 of sample 40 is 2\.5; run eagerly it is 1.*type"):
            step(w, [1.0] * 40 + [3.0] * 30)
    assert step(w, [1.0, 2.0]) == 0.75


def test_of_too_many_paths_it_is_said_what_makes_them_and_what_helps():
    w, X = [Value(0.5), Value(2.0)], [[-1.0], [1.0]]
    with pytest.warns(RuntimeWarning, match=r"by its comparisons; what it compares.*where\(step\(v\), a, b\)"):
        autograd.compile(lambda w, x: w[0] if w[0] * x[0] > 0 else w[1], executor="numpy", paths=1)(w, X)
    with pytest.warns(RuntimeWarning, match=r"by its comparisons and by the whole numbers that it reads\. Samples"):
        autograd.compile(lambda w, x: w[0] if x[0] == 1 and x[1] == 1 else w[1] * 2.0, paths=1)(w, [[0, 1], [1, 1]])
    step = autograd.compile(lambda w, x: autograd.where(autograd.step(w[0] * x[0]), w[0], w[1]), paths=1)
    assert step.predict(w, X).tolist() == [2.0, 0.5]
    step = autograd.compile(lambda w, x: autograd.max([w[0] * x[0], w[1] * x[0]]), paths=1)
    assert step.predict(w, X).tolist() == [-0.5, 2.0]
