"""Never silently wrong: what a trace cannot see is found by running samples eagerly."""

import ctypes
import math
import random
import re
import warnings

import numpy as np
import pytest

import autograd
from autograd import (
    DivisionByZeroError,
    DomainError,
    NotFiniteWarning,
    PathsWarning,
    ShapeError,
    TraceError,
    Value,
    log,
)
from autograd.compiler.calls.checking import Eager, differing


class Counting:
    """A number that is another one at each call, by a way that no look at the function shows."""

    def __init__(self):
        self.n = iter(range(10**9))

    def __call__(self):
        return next(self.n)


def test_random_numbers_inside_are_an_error():
    w = Value(1.0)
    step = autograd.compile(lambda w, x: w * x * random.random(), executor="numpy")
    with pytest.raises(TraceError, match="random"):
        step(w, [1.0, 2.0])
    assert (w.data, w.grad) == (1.0, 0.0)


def test_what_every_call_changes_is_an_error():
    count = Counting()
    with pytest.raises(TraceError):
        autograd.compile(lambda w, x: w * x + count(), executor="numpy")(Value(1.0), [1.0, 2.0])


def test_what_changes_later_is_found_by_running_samples_eagerly():
    state = [iter([0.0] * 5 + [1.0] * 1000)]  # the first calls are all alike
    w = Value(1.0)
    bound = autograd.compile(lambda w, x: w * x + next(state[0]), executor="numpy").bind(w)

    def train():
        for _ in range(5):
            bound([1.0, 2.0])

    with pytest.raises(TraceError, match=r"(run eagerly it is|something else each time|outside of it)"):
        train()


@pytest.mark.parametrize("call", [2, 4, 8, 16])
def test_what_no_look_sees_is_found_at_every_power_of_two(call):
    hidden, w = ctypes.c_double(1.0), Value(3.0)
    bound = autograd.compile(lambda w, x: w * x * hidden.value, executor="numpy").bind(w)
    for _ in range(call - 1):
        assert bound([1.0, 2.0]) == 4.5
    hidden.value = 2.0
    with pytest.raises(TraceError, match="run eagerly it is"):
        bound([1.0, 2.0])
    assert bound([1.0, 2.0]) == 9.0


def test_the_samples_that_are_checked_are_others_each_time(monkeypatch):
    seen = []
    monkeypatch.setattr(Eager, "check", lambda self, numbers, sample, *rest: seen.append(sample[0]))
    bound = autograd.compile(lambda w, x: w * x, executor="numpy").bind(Value(3.0))
    bound(np.arange(32.0))
    seen.clear()
    for _ in range(299):
        bound(np.arange(32.0))
    assert len(seen) == 2 * 2 + 6  # at 2 and 4 two, at 8, 16, ... 256 one
    assert len(set(seen)) >= 9


def test_the_difference_is_told():
    eager = Eager(lambda x: w * x, [w := Value(3.0)], has_aux=False)
    numbers = np.array([3.0])

    def check(result, derivative):
        eager.check(numbers, (2.0,), 4, "float64", np.array([result]), np.array([derivative]))

    check(6.0 + 1e-13, 2.0 - 1e-13)
    with pytest.raises(TraceError, match="result 0 of sample 4 is 1; run eagerly it is 6"):
        check(1.0, 2.0)
    with pytest.raises(TraceError, match="derivative 0 of sample 4 is 3; run eagerly it is 2"):
        check(6.0, 3.0)
    with pytest.raises(TraceError, match="nan"):
        check(math.nan, 2.0)


def test_two_numbers_differ_beyond_rounding():
    assert differing([1.0, 2.0], [1.0, 2.0 + 1e-8], 1e-6) is None
    assert differing([1.0, 2.0], [1.0, 2.1], 1e-6) == 1
    assert differing([1.0, 2.0], [1.0, 2.1], 1e-6, noise=0.2) is None
    assert differing([math.inf, math.nan], [math.inf, math.nan], 1e-6) is None
    assert differing([math.inf], [1.0], 1e-6) == 0


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize(
    ("op", "error"), [("log", DomainError), ("sqrt", DomainError), ("reciprocal", DivisionByZeroError)]
)
def test_an_undefined_operation_is_the_error_of_eager_with_the_sample(executor, op, error):
    undefined = getattr(autograd, op)

    def f(w, x):
        return undefined(w * x)

    w = Value(2.0)
    step = autograd.compile(f, executor=executor)
    step(w, [1.0, 2.0, 3.0])
    before = w.grad
    bad = 0.0 if op == "reciprocal" else -1.0
    with pytest.raises(error) as ours:
        step(w, [1.0, bad, 3.0])
    with pytest.raises(error) as theirs:
        f(w, bad)
    assert str(ours.value) == str(theirs.value)
    (note,) = ours.value.__notes__
    assert note.startswith(f"in sample 1 of the batch: {op} at {__file__}:")
    assert note.endswith("return undefined(w * x)")
    assert (w.data, w.grad) == (2.0, before)


