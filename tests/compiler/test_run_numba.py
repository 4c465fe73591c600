"""The numba executor: every kind of step and every operation, against the engine and a slow reading of programs."""

import gc
import itertools
import math
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from autograd import OPS, Op, Value
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
from autograd.compiler.rewrite.fuse import fuse
from autograd.compiler.rewrite.simplify import simplify
from autograd.compiler.run_numpy.executor import NumpyExecutor
from autograd.compiler.trace.tape import detached
from autograd.compiler.trace.tracing import trace
from autograd.engine import mul
from autograd.errors import DomainError
from autograd.expressions import Untraceable
from autograd.functions import exp, log, pow, sqrt, tanh

from . import reference
from .programs import drawn
from .tapes import drawn_tape

pytest.importorskip("numba")

from autograd.compiler.run_numba.executor import NumbaExecutor

OP = {op.name: op for op in OPS}
POINTS = [-800.0, -40.0, -2.5, -1.0, -1e-9, -0.0, 0.0, 0.3, 1.0, 2.0, 7.0, 800.0, math.inf, -math.inf, 1e300]


def sample(start, size=1, step=1):
    return Rows(SAMPLE, start, size, step)


def shared(start, size=1, step=1):
    return Rows(SHARED, start, size, step)


def program(steps, roots, *, n_sample, n_inputs, n_shared=0, n_parameters=0, constants=(), **more):
    inputs = ((0, 0, n_inputs),) if n_inputs else ()
    return Program(n_sample, n_shared, n_parameters, n_inputs, np.array(constants, dtype=float), inputs, (),
                   tuple(steps), tuple(roots), **more)  # fmt: skip


def check(made, parameters, samples, positions=None, tolerance=1e-9):
    """Values equal to the slow reading; derivatives to differences of it, of the sum of weighted roots."""
    executor = NumbaExecutor(made, wrt_inputs=True)
    for _ in range(2):  # again, with what is left in memory from the first time
        executor.parameters[:] = parameters
        found = executor.forward(samples, positions)
        expected = reference.run(made, parameters, samples, positions)
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert executor.holds().tolist() == reference.holds(made, parameters, samples, positions).tolist()
        seeds = 1.0 + np.arange(expected.size).reshape(expected.shape) / 7
        executor.backward(seeds)

    def total(p, xs):
        return float((seeds * reference.run(made, p, xs, positions)).sum())

    step = 1e-6
    for i in range(len(parameters)):
        moved = [[*parameters[:i], parameters[i] + s, *parameters[i + 1 :]] for s in (step, -step)]
        slope = (total(moved[0], samples) - total(moved[1], samples)) / (2 * step)
        assert executor.gradients[i] == pytest.approx(slope, rel=1e-6, abs=tolerance * 1e3)
    for index in itertools.product(*map(range, samples.shape)):
        sides = []
        for s in (step, -step):
            xs = samples.copy()
            xs[index] += s
            sides.append(total(parameters, xs))
        slope = (sides[0] - sides[1]) / (2 * step)
        assert executor.input_gradients()[index] == pytest.approx(slope, rel=1e-6, abs=tolerance * 1e3)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


