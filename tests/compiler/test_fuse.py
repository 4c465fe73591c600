"""Fusing: sums of products in one form however they were written, with the same numbers and derivatives."""

from __future__ import annotations

import math
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import OPS, Value, dot, exp, mean, sin, softmax, tanh
from autograd.compiler.rewrite.fuse import fuse
from autograd.compiler.rewrite.simplify import simplify
from autograd.compiler.rewrite.terms import shared_nodes
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK
from autograd.compiler.trace.tracing import trace
from autograd.engine import neg

from .programs import drawn
from .replaying import guards_hold, results
from .test_simplify import by_hand, names, same

TABLE = {op.name: op for op in OPS}
X = [0.5, -1.5, 2.5]


def fused(f, parameters, x=X):
    return fuse(simplify(trace(f, parameters, x).tape))


def values(*numbers):
    return [Value(x) for x in numbers]


def canonical(tape):
    """The tape as text, its nodes numbered in the order in which they are met from the roots."""
    found, waiting = {}, tape.roots.tolist()[::-1]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = len(found)
            waiting += tape.of(node)[::-1]
    lines = []
    for node in found:
        code, xs = int(tape.code[node]), [found[x] for x in tape.of(node)]
        lines.append(f"{tape.ops[code].name} {xs}" if code >= 0 else f"{code} {tape.data[node]!r} {xs}")
    return "\n".join(lines)


# --- the ten ways to write a layer ---------------------------------------------------------------------------


def sum_of_a_generator(W, b, x):
    return [sum(w * xi for w, xi in zip(row, x, strict=True)) + bi for row, bi in zip(W, b, strict=True)]


def a_loop(W, b, x):
    out = []
    for i in range(len(b)):
        total = 0.0
        for j in range(len(x)):
            total += W[i][j] * x[j]
        total += b[i]
        out.append(total)
    return out


def dot_with_bias(W, b, x):
    return [dot(row, x, bi) for row, bi in zip(W, b, strict=True)]


def inputs_first(W, b, x):
    return [bi + sum(xi * w for xi, w in zip(x, row, strict=True)) for row, bi in zip(W, b, strict=True)]


def transposed_loops(W, b, x):
    out = [0.0] * len(b)
    for j in range(len(x)):
        for i in range(len(b)):
            out[i] = out[i] + x[j] * W[i][j]
    return [o + bi for o, bi in zip(out, b, strict=True)]


def bias_first(W, b, x):
    out = list(b)
    for i in range(len(b)):
        for j in range(len(x)):
            out[i] += W[i][j] * x[j]
    return out


def sum_that_starts_with_the_bias(W, b, x):
    return [sum((w * xi for w, xi in zip(row, x, strict=True)), bi) for row, bi in zip(W, b, strict=True)]


def numpy_arrays(W, b, x):
    return list(np.array(W) @ np.array(x) + np.array(b))


def nested_functions(W, b, x):
    def product(row):
        def term(j):
            return row[j] * x[j] if j >= 0 else 0

        return term(len(x) - 1) if len(x) == 1 else autograd.sum([term(j) for j in reversed(range(len(x)))])

    def neuron(i):
        return product(W[i]) + b[i]

    return [neuron(i) for i in range(len(b))]


class Neuron:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, x):
        result = self.b
        for w, xi in zip(reversed(self.w), reversed(x), strict=True):
            result = w * xi + result
        return result


def a_class_per_neuron(W, b, x):
    return [neuron(x) for neuron in [Neuron(list(row), bi) for row, bi in zip(W, b, strict=True)]]


WAYS = [sum_of_a_generator, a_loop, dot_with_bias, inputs_first, transposed_loops, bias_first,
        sum_that_starts_with_the_bias, numpy_arrays, nested_functions, a_class_per_neuron]  # fmt: skip


def network(layer):
    def f(params, x):
        for W, b in params:
            x = [tanh(z) for z in layer(W, b, x)]
        return sum((v - 0.5) ** 2 for v in x) / len(x)

    return f


