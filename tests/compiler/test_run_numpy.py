"""The executor of numpy: each kind of step by hand and against the eager engine, guards, alarms, and no allocation."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

import autograd
from autograd import Op, Value, functions
from autograd.compiler.group.group import group
from autograd.compiler.group.program import (
    SAMPLE,
    SHARED,
    Copy,
    Dot,
    Map,
    Matrix,
    Pick,
    Product,
    Program,
    Reduce,
    RowGuard,
    Rows,
    Thin,
)
from autograd.compiler.run_numpy import thinning
from autograd.compiler.run_numpy.executor import NumpyExecutor
from autograd.compiler.trace.tape import detached
from autograd.compiler.trace.tracing import trace
from autograd.engine import add, log, mul, neg, sub

from .programs import drawn
from .reference import holds, run

OPS = {op.name: op for op in functions.OPS}
RNG = np.random.default_rng(7)
SIZES = (1, 2, 5)


def program(steps, roots, *, sample, shared, parameters, inputs, constants=(), fixed=(), guards=(), integers=0):
    """A program by hand; `inputs` rows of the sample arena are the columns of the samples."""
    return Program(
        sample, shared, parameters, inputs, np.array(constants, float), ((0, 0, inputs),) if inputs else (),
        tuple(fixed), tuple(steps), tuple(roots), tuple(guards), integers,
    )  # fmt: skip


def at(start, size=1, step=1):
    return Rows(SAMPLE, start, size, step)


def shared(start, size=1, step=1):
    return Rows(SHARED, start, size, step)


def differences(p, parameters, samples, positions, h=1e-6):
    """The derivatives of the sum of all roots, by central differences of the slow reading of the program."""

    def total(ps, xs):
        return run(p, ps, xs, positions).sum()

    found = []
    for array in (parameters, samples):
        by = np.zeros_like(array)
        for k in np.ndindex(array.shape):
            above, below = array.copy(), array.copy()
            above[k] += h
            below[k] -= h
            pair = [total(*((x, samples) if array is parameters else (parameters, x))) for x in (above, below)]
            by[k] = (pair[0] - pair[1]) / (2 * h)
        found.append(by)
    return found


def check(p, *, positions=None, size=3):
    """Values against the slow reading of the program, gradients against its differences."""
    parameters = RNG.uniform(0.3, 1.5, p.n_parameters)
    samples = RNG.uniform(0.3, 1.5, (size, p.n_inputs))
    executor = NumpyExecutor(p, wrt_inputs=True)
    executor.parameters[:] = parameters
    for _ in range(2):  # the second time over what the first has left
        roots = executor.forward(samples, positions)
        assert np.allclose(roots, run(p, parameters, samples, positions), rtol=1e-13, atol=1e-13)
        assert not executor.suspicious().any()
        executor.backward(1.0)
    by_parameters, by_inputs = differences(p, parameters, samples, positions)
    assert np.allclose(executor.gradients, by_parameters, rtol=1e-7, atol=1e-7)
    assert np.allclose(executor.input_gradients(), by_inputs, rtol=1e-7, atol=1e-7)
    assert np.array_equal(NumpyExecutor(p).gradients, np.zeros(p.n_parameters))
    return executor


# --- each kind of step ----------------------------------------------------------------------------------------

THIN = Thin(
    (mul, OPS["tanh"], OPS["dot"], neg), np.array([0, 1, 2, 3, 0], np.int32), np.array([2, 3, 4, -3, 5]),
    np.array([0, 2, 3, 8, 9, 11]), np.array([0, -1, 2, 2, 3, 1, -2, 3, -1, 4, -3]),
)  # fmt: skip

PROGRAMS = {
    "map of two blocks": program([Map(mul, at(4, 2), (at(0, 2), at(2, 2)))], [at(4), at(5)], sample=6, shared=0,
        parameters=0, inputs=4),
    "map of one row for all": program([Map(mul, at(4, 3), (at(1, 3), at(0, 3, 0))), Map(mul, at(7), (at(4), at(6)))],
        [at(7), at(5)], sample=8, shared=0, parameters=0, inputs=4),
    "map with parameters": program([Map(OPS["logaddexp"], at(3, 3), (shared(0, 3), at(0, 3)))], [at(3), at(4), at(5)],
        sample=6, shared=3, parameters=3, inputs=3),
    "map with one parameter for all": program([Map(mul, at(3, 3), (at(0, 3), shared(0, 3, 0)))],
        [at(3), at(4), at(5)], sample=6, shared=1, parameters=1, inputs=3),
    "map of every other row": program([Map(sub, at(6, 3), (at(0, 3, 2), at(5, 3, -2)))], [at(6), at(7), at(8)],
        sample=9, shared=0, parameters=0, inputs=6),
    "a number with itself": program([Map(mul, at(1), (at(0), at(0)))], [at(1)], sample=2, shared=0, parameters=0,
        inputs=1),
    "shared rows": program([Map(OPS["exp"], shared(3, 2), (shared(0, 2),)), Map(mul, shared(5), (shared(3), shared(4))),
        Map(add, at(1), (at(0), shared(5)))], [at(1), shared(5)], sample=2, shared=6, parameters=2, inputs=1,
        constants=[3.0]),
    "three operands": program([Map(OPS["where"], at(2), (at(0), at(1), shared(0)))], [at(2)], sample=3, shared=1,
        parameters=1, inputs=2),
    "product": program([Product(at(3, 2), Matrix(0, 2, 3, 3), at(0, 3), 1)], [at(3), at(4)], sample=5, shared=6,
        parameters=6, inputs=3),
    "product with a row of ones": program([Product(at(3, 2), Matrix(0, 2, 3, 3), at(0, 3), 1)], [at(3), at(4)],
        sample=5, shared=6, parameters=6, inputs=2, fixed=[(2, 1.0)]),
    "product at two positions": program([Product(at(6, 4), Matrix(0, 2, 3, 3), at(0, 6), 2)],
        [at(6), at(7), at(8), at(9)], sample=10, shared=6, parameters=6, inputs=6),
    "product of columns": program([Product(at(2, 3), Matrix(0, 3, 2, 1, 3), at(0, 2), 1)], [at(2), at(3), at(4)],
        sample=5, shared=6, parameters=6, inputs=2),
    "product with the same weights twice": program([Product(at(2, 2), Matrix(0, 2, 2, 0), at(0, 2), 1)],
        [at(2), at(3)], sample=4, shared=2, parameters=2, inputs=2),
    "weights of two products": program([Product(at(2, 2), Matrix(0, 2, 2, 2), at(0, 2), 1),
        Product(at(4, 2), Matrix(0, 2, 2, 2), at(2, 2), 1)], [at(4), at(5)], sample=6, shared=4, parameters=4,
        inputs=2),
    "weights that overlap": program([Product(at(2, 2), Matrix(0, 2, 2, 2), at(0, 2), 1),
        Product(at(4, 2), Matrix(1, 2, 2, 2), at(2, 2), 1)], [at(4), at(5)], sample=6, shared=5, parameters=5,
        inputs=2),
    "weights further apart": program([Product(at(2, 2), Matrix(1, 2, 2, 4), at(0, 2), 1)], [at(2), at(3)], sample=4,
        shared=8, parameters=8, inputs=2),
    "dot of samples": program([Dot(at(8, 2), at(0, 4), at(4, 4))], [at(8), at(9)], sample=10, shared=0, parameters=0,
        inputs=8),
    "dot of one": program([Dot(at(4), at(0, 2), at(2, 2))], [at(4)], sample=5, shared=0, parameters=0, inputs=4),
    "dot with parameters": program([Dot(at(4, 2), shared(0, 4), at(0, 4))], [at(4), at(5)], sample=6, shared=4,
        parameters=4, inputs=4),
    "dot of parameters": program([Dot(shared(4), shared(0, 2), shared(2, 2)), Map(mul, at(1), (at(0), shared(4)))],
        [at(1)], sample=2, shared=5, parameters=4, inputs=1),
    "dot of a block with itself": program([Dot(at(3), at(0, 3), at(0, 3))], [at(3)], sample=4, shared=0, parameters=0,
        inputs=3),
    "copy": program([Copy(at(3, 4), SAMPLE, np.array([2, 0, 2, 2])), Map(mul, at(7, 2), (at(3, 2), at(5, 2)))],
        [at(7), at(8), at(3)], sample=9, shared=0, parameters=0, inputs=3),
    "copy of different rows": program([Copy(at(3, 3), SAMPLE, np.array([2, 0, 1])), Map(OPS["exp"], at(6, 3),
        (at(3, 3),)), Map(mul, at(9), (at(6), at(0)))], [at(9), at(7), at(8)], sample=10, shared=0, parameters=0,
        inputs=3),
    "copy of parameters": program([Copy(at(1, 3), SHARED, np.array([1, 0, 1])), Map(mul, at(4, 3), (at(1, 3),
        at(0, 3, 0)))], [at(4), at(5), at(6)], sample=7, shared=2, parameters=2, inputs=1),
    "copy within the shared arena": program([Copy(shared(3, 2), SHARED, np.array([2, 0])), Product(at(2, 1),
        Matrix(3, 1, 2, 2), at(0, 2), 1)], [at(2)], sample=3, shared=5, parameters=3, inputs=2),
    "thin": program([THIN], [at(5), at(4)], sample=6, shared=3, parameters=2, inputs=2),
    "no way to a parameter": program([Map(detached, at(2), (at(0),)), Map(OPS["exp"], at(3), (at(2),)), Map(mul, at(4),
        (at(3), at(1)))], [at(4)], sample=5, shared=0, parameters=0, inputs=2),
    "roots in both arenas, twice": program([Map(mul, at(1), (at(0), shared(0)))], [shared(0), at(1), at(1), at(0)],
        sample=2, shared=1, parameters=1, inputs=1),
    "a root that others use": program([Map(OPS["exp"], at(1), (at(0),)), Map(OPS["square"], at(2), (at(1),))],
        [at(1), at(2)], sample=3, shared=0, parameters=0, inputs=1),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "no way to a parameter"])
def test_values_and_gradients_of(name, size):
    check(PROGRAMS[name], size=size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "min", "norm", "logsumexp"])
def test_reductions(name, places, count, size):
    n = places * count
    roots = [at(n + k) for k in range(places)]
    check(
        program(
            [Reduce(OPS[name], at(n, places), at(0, n))], roots, sample=n + places, shared=0, parameters=0, inputs=n
        ),
        size=size,
    )
    steps = [Reduce(OPS[name], shared(n, places), shared(0, n)), Map(mul, at(1), (at(0), shared(n)))]
    check(program(steps, [at(1)], sample=2, shared=n + places, parameters=n, inputs=1), size=size)


@pytest.mark.parametrize("arena", [SAMPLE, SHARED])
@pytest.mark.parametrize(
    "table", [[[0, 1], [2, 0], [1, 1]], [[0], [2], [1]], [[0, 1], [1, 2], [2, 0]]], ids=["again", "one", "each"]
)
def test_picks(table, arena):
    k = len(table[0])
    out = at(3, k)
    steps = [Pick(out, 1, arena, np.array(table)), Map(OPS["square"], at(3 + k, k), (out,))]
    roots = [*[at(3 + k + i) for i in range(k)], at(0)]
    p = program(steps, roots, sample=3 + 2 * k, shared=3, parameters=3, inputs=3, integers=2)
    for size in SIZES:
        positions = np.array([[0, i % 3] for i in range(size)])
        check(p, positions=positions, size=size)


def thinned(steps):
    """Maps and thin steps as one thin step."""
    maps = thinning.suited(steps, 2)
    rows = [(m.op, *[x.signed.tolist()[i] for x in (m.out, *m.operands)]) for m in maps for i in range(m.out.size)]
    ops = tuple(dict.fromkeys([op for op, *_ in rows]))
    first = np.cumsum([0, *[len(row) - 2 for row in rows]])
    return Thin(ops, np.array([ops.index(op) for op, *_ in rows]), np.array([out for _, out, *_ in rows]), first,
                np.array([x for _, _, *xs in rows for x in xs]))  # fmt: skip


@pytest.mark.parametrize("most", [0, 100])
@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("name", ["thin", "shared rows"])
def test_a_thin_step_runs_sample_by_sample_if_it_is_long(name, size, most, monkeypatch):
    p = replace(PROGRAMS[name], steps=(thinned(PROGRAMS[name].steps),))
    monkeypatch.setattr(thinning, "MOST", most)
    check(p, size=size)


def test_a_thin_step_is_one_for_a_single_sample_and_arrays_for_more():
    steps = [step for name in ("product", "thin") for step in PROGRAMS[name].steps]
    assert [type(step) for step in thinning.suited(steps, 1)] == [Product, Thin]
    assert [type(step) for step in thinning.suited(steps, 2)] == [Product, *[Map] * len(THIN.out)]


def test_detach_passes_no_gradient():
    p = PROGRAMS["no way to a parameter"]
    executor = NumpyExecutor(p, wrt_inputs=True)
    executor.forward(np.array([[2.0, 3.0]]))
    executor.backward()
    assert executor.input_gradients().tolist() == [[0.0, math.exp(2.0)]]


# --- whole functions, against the eager engine -------------------------------------------------------------------


@pytest.mark.parametrize("per_sample", [False, True])
@pytest.mark.parametrize("seed", range(25))
def test_random_programs_are_as_in_the_eager_engine(seed, per_sample):
    f = drawn(seed)
    tape = trace(f, [Value(p) for p in f.parameters], f.samples[0]).tape
    eager = [f.gradient(f.parameters, x) for x in f.samples]
    n, scale = len(f.parameters), 1e3  # values and gradients are below 100, what is added up to them below 1000
    executor = NumpyExecutor(group(tape, per_sample=per_sample), wrt_inputs=True)
    samples = np.array(f.samples)
    if per_sample:
        samples = np.hstack([samples, np.tile(f.parameters, (len(samples), 1))])
    else:
        executor.parameters[:] = f.parameters
    for size in (3, 1):
        values = executor.forward(samples[:size])
        assert np.allclose(values, [[y for y, _ in eager[:size]]], rtol=0, atol=1e-12 * scale)
        assert not executor.suspicious().any()
        assert executor.holds().all()
        executor.backward(1.0)
        exact = np.array([g for _, g in eager[:size]])
        by_inputs = executor.input_gradients()
        if per_sample:
            assert np.allclose(by_inputs, np.hstack([exact[:, n:], exact[:, :n]]), rtol=0, atol=1e-12 * scale)
        else:
            assert np.allclose(by_inputs, exact[:, n:], rtol=0, atol=1e-12 * scale)
            assert np.allclose(executor.gradients, exact[:, :n].sum(axis=0), rtol=0, atol=1e-12 * scale)


def neuron():
    """tanh(w0 x0 + w1 x1 + b) and its square, with 3 parameters."""
    return program(
        [Product(at(3), Matrix(0, 1, 3, 3), at(0, 3), 1), Map(OPS["tanh"], at(4), (at(3),)),
         Map(OPS["square"], at(5), (at(4),))], [at(5), at(4)], sample=6, shared=3, parameters=3, inputs=2,
        fixed=[(2, 1.0)],
    )  # fmt: skip


def test_seeds_weigh_roots_and_samples():
    executor = NumpyExecutor(neuron())
    executor.parameters[:] = [0.3, -0.2, 0.1]
    samples, seeds = np.array([[1.0, 2.0], [-0.5, 0.7], [0.1, 0.2]]), np.array([[1.0, 0.0, -2.0], [0.5, 3.0, 0.0]])
    executor.forward(samples)
    executor.backward(seeds)
    w = [Value(p) for p in (0.3, -0.2, 0.1)]
    total = Value(0.0)
    for (a, b), first, second in zip(samples.tolist(), *seeds.tolist(), strict=True):
        y = (w[0] * a + w[1] * b + w[2]).tanh()
        total = total + first * y.square() + second * y
    total.backward()
    assert np.allclose(executor.gradients, [v.grad for v in w], rtol=1e-14)
    executor.backward(0.0)
    assert executor.gradients.tolist() == [0.0, 0.0, 0.0]


def test_parameters_and_gradients_are_views_for_every_batch_size():
    executor = NumpyExecutor(neuron())
    parameters, gradients = executor.parameters, executor.gradients
    for k, size in enumerate((1, 4, 2, 8, 3, 5, 1, 4)):
        parameters[:] = 0.1 * k
        executor.forward(np.full((size, 2), 0.5))
        executor.backward(np.full((2, size), 1 / size))
        one = NumpyExecutor(neuron())
        one.parameters[:] = 0.1 * k
        one.forward(np.full((1, 2), 0.5))
        one.backward()
        assert np.allclose(gradients, one.gradients, rtol=1e-14)
    assert executor.gradients is gradients
    assert len(executor.batches) <= 4


def test_float32_computes_in_float32():
    executor, exact = NumpyExecutor(neuron(), np.float32), NumpyExecutor(neuron())
    samples = RNG.uniform(-1, 1, (6, 2))
    for e in (executor, exact):
        e.parameters[:] = [0.3, -0.2, 0.1]
        e.forward(samples)
        e.backward(1.0)
    assert executor.gradients.dtype == executor.forward(samples).dtype == np.float32
    assert np.allclose(executor.gradients, exact.gradients, rtol=1e-5)
    assert all(a.dtype in (np.float32, np.bool_) for a in executor.batch.backwards.writer.made.values())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("where", ["a sample", "a parameter", "a constant"])
def test_a_number_beyond_float32_is_told(where):
    made = program([Map(OPS["mul"], at(1), (at(0), shared(0)))], [at(1)], sample=2, shared=2, parameters=1, inputs=1,
                   constants=[-1e39 if where == "a constant" else 1.0])  # fmt: skip

    def execute():
        executor = NumpyExecutor(made, np.float32)
        executor.parameters[:] = -1e39 if where == "a parameter" else 1.0
        executor.forward(np.array([[1.0], [-1e39 if where == "a sample" else 2.0]]))

    with pytest.raises(OverflowError, match=r"^-1e\+39 is beyond float32, which ends at 3.4e\+38: scale it, or take"):
        execute()


@pytest.mark.filterwarnings("error")
def test_infinities_and_what_overflows_on_the_way_are_no_warnings_of_numpy():
    made = program([Map(OPS["mul"], at(1), (at(0), shared(0)))], [at(1)], sample=2, shared=1, parameters=1, inputs=1)
    for dtype, large in ((np.float32, 1e38), (np.float64, 1e308)):
        executor = NumpyExecutor(made, dtype)
        executor.parameters[:] = 10.0
        assert executor.forward(np.array([[1.0], [math.inf], [large]])).tolist() == [[10.0, math.inf, math.inf]]
        assert executor.suspicious().tolist() == [False, True, True]
        executor.backward(1.0)
        executor.forward(np.array([[large / 10], [1.0]]))
        assert not executor.suspicious().any()


def test_what_depends_on_no_parameter_has_no_gradient_computed():
    executor = NumpyExecutor(neuron())
    executor.forward(np.ones((2, 2)))
    executor.backward()
    names = [getattr(call.func, "__name__", "") for call in executor.batch.backwards.calls]
    assert names.count("dot") == 1
    wrt_inputs = NumpyExecutor(neuron(), wrt_inputs=True)
    wrt_inputs.forward(np.ones((2, 2)))
    wrt_inputs.backward()
    names = [getattr(call.func, "__name__", "") for call in wrt_inputs.batch.backwards.calls]
    assert names.count("dot") == 2


@pytest.mark.parametrize("size", SIZES)
def test_what_only_a_guard_reads_gets_no_gradient_though_it_stands_in_a_block_with_a_result(size):
    guards = [RowGuard("<", at(3), at(2), True)]
    p = program([Map(OPS["sqrt"], at(2, 2), (at(0, 2),))], [at(2)], sample=4, shared=0, parameters=0, inputs=2,
                guards=guards)  # fmt: skip
    executor = NumpyExecutor(p, wrt_inputs=True)
    executor.forward(np.array([[4.0, 0.0]] * size))
    executor.backward()
    assert (
        executor.input_gradients().tolist() == [[0.25, 0.0]] * size
    )  # the slope at 0 is infinite: 0 times that is nan


# --- guards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_guards(size):
    relations = ("<", "<=", ">", ">=", "!=")
    guards = [
        RowGuard(r, left, right, truth)
        for r in relations for truth in (True, False) for left, right in ((at(0), at(1)), (at(0), shared(0)))
    ]  # fmt: skip
    samples = RNG.integers(-1, 2, (size, 2)).astype(float)
    for guard in guards:
        p = replace(neuron(), guards=(guard,))
        executor = NumpyExecutor(p)
        executor.parameters[:] = 0.0
        executor.forward(samples)
        assert executor.holds().tolist() == holds(p, [0.0] * 3, samples).tolist()
    p = replace(neuron(), guards=tuple(guards[:4] + guards[9:12]))
    executor = NumpyExecutor(p)
    for value in (0.0, -2.0, 2.0):
        executor.parameters[:] = value
        executor.forward(samples)
        assert executor.holds().tolist() == holds(p, [value] * 3, samples).tolist()


# --- what is undefined, or not finite ---------------------------------------------------------------------------


def masked(op, arity=1):
    """where(1, x0, op(x0, ...)): what the operation gives is masked."""
    n = max(arity, 1)
    return program(
        [Map(op, at(n), tuple(at(k) for k in range(n))), Map(OPS["where"], at(n + 1), (shared(0), at(0), at(n)))],
        [at(n + 1)], sample=n + 2, shared=1, parameters=0, inputs=n, constants=[1.0],
    )  # fmt: skip


OUTSIDE = {
    "log": [0.0, -1.0], "sqrt": [-1.0], "log1p": [-1.0, -2.0], "asin": [1.5], "acos": [-1.5], "acosh": [0.5],
    "atanh": [1.0, -1.0, 2.0], "reciprocal": [0.0], "div": [0.0], "pow": [-0.5], "log2": [0.0], "log10": [-3.0],
    "celu": [-1.0, 0.0], "clip": [-1.0],
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_undefined_is_noticed_even_if_it_is_masked(name):
    op = OPS[name]
    for bad in OUTSIDE[name]:
        operands = {"div": (1.0, bad), "pow": (-2.0, bad), "celu": (-3.0, bad), "clip": (0.0, 1.0, bad)}
        samples = np.full((3, op.arity), 0.5 if name != "acosh" else 1.5)
        samples[:, 2:] = 2.0
        executor = NumpyExecutor(masked(op, op.arity))
        executor.forward(samples)
        assert not executor.suspicious().any()
        samples[1] = operands.get(name, (bad,))
        executor.forward(samples)
        assert executor.suspicious().tolist() == [False, True, False]


def test_what_is_undefined_is_noticed_in_each_kind_of_step():
    steps = {
        "thin": [Thin((log,), np.zeros(1, np.int32), np.array([2]), np.array([0, 1]), np.array([0]))],
        "reduce": [Reduce(OPS["logsumexp"], at(2), at(0, 2))],
        "shared": [Map(log, shared(1), (shared(0),)), Map(add, at(2), (at(0), shared(1)))],
    }
    for name, found in steps.items():
        for size in SIZES:
            p = program(found, [at(1)], sample=3, shared=2, parameters=1, inputs=2)
            executor = NumpyExecutor(p)
            executor.parameters[0] = 1.0
            executor.forward(np.ones((size, 2)))
            assert not executor.suspicious().any()
            samples = np.ones((size, 2))
            samples[-1] = {"thin": [-1.0, 1.0], "reduce": [math.inf, math.inf], "shared": [1.0, 1.0]}[name]
            executor.parameters[0] = 0.0 if name == "shared" else 1.0
            executor.forward(samples)
            assert executor.suspicious()[-1]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_noticed(bad):
    executor = NumpyExecutor(neuron())
    samples = np.ones((3, 2))
    samples[2, 1] = bad
    executor.forward(samples)
    assert executor.suspicious().tolist() == [False, False, True]
    executor.parameters[1] = bad
    executor.forward(np.ones((3, 2)))
    assert executor.suspicious().all()


def test_after_an_alarm_all_is_well_again():
    executor = NumpyExecutor(masked(log))
    executor.forward(np.array([[-1.0], [1.0]]))
    assert executor.suspicious().tolist() == [True, False]
    executor.forward(np.array([[2.0], [1.0]]))
    assert not executor.suspicious().any()


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def rounded(x):
    return float(f"{x:.3f}")


def raised(x):
    if x < 0:
        raise ValueError
    return float(f"{x:.3f}")


def test_an_operation_of_a_users_that_overflows_is_noticed_though_its_result_is_finite():
    own = Op("own", "own", 1, logistic, lambda y, x: (y * (1.0 - y),))
    executor = NumpyExecutor(masked(own))
    executor.forward(np.array([[0.5], [-700.0]]))
    assert not executor.suspicious().any()
    executor.forward(np.array([[0.5], [-800.0]]))  # math.exp raises an OverflowError
    assert executor.suspicious()[1]


@pytest.mark.parametrize("size", SIZES)
def test_an_operation_that_cannot_be_read_is_computed_number_by_number(size):
    own = Op("own", "own", 1, rounded, lambda y, x: (2.0 * x if f"{x}" else y,))
    p = program([Map(own, at(1), (at(0),))], [at(1)], sample=2, shared=0, parameters=0, inputs=1)
    executor = NumpyExecutor(p, wrt_inputs=True)
    samples = RNG.uniform(0, 1, (size, 1))
    assert executor.forward(samples).tolist() == [[rounded(x) for (x,) in samples.tolist()]]
    executor.backward(3.0)
    assert np.allclose(executor.input_gradients(), 6.0 * samples)
    executor = NumpyExecutor(masked(Op("own", "own", 1, raised, own.partials)))
    samples[-1] = -1.0
    executor.forward(samples)
    assert executor.suspicious()[-1]


def total(*xs):
    return sum([math.exp(x) for x in xs])


@pytest.mark.parametrize("forward", [total, lambda *xs: total(*[float(f"{x:.17g}") for x in xs])], ids=["read", "not"])
def test_operations_of_users_of_any_number(forward):
    own = Op("own", "own", None, forward, lambda y, *xs: tuple([math.exp(float(x)) for x in xs]))
    steps = [Reduce(own, at(6, 2), at(0, 6)), Map(mul, at(8), (at(6), at(7)))]
    for size in SIZES:
        check(program(steps, [at(8)], sample=9, shared=0, parameters=0, inputs=6), size=size)


# --- memory ---------------------------------------------------------------------------------------------------------


def test_nothing_is_allocated_from_the_second_batch_on():
    n, m = 40, 30
    rows = n + 1
    steps = [
        Product(at(rows, m), Matrix(0, m, n + 1, n + 1), at(0, n + 1), 1),
        Map(OPS["tanh"], at(rows + m, m), (at(rows, m),)),
        Copy(at(rows + 2 * m, m), SAMPLE, RNG.integers(rows, rows + 2 * m, m)),
        Reduce(OPS["logsumexp"], at(rows + 3 * m), at(rows + 2 * m, m)),
    ]  # fmt: skip
    size = m * (n + 1)
    p = program(steps, [at(rows + 3 * m)], sample=rows + 3 * m + 1, shared=size, parameters=size, inputs=n,
                fixed=[(n, 1.0)])  # fmt: skip
    executor, samples = NumpyExecutor(p), RNG.uniform(-1, 1, (4096, n))

    def batch():
        executor.forward(samples)
        assert executor.holds().all()
        assert not executor.suspicious().any()
        executor.backward(1 / 4096)

    batch()
    batch()
    tracemalloc.start()
    try:
        for _ in range(5):
            batch()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000  # a buffer of numpy's own; a block of numbers would be ten times that


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_dot_of_parameters_alone_is_the_same_for_every_sample(batch):
    weights = [Value(0.5), Value(1.5), Value(2.5)]
    step = autograd.compile(lambda w, x: w[0] * w[2] + w[1] * w[2], executor="numpy")
    loss, gradient = step.value_and_grad(weights, [0.1 * k for k in range(batch)])
    assert loss == pytest.approx(5.0)
    assert gradient == pytest.approx([2.5, 2.5, 2.0])