@pytest.mark.parametrize("op", OPS, ids=[op.name for op in OPS])
def test_every_operation_and_its_partials_are_those_of_the_engine_also_at_the_ends_of_their_domains(op):
    for n in [op.arity] if op.arity else [1, 3, 5, 9]:
        if n <= 2:
            xs = np.array(list(itertools.product(POINTS, repeat=n)))
        else:
            xs = np.random.default_rng(n).choice(POINTS, (300, n))
        if op.arity:
            step = Map(op, sample(n), tuple(sample(i) for i in range(n)))
        else:
            step = Reduce(op, sample(n), sample(0, n))
        executor = NumbaExecutor(program([step], [sample(n)], n_sample=n + 1, n_inputs=n), wrt_inputs=True)
        found, suspicious = executor.forward(xs)[0].copy(), executor.suspicious()
        executor.backward(1.0)
        for x, y, is_suspicious, gradient in zip(xs, found, suspicious, executor.input_gradients(), strict=True):
            leaves = [Value(v) for v in x]
            try:
                expected = op(*leaves)
            except DomainError:
                assert is_suspicious
                continue
            if is_suspicious:
                assert not (np.isfinite(x).all() and math.isfinite(expected.data))
                continue
            expected.backward()
            assert y == pytest.approx(expected.data, rel=1e-12, abs=0)
            assert gradient == pytest.approx([v.grad for v in leaves], rel=1e-12, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("per_sample", [False, True], ids=["one set of parameters", "parameters of each sample"])
def test_random_programs_give_what_the_engine_gives(seed, per_sample):
    f = drawn(1000 + seed)
    tape = trace(f, [Value(p) for p in f.parameters], f.samples[0]).tape
    n, weights = len(f.parameters), np.array([1.0, 2.0, -3.0])
    eager = [f.gradient(f.parameters, x) for x in f.samples]
    slopes = np.array([gradient for _, gradient in eager]) * weights[:, None]
    for stage in (tape, fuse(simplify(tape))):
        executor = NumbaExecutor(group(stage, per_sample=per_sample), wrt_inputs=True)
        xs = np.array(f.samples)
        if per_sample:
            xs = np.hstack([xs, np.tile(f.parameters, (len(xs), 1))])
        else:
            executor.parameters[:] = f.parameters
        assert executor.forward(xs)[0] == pytest.approx([y for y, _ in eager], rel=1e-12, abs=1e-12)
        assert not executor.suspicious().any()
        executor.backward(weights[None])
        inputs = np.hstack([slopes[:, n:], slopes[:, :n]]) if per_sample else slopes[:, n:]
        assert executor.input_gradients() == pytest.approx(inputs, rel=1e-12, abs=1e-12)
        if not per_sample:  # a sum over samples: against the sum of its terms
            scale = 1 + np.abs(slopes[:, :n]).sum(0)
            assert np.all(np.abs(executor.gradients - slopes[:, :n].sum(0)) <= 1e-12 * scale)


@pytest.mark.parametrize("batch", [1, 3])
def test_maps_of_blocks_of_both_arenas_with_every_step(batch):
    steps = [
        Map(mul, sample(4, 4), (sample(0, 4), shared(0, 4))),
        Map(pow, sample(8, 4), (sample(4, 4), shared(0, 4, 0))),
        Map(mul, sample(12, 4), (sample(8, 4), sample(1, 4, 0))),
        Map(mul, sample(16, 2), (sample(12, 2, 2), shared(1, 2, 2))),
        Map(tanh, shared(5, 2), (shared(0, 2, 2),)),
        Map(mul, shared(7, 2), (shared(5, 2), shared(4, 2, 0))),
        Map(mul, sample(18, 2), (shared(7, 2), shared(5, 2))),
    ]
    made = program(steps, [*(sample(i) for i in (14, 16, 17, 18, 19)), shared(8)], n_sample=20, n_inputs=4,
                   n_shared=9, n_parameters=4, constants=[1.25])  # fmt: skip
    check(made, numbers(4).tolist(), numbers(batch, 4, seed=1))


@pytest.mark.parametrize(
    "weights",
    [Matrix(0, 2, 3, 3), Matrix(0, 2, 3, 4), Matrix(0, 2, 3, 1, 2), Matrix(0, 2, 3, 1, 1), Matrix(0, 2, 3, 0, 1),
     Matrix(0, 1, 3, 0, 2), Matrix(0, 2, 1, 2, 0), Matrix(5, 2, 3, -3, 1)],
    ids=["rows", "rows apart", "columns", "sliding", "one row", "every second", "one column", "from below"],
)  # fmt: skip
@pytest.mark.parametrize("positions", [1, 2])
@pytest.mark.parametrize("blas", [True, False], ids=["with BLAS", "without"])
def test_matrix_products_with_weights_however_they_lie(weights, positions, blas, monkeypatch):
    if not blas:
        monkeypatch.setattr("autograd.compiler.run_numba.records.product_address", lambda: 0)
    n, m = weights.columns * positions, weights.rows * positions
    steps = [Product(sample(n, m), weights, sample(0, n), positions), Map(tanh, sample(n + m, m), (sample(n, m),))]
    made = program(steps, [sample(n + m + i) for i in range(m)], n_sample=n + 2 * m, n_inputs=n, n_shared=8,
                   n_parameters=8)  # fmt: skip
    check(made, numbers(8).tolist(), numbers(3, n, seed=2))


def test_dots_within_and_across_the_arenas():
    steps = [
        Dot(sample(6, 2), sample(0, 6), sample(0, 6)),
        Dot(sample(8, 2), shared(0, 6), sample(0, 6)),
        Dot(sample(10, 1), shared(0, 3), shared(3, 3)),
        Dot(shared(7, 3), shared(0, 6), shared(0, 6)),
        Dot(sample(11, 1), sample(6, 4), shared(6, 4)),
    ]
    roots = [sample(9), sample(10), sample(11), shared(8)]
    made = program(steps, roots, n_sample=12, n_inputs=6, n_shared=10, n_parameters=7)
    check(made, numbers(7).tolist(), numbers(3, 6, seed=3))


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "min", "norm", "logsumexp"])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_reductions_of_blocks_of_rows(name, count):
    n = 2 * count
    steps = [Reduce(OP[name], sample(n, 2), sample(0, n)), Reduce(OP[name], shared(n, 2), shared(0, n)),
             Map(mul, sample(n + 2, 2), (sample(n, 2), shared(n, 2)))]  # fmt: skip
    made = program(steps, [sample(n + 2), sample(n + 3)], n_sample=n + 4, n_inputs=n, n_shared=n + 2, n_parameters=n)
    check(made, numbers(n).tolist(), numbers(3, n, seed=4))