def test_the_first_sample_may_be_the_undefined_one():
    with pytest.raises(DomainError) as error:
        autograd.compile(lambda w, x: (w * x).log(), executor="numpy")(Value(1.0), [0.0, 1.0])
    assert "sample 0 of the batch: log" in error.value.__notes__[0]


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_what_is_undefined_is_told_though_the_loss_is_finite(executor):
    def f(w, x):
        return autograd.where(autograd.step(w * x), (w * x).log(), w)

    bound = autograd.compile(f, executor=executor).bind(w := Value(2.0))
    for _ in range(4):
        bound(np.array([1.0, 2.0]))
    with pytest.raises(DomainError) as theirs:
        f(w, -1.0)
    with pytest.raises(DomainError) as ours:
        bound(np.array([1.0, -1.0, 2.0, 1.0, 1.0]))
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_an_overflow_is_inf_as_in_eager_and_named_once(executor):
    w = Value(1.0)
    step = autograd.compile(lambda w, x: (w * x).exp(), executor=executor)
    with pytest.warns(RuntimeWarning, match=r"the loss is inf: in sample 2 of the batch exp at .*test_checking.py:\d+"):
        assert step(w, [1.0, 2.0, 1000.0]) == math.inf
    assert step(w, [1.0, 2.0, 1000.0]) == math.inf
    assert w.grad == math.inf