def parameters(*sizes):
    rng = np.random.default_rng(7)
    return [([values(*rng.normal(size=n)) for _ in range(m)], values(*rng.normal(size=m))) for n, m in pairwise(sizes)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("sizes", [(3, 4, 2), (3, 1, 3), (3, 5, 5, 1)], ids=str)
def test_ten_ways_to_write_a_layer_give_one_tape(way, sizes):
    tape = fused(network(way), parameters(*sizes))
    assert canonical(tape) == canonical(fused(network(sum_of_a_generator), parameters(*sizes)))
    neurons = sum(sizes[1:]) - (sizes[1:].count(1) if 1 in sizes[:-1] else 0)
    assert names(tape).count("dot") >= neurons


def test_a_layer_is_a_dot_of_weights_inputs_and_bias_per_neuron():
    tape = fused(lambda params, x: sum_of_a_generator(*params, x), parameters(3, 2)[0])
    assert str(tape).splitlines()[-3:] == [
        "%11 = dot(%0, %1, %2, %8, %9, %10, %6)", "%12 = dot(%3, %4, %5, %8, %9, %10, %7)", "return %11, %12",
    ]  # fmt: skip


def test_terms_stand_in_the_order_of_their_inputs_whatever_the_order_of_the_weights():
    a = fused(lambda w, x: w[2] * x[0] + w[0] * x[2] + w[1] * x[1] + w[3], values(1, 2, 3, 4))
    assert str(a).splitlines()[-2] == "%7 = dot(%2, %1, %0, %4, %5, %6, %3)"


# --- what is written as what ---------------------------------------------------------------------------------

FORMS = {  # of w and x: the rows that are left, in order
    "two nodes": (lambda w, x: sin(x[0]) + sin(x[1]), "sin sin add"),
    "three nodes": (lambda w, x: sin(x[0]) + (sin(x[1]) + sin(x[2])), "sin sin sin sum"),
    "a difference": (lambda w, x: sin(x[0]) - sin(x[1]), "sin sin sub"),
    "a negative one and another": (lambda w, x: neg(sin(x[0])) + sin(x[1]), "sin sin sub"),
    "minus a sum": (lambda w, x: -(sin(x[0]) + sin(x[1]) + sin(x[2])), "sin sin sin sum neg"),
    "a mean": (lambda w, x: mean([sin(x[0]), sin(x[1]), sin(x[2])]), "sin sin sin sum mul"),
    "a sum that is divided": (lambda w, x: sum(map(sin, x)) / 3, "sin sin sin sum mul"),
    "coefficients": (lambda w, x: 2 * sin(x[0]) - sin(x[1]) / 4 + sin(x[2]), "sin sin sin dot"),
    "a product": (lambda w, x: w[0] * x[0], "mul"),
    "a square": (lambda w, x: x[0] * x[0], "square"),
    "a product and a bias": (lambda w, x: w[0] * x[0] + w[1], "dot"),
    "a product and a constant": (lambda w, x: 1 + w[0] * x[0], "dot"),
    "a product and a node": (lambda w, x: w[0] * x[0] + x[1], "mul add"),
    "a residual connection": (lambda w, x: x[2] + (w[0] * x[0] + w[1] * x[1] + w[2]), "dot add"),
    "a scaled residual": (lambda w, x: x[2] + 0.1 * (w[0] * x[0] + w[1] * x[1] + w[2]), "dot dot"),
    "two layers": (lambda w, x: (w[0] * x[0] + w[1]) + (w[2] * x[1] + w[3]), "add dot"),
    "a sum of three biases": (lambda w, x: w[0] * x[0] + w[1] + (w[2] + w[3]), "sum dot"),
    "an error": (lambda w, x: x[2] - (w[0] * x[0] + w[1] * x[1] + w[2]), "dot sub"),
    "an error term by term": (lambda w, x: x[2] - w[0] * x[0] - w[1] * x[1] - w[2], "dot sub"),
    "products of the sample": (lambda w, x: x[0] * x[1] + x[1] * x[2], "dot"),
    "both kinds of products": (lambda w, x: x[0] * x[1] + w[0] * x[2] + x[1] * x[2] + w[1] * x[0], "dot dot add"),
    "squares": (lambda w, x: x[0] ** 2 + x[1] * x[1] + autograd.square(x[2]), "dot"),
    "an L2 penalty": (lambda w, x: sin(x[0]) + 0.01 * sum(p * p for p in w), "sin dot mul add"),
    "one negative bias of two sums": (
        lambda w, x: tanh(w[0] * x[0] - w[3]) + tanh(w[1] * x[1] - w[3]), "neg dot dot tanh tanh add"),
    "shared sums": (lambda w, x: tanh(w[0] + w[1] + w[2]) * x[0] + w[3], "sum tanh dot"),
    "a parameter that is subtracted": (lambda w, x: x[0] - w[0], "sub"),
    "a negative parameter that is added": (lambda w, x: x[0] + neg(w[0]), "sub"),
    "one less": (lambda w, x: x[0] - 1, "sub"),
    "one from a sum": (lambda w, x: 1 - (x[0] + x[1]), "add sub"),
    "a quotient": (lambda w, x: x[0] / 4, "div"),
    "softmax": (lambda w, x: softmax([sin(x[0]), sin(x[1]), sin(x[2])])[0],
                "sin sin sin max detach sub sub sub exp exp exp sum div"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_sum_becomes_its_form(name):
    f, rows = FORMS[name]
    assert sorted(names(fused(f, values(0.3, -0.4, 0.6, 0.9)))) == sorted(rows.split())


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_its_own(name):
    tape = fused(FORMS[name][0], values(0.3, -0.4, 0.6, 0.9))
    assert canonical(fuse(simplify(tape))) == canonical(tape)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_the_values_and_derivatives_of_what_was_written(name):
    f, numbers = FORMS[name][0], [0.3, -0.4, 0.6, 0.9]
    for x in (X, [0.1, 0.2, -0.3]):
        ps, xs = values(*numbers), values(*x)
        y = f(ps, xs)
        y.backward()
        (z,), (gradient,) = results(fused(f, values(*numbers)), numbers, x)
        assert same(y.data, z, 1e-15)
        assert all(same(v.grad, g, 1e-15) for v, g in zip([*ps, *xs], gradient, strict=True))


PAIRS = {  # two ways of one sum
    "parentheses": (lambda w, x: sin(x[0]) + (sin(x[1]) + sin(x[2])), lambda w, x: sin(x[0]) + sin(x[1]) + sin(x[2])),
    "order": (lambda w, x: w[0] + x[1] * w[1] + w[2] * x[0], lambda w, x: w[2] * x[0] + w[1] * x[1] + w[0]),
    "a mean": (lambda w, x: mean([x[0], x[1], x[2]]), lambda w, x: (x[2] + x[0] + x[1]) * (1 / 3)),
    "a dot": (lambda w, x: dot(x, w[:3], w[3]), lambda w, x: w[3] + x[2] * w[2] + x[1] * w[1] + x[0] * w[0]),
    "a dot of dots": (
        lambda w, x: dot([1.0, 1.0], [dot(w[:2], x[:2]), dot(w[2:3], x[2:])], w[3]),
        lambda w, x: dot(w[:3], x, w[3]),
    ),
    "signs": (lambda w, x: x[2] - (x[0] - x[1]), lambda w, x: x[1] + x[2] - x[0]),
    "constants": (lambda w, x: 1 + w[0] * x[0] + 2, lambda w, x: 5 + x[0] * w[0] - 2),
    "a penalty": (
        lambda w, x: sum(p**2 for p in w) * 0.5 + sin(x[0]),
        lambda w, x: sin(x[0]) + (w[3] * w[3] + w[1] * w[1] + w[2] ** 2 + w[0] * w[0]) / 2,
    ),
    "sides": (lambda w, x: x[0] * x[1] + x[2] * x[0], lambda w, x: x[0] * x[2] + x[1] * x[0]),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_ways_of_one_sum_give_one_tape(name):
    one, other = (fused(f, values(0.3, -0.4, 0.6, 0.9)) for f in PAIRS[name])
    assert canonical(one) == canonical(other)


# --- what may not be fused -----------------------------------------------------------------------------------


def test_a_sum_that_is_used_twice_stays():
    def f(w, x):
        shared = x[0] + x[1] + x[2]
        return (shared + w[0] * x[0] + w[1] * x[1]) * (shared + sin(x[0]))

    assert sorted(names(fused(f, values(1.0, 2.0)))) == ["add", "add", "dot", "mul", "sin", "sum"]


def test_a_sum_that_is_a_root_stays():
    tape = fused(lambda w, x: [s := x[0] + x[1] + x[2], s + w[0] * x[0]], values(1.0))
    assert sorted(names(tape)) == ["add", "mul", "sum"]
    assert len(tape.roots) == 2


def test_a_sum_that_a_guard_compares_stays():
    def f(w, x):
        s = x[0] + x[1] + x[2]
        return s + x[0] + w[0] if s > 0 else x[0]

    tape = fused(f, values(1.0))
    (guard,) = tape.guards
    assert tape.ops[tape.code[guard.left]].name == "sum"
    assert guards_hold(tape, [1.0], X)
    assert not guards_hold(tape, [1.0], [-1.0, -1.0, -1.0])


def test_coefficients_that_would_overflow_stay_where_they_stand():
    def f(w, x):
        y = sin(x[0])
        for _ in range(8):
            y = y * 1e-60 + 1e60 * (y * 1e-60 + x[1])
        return y

    (a,), _ = results(trace(f, values(1.0), X).tape, [1.0], X)
    (b,), _ = results(fused(f, values(1.0)), [1.0], X)
    assert same(a, b, 1e-12)


def test_a_long_moving_average_keeps_its_value():
    def f(w, x):
        y = sin(x[0])
        for i in range(3000):
            y = y * 0.5 + x[i % 3]
        return y

    tape = fused(f, values(1.0))
    (a,), (da,) = results(trace(f, values(1.0), X).tape, [1.0], X)
    (b,), (db,) = results(tape, [1.0], X)
    assert same(a, b, 1e-12)
    assert all(map(same, da, db, [1e-12] * 4))
    assert len(tape) < 1000


@pytest.mark.parametrize("c", [0.0, 1e300, -1e-300, math.inf, math.nan])
def test_extreme_constants_are_no_coefficients_but_weights(c):
    def f(w, x):
        return x[0] * c + x[1] * 2 + w[0] * x[2]

    (a,), (da,) = results(trace(f, values(1.0), X).tape, [1.0], X)
    (b,), (db,) = results(fused(f, values(1.0)), [1.0], X)
    assert same(a, b, 1e-15)
    assert all(map(same, da, db))


# --- networks ------------------------------------------------------------------------------------------------


def test_a_convolution_is_one_dot_per_position_with_the_same_weights():
    tape = fused(lambda w, x: [tanh(sum(w[k] * x[i + k] for k in range(3)) + w[3]) for i in range(4)],
                 values(1, 2, 3, 4), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])  # fmt: skip
    dots = [tape.of(i) for i in range(len(tape)) if tape.code[i] >= 0 and tape.ops[tape.code[i]].name == "dot"]
    assert dots == [[0, 1, 2, 4 + i, 5 + i, 6 + i, 3] for i in range(4)]


def test_a_recurrent_cell_is_one_dot_per_unit_and_step():
    def f(params, x):
        W, U, b = params
        h = [0.0, 0.0]
        for t in range(5):
            h = [tanh(W[i][0] * x[t] + sum(U[i][j] * h[j] for j in range(2)) + b[i]) for i in range(2)]
        return h[0] + h[1]

    params = [[values(0.1), values(0.2)], [values(0.3, 0.4), values(0.5, 0.6)], values(0.7, 0.8)]
    tape = fused(f, params, [0.1, 0.2, 0.3, 0.4, 0.5])
    assert (names(tape).count("dot"), names(tape).count("tanh"), len(names(tape))) == (10, 10, 21)
    dots = [tape.of(i) for i in range(len(tape)) if names(tape) and tape.code[i] == tape.ops.index(TABLE["dot"])]
    assert [xs[:3] for xs in dots] == [[0, 2, 3], [1, 4, 5]] * 5


def test_attention_is_dots_of_the_sample():
    def f(w, x):
        q, k, v = ([tanh(w[3 * n + i] * x[i]) for i in range(3)] for n in range(3))
        ks = [k, [a * 2.5 for a in k], [sin(a) for a in k]]
        weights = softmax([dot(q, one) / 3**0.5 for one in ks])
        return sum(p * u for p, u in zip(weights, v, strict=True))

    tape = fused(f, values(*[0.1 * i for i in range(9)]))
    assert names(tape).count("dot") == 4
    (a,), da = results(tape, [0.1 * i for i in range(9)], X)
    (b,), db = results(trace(f, values(*[0.1 * i for i in range(9)]), X).tape, [0.1 * i for i in range(9)], X)
    assert same(a, b, 1e-14)
    assert all(map(same, da[0], db[0], [1e-13] * 12))


def test_picks_are_nodes_of_the_sample():
    rows = [(PARAMETER, 0), (PARAMETER, 1), (PARAMETER, 2), (INPUT, 0), (PICK, 0, 0, 1), (TABLE["mul"], 2, 4),
            (TABLE["mul"], 1, 3), (TABLE["add"], 5, 6)]  # fmt: skip
    tape = by_hand(rows, [7], integers=[(0, 4)])
    assert shared_nodes(tape).tolist() == [True] * 3 + [False] * 5
    assert str(fuse(tape)).splitlines()[4:7] == ["%4 = 0", "%5 = pick[0](%0, %1)", "%6 = dot(%1, %2, %3, %5, %4)"]


def test_shared_nodes_are_found_however_long_their_chain():
    rows = [(PARAMETER, 0), (INPUT, 0), (CONSTANT, 3.0), *[(TABLE["sin"], i + 2) for i in range(49)],
            (TABLE["norm"], 0, 51, 2), (TABLE["norm"], 0, 1, 2)]  # fmt: skip
    assert np.flatnonzero(~shared_nodes(by_hand(rows, [52, 53]))).tolist() == [1, 53]


# --- memory --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [simplify, fuse], ids=["simplify", "fuse"])
@pytest.mark.parametrize("step", [["tanh"], ["tanh", "mul", "add"]], ids="-".join)
def test_a_chain_needs_less_than_three_hundred_bytes_a_row(stage, step):
    """The tape that is given, 30 bytes a row, is among them."""
    n = 30_000
    operations = [TABLE[step[i % len(step)]] for i in range(n)]
    rows = [(PARAMETER, 0), (INPUT, 0)]
    tape = by_hand(rows + [(op, i + 1, *([0] * (op.arity - 1))) for i, op in enumerate(operations)], [n + 1])
    tracemalloc.start()
    try:
        stage(tape)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak / n + 30 < 300


# --- as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation_keeps_its_value_and_its_derivatives(op):
    numbers = [0.6, 1.4, 2.7] if op.name != "clip" else [0.6, 0.3, 2.7]
    numbers = [1.5] if op.name == "acosh" else numbers[: op.arity or 3]

    def f(w, x):
        return exp(op(*w)) * x[0] + op(*w) + x[1]

    leaves, xs = values(*numbers), values(*X)
    y = f(leaves, xs)
    y.backward()
    (value,), (gradient,) = results(fused(f, values(*numbers)), numbers, X)
    assert same(value, y.data, 1e-15)
    assert all(same(v.grad, g, 2e-15) for v, g in zip([*leaves, *xs], gradient, strict=True))


@pytest.mark.parametrize("seed", range(150))
def test_a_random_program_keeps_its_value_and_its_derivatives(seed):
    program = drawn(seed)
    tape = trace(lambda w, x: program(w, x), values(*program.parameters), program.samples[0]).tape
    for short in (fuse(simplify(tape)), fuse(tape)):
        for x in program.samples:
            value, gradient = program.gradient(program.parameters, x)
            (other,), (others,) = results(short, program.parameters, x)
            assert same(value, other, 1e-12)
            assert all(map(same, gradient, others, [1e-12] * len(others)))