def test_copies_and_picks_give_their_gradients_to_every_row_they_read():
    steps = [Copy(sample(3, 4), SAMPLE, np.array([0, 2, 0, 1])), Copy(sample(7, 3), SHARED, np.array([1, 1, 0])),
             Copy(shared(2, 3), SHARED, np.array([1, 0, 1])), Map(tanh, sample(10, 3), (sample(7, 3),)),
             Pick(sample(13, 2), 0, SHARED, np.array([[0, 2], [1, 1]])),
             Pick(sample(15, 2), 1, SAMPLE, np.array([[0, 1], [10, 4], [5, 5]])),
             Dot(sample(17), sample(3, 2), sample(15, 2)), Dot(sample(18), sample(13, 2), sample(10, 2))]  # fmt: skip
    made = program(steps, [sample(17), sample(18), sample(6)], n_sample=19, n_inputs=3, n_shared=5, n_parameters=2,
                   n_integers=2)  # fmt: skip
    check(made, numbers(2).tolist(), numbers(4, 3, seed=5), np.array([[0, 0], [1, 1], [0, 2], [1, 0]]))


def test_a_copy_of_very_many_scattered_rows_gets_and_gives_gradients():
    rows = np.arange(0, 80, 2)
    steps = [Map(tanh, sample(80, 80), (sample(0, 80),)), Copy(sample(160, 40), SAMPLE, 80 + rows),
             Reduce(OP["prod"], sample(200), sample(160, 40))]  # fmt: skip
    check(program(steps, [sample(200)], n_sample=201, n_inputs=80), [], numbers(2, 80, seed=6))


