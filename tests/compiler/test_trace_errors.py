"""What a trace refuses: every way out of the graph is an error that names the user's line and says what to write."""

import contextlib
import cProfile
import gc
import linecache
import logging
import math
import os
import profile as python_profile
import random
import re
import sys
import time

import numpy as np
import pytest

import autograd
import nn
from autograd import TraceError, Value, no_grad
from autograd.compiler.trace.steady import check_steady
from autograd.compiler.trace.tracing import flatten_parameters, trace

rng, generator, counter = random.Random(1), np.random.default_rng(0), [0]

# The expression, what is said of it, and what is to be written.
WAYS_OUT = {
    "max(v.data for v in w)": ("reads .data", "as autograd.max(logits).detach()"),
    "w[0].grad * w[0]": ("reads .grad", "derivatives"),
    "w[0].a": ("reads the graph behind a Value", "derivatives"),
    "w[0].operands": ("reads the graph behind a Value", "derivatives"),
    "float(w[0])": ("takes the number out", "leave float() away"),
    "float(x[0])": ("takes the number out", "leave float() away"),
    "int(w[0])": ("whole number", "autograd.floor(v)"),
    "round(w[0], 2)": ("whole number", "autograd.round(v)"),
    "math.exp(w[0])": ("takes the number out", "write autograd.exp(...) for math.exp(...)"),
    "math.sqrt(x[0])": ("takes the number out", "write autograd.sqrt(...) for math.sqrt(...)"),
    "math.floor(w[0])": ("whole number", "write autograd.floor(...) for math.floor(...)"),
    "np.array(w, dtype=float)": ("takes the number out", "leave float() away"),
    "np.float64(x[0])": ("takes the number out", "leave float() away"),
    "[1.0, 2.0][w[0]]": ("whole number", "ints"),
    "w[0] * (x[0] % 1)": ("% or //", "autograd.floor(x / n)"),
    "w[0] * (7 // x[0])": ("% or //", "autograd.floor(x / n)"),
    "(w[0] * v_caught(w[1] * -x[0]))": ("log is undefined here", "autograd.where(...)"),
    "{x[0]: 1}": ("as a key", "ints"),
    "w[0] * {'1.0': 2.0}.get(str(x[0]), 1.0)": ("as text, which is another text for each sample", "print(...)"),
    "w[0] * {'[1.0, 2.0]': 2.0}.get(str(x), 1.0)": ("as text", "print(...)"),
    "w[0] * {'[1.0 2.0]': 2.0}.get(str(np.array(x)), 1.0)": ("as text", "print(...)"),
    "w[0] * {'k1.0': 2.0}.get(f'k{x[0]}', 1.0)": ("as text", "print(...)"),
    "w[0] * {'1.0': 2.0}.get(f'{x[0]}', 1.0)": ("as text", "print(...)"),
    "w[0] * {'1.0': 2.0}.get(format(x[0], '.1f'), 1.0)": ("as text", "print(...)"),
    "w[0] * {'k1.0': 2.0}.get('k%s' % x[0], 1.0)": ("as text", "print(...)"),
    "w[0] * {'1.0,2.0': 2.0}.get(','.join(str(a) for a in x), 1.0)": ("as text", "print(...)"),
    "w[0] * {'1.0,2.0': 2.0}.get(','.join(map(repr, x)), 1.0)": ("as text", "print(...)"),
    "w[len(str(x[0])) % 2]": ("as text", "print(...)"),
    "w[len(f'{w[1]!s:>9}') % 2]": ("as text", "print(...)"),
    "w[0] * float(f'{x[0]:.1f}')": ("as text", "print(...)"),
    "w[0] * int(f'{w[1]:.0f}')": ("as text", "print(...)"),
    "setattr(w[0], 'data', 3.0)": ("changes .data", "between the calls"),
    "setattr(w[0], 'grad', 3.0)": ("changes .grad", "between the calls"),
    "(w[0] * x[0]).backward()": ("calls backward()", "derivatives"),
    "autograd.grad(lambda v: v * v)(w[0])": ("takes a derivative", "a quotient of differences"),
    "without_gradient(w, x)": ("no_grad()", ".detach()"),
    "w[0] * random.random()": ("another number for each call", "a part of x"),
    "random.choice(w)": ("another number for each call", "a part of x"),
}


def without_gradient(w, x):
    with no_grad():
        return w[0] * x[0]


def v_caught(v):
    try:
        return v.log()
    except autograd.DomainError:
        return v


