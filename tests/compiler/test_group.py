"""Grouping: the program computes what the tape does, and its steps are few."""

from __future__ import annotations

import random

import numpy as np
import pytest

from autograd import Op, Value, functions
from autograd.compiler.group import group as grouping
from autograd.compiler.group.group import group
from autograd.compiler.group.program import Copy, Dot, Map, Pick, Product, Reduce, Thin
from autograd.compiler.rewrite.fuse import fuse
from autograd.compiler.rewrite.simplify import simplify
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape
from autograd.compiler.trace.tracing import trace
from autograd.engine import add, mul, sub

from .programs import drawn
from .reference import holds, run, values_of
from .tapes import drawn_tape

OPS = {op.name: op for op in functions.OPS}


def tape(rows, roots, *, integers=(), guards=()):
    """A tape by hand: rows are (kind or Op, number) for leaves and (Op, operands...) for the rest."""
    ops, code, first, operands, data = [], [], [0], [], []
    for kind, *rest in rows:
        if isinstance(kind, Op):
            if kind not in ops:
                ops.append(kind)
            code.append(ops.index(kind))
            data.append(0.0)
            operands += rest
        else:
            code.append(kind)
            data.append(float(rest[0]))
            operands += rest[1:]
        first.append(len(operands))

    def count(kind):
        return 1 + max((int(d) for c, d in zip(code, data, strict=True) if c == kind), default=-1)

    return Tape(
        tuple(ops), np.array(code, np.int32), np.array(first, np.int64), np.array(operands, np.int32), np.array(data),
        np.array(roots, np.int32), tuple(guards), count(PARAMETER), count(INPUT), tuple(integers),
    )  # fmt: skip


def values(*shape, seed=0):
    """Nested lists of Values."""
    rng = random.Random(seed)

    def made(*shape):
        return [made(*shape[1:]) for _ in range(shape[0])] if shape else Value(rng.gauss(0.0, 0.5))

    return made(*shape)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).tolist()


def fused(f, parameters, *sample):
    return fuse(simplify(trace(f, parameters, *sample).tape))


def program_of(f, parameters, *sample):
    """The program of a function, which gives what the eager engine does."""
    found = group(fused(f, parameters, *sample))
    expected = f(parameters, *sample)
    expected = [getattr(v, "data", v) for v in (expected if isinstance(expected, list) else [expected])]
    flat = np.concatenate([np.ravel(part) for part in sample]) if sample else np.zeros(0)
    scale = max(1.0, *map(abs, expected))
    got = run(found, [v.data for v in leaves(parameters)], [flat])[:, 0]
    assert np.abs(got - expected).max() <= 1e-12 * scale
    return found


def leaves(nested):
    return [nested] if isinstance(nested, Value) else [v for part in nested for v in leaves(part)]


def kinds(program):
    return [step.op.name if isinstance(step, Map | Reduce) else type(step).__name__ for step in program.steps]


def linear(weights, xs):
    """Neurons with the bias last."""
    return [sum((w * x for w, x in zip(ws, xs, strict=True)), b) for *ws, b in weights]


# --- equality ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_sample", [False, True])
def test_a_neuron_with_squared_error(per_sample):
    t = tape(
        [(PARAMETER, 0), (PARAMETER, 1), (PARAMETER, 2), (INPUT, 0), (INPUT, 1), (INPUT, 2), (mul, 0, 3), (mul, 1, 4),
         (add, 6, 7), (add, 8, 2), (OPS["tanh"], 9), (sub, 10, 5), (OPS["square"], 11)], [12],
    )  # fmt: skip
    program = group(t, per_sample=per_sample)
    samples, parameters = [[1.0, 2.0, 0.5], [-1.0, 0.0, 1.0]], [0.1, -0.2, 0.3]
    expected = [(np.tanh(0.1 * a - 0.2 * b + 0.3) - y) ** 2 for a, b, y in samples]
    given = (parameters, samples) if not per_sample else ([], [s + parameters for s in samples])
    assert np.allclose(run(program, *given), [expected], rtol=1e-14)


def test_a_pick_takes_the_candidate_of_its_column():
    t = tape(
        [(PARAMETER, 0), (INPUT, 0), (PICK, 0, 0, 1), (CONSTANT, 3.0), (mul, 2, 3)], [4, 1, 3], integers=[(5, 7)],
        guards=[Guard("<", 0, 1, True)],
    )  # fmt: skip
    program = group(t)
    samples = [[10.0], [20.0], [1.0]]
    assert run(program, [2.0], samples, [[0], [1], [1]]).tolist() == [[6, 60, 3], [10, 20, 1], [3, 3, 3]]
    assert holds(program, [2.0], samples, [[0], [1], [1]]).tolist() == [True, True, False]