def test_thin_steps_of_every_arity_in_both_arenas():
    ops = (mul, tanh, OP["dot"], OP["sum"], OP["max"], OP["clip"], OP["logsumexp"])
    nodes = [(0, 2, [0, -1]), (1, 3, [2]), (2, 4, [0, -1, 3, 1, -2]), (3, 5, [4, -1, 4, 0]),
             (4, 6, [5, -2, 0, 3, 1, 4]), (1, -4, [-1]), (2, -5, [-4, -1, -2]), (0, 7, [6, -5]), (6, 8, [7, -5, 6]),
             (3, 9, [-1]), (0, 10, [-4, -5]), (5, 11, [10, -3, -1]), (2, 12, [11, 9, 8, 10, -3])]  # fmt: skip
    first = np.cumsum([0, *[len(xs) for _, _, xs in nodes]])
    codes = np.array([code for code, _, _ in nodes], dtype=np.int32)
    operands = np.concatenate([xs for _, _, xs in nodes])
    thin = Thin(ops, codes, np.array([out for _, out, _ in nodes]), first, operands)
    roots = [sample(12), sample(3)]
    made = program([thin], roots, n_sample=13, n_inputs=2, n_shared=5, n_parameters=2, constants=[0.5])
    for batch in (1, 3):
        check(made, numbers(2).tolist(), numbers(batch, 2, seed=7))


def thin(nodes):
    """A Thin of nodes, each an operation, where its result goes, and its operands."""
    ops = tuple(dict.fromkeys([op for op, _, _ in nodes]))
    codes = np.array([ops.index(op) for op, _, _ in nodes], dtype=np.int32)
    first = np.cumsum([0, *[len(xs) for _, _, xs in nodes]])
    return Thin(ops, codes, np.array([out for _, out, _ in nodes]), first, np.concatenate([xs for _, _, xs in nodes]))


@pytest.mark.parametrize("op", [op for op in OPS if op.arity], ids=[op.name for op in OPS if op.arity])
def test_one_sample_gives_to_the_bit_what_it_gives_among_others(op):
    n = op.arity
    step = thin([(op, n, range(n)), (OP["sigmoid"], n + 1, [n]), (op, n + 2, [n + 1] * n)])
    roots = [sample(n), sample(n + 2)]
    executor = NumbaExecutor(program([step], roots, n_sample=n + 3, n_inputs=n), wrt_inputs=True)
    xs = np.random.default_rng(n).choice([*POINTS, 0.7, -0.2], (60, n))
    expected = executor.forward(xs).copy()
    executor.backward(np.array([[1.5], [0.5]]))
    gradients = executor.input_gradients().copy()
    for x, y, gradient in zip(xs, expected.T, gradients, strict=True):
        assert np.array_equal(executor.forward(x[None])[:, 0], y, equal_nan=True)
        executor.backward(np.array([[1.5], [0.5]]))
        assert np.array_equal(executor.input_gradients()[0], gradient, equal_nan=True)


@pytest.mark.parametrize("n", range(1, 12))
def test_sums_of_any_length_whose_terms_come_again_and_whose_gradients_meet_those_of_other_steps(n):
    rng = np.random.default_rng(n)
    rows = [int(row) for row in rng.integers(-3, 4, 6 * n)]
    nodes = [(OP["dot"], 4, [*rows[: 2 * n], 3]), (OP["sum"], 5, rows[2 * n : 3 * n]), (mul, 6, [5, 5]),
             (OP["dot"], 7, [4] * (2 * n) + [4]), (OP["sum"], 8, [*rows[3 * n : 4 * n], 6, 6, 7, 4])]  # fmt: skip
    steps = [Map(mul, sample(3), (sample(0), sample(1))), thin(nodes), Map(tanh, sample(9), (sample(8),)),
             thin([(mul, 10, [9, 4]), (mul, 11, [0, 10]), (OP["sum"], 12, [11, *rows[4 * n : 5 * n]])])]  # fmt: skip
    made = program(steps, [sample(12), sample(4)], n_sample=13, n_inputs=3, n_shared=3, n_parameters=2,
                   constants=[0.25])  # fmt: skip
    for batch in (1, 2):
        check(made, (numbers(2) / n).tolist(), numbers(batch, 3, seed=9) / n)