def written(expression):
    """A function of this expression, whose source can be read."""
    source, name = f"def f(w, x, y):\n    return {expression}\n", f"<{expression}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {**globals(), "time": time, "logging": logging, "os": os}
    exec(compile(source, name, "exec"), names)
    return names["f"]


@pytest.mark.parametrize("expression", WAYS_OUT)
def test_a_way_out_of_the_graph_is_named_with_its_line_and_the_remedy(expression):
    w = [Value(0.5), Value(2.0)]
    with pytest.raises(TraceError) as error:
        trace(written(expression), w, [1.0, 2.0], 1)
    place, _, said = str(error.value).partition("\n")
    if "without_gradient" in expression or "v_caught" in expression:
        assert place.endswith(("return w[0] * x[0]", "return v.log()"))
    else:
        assert place == f"<{expression}>:2: return {expression}"
    assert all(part in said for part in WAYS_OUT[expression])
    assert [(type(v), v.data, v.grad) for v in w] == [(Value, 0.5, 0.0), (Value, 2.0, 0.0)]


@pytest.mark.parametrize(
    "way", ["float(x) > 5", "int(w) > 5", "f'{x:.0f}' == '6'", "w.data > 5", "x % 1 > 0", "{x: 1}"]
)
@pytest.mark.parametrize("kind", ["TypeError", "Exception"])
def test_a_refusal_that_the_function_catches_is_raised_after_it(way, kind):
    source = (
        f"def f(w, x):\n    try:\n        big = {way}\n    except {kind}:\n        big = False\n"
        "    return w * x * (2.0 if big else 1.0)\n"
    )
    linecache.cache["<caught>"] = (len(source), None, source.splitlines(keepends=True), "<caught>")
    exec(compile(source, "<caught>", "exec"), names := {})
    with pytest.raises(TraceError) as error:
        trace(names["f"], Value(1.5), 1.0)
    assert str(error.value).startswith(f"<caught>:3: big = {way}\n    ")


def test_a_refusal_that_the_function_catches_in_a_later_sample_alone_is_raised():
    def f(w, x):
        with contextlib.suppress(TypeError):
            return w * x if x < 5 else w * 2.0 * float(x)
        return w * x

    bound = autograd.compile(f, executor="numpy").bind(Value(1.5))
    assert bound([1.0, 2.0]) == 2.25
    with pytest.raises(TraceError, match=r"float\(x\)\n +takes the number out"):
        bound([1.0, 2.0, 6.0])


def test_a_trace_error_is_a_type_error_and_one_of_the_package():
    assert issubclass(TraceError, TypeError)
    assert issubclass(TraceError, autograd.AutogradError)


def test_what_is_no_value_is_no_result():
    with pytest.raises(TraceError, match="must return a Value, or lists of Values, not str: 'abc'"):
        trace(lambda w, x: "abc", Value(1.0), 2.0)


def test_a_value_that_a_trace_left_behind_is_refused():
    left = []

    def f(w, x):
        left.append(w * x)
        return sum(left)

    trace(f, Value(1.0), 2.0)
    with pytest.raises(TraceError, match="left behind"):
        trace(f, Value(1.0), 2.0)
    with pytest.raises(TraceError, match="left behind"):
        left[0] + 1.0
    with pytest.raises(TraceError, match="left behind"):
        left[0].data  # noqa: B018


def test_a_trace_inside_of_a_trace_is_refused():
    w = Value(1.0)
    with pytest.raises(TraceError, match="inside of another"):
        trace(lambda w, x: trace(lambda v, x: v * x, w, 1.0) and w, w, 2.0)
    assert flatten_parameters(w) == [w]
    assert type(w) is Value


def test_a_traced_value_can_be_printed(capsys):
    def f(w, x):
        print(f"{w:.1f} {w} {w!r}")
        print("x is", x, w, [f"{v:.1f}" for v in (w, x)])
        print(
            "over lines",
            f"{x:.2f}",
        )
        return w

    trace(f, Value(0.25), 1.0)
    assert capsys.readouterr().out.splitlines() == [
        "Value(0.2) Value(0.25) Value(data=0.25, traced)",
        "x is Value(data=1.0, traced) Value(data=0.25, traced) ['Value(0.2)', 'Value(1.0)']",
        "over lines Value(1.00)",
    ]