@pytest.mark.parametrize("seed", range(24))
def test_random_programs_compute_what_their_tapes_do(seed, monkeypatch):
    monkeypatch.setattr(
        grouping, "SINGLES", seed % 2 * grouping.SINGLES
    )  # with 0, what is left over is done in `Thin` steps
    d = drawn(seed, size=20 + 4 * seed)
    traced = trace(d, [Value(v) for v in d.parameters], d.samples[0]).tape
    for t in (traced, fuse(simplify(traced))):
        expected = np.array([[values_of(t, d.parameters, x)[r] for r in t.roots.tolist()] for x in d.samples]).T
        whole = [x + d.parameters for x in d.samples]
        for got in (run(group(t), d.parameters, d.samples), run(group(t, per_sample=True), [], whole)):
            assert np.allclose(got, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_random_blocks_compute_what_their_tapes_do(seed, monkeypatch):
    singles = seed % 2 * grouping.SINGLES
    monkeypatch.setattr(grouping, "SINGLES", singles)
    monkeypatch.setattr(grouping, "RUN", singles // 8)
    rng, found = random.Random(seed), drawn_tape(seed)
    parameters = [rng.gauss(0.0, 0.7) for _ in range(found.n_parameters)]
    samples = [[rng.gauss(0.0, 0.7) for _ in range(found.n_inputs)] for _ in range(2)]
    whole = np.array([[rng.choice(known) for known in found.integers] for _ in samples], dtype=int).reshape(2, -1)
    for t in (found, fuse(simplify(found))):
        known = [values_of(t, parameters, x, i.tolist()) for x, i in zip(samples, whole, strict=True)]
        expected = np.array([[of[r] for r in t.roots.tolist()] for of in known]).T
        assert np.allclose(run(group(t), parameters, samples, whole), expected, rtol=1e-9, atol=1e-9)
        own = [x + parameters for x in samples]
        assert np.allclose(run(group(t, per_sample=True), [], own, whole), expected, rtol=1e-9, atol=1e-9)
        as_traced = [
            all((of[g.left] < of[g.right]) == ((g.relation == "<") == g.holds) for g in t.guards) for of in known
        ]
        assert holds(group(t), parameters, samples, whole).tolist() == as_traced


def test_results_may_be_anything():
    parameters = [Value(2.0), Value(3.0)]
    program = program_of(
        lambda w, x: [w[0], x[1], Value(7.0) + w[0] * 0, w[0] * w[1], w[1] * x[0]], parameters, [5.0, 6.0]
    )
    assert [root.arena for root in program.roots] == ["shared", "sample", "shared", "shared", "sample"]


# --- layers --------------------------------------------------------------------------------------------------


def test_the_digits_network_is_seven_steps():
    weights = [values(n, m + 1, seed=n) for m, n in ((64, 30), (30, 30), (30, 10))]

    def loss(weights, x):
        for layer in weights[:-1]:
            x = [z.relu() for z in linear(layer, x)]
        return functions.cross_entropy_with_logits(linear(weights[-1], x), 3)

    program = program_of(loss, weights, numbers(64))
    assert kinds(program) == ["Product", "relu", "Product", "relu", "Product", "sub", "logsumexp"]
    assert [step.weights[:4] for step in program.steps if isinstance(step, Product)] == [
        (0, 30, 65, 65), (30 * 65, 30, 31, 31), (30 * 65 + 30 * 31, 10, 31, 31)]  # fmt: skip


def neuron_classes(weights, x):
    class Neuron:
        def __init__(self, ws):
            self.ws = ws

        def __call__(self, x):
            total = self.ws[-1]
            for w, v in zip(self.ws, x, strict=False):
                total = total + w * v
            return total

    return [Neuron(ws)(x) for ws in weights]


def by_plus_equals(weights, x):
    found = []
    for ws in weights:
        total = 0.0
        for j, v in enumerate(x):
            total += ws[j] * v
        total += ws[-1]
        found.append(total)
    return found


def transposed(weights, x):
    totals = [ws[-1] for ws in weights]
    for j, v in enumerate(x):
        for i, ws in enumerate(weights):
            totals[i] = totals[i] + v * ws[j]
    return totals


def of_arrays(weights, x):
    w = np.array([ws[:-1] for ws in weights], dtype=object)
    return list(w @ np.array(x, dtype=object) + np.array([ws[-1] for ws in weights], dtype=object))


def nested(weights, x):
    def product(a, b):
        return a * b

    def plus(a, b):
        return b + a

    def neuron(ws):
        total = product(ws[0], x[0])
        for j in range(1, len(x)):
            total = plus(product(x[j], ws[j]), total)
        return plus(ws[-1], total)

    return [neuron(ws) for ws in weights]


TEN_WAYS = {
    "sum of a generator": lambda ws, x: [sum(w * v for w, v in zip(w_, x, strict=False)) + w_[-1] for w_ in ws],
    "a loop with +=": by_plus_equals,
    "dot": lambda ws, x: [functions.dot(w_[:-1], x, w_[-1]) for w_ in ws],
    "zip, from the right": lambda ws, x: [
        w_[-1] + sum(v * w for v, w in zip(x[::-1], w_[-2::-1], strict=True)) for w_ in ws
    ],
    "transposed loops": transposed,
    "bias first": lambda ws, x: [w_[-1] + sum([w_[j] * x[j] for j in range(len(x))]) for w_ in ws],
    "sum from the bias": linear,
    "arrays of objects": of_arrays,
    "nested functions": nested,
    "one class for each neuron": neuron_classes,
}


@pytest.mark.parametrize("way", TEN_WAYS)
def test_ten_ways_to_write_a_layer_are_one_program(way):
    weights, x = [values(6, 5, seed=1), values(4, 7, seed=2)], numbers(4)

    def network(layer):
        return lambda w, x: [z.tanh() for z in layer(w[1], [z.tanh() for z in layer(w[0], x)])]

    program = program_of(network(TEN_WAYS[way]), weights, x)
    assert str(program) == str(program_of(network(linear), weights, x))
    assert kinds(program) == ["Product", "tanh", "Product", "tanh"]


def test_weights_apart_from_biases_are_copied_to_one_matrix():
    parameters = [values(5, 3), values(5, seed=1)]
    program = program_of(
        lambda p, x: [sum(w * v for w, v in zip(ws, x, strict=True)) + b for ws, b in zip(*p, strict=True)],
        parameters, numbers(3),
    )  # fmt: skip
    assert kinds(program) == ["Copy", "Product"]
    assert program.steps[0].out.arena == "shared"


def test_weights_by_input_are_a_transposed_matrix():
    program = program_of(
        lambda w, x: [sum(w[j][i] * x[j] for j in range(3)) for i in range(5)], values(3, 5), numbers(3)
    )
    assert [step.weights for step in program.steps] == [(0, 5, 3, 1, 5)]


def test_three_projections_of_one_input_are_one_product():
    def projections(ws, x):
        return [sum(a * b for a, b in zip(row, x, strict=True)) for w in ws for row in w]

    program = program_of(projections, values(3, 4, 4), numbers(4))
    assert [step.weights for step in program.steps] == [(0, 12, 4, 4, 1)]


def test_a_residual_connection_is_one_addition_without_copies():
    def residual(w, x):
        x = linear(w[0], x)
        for layer in w[1:]:
            x = [a + b.tanh() for a, b in zip(x, linear(layer, x), strict=True)]
        return x

    program = program_of(residual, values(3, 4, 5), numbers(4))
    assert kinds(program) == ["Product", *["Product", "tanh", "add"] * 2]


def test_a_sum_into_a_layer_is_added_to_its_product():
    program = program_of(
        lambda w, x: [a + b for a, b in zip([functions.exp(v) for v in x], linear(w, x), strict=True)],
        values(4, 5),
        numbers(4),
    )
    assert sorted(kinds(program)) == ["Product", "add", "exp"]


def test_several_heads_and_their_losses():
    def heads(w, x, y):
        h = [z.tanh() for z in linear(w[0], x)]
        first, second = linear(w[1], h), linear(w[2], h)
        return sum((a - b) ** 2 for a, b in zip(first + second, y, strict=True))

    program = program_of(heads, [values(5, 4), values(3, 6), values(2, 6)], numbers(3), numbers(5))
    assert kinds(program) == ["Product", "tanh", "Product", "sub", "Dot"]


# --- shared weights ------------------------------------------------------------------------------------------


def test_a_convolution_is_one_product_of_copied_inputs():
    def convolution(kernels, x):
        return [
            sum(k[3 * a + b] * x[i + a][j + b] for a in range(3) for b in range(3)) + k[9]
            for k in kernels for i in range(4) for j in range(4)
        ]  # fmt: skip

    program = program_of(convolution, values(2, 10), numbers(6, 6))
    assert kinds(program) == ["Copy", "Product"]
    assert program.steps[1].positions == 16


def test_a_recurrent_cell_is_two_steps_each_time():
    def cell(w, x, y):
        h, losses = [0.0] * 6, []
        for now, target in zip(x, y, strict=True):
            h = [z.tanh() for z in linear(w[0], now + h)]
            losses.append((linear(w[1], h)[0] - target) ** 2)
        return sum(losses)

    program = program_of(cell, [values(6, 10), values(1, 7)], numbers(20, 3), numbers(20))
    outputs = [step for step in program.steps if isinstance(step, Product) and step.positions == 20]
    assert len(outputs) == 1
    assert len(program.steps) <= 2 * 20 + 8


def test_an_lstm_cell_copies_nothing():
    def cell(w, x, memory):
        gates = linear(w, x)
        f, i, o = [[1 / (1 + functions.exp(-z)) for z in gates[k : k + 4]] for k in (0, 4, 8)]
        memory = [a * m + b * functions.tanh(z) for a, m, b, z in zip(f, memory, i, gates[12:], strict=True)]
        return [a * functions.tanh(m) for a, m in zip(o, memory, strict=True)]

    program = program_of(cell, values(16, 6), numbers(5), numbers(4))
    assert not any(isinstance(step, Copy) for step in program.steps)
    assert len(program.steps) <= 12


def test_attention_over_a_growing_context():
    def attention(w, x):
        q, k, v = [[linear(part, token) for token in x] for part in w]
        found = []
        for t in range(len(x)):
            scores = functions.softmax([functions.dot(q[t], k[s]) for s in range(t + 1)])
            found += [sum(scores[s] * v[s][i] for s in range(t + 1)) for i in range(3)]
        return found

    program = program_of(attention, values(3, 3, 4), numbers(5, 3))
    products = [step for step in program.steps if isinstance(step, Product)]
    assert [(step.weights.rows, step.positions) for step in products] == [(9, 5)]
    assert sum(isinstance(step, Dot) for step in program.steps) <= 1 + 5
    assert len(program.steps) <= 40


def test_a_function_of_parameters_alone_has_matrix_products_too():
    def loss(w):
        h = w[0][0]
        for layer in w[1:]:
            h = [functions.tanh(z) for z in linear(layer, h)]
        return sum(z * z for z in h)

    program = program_of(loss, [values(1, 2), values(4, 3), values(5, 5), values(5, 6)])
    assert kinds(program)[-5:] == ["Product", "tanh", "Product", "tanh", "Dot"]


# --- the rest ------------------------------------------------------------------------------------------------


def test_a_softmax_subtracts_one_row_from_all():
    program = program_of(lambda w, x: functions.softmax(linear(w, x)), values(5, 3), numbers(2))
    assert kinds(program) == ["Product", "max", "detach", "sub", "exp", "sum", "div"]
    assert program.steps[3].operands[1].step == 0
    assert program.steps[6].operands[1].step == 0


def test_candidates_of_one_number_are_one_pick():
    embedding = [(PARAMETER, k) for k in range(12)]
    rows = [(PICK, 0, *[3 * k + i for k in range(4)]) for i in range(3)]
    program = group(tape([*embedding, *rows], [12, 13, 14], integers=[(0, 1, 2, 3)]))
    assert [type(step) for step in program.steps] == [Pick]
    assert program.steps[0].table.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]


def test_a_row_is_read_backwards_without_a_copy():
    program = program_of(lambda w, x: [a * b for a, b in zip(w, x[::-1], strict=True)], values(5), numbers(5))
    assert kinds(program) == ["mul"]
    assert sorted(rows.step for rows in program.steps[0].operands) == [-1, 1]


def test_constants_are_blocks():
    program = program_of(lambda w, x: [w * x[0] ** k for k in range(3, 8)], values(), numbers(1))
    assert not any(isinstance(step, Copy) for step in program.steps)


def test_long_chains_are_one_step():
    rows = [(INPUT, 0), (PARAMETER, 0)] + [(OPS["tanh"], i) if i % 2 else (add, i, 1) for i in range(1, 3001)]
    program = group(tape(rows, [len(rows) - 1]))
    assert [type(step) for step in program.steps] == [Thin]
    t = tape(rows, [len(rows) - 1])
    assert run(program, [0.1], [[0.5]])[0, 0] == values_of(t, [0.1], [0.5])[-1]


def test_a_program_prints_one_line_a_step():
    t = tape([(PARAMETER, 0), (INPUT, 0), (mul, 0, 1), (OPS["tanh"], 2)], [3])
    assert str(group(t)).splitlines() == ["z0 = column 0", "z1 = mul(w0, z0)", "z2 = tanh(z1)", "return z2"]