def test_guards_are_compared_for_each_sample():
    for relation in ("<", "<=", ">", ">=", "!="):
        for holds in (True, False):
            guards = (RowGuard(relation, sample(0), sample(1), holds), RowGuard("<", sample(0), shared(0), True))
            made = program([Map(tanh, sample(2), (sample(0),))], [sample(2)], n_sample=3, n_inputs=2, n_shared=1,
                           constants=[2.5], guards=guards)  # fmt: skip
            xs = np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 2.0], [2.0, 1.0]])
            executor = NumbaExecutor(made)
            executor.forward(xs)
            assert executor.holds().tolist() == reference.holds(made, [], xs).tolist()


def test_many_guards_of_both_arenas_are_compared_at_once():
    sides = [(sample(0), shared(0), True), (shared(0), sample(1), False), (sample(0), sample(1), True),
             (sample(1), sample(0), False), (shared(0), shared(0), False)]  # fmt: skip
    guards = tuple(RowGuard("<", *side) for side in sides)
    made = program([], [sample(0)], n_sample=2, n_inputs=2, n_shared=1, constants=[2.5], guards=guards)
    xs = np.random.default_rng(0).uniform(0, 4, (20, 2))
    executor = NumbaExecutor(made)
    executor.forward(xs)
    assert executor.holds().tolist() == reference.holds(made, [], xs).tolist()
    assert 0 < executor.holds().sum() < 20


def test_suspicious_samples_are_told_apart():
    steps = [Map(log, sample(1), (sample(0),)), Map(exp, sample(2), (sample(1),))]
    executor = NumbaExecutor(program(steps, [sample(2)], n_sample=3, n_inputs=1, n_shared=1, n_parameters=1))
    executor.forward(np.array([[1.0], [0.0], [2.0], [-1.0], [np.nan], [np.inf]]))
    assert executor.suspicious().tolist() == [False, True, False, True, True, True]
    executor.forward(np.ones((6, 1)))
    assert not executor.suspicious().any()
    executor.parameters[0] = np.nan
    executor.forward(np.ones((6, 1)))
    assert executor.suspicious().all()


def test_no_gradient_goes_through_a_detached_value_or_to_what_only_a_guard_reads():
    steps = [Map(detached, sample(1), (sample(0),)), Map(sqrt, sample(2), (sample(0),)),
             Map(mul, sample(3), (sample(0), sample(1)))]  # fmt: skip
    thin = Thin((detached, sqrt, mul), np.arange(3, dtype=np.int32), np.array([1, 2, 3]), np.array([0, 1, 2, 4]),
                np.array([0, 0, 0, 1]))  # fmt: skip
    for made in (steps, [thin]):
        guards = (RowGuard("<", sample(2), sample(0), False),)
        whole = program(made, [sample(3)], n_sample=4, n_inputs=1, guards=guards)
        executor = NumbaExecutor(whole, wrt_inputs=True)
        assert executor.forward(np.array([[0.0], [0.25]])).tolist() == [[0.0, 0.0625]]
        executor.backward(1.0)
        assert executor.input_gradients().tolist() == [[0.0], [0.25]]  # sqrt' at 0 is infinite: 0 times that is nan


def test_a_slope_that_is_always_0_meets_an_infinite_one_as_in_the_engine():
    ops = (sqrt, OP["square"], OP["where"])  # by its condition the slope of `where` is 0, that of √ at 0 infinite
    operands = ((sample(0),), (sample(1),), (sample(2), sample(1), sample(3)))
    maps = [Map(op, sample(2 + i), operands[i]) for i, op in enumerate(ops)]
    thin = Thin(ops, np.arange(3, dtype=np.int32), np.arange(2, 5), np.array([0, 1, 2, 5]), np.array([0, 1, 2, 1, 3]))
    xs = np.array([[0.0, 3.0], [1.0, 3.0]])
    expected = []
    for x in xs:
        leaves = [Value(v) for v in x]
        ops[2](ops[0](leaves[0]), leaves[1], ops[1](leaves[1])).backward()
        expected.append([v.grad for v in leaves])
    for steps in (maps, [thin]):
        executor = NumbaExecutor(program(steps, [sample(4)], n_sample=5, n_inputs=2), wrt_inputs=True)
        executor.forward(xs)
        executor.backward(1.0)
        assert executor.input_gradients() == pytest.approx(np.array(expected), nan_ok=True)