def test_an_error_of_the_function_may_tell_the_number():
    def f(w, x):
        if x > 2:
            raise ValueError(f"{x} is too large")
        return w * x

    with pytest.raises(ValueError, match=r"3\.0 is too large"):
        autograd.compile(f, executor="numpy")(Value(1.0), [1.0, 3.0])


def raised(expression, *batch):
    """The error of a compiled function of this expression, in one text with its notes."""
    with pytest.raises(Exception) as error:  # noqa: PT011
        autograd.compile(written(expression), executor="numpy")([Value(0.5), Value(2.0)], *batch)
    return "\n".join([f"{error.type.__name__}: {error.value}", *getattr(error.value, "__notes__", [])])


@pytest.mark.parametrize(
    ("expression", "X", "place", "said"),
    [("w[x[0]]", [[0], [1], [5]], 2, "IndexError: list index out of range"),
     ("w[0] * x[2]", np.ones((4, 2)), 0, "IndexError: index 2 is out of bounds for axis 0 with size 2"),
     ("w[0] if x[0] < 2 else w[9]", [[1.0], [3.0]], 1, "IndexError: list index out of range"),
     ("w[0] * {0: 1.0, 1: 2.0}[x[0]]", [[0], [1], [2]], 2, "KeyError: 2")],
)  # fmt: skip
def test_what_the_function_raises_itself_is_raised_with_the_sample_and_the_line(expression, X, place, said):
    text = raised(expression, X, [0] * len(X))
    assert text == f"{said}\nin sample {place} of the batch: <{expression}>:2: return {expression}"