@pytest.mark.parametrize("way", ["__call__", "value_and_grad", "predict", "bind"])
@pytest.mark.parametrize("kind", ["inf", "paths"])
def test_a_warning_is_at_the_line_of_the_call(way, kind):
    f = (lambda w, x: (w * x).exp()) if kind == "inf" else lambda w, x: w if w * x > 800 else w * w
    step = autograd.compile(f, executor="numpy", paths=1)
    call = step.bind(Value(1.0)) if way == "bind" else lambda X: getattr(step, way)(Value(1.0), X)
    with pytest.warns({"inf": NotFiniteWarning, "paths": PathsWarning}[kind]) as told:
        call(np.array([700.0, 1000.0]))
    assert [warning.filename for warning in told] == [__file__]


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize("kind", [list, np.array])
def test_each_cause_of_what_is_not_finite_is_named_and_none_a_second_time(executor, kind):
    def f(w, x):
        big = (w[0] * x[0]).exp()
        return big + (w[1] * x[1]).sqrt()

    def told(X):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            bound(kind(X))
        return [str(warning.message) for warning in found]

    bound = autograd.compile(f, executor=executor).bind([Value(1.0), Value(1.0)])
    fine, first, second = [[1.0, 1.0], [2.0, 4.0]], [[1.0, 1.0], [5000.0, 1.0]], [[1.0, 0.0], [2.0, 1.0]]
    for _ in range(9):
        assert told(fine) == []
    (text,) = told(first)
    assert re.match(r"the loss is inf: in sample 1 of the batch exp at .*: big = .*: its result is not finite$", text)
    (text,) = told(second)
    assert re.match(
        r"a gradient is not finite: in sample 0 of the batch sqrt at .*: return .*: its derivative is not finite$", text
    )
    assert told(first) == told(second) == told(fine) == told([[9000.0, 0.0], [1.0, 0.0]]) == []
    bound.parameters[:] = np.nan  # as a step by such a gradient would have left them
    assert told(fine) == []


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_few_samples_are_looked_at_for_another_cause_and_all_in_turn(executor, monkeypatch):
    def f(w, x):
        first = (w * x[0]).sqrt()
        return first + (w * x[1]).sqrt()

    looked, explain = [], Eager.explain
    monkeypatch.setattr(Eager, "explain", lambda self, *given: looked.append(1) or explain(self, *given))
    X = np.array([[0.0, 1.0]] * 99 + [[1.0, 0.0]])
    bound = autograd.compile(f, executor=executor).bind(Value(1.0))
    with pytest.warns(NotFiniteWarning, match="sample 0 of the batch sqrt .*: first = "):
        bound(X)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(99 // 8 + 2):
            bound(X)
    (found,) = told
    assert re.search("sample 99 of the batch sqrt .*: return first ", str(found.message))
    looked.clear()
    for _ in range(5):
        assert bound(X) == 1.0
    assert len(looked) == 5 * 8


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_predictions_and_derivatives_are_returned_as_they_are_without_a_warning(executor):
    w, X = [Value(1.0), Value(1.0)], [[5000.0, 1.0]]
    step = autograd.compile(lambda w, x: [(w[0] * x[0]).exp(), w[1] * x[1]], executor=executor)
    assert step.predict(w, X).tolist() == [[math.inf, 1.0]]
    assert step.jacobian(w, X).tolist() == [[[math.inf, 0.0], [0.0, 1.0]]]
    losses, gradients = autograd.compile(lambda w, x: (w[0] * x[0]).exp()).per_sample(w, X)
    assert (losses.tolist(), gradients.tolist()) == ([math.inf], [[math.inf, 0.0]])


@pytest.mark.parametrize("executor", ["numpy", "numba"])
@pytest.mark.parametrize("way", ["bind", "__call__", "predict", "several", "per_sample", "jacobian"])
@pytest.mark.parametrize(
    ("f", "odd"),
    [(lambda w, x: w * np.nan_to_num(x).sum(), math.nan), (lambda w, x: w * abs(x[0] ** 0.5), -9.0),
     (lambda w, x: 1 / (w * x[0] ** 0.5), -math.inf)],
    ids=["nan_to_num", "complex", "root of -inf"],
)  # fmt: skip
def test_a_result_that_is_finite_eagerly_and_not_compiled_is_an_error(executor, way, f, odd):
    of_several = way in ("several", "jacobian")
    step = autograd.compile(lambda w, x: [f(w, x), w] if of_several else f(w, x), executor=executor)
    w, X = Value(1.5), [[2.0, 3.0]] * 20 + [[odd, 3.0]] + [[2.0, 3.0]] * 43  # where the first checks do not look
    call = step.bind(w) if way == "bind" else lambda X: getattr(step, "predict" if way == "several" else way)(w, X)
    for _ in range(4):
        call([[2.0, 3.0]] * 64)
    with pytest.raises(TraceError, match=r"result 0 of sample 20 is nan; run eagerly it is \d"):
        call(X)


def test_a_gradient_that_is_not_finite_is_named():
    w = Value(0.0)
    with pytest.warns(RuntimeWarning, match=r"a gradient is not finite: in sample 1 of the batch sqrt at"):
        autograd.compile(lambda w, x: (w * x).sqrt() if x > 1 else w * x, executor="numpy")(w, [1.0, 4.0])
    assert w.grad == math.inf


def test_undefined_operations_of_other_paths_are_no_error():
    step = autograd.compile(lambda w, x: (w * x).log() if x > 0 else w * x, executor="numpy")
    assert step(Value(1.0), [1.0, -1.0, math.e]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("f", "instead"),
    [
        (lambda w, x: w * (w * x).data, "detach"),
        (lambda w, x: w * float(w * x), "float"),
        (lambda w, x: w * math.exp(w * x), "autograd.exp"),
        (lambda w, x: w * int(w * x), "floor"),
    ],
)
def test_reading_a_number_is_an_error_that_says_what_to_write(f, instead):
    w = Value(1.0)
    with pytest.raises(TraceError, match=instead):
        autograd.compile(f, executor="numpy")(w, [1.0, 2.0])
    assert (type(w), w.data, w.grad) == (Value, 1.0, 0.0)


def test_values_outside_of_the_parameters_keep_their_gradients():
    outside, w = Value(2.0), Value(1.0)
    outside.grad = 5.0
    step = autograd.compile(lambda w, x: w * x * outside, executor="numpy")
    for _ in range(4):
        step(w, [1.0, 2.0])
    assert (outside.grad, outside.data) == (5.0, 2.0)


def test_what_rounding_decides_is_no_difference():
    def total(w, x):
        return w[0] * x[0] + w[1] * x[1] + w[2] * x[2]  # 5.6e-17 in this order, 0 or 2.8e-17 in others

    w, x = [Value(1.0), Value(1.0), Value(1.0)], [[0.1, 0.2, -0.3]] * 3
    for f in (total, lambda w, x: total(w, x) ** 2, lambda w, x: autograd.relu(total(w, x)),
              lambda w, x: t if (t := total(w, x)) > 0 else 3 * t):  # fmt: skip
        for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
            step = autograd.compile(lambda w, x, f=f, order=order: f([w[k] for k in order], [x[k] for k in order]),
                                    executor="numpy")  # fmt: skip
            assert abs(step(w, x)) < 1e-15


CANCELLING = {
    "softmax": lambda w, x: autograd.sum(autograd.softmax([v * a for v, a in zip(w, x, strict=True)])),
    "its square": lambda w, x: (sum(autograd.softmax([v * a for v, a in zip(w, x, strict=True)])) - 1) ** 2,
    "products": lambda w, x: ((w[0] * x[0] + w[1]) * x[2] - (w[0] * x[0]) * x[2] - w[1] * x[2]) ** 2,
    "scale": lambda w, x: sum((v * x[0]) ** 2 for v in w) / sum((v * x[0]) ** 2 for v in w),
    "inverse": lambda w, x: (autograd.log(autograd.exp(w[0] * x[0])) - w[0] * x[0]) ** 2,
}


@pytest.mark.parametrize("name", CANCELLING)
@pytest.mark.parametrize("options", [{}, {"executor": "numpy"}, {"executor": "numpy", "dtype": "float32"}], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_nothing_but_rounding_is_no_difference(name, options, seed):
    X, w = np.random.default_rng(seed).normal(size=(40, 3)), np.random.default_rng(seed + 3).normal(size=3)
    bound = autograd.compile(CANCELLING[name], **options).bind([Value(v) for v in w])
    for _ in range(9):
        bound(X)
    assert abs(bound.gradients).max() < (1e-4 if options.get("dtype") else 1e-12)


@pytest.mark.parametrize("name", CANCELLING)
@pytest.mark.parametrize("more", [1e-8, 1e-9])
def test_a_difference_that_is_small_but_no_rounding_is_found(name, more):
    """Where the result, the gradient or both are 0 but for rounding."""
    f, weights, sample = CANCELLING[name], [Value(0.3), Value(-0.8), Value(1.2)], ([0.5, 1.5, -0.7],)
    eager, numbers = Eager(lambda x: f(weights, x), weights, has_aux=False), np.array([v.data for v in weights])
    result, gradient = eager(numbers, sample)
    eager.check(numbers, sample, 0, "float64", np.array(result), gradient)
    with pytest.raises(TraceError, match="derivative 1 of sample 0"):
        eager.check(numbers, sample, 0, "float64", np.array(result), gradient + np.array([0.0, more, 0.0]))


@pytest.mark.parametrize("executor", ["numpy", "numba"])
def test_an_error_that_the_function_catches_is_told_by_the_sample_that_has_it(executor):
    def f(w, x):
        try:
            return log(w * x)
        except DomainError:
            return w * 0.0

    bound = autograd.compile(f, executor=executor).bind(Value(1.0))
    assert bound([2.0, 2.0]) == pytest.approx(np.log(2))
    with pytest.raises(TraceError, match=r"sample 1 of the batch: log at .*test_checking.*catches the error"):
        bound([2.0, -1.0])


@pytest.mark.parametrize(
    "f",
    [
        lambda w, x: w * x if x > 0 else [w * x],
        lambda w, x: {"a": w, "b": x} if x > 0 else {"b": x, "a": w},
    ],
)
def test_all_samples_return_what_is_built_alike(f):
    with pytest.raises(ShapeError, match="built differently"):
        autograd.compile(f).predict(Value(1.0), [1.0, -1.0])


def test_a_function_that_returns_nothing_is_refused():
    with pytest.raises(ShapeError, match=r"returned \[\] for sample 0"):
        autograd.compile(lambda w, x: [])(Value(1.0), [1.0])