def test_parameters_that_no_result_depends_on_have_the_gradient_0():
    made = program([Map(mul, sample(1), (sample(0), shared(1)))], [sample(1)], n_sample=2, n_inputs=1, n_shared=3,
                   n_parameters=3)  # fmt: skip
    executor = NumbaExecutor(made)
    executor.gradients[:] = 9.0
    executor.forward(np.array([[2.0], [3.0]]))
    executor.backward(1.0)
    assert executor.gradients.tolist() == [0.0, 5.0, 0.0]


def test_results_that_are_parameters_or_said_twice():
    made = program([], [shared(0), sample(0), sample(0)], n_sample=1, n_inputs=1, n_shared=1, n_parameters=1)
    executor = NumbaExecutor(made, wrt_inputs=True)
    executor.parameters[:] = 4.0
    assert executor.forward(np.array([[2.0], [3.0]])).tolist() == [[4.0, 4.0], [2.0, 3.0], [2.0, 3.0]]
    executor.backward(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert executor.gradients.tolist() == [3.0]
    assert executor.input_gradients().tolist() == [[8.0], [10.0]]


def test_operations_of_users_are_compiled_too():
    cube = Op("cube", "³", 1, lambda x: x * x * x, lambda y, x: (3 * x * x,))
    blend = Op("blend", "blend", 4, lambda a, b, c, d: a * b + c * d, lambda y, a, b, c, d: (b, a, d, c))
    positive = Op("positive", "p", 1, lambda x: x if x > 0 else math.log(-1), lambda y, x: (1.0,))
    steps = [Map(cube, sample(4), (sample(0),)), Map(blend, sample(5), (sample(4), *map(sample, range(1, 4))))]
    check(program(steps, [sample(5)], n_sample=6, n_inputs=4), [], numbers(3, 4, seed=8))
    executor = NumbaExecutor(program([Map(positive, sample(1), (sample(0),))], [sample(1)], n_sample=2, n_inputs=1))
    executor.forward(np.array([[1.0], [-1.0]]))
    assert executor.suspicious().tolist() == [False, True]


def test_what_the_machine_cannot_do_is_told_when_the_executor_is_made():
    unreadable = Op("unreadable", "?", 1, lambda x: float(f"{x:.3f}"), lambda y, x: (1.0,))
    made = program([Map(unreadable, sample(1), (sample(0),))], [sample(1)], n_sample=2, n_inputs=1)
    with pytest.raises(Untraceable, match="unreadable"):
        NumbaExecutor(made)
    with pytest.raises(Untraceable, match="float32"):
        NumbaExecutor(program([], [sample(0)], n_sample=1, n_inputs=1), dtype=np.float32)


def test_batches_of_changing_size_and_threads_have_memory_of_their_own():
    made = program([Map(mul, sample(1), (sample(0), shared(0)))], [sample(1)], n_sample=2, n_inputs=1, n_shared=1,
                   n_parameters=1)  # fmt: skip
    executor = NumbaExecutor(made)
    executor.parameters[:] = 3.0
    for size in (5, 1, 7, 2, 9, 11, 5, 1):
        assert executor.forward(np.arange(size)[:, None]).tolist() == [[3.0 * i for i in range(size)]]
        executor.backward(1.0)
        assert executor.gradients.tolist() == [size * (size - 1) / 2]
    wrong = []

    def work(factor):
        own = NumbaExecutor(made)
        own.parameters[:] = factor
        for _ in range(200):
            if own.forward(np.ones((50, 1))).tolist() != [[factor] * 50]:
                wrong.append(factor)

    threads = [threading.Thread(target=work, args=(float(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("wrong", [3, 10**12, -1, -(10**12)])
def test_a_position_that_no_table_has_is_taken_as_the_nearest(wrong):
    made = program([Pick(sample(1), 0, SHARED, np.array([[0], [1], [2]]))], [sample(1)], n_sample=2, n_inputs=1,
                   n_shared=3, n_parameters=3, n_integers=1)  # fmt: skip
    executor = NumbaExecutor(made)
    executor.parameters[:] = [5.0, 6.0, 7.0]
    assert executor.forward(np.ones((2, 1)), np.array([[1], [wrong]])).tolist() == [[6.0, 7.0 if wrong > 0 else 5.0]]
    executor.backward(1.0)
    assert executor.gradients.tolist() == ([0.0, 1.0, 1.0] if wrong > 0 else [1.0, 1.0, 0.0])


def test_an_empty_batch_has_no_results_and_gradients_0():
    steps = [Map(mul, sample(1), (sample(0), shared(0))), Map(exp, sample(2), (sample(1),))]
    executor = NumbaExecutor(program(steps, [sample(2)], n_sample=3, n_inputs=1, n_shared=1, n_parameters=1))
    executor.parameters[:] = 2.0
    for size in (3, 0, 2, 0):
        assert executor.forward(np.ones((size, 1))).shape == (1, size)
        assert executor.holds().shape == executor.suspicious().shape == (size,)
        executor.backward(1.0)
        assert executor.gradients == pytest.approx([size * math.exp(2.0)])


def test_results_come_from_memory_that_lives_however_batches_and_executors_come_and_go():
    alive = []
    for seed in range(12):
        tape = drawn_tape(seed)
        made, rng = group(tape), np.random.default_rng(seed)
        first, second = NumbaExecutor(made), NumpyExecutor(made)
        alive = [*alive[-2:], first]
        for size in (1, 2, 7, 33, 3, 5, 1):
            gc.collect(0)
            first.parameters[:] = second.parameters[:] = rng.normal(size=tape.n_parameters) / 2
            xs = rng.normal(size=(size, tape.n_inputs))
            positions = np.array([[rng.integers(len(c)) for c in tape.integers] for _ in xs], np.int64)
            positions = positions.reshape(size, len(tape.integers))
            found, expected = first.forward(xs, positions), second.forward(xs, positions)
            scale = 1 + np.abs(expected).max()
            assert np.abs(found - expected).max() <= 1e-12 * scale
            first.backward(1.0)
            second.backward(1.0)
            scale = 1 + np.abs(second.gradients).max()
            assert np.abs(first.gradients - second.gradients).max() <= 1e-12 * scale


@pytest.mark.parametrize("rows", [{"n_sample": 2**31}, {"n_sample": 1, "n_shared": 2**31}], ids=["sample", "shared"])
def test_rows_beyond_32_bits_are_refused_before_memory_is_taken(rows):
    with pytest.raises(Untraceable, match=r"fewer than 2\*\*31 numbers"):
        NumbaExecutor(program([], [sample(0)], n_inputs=1, **rows))


@pytest.mark.skipif(os.name == "nt", reason="needs signals of POSIX")
def test_an_interrupt_during_a_native_call_leaves_the_executor_usable():
    code = """
import signal
import numpy as np
from autograd.functions import tanh
from autograd.compiler.group.program import SAMPLE, Map, Program, Rows
from autograd.compiler.run_numba.executor import NumbaExecutor
n = 50
steps = tuple(Map(tanh, Rows(SAMPLE, i + 1, 1), (Rows(SAMPLE, i, 1),)) for i in range(n))
program = Program(n + 1, 0, 0, 1, np.zeros(0), ((0, 0, 1),), (), steps, (Rows(SAMPLE, n, 1),))
executor, xs = NumbaExecutor(program), np.linspace(-1, 1, 5000)[:, None]
expected = executor.forward(xs).copy()
signal.signal(signal.SIGALRM, signal.default_int_handler)
interrupts = 0
for _ in range(20):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        while True:
            executor.forward(xs)
            executor.backward(1.0)
    except KeyboardInterrupt:
        interrupts += 1
    assert (executor.forward(xs) == expected).all()
assert interrupts == 20, interrupts
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=600)