@pytest.mark.parametrize(
    ("dtype", "expression", "kind"),
    [*[(np.uint8, expression, np.array) for expression in ("x[0] + x[1]", "x[0] * 2", "1 - x[1]", "-x[0]", "sum(x)")],
     (np.int16, "x[0] ** 2", np.array), (np.uint16, "x[0] + x[1]", list),
     (np.int8, "x[0] + x[1]", lambda X: [list(x) for x in X])],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_whole_numbers_that_may_wrap_around_are_not_computed_with(dtype, expression, kind):
    expression = f"w[0] * ({expression})"
    text = raised(expression, kind(np.array([[100, 7], [100, 100]], dtype)), [0, 0])
    assert text.startswith(f"TraceError: <{expression}>:2: return {expression}\n    ")
    assert "whole numbers of fewer than 32 bits alone" in text
    assert "X.astype(int)" in text


@pytest.mark.parametrize("expression", ["w[x[0]] * x[1]", "w[0] * (x[0] / x[1])", "w[0] * (x[0] + 0.5)", "w[x[1] % 2]"])
def test_whole_numbers_of_few_bits_are_computed_with_where_nothing_wraps_around(expression):
    X, w, f = np.array([[0, 7], [1, 200]], np.uint8), [Value(0.5), Value(2.0)], written(expression)
    expected = [f(w, x, 0).data for x in X]
    np.testing.assert_allclose(autograd.compile(f, executor="numpy").predict(w, X, [0, 0]), expected, rtol=1e-12)


@pytest.mark.parametrize("expression", ["x[0] + x[1]", "x[0] * x[1]", "x @ x", "x.sum()", "x[1] ** x[0]"])
def test_bools_of_numpy_whose_sum_is_a_bool_are_not_computed_with(expression):
    expression = f"w[0] * ({expression})"
    text = raised(expression, np.array([[True, True], [True, False]]), [0, 0])
    assert text.startswith(f"TraceError: <{expression}>:2: return {expression}\n    ")
    assert "computes with numpy's bools alone" in text
    assert "X.astype(float)" in text


@pytest.mark.parametrize(
    "expression", ["w[0] * x[0] + w[1] * x[1]", "w[0] * sum(x)", "w[0] * (1 - x[0]) * x[1]", "w[0] * (x[0] == x[1])",
                   "w[1] if x[0] and not x[1] else w[0]"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [np.array, list, lambda X: [list(x) for x in X], lambda X: [x.tolist() for x in X]])
def test_bools_are_computed_with_as_eagerly_where_that_is_defined(expression, kind):
    X = kind(np.array([[False, False], [False, True], [True, False], [True, True]]))
    w, f = [Value(0.5), Value(2.0)], written(expression)
    expected = [f(w, x, 0).data for x in X]
    np.testing.assert_allclose(autograd.compile(f, executor="numpy").predict(w, X, [0] * 4), expected, rtol=1e-12)


def test_what_was_compiled_for_numbers_is_not_used_for_bools():
    step, w = autograd.compile(lambda w, x: w * (x[0] + x[1]), executor="numpy"), Value(1.0)
    assert step(w, np.ones((2, 2))) == 2.0
    with pytest.raises(TraceError, match="bools"):
        step(w, np.ones((2, 2), bool))


def test_labels_of_32_bits_as_on_windows_are_computed_with():
    f, w = written("(1 - (2 * x[0] - 1) * w[0]) + w[1]"), [Value(0.5), Value(2.0)]
    X = np.array([[0], [1]], np.int32)
    np.testing.assert_allclose(autograd.compile(f, executor="numpy").predict(w, X, [0, 0]), [3.5, 2.5], rtol=1e-12)


@pytest.mark.parametrize("X", [[1.0, 2.0], np.array([1.0, 2.0])])
def test_a_number_in_the_place_of_a_sample_is_told(X):
    assert "\nX[0] is one number, 1.0: for an x of several X is a list of lists" in raised("w[0] * x[0]", X, [0, 0])


@pytest.mark.parametrize(
    ("expression", "is_told"),
    [("w[0] * sum(x)", True), ("w[0] * len(x)", True), ("[a * b for a, b in zip(w, x)][0]", True),
     ("(lambda a, b: w[0] * a * b)(*x)", True), ("w[7] * x", False), ("w[0] * (x + [1.0])", False),
     ("w[0][0] * x", False), ("(lambda a, b: w[0])(x)", False), ("w[0] * len(3)", False)],
)  # fmt: skip
@pytest.mark.parametrize("X", [[1.0, 2.0], np.array([1.0, 2.0])], ids=["list", "array"])
def test_a_number_in_the_place_of_a_sample_is_not_told_where_the_error_is_another(expression, is_told, X):
    assert ("X[0] is one number" in raised(expression, X, [0, 0])) is is_told


@pytest.mark.parametrize(("expression", "what"), [
    ("w[0] * x", "a Value"), ("(w[0] * x, 1, 2)", "a tuple of 3"), ("[w[0] * x]", "a list of 1"),
])  # fmt: skip
def test_a_function_that_is_to_return_more_beside_the_loss_and_does_not_is_told(expression, what):
    step = autograd.compile(written(expression), has_aux=True)
    with pytest.raises(TraceError, match=rf"the function must return \(loss, aux\), not {what}$"):
        step([Value(1.0)], [1.0], [0.0])


@pytest.mark.parametrize("expression", [
    "w[0] if np.isnan(x[0]) else w[1]", "w[0] if x[0].is_integer() else w[1]",
])  # fmt: skip
def test_what_values_cannot_do_in_the_place_of_numbers_is_told_with_the_line(expression):
    text = raised(expression, [[1.0], [2.5]], [0, 0])
    assert text.startswith(f"TraceError: <{expression}>:2: return {expression}\n    ")
    assert "Traced" not in text
    assert "which numbers do not raise here: while f is traced, Values stand for them" in text


# --- the same each time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    ["w[0] * rng.gauss(0, 1)", "w[0] * generator.normal()", "w[0] * np.random.rand()", "w[0] * time.time()",
     "w[0] if rng.random() < 0 else sum([v * rng.random() for v in w])",
     "logging.getLogger('of f').info('a log looks at the clock too') or time.sleep(0) or w[0] * time.time()"],
)  # fmt: skip
def test_what_is_another_number_each_time_is_found_with_its_line(expression, caplog):
    caplog.set_level(logging.INFO)
    with pytest.raises(TraceError) as error:
        check_steady(written(expression), [Value(0.5), Value(2.0)], [1.0], 1.0)
    place, _, said = str(error.value).partition("\n")
    assert place == f"<{expression}>:2: return {expression}"
    assert "another number for each call" in said


@pytest.mark.parametrize(
    "expression", ["logging.getLogger('of f').warning('x is %s', x) or w[0]", "w[0] if os.path.exists('/') else w[1]",
                   "time.sleep(0) or w[0]"],
)  # fmt: skip
def test_a_log_a_look_for_a_file_and_a_pause_are_not_another_number_each_time(expression, caplog):
    check_steady(written(expression), [Value(0.5), Value(2.0)], [1.0], 1.0)


@pytest.mark.parametrize("call", [lambda step, w, x: step(w, [x]), lambda step, w, x: step.bind(w)([x])])
def test_a_compiled_function_inside_of_another_one_is_told_as_that(call):
    inner = autograd.compile(lambda w, x: w * x, executor="numpy")
    with pytest.raises(
        TraceError, match=f"{__file__}:.*\n    calls a compiled function inside of another one: call the"
    ):
        autograd.compile(lambda w, x: w * call(inner, w, x), executor="numpy")(Value(2.0), [1.0])


