"""Tracing: what a function computes is on the tape, and the tape gives what the engine gives."""

import copy
import gc
import math
import random
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd
from autograd import OPS, Op, Value
from autograd.compiler.trace.samples import columns, flatten_sample, form_of
from autograd.compiler.trace.tape import CONSTANT, Guard
from autograd.compiler.trace.tracing import flatten_parameters, lines_of, trace
from nn import losses
from nn.activations import ACTIVATIONS, LAYER_ACTIVATIONS
from nn.modules import MLP

from ..distributions import ROOT
from .reference import values_of


def numbers(found):
    """What a function returned, as a flat list of floats."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(found, list | tuple):
        return [x for part in found for x in numbers(part)]
    return [found.data if isinstance(found, Value) else float(found)]


def replayed(traced, params, *arguments):
    """The results of a tape for a sample."""
    values = values_of(traced.tape, [p.data for p in flatten_parameters(params)], *flatten_sample(*arguments))
    return [values[root] for root in traced.tape.roots]


def assert_same(f, params, *arguments):
    """The tape gives the very numbers that the engine gives: it computes them in the same order."""
    traced = trace(f, params, *arguments)
    np.testing.assert_array_equal(replayed(traced, params, *arguments), numbers(f(params, *arguments)))
    assert all(type(p) is Value and p.a is None and p.b is None for p in flatten_parameters(params))
    return traced


def neuron(w, x, y):
    return ((w[0] * x[0] + w[1] * x[1] + w[2]).tanh() - y) ** 2


def weights(n, seed=0):
    rng = random.Random(seed)
    return [Value(rng.gauss(0, 1)) for _ in range(n)]


# --- what is on the tape ----------------------------------------------------------------------------------------


def test_a_neuron_is_on_the_tape_operation_by_operation():
    tape = assert_same(neuron, weights(3), [2.0, 3.0], 1.0).tape
    assert [op.name for op in (tape.ops[c] for c in tape.code if c >= 0)] == [
        "mul",
        "mul",
        "add",
        "add",
        "tanh",
        "sub",
        "pow",
    ]
    assert (tape.n_parameters, tape.n_inputs) == (3, 3)


@pytest.mark.parametrize("op", OPS, ids=[op.name for op in OPS])
def test_every_operation_of_the_table_is_traced(op):
    n = 3 if op.arity is None else op.arity
    given = [0.25, 0.5, 0.75][:n] if op.name != "acosh" else [1.5]
    traced = assert_same(
        lambda w, x: op(*[a * b for a, b in zip(w, x, strict=True)]), [Value(1.0) for _ in given], given
    )
    assert op in traced.tape.ops


def test_an_operation_of_ones_own_is_traced():
    cube = Op("cube", "³", 1, forward=lambda x: x * x * x, partials=lambda y, x: (3 * x * x,))
    traced = assert_same(lambda w, x: cube(w) + x, Value(2.0), 1.0)
    assert traced.tape.ops[1] is cube or traced.tape.ops[0] is cube


def test_the_tape_holds_for_other_samples_and_other_parameters():
    params, rng = weights(3), random.Random(1)
    tape = trace(neuron, params, [2.0, 3.0], 1.0).tape
    for p in params:
        p.data = rng.gauss(0, 1)
    x, y = [rng.gauss(0, 1), rng.gauss(0, 1)], rng.gauss(0, 1)
    assert values_of(tape, [p.data for p in params], [*x, y])[-1] == neuron(params, x, y).data


def test_a_number_is_one_constant_however_often_and_both_zeros_are_two():
    tape = trace(lambda w, x: w * 2 + x * 2.0 + 0.0 + -0.0, Value(1.0), 3.0).tape
    constants = tape.data[tape.code == CONSTANT].tolist()
    assert [math.copysign(1, x) * (x or 0.5) for x in constants] == [2.0, 0.5, -0.5]


def test_zero_and_infinity_are_constants_of_their_own():
    used = [0.0, math.inf, -0.0, -math.inf, 0]
    tape = trace(lambda w, x: [w + k for k in used], Value(1.0), 3.0).tape
    constants = tape.data[tape.code == CONSTANT].tolist()
    assert list(map(str, constants)) == ["0.0", "inf", "-0.0", "-inf"]
    assert values_of(tape, [2.0], [3.0])[tape.roots[0]] == 2.0


def test_detach_stops_the_gradient_and_keeps_the_number():
    traced = assert_same(lambda w, x: w * x - (w * x).detach(), Value(2.0), 3.0)
    assert "detach" in {op.name for op in traced.tape.ops}


def test_a_value_made_of_a_number_of_the_sample_is_this_number():
    traced = assert_same(lambda w, x: sum(w * Value(a, label="a") for a in x), Value(2.0), [3.0, 4.0])
    assert CONSTANT not in traced.tape.code.tolist()[3:4]
    assert values_of(traced.tape, [2.0], [5.0, 6.0])[traced.tape.roots[0]] == 22.0


def test_a_parameter_that_appears_twice_is_one():
    w = Value(3.0)
    assert assert_same(lambda p, x: p[0] * x + p[1], [w, w], 2.0).tape.n_parameters == 1


def test_values_of_a_class_of_ones_own_are_parameters_too():
    class Weight(Value):
        pass

    w = Weight(3.0)
    traced = trace(lambda p, x: p * x, w, 2.0)
    assert values_of(traced.tape, [5.0], [7.0])[-1] == 35.0
    assert traced.captured == ()
    assert type(w) is Weight


class Plain(Value):
    pass


class Slotted(Plain):
    __slots__ = ("note",)

    def twice(self):
        return self * 2.0


@pytest.mark.parametrize("kind", [Plain, Slotted])
def test_parameters_of_a_class_of_ones_own_leave_guards_and_are_not_read(kind):
    w = kind(3.0)
    w.note = "kept"
    traced = assert_guarded(lambda p, x: p * x if p > 0 else x * p * 5.0, w)
    assert traced.captured == ()
    with pytest.raises(autograd.TraceError, match=r"reads \.data"):
        trace(lambda p, x: p * p.data, w, 2.0)
    tape = trace(lambda p, x: p.twice() if hasattr(p, "twice") else p + p, w, 2.0).tape
    assert values_of(tape, [4.0], [1.0])[-1] == 8.0
    assert (type(w), w.note, w.data) == (kind, "kept", 3.0)


def assert_guarded(f, w):
    traced = trace(f, w, 2.0)
    assert [guard.relation for guard in traced.tape.guards] == [">"]
    return traced


# --- parameters, samples, results ---------------------------------------------------------------------------------


def test_parameters_come_from_modules_lists_dicts_tuples_and_arrays_in_their_order():
    a, b, c, d = weights(4)
    network = MLP(2, [2])
    params = {"a": [a, (b, 2.0)], "network": network, "c": np.array([c, a, d])}
    assert flatten_parameters(params) == [a, b, *network.parameters(), c, d]


@pytest.mark.parametrize(
    "sample",
    [2.0, [2.0, 3.0], (2.0, [3.0, 1.0]), {"a": 2.0, "b": [3.0]}, np.array([[1.0, 2.0], [3.0, 4.0]]), np.float64(2.0)],
    ids=["number", "list", "tuple", "dict", "array", "numpy"],
)
def test_a_function_gets_a_sample_built_as_it_was_given(sample):
    seen = []

    def f(w, x):
        seen.append(x)
        return w * 2.0

    trace(f, Value(1.0), sample)
    shape = seen[0].shape if isinstance(seen[0], np.ndarray) else None
    assert shape == (sample.shape if isinstance(sample, np.ndarray) else None)
    assert isinstance(seen[0], type(sample)) or not isinstance(sample, list | tuple | dict)
    assert flatten_sample(sample)[0] == [autograd.engine.Value.__dict__["data"].__get__(v) for v in _flat(seen[0])]


def _flat(x):
    if isinstance(x, np.ndarray):
        return x.ravel().tolist()
    if isinstance(x, dict):
        x = list(x.values())
    return [v for part in x for v in _flat(part)] if isinstance(x, list | tuple) else [x]


def test_results_keep_their_structure():
    traced = assert_same(lambda w, x: {"a": [w * x, w], "b": (x, 2.0)}, Value(2.0), 3.0)
    assert traced.result == {"a": [0, 1], "b": (2, 3)}
    assert trace(lambda w, x: w * x, Value(2.0), 3.0).result == 0


def test_matrices_of_objects_are_traced_by_numpy():
    W, b = np.array(weights(6)).reshape(2, 3), np.array(weights(2, 1))
    assert_same(lambda p, x: np.tanh(p[0] @ x + p[1]), (W, b), np.array([0.5, -1.0, 2.0]))


def test_a_value_from_outside_of_the_parameters_is_reported_and_one_made_inside_is_not():
    outside = Value(4.0)
    traced = assert_same(lambda w, x: sum([w * x, outside, Value(1.0)], Value(0.0)), Value(2.0), 3.0)
    assert [(v is outside, data) for v, data in traced.captured] == [(True, 4.0)]


def test_values_from_outside_can_be_made_parameters():
    outside, w = Value(4.0), Value(2.0)
    traced = trace(lambda w, x: w * x + outside, w, 3.0, parameters=[w, outside])
    assert traced.captured == ()
    assert values_of(traced.tape, [5.0, 7.0], [1.0])[-1] == 12.0
    assert type(outside) is Value


# --- nn -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LAYER_ACTIVATIONS])
def test_networks_with_every_activation_are_traced(name):
    network = MLP(3, [4, 3], output_activation=name, activation=name if name in ACTIVATIONS else "tanh", seed=0)
    assert_same(lambda m, x: m(x), network, [0.1, -0.2, 0.3])
    assert_same(lambda m, x: m(x), network, np.array([0.1, -0.2, 0.3]))


LOSSES = {
    "binary_cross_entropy": ("sigmoid", 1, [1, 0.0, 0.25]), "binary_cross_entropy_with_logits": ("linear", 1, [1, 0.0]),
    "categorical_cross_entropy": ("softmax", 3, [2, [0.0, 1.0, 0.0]]),
    "categorical_cross_entropy_with_logits": ("linear", 3, [2, [0.0, 1.0, 0.0], [0.5, 0.25, 0.25]]),
    "half_squared_error": ("linear", 2, [[1.0, 2]]), "hinge": ("linear", 1, [1, -1.0]), "huber": ("linear", 1, [9.0]),
    "kl_divergence": ("softmax", 3, [1, [0.5, 0.25, 0.25]]), "log_cosh": ("linear", 1, [0.5]),
    "mean_absolute_error": ("linear", 2, [[0.5, 1]]), "mean_squared_error": ("linear", 1, [0.5, 3]),
    "multiclass_hinge": ("linear", 3, [2, [0, 1, 0]]), "poisson": ("linear", 1, [3, 2.5]),
    "squared_hinge": ("linear", 1, [1, -1.0]),
}  # fmt: skip


def test_no_loss_is_left_out():
    named = {name for name in dir(losses) if callable(getattr(losses, name)) and name in losses.__all__}
    assert {name for name in named if name in LOSSES} == set(LOSSES)
    assert {name for name in named - set(LOSSES) if not isinstance(getattr(losses, name), type)} <= {"Loss", "resolve"}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_traced(name):
    activation, n, targets = LOSSES[name]
    network = MLP(3, [4, n], output_activation=activation, seed=0)
    for y in targets:
        assert_same(lambda m, x, y: getattr(losses, name)(m(x), y), network, [0.1, -0.2, 0.3], y)


def test_the_penalty_of_all_parameters_is_traced():
    assert_same(lambda m, x: sum(p * p for p in m.parameters()) + m(x), MLP(2, [3, 1], seed=0), [1.0, 2.0])


# --- guards -------------------------------------------------------------------------------------------------------


def test_a_comparison_becomes_a_guard():
    traced = assert_same(lambda w, x: w * x if w > x else w, Value(2.0), 3.0)
    assert traced.tape.guards == (Guard("<", 1, 0, False),)  # Python asks the subclass first


def test_max_min_sorted_bool_while_and_comparisons_with_numbers_leave_guards():
    def f(w, x):
        v = max(w) + min(w) + sorted(w)[1]
        while v < 10:
            v = v + 3.0
        return v if x[0] else v + 1

    traced = assert_same(f, weights(3), [1.0])
    assert {guard.relation for guard in traced.tape.guards} == {">", "<", "!="}


def test_equal_guards_are_noted_once():
    def f(w, x):
        for _ in range(5):
            assert w > x
        return w

    assert len(trace(f, Value(2.0), 1.0).tape.guards) == 1


def test_a_comparison_of_two_parameters_is_a_guard():
    assert trace(lambda w, x: max(w), weights(2), 1.0).tape.guards[0][1:3] == (1, 0)


def test_numbers_of_the_sample_are_compared_for_equality_as_numbers():
    def f(w, x):
        return w if x[0] == 1.0 else w * 2 if x[0] != x[1] else w * 3

    for x in ([1.0, 2.0], [2.0, 1.0], [2.0, 2.0]):
        traced = assert_same(f, Value(2.0), x)
        assert all(guard.relation == "!=" for guard in traced.tape.guards)
        assert traced.tape.guards


def test_a_value_is_equal_to_itself_alone_as_it_is_without_a_trace():
    seen = []

    def f(w, x):
        seen.append((w[0] == w[1], w[0] == w[0]))
        return w[0]

    same = weights(1)[0]
    f([same, Value(same.data)], 1.0)
    assert trace(f, [same, Value(same.data)], 1.0).tape.guards == ()
    assert seen == [(False, True), (False, True)]


# --- states afterwards --------------------------------------------------------------------------------------------


def test_parameters_are_as_before_also_after_an_error():
    params = weights(3)
    before = [(p.data, p.grad, p.op) for p in params]

    def f(w, x):
        assert w[0] * x is not None
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trace(f, params, 1.0)
    assert [(p.data, p.grad, p.op) for p in params] == before
    assert (
        neuron(params, [1.0, 2.0], 3.0).data == neuron(list(map(Value, [p.data for p in params])), [1.0, 2.0], 3.0).data
    )


def test_an_interrupt_at_any_call_leaves_values_and_no_recording():
    """In a process of its own: here a collection of garbage calls functions of the test tools, which none may stop."""
    program = [sys.executable, "-m", "tests.compiler.interrupted", "traces"]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 50


def test_an_undefined_operation_raises_the_error_of_the_engine():
    w = Value(-1.0, label="w")
    with pytest.raises(autograd.DomainError) as eager:
        (w * 2.0).log()
    with pytest.raises(autograd.DomainError) as traced:
        trace(lambda w, x: (w * x).log(), w, 2.0)
    assert str(traced.value) == str(eager.value)
    with pytest.raises(autograd.DivisionByZeroError, match="label 'w'"):
        trace(lambda w, x: w / x, w, 0.0)


def test_another_thread_reads_the_numbers_of_parameters_during_a_trace():
    w, seen = Value(3.0), []

    def f(w, x):
        thread = threading.Thread(target=lambda: seen.append((w.data, w.grad, (w * 2).data)))
        thread.start()
        thread.join()
        return w * x

    trace(f, w, 1.0)
    assert seen == [(3.0, 0.0, 6.0)]


def test_another_thread_computes_compares_and_differentiates_during_a_trace():
    w, seen = Value(3.0), []

    def elsewhere():
        y = w * w
        y.backward()
        seen.append((w > 2.0, bool(w), float(w), f"{w:.1f}", type(w.detach()), round(w, 1), w.grad))

    def f(w, x):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        return w * x

    assert trace(f, w, 1.0).tape.guards == ()
    assert seen == [(True, True, 3.0, "3.0", Value, 3.0, 6.0)]


def test_numbers_of_the_sample_are_floats_and_ints_when_their_kind_is_asked():
    def f(w, x):
        return w * 2.0 if isinstance(x[0], float) and isinstance(x[1], int) and not isinstance(x[0], int) else w

    assert_same(f, Value(1.0), [0.5, 3])


def test_no_object_is_kept_for_a_node():
    def f(w, x):
        for _ in range(20_000):
            w = w * x + 1.0
        return w

    trace(f, Value(0.5), 0.5)
    gc.collect()
    before = len(gc.get_objects())
    traced = trace(f, Value(0.5), 0.5)
    gc.collect()
    assert len(gc.get_objects()) - before < 100
    arrays = (traced.tape.code, traced.tape.first, traced.tape.operands, traced.tape.data)
    assert sum(part.nbytes for part in arrays) <= 60 * len(traced.tape)


# --- lines --------------------------------------------------------------------------------------------------------


def test_the_line_of_a_node_is_that_of_the_user_also_for_calls_of_the_library():
    def f(w, x):
        a = w * x
        return autograd.softmax([a, w])[0]

    tape = trace(f, Value(2.0), 3.0).tape
    lines = lines_of(range(len(tape)), f, Value(2.0), 3.0)
    assert [line.partition(": ")[2] for line in lines] == ["", "", "a = w * x"] + [
        "return autograd.softmax([a, w])[0]"
    ] * (len(tape) - 3)
    assert all(line.startswith(__file__) for line in lines[2:])


# --- samples as columns -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "Y"),
    [
        (np.arange(6.0).reshape(3, 2), np.array([1, 2, 3])),
        ([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [1, 2, 3]),
        ([(0.0, 1), (2.0, 3), (4.0, 5)], [1.0, 2.0, 3.0]),
        ([{"a": 0.0, "b": [1]}, {"a": 2.0, "b": [3]}, {"a": 4.0, "b": [5]}], [[1, 2.0]] * 3),
        ([np.array([0, 1]), np.array([2, 3]), np.array([4, 5])], [True, False, True]),
        (np.arange(12).reshape(3, 2, 2), np.ones((3, 0))),
    ],
    ids=["arrays", "lists", "tuples", "dicts", "list of arrays", "two axes"],
)
def test_columns_are_the_samples_taken_apart(X, Y):
    found = columns(X, Y)
    for i in range(3):
        floats, integers = flatten_sample(X[i], Y[i])
        assert found.numbers[i].tolist() == floats
        assert found.integers[i].tolist() == integers
        assert found.form == (form_of(X[i]), form_of(Y[i]))


def test_a_column_is_whole_if_it_is_in_every_sample():
    found = columns([[1, 2], [3, 2.5]])
    assert found.integers.tolist() == [[1], [3]]
    traced = trace(lambda w, x: w * x[0] * x[1], Value(1.0), [1, 2], form=found.form)
    assert traced.form == found.form


def test_a_batch_that_is_no_batch_is_refused():
    with pytest.raises(autograd.ShapeError, match=r"that of sample 0 has 2 numbers.*that of sample 1 has 1"):
        columns([[1.0, 2.0], [3.0]])
    with pytest.raises(autograd.ShapeError, match="got 2 and 1"):
        columns([1.0, 2.0], [1.0])
    with pytest.raises(autograd.ShapeError, match="no samples"):
        columns([])
    with pytest.raises(TypeError, match="not of 'a'"):
        columns([["a"]])
    with pytest.raises(TypeError, match="Y is a list or an array of samples, not float"):
        columns([1.0], 2.0)


@pytest.mark.parametrize("f", [
    lambda w, x: w[0] * x.std() + x.var(), lambda w, x: w[1] * np.linalg.norm(x), lambda w, x: w[0] * np.mean(x),
    lambda w, x: w[0] * copy.deepcopy(x)[0] + copy.copy(x[1]),
])  # fmt: skip
def test_what_numpy_and_copies_make_of_numbers_is_traced(f):
    w, X = [Value(0.5), Value(2.0)], np.array([[1.0, 2.0, 4.0], [3.0, -5.0, 9.0]])
    step = autograd.compile(f, executor="numpy")
    assert step.predict(w, X) == pytest.approx([f(w, x).data for x in X], rel=1e-12)