@pytest.mark.parametrize(
    "derivative",
    [
        lambda u, x: autograd.grad(u)(x),
        lambda u, x: autograd.value_and_grad(u)(x)[1],
        lambda u, x: autograd.gradients(u(v := Value(x)), [v])[0],
    ],
)
def test_a_derivative_inside_of_what_is_compiled_is_told_as_that(derivative):
    step = autograd.compile(lambda w, x: derivative(lambda x: w * x**2, x))
    with pytest.raises(TraceError, match="takes a derivative inside of a compiled function: write a quotient of diff"):
        step(Value(2.0), [1.0, 2.0])


@pytest.mark.parametrize(
    ("f", "given", "note"),
    [
        (lambda x, y: (2 * x - y) ** 2, ([1.0, 2.0], [3.0, 4.0]), "no Value in params, which is the first argument"),
        (lambda w, x, y: w * x - y, (Value(1.0), [1.0, 2.0], [[1.0], [2.0]]), r"Y\[0\] is a list, \[1.0\]"),
    ],
)
def test_what_was_probably_meant_is_told_beside_the_error_of_the_function(f, given, note):
    with pytest.raises(TypeError, match="unsupported operand") as found:
        autograd.compile(f)(*given)
    assert re.search(note, "\n".join(found.value.__notes__))


def test_a_value_that_is_kept_outside_is_told_as_that():
    kept = []
    step = autograd.compile(lambda w, x: kept.append(w * x) or w, executor="numpy")
    with pytest.raises(TraceError, match="the function changes kept, which is outside of it: return what"):
        step(Value(2.0), [1.0])


def test_an_error_of_the_function_for_a_new_form_of_sample_is_its_own():
    step, w = autograd.compile(lambda w, x: w * x, executor="numpy"), Value(2.0)
    assert step(w, [1.0, 2.0]) == 3.0
    with pytest.raises(TypeError, match="can't multiply sequence by non-int") as error:
        step(w, [[1.0], [2.0]])
    assert not isinstance(error.value, TraceError)


def test_parameters_that_are_others_than_those_bound_are_told_as_that():
    params = [Value(1.0)]
    bound = autograd.compile(lambda p, x: sum(p) * x, executor="numpy").bind(params)
    bound([1.0, 2.0])
    params.append(Value(2.0))
    with pytest.raises(TraceError, match="other Values in params than when they were bound: bind them again"):
        bound([1.0, 2.0])


def test_a_first_import_is_not_another_number_each_time(tmp_path, monkeypatch):
    (tmp_path / "draws_at_import.py").write_text("import random, time\nBEGAN, NUMBER = time.time(), random.random()\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        check_steady(written("w[0] * __import__('draws_at_import').NUMBER"), [Value(0.5)], [1.0], 1.0)
    finally:
        sys.modules.pop("draws_at_import")


def test_what_the_function_draws_while_it_is_itself_imported_is_found(tmp_path, monkeypatch):
    (tmp_path / "compiles_at_import.py").write_text(
        "import random\nfrom autograd import Value, compile\n"
        "loss = compile(lambda w, x: w * random.random())(Value(1.0), [1.0])\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TraceError, match="another number for each call"):
        __import__("compiles_at_import")


def test_a_change_of_something_outside_is_found_by_its_name():
    counter[0] = 0
    with pytest.raises(TraceError, match=r":1: def f\(w, x, y\):\n +the function changes counter, which is"):
        check_steady(written("counter.__setitem__(0, counter[0] + 1) or w[0]"), [Value(1.0)], [1.0], 1.0)


def test_the_place_is_that_of_the_users_function_also_behind_a_wrapper_of_the_library():
    step = autograd.compile(lambda w, x: counter.__setitem__(0, counter[0] + 1) or w * x, executor="numpy")
    with pytest.raises(TraceError) as error:
        step(Value(1.0), [1.0, 2.0])
    place, _, said = str(error.value).partition("\n")
    assert place.startswith(f"{__file__}:")
    assert "step = autograd.compile(lambda w, x: counter.__setitem__" in place
    assert said.strip().startswith("the function changes counter,")


def test_what_a_model_draws_while_it_trains_is_named_with_the_users_line():
    model = nn.Sequential(nn.MLP(2, [3], seed=0), nn.Dropout(0.5), nn.MLP(3, [1], seed=0))
    with pytest.raises(TraceError) as error:
        autograd.compile(written("w(x) - y"), executor="numpy")(model, [[1.0, 2.0]], [1.0])
    place, _, said = str(error.value).partition("\n")
    assert place == "<w(x) - y>:2: return w(x) - y"
    assert "call model.eval()" in said
    model.eval()
    assert autograd.compile(written("w(x) - y"), executor="numpy")(model, [[1.0, 2.0]], [1.0]) is not None


def test_a_loss_that_changes_itself_in_a_training_is_named_with_the_users_line():
    class Changing:
        weight = 1.0

        def __call__(self, outputs, target):
            self.weight += 1.0
            return (outputs - target) ** 2

    with pytest.raises(TraceError) as error:
        nn.fit(nn.MLP(2, [1], seed=0), [[1.0, 2.0]] * 4, [1.0] * 4, loss=Changing(), epochs=1, compiled=True)
    place, _, said = str(error.value).partition("\n")
    assert place.startswith(f"{__file__}:")
    assert place.endswith(": def __call__(self, outputs, target):")
    assert "the function changes" in said


@pytest.mark.parametrize("kind", [list, np.array, lambda X: [{"a": x} for x in X]], ids=["list", "array", "dict"])
def test_a_sample_that_is_changed_in_place_is_refused_and_that_of_the_user_is_as_it_was(kind):
    X, same = kind([[1.0, 3.0], [10.0, 4.0]]), kind([[1.0, 3.0], [10.0, 4.0]])

    def f(w, x):
        numbers = x["a"] if isinstance(x, dict) else x
        numbers[0] = numbers[0] * 2
        return w * numbers[0]

    with pytest.raises(TraceError, match=r"def f\(w, x\):\n +the function changes its arguments: .*change a copy"):
        autograd.compile(f, executor="numpy")(Value(2.0), X)
    np.testing.assert_equal(X, same)
    trace(lambda w, x: sorted(x)[0] * w, Value(2.0), [1.0, 0.5])


def test_a_value_computed_outside_from_a_parameter_is_refused():
    w, other = Value(2.0), Value(5.0)
    tripled, square = w * 3.0, other * other

    def f(w, x):
        return w * x + tripled

    with pytest.raises(TraceError, match=r"def f\(w, x\):\n +the function uses Value\(data=6.0.*compute it inside"):
        trace(f, w, 1.0)
    assert [v is square for v, _ in trace(lambda w, x: w * x + square, w, 1.0).captured] == [True]


def test_a_function_that_keeps_nothing_is_steady():
    w = [Value(0.5), Value(2.0)]
    check_steady(lambda w, x, y: max(w) * x[0] - math.nan * y, w, [1.0, 2.0], 1)
    check_steady(lambda w, x, y: w[0] * x[0] if w[0] > y else w[1], w, [1.0, 2.0], 1, form=None)


@pytest.mark.parametrize("profile", [cProfile.Profile(), python_profile.Profile()], ids=["of C", "of Python"])
def test_a_function_is_compiled_and_its_errors_name_the_line_while_a_profile_is_taken(profile):
    def called_last():
        return 1

    def run():
        step = autograd.compile(lambda w, x: w * x, executor="numpy")
        with pytest.raises(TraceError, match=r"lambda w, x: w \* rng.random"):
            autograd.compile(lambda w, x: w * rng.random(), executor="numpy")(Value(3.0), [1.0, 2.0])
        return step(Value(3.0), [1.0, 2.0]) + called_last()

    gc.disable()  # Python's profile, whatever runs, takes fright at a function that is told of collections
    try:
        assert profile.runcall(run) == 5.5
    finally:
        gc.enable()
    profile.create_stats()
    assert "called_last" in {name for _, _, name in profile.stats}
    assert sys.getprofile() is None


def test_what_looks_at_the_clock_when_garbage_is_collected_is_not_the_function():
    def told(phase, info):
        time.perf_counter()

    def f(w, x):
        waste = [[] for _ in range(2000)]
        return w[0] * x[0] + len([waste for _ in waste])

    before = gc.get_threshold()
    gc.callbacks.append(told)
    gc.set_threshold(10)
    try:
        assert autograd.compile(f)([Value(1.0)], [[2.0]]) == 2002.0
    finally:
        gc.callbacks.remove(told)
        gc.set_threshold(*before)
    assert gc.isenabled()
