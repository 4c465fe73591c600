"""Simplifying: fewer rows, the same numbers and derivatives, and nothing left out that is needed."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import OPS, DomainError, Op, Value, atan2, exp, log, maximum, sin, tanh
from autograd.compiler.rewrite.rewriting import needed
from autograd.compiler.rewrite.simplify import simplify
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape
from autograd.compiler.trace.tracing import trace
from autograd.engine import neg

from .programs import drawn
from .reference import values_of
from .replaying import guards_hold, results

TABLE = {op.name: op for op in OPS}
P = [0.7, -1.3]  # parameters, at which functions are traced
NUMBERS = [0.7, -1.3, 2.0, 0.0, -0.0, 1e-310, 1e200, -1e200, math.inf, -math.inf, math.nan]


def taped(f, parameters=P, x=0.5):
    return trace(f, [Value(p) for p in parameters], x).tape


def by_hand(rows, roots, guards=(), integers=()):
    """A tape of rows (kind, number, operands...) for leaves and (Op, operands...) otherwise."""
    ops = tuple(dict.fromkeys(row[0] for row in rows if isinstance(row[0], Op)))
    operands = [row[1:] if isinstance(row[0], Op) else row[2:] for row in rows]
    return Tape(
        ops=ops,
        code=np.array([ops.index(row[0]) if isinstance(row[0], Op) else row[0] for row in rows], np.int32),
        first=np.cumsum([0, *map(len, operands)]),
        operands=np.array([i for some in operands for i in some], np.int32),
        data=np.array([0.0 if isinstance(row[0], Op) else row[1] for row in rows], np.float64),
        roots=np.array(roots, np.int32), guards=tuple(guards), n_parameters=4, n_inputs=4, integers=tuple(integers),
    )  # fmt: skip


def names(tape):
    return [tape.ops[code].name for code in tape.code.tolist() if code >= 0]


def same(a, b, tolerance=0.0):
    return (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


# --- the rules -----------------------------------------------------------------------------------------------

RULES = {
    "x + 0": (lambda w, x: w[0] + 0, []),
    "0 + x": (lambda w, x: 0 + w[0], []),
    "x - 0": (lambda w, x: w[0] - 0, []),
    "0 - x": (lambda w, x: 0 - w[0], ["neg"]),
    "x * 1": (lambda w, x: w[0] * 1, []),
    "1 * x": (lambda w, x: 1 * w[0], []),
    "x * -1": (lambda w, x: w[0] * -1, ["neg"]),
    "x / 1": (lambda w, x: w[0] / 1, []),
    "x / -1": (lambda w, x: w[0] / -1, ["neg"]),
    "1 / x": (lambda w, x: 1 / w[0], ["reciprocal"]),
    "x * x": (lambda w, x: w[0] * w[0], ["square"]),
    "x ** 1": (lambda w, x: w[0] ** 1, []),
    "x ** 2": (lambda w, x: w[0] ** 2, ["square"]),
    "x ** -1": (lambda w, x: w[0] ** -1, ["reciprocal"]),
    "x ** 0.5": (lambda w, x: w[0] ** 0.5, ["sqrt"]),
    "+x": (lambda w, x: +w[0], []),
    "--x": (lambda w, x: neg(neg(w[0])), []),
    "---x": (lambda w, x: neg(neg(neg(w[0]))), ["neg"]),
    "0 - (0 - x)": (lambda w, x: 0 - (0 - w[0]), []),
    "sum of one": (lambda w, x: autograd.sum([w[0]]), []),
    "mean of one": (lambda w, x: autograd.mean([w[0]]), []),
    "product of one": (lambda w, x: autograd.prod([w[0]]), []),
    "0 + x * 1 - 0": (lambda w, x: 0 + w[0] * 1 - 0, []),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_leaves_the_rows_it_should(name):
    f, left = RULES[name]
    assert names(simplify(taped(f))) == left


@pytest.mark.parametrize("name", RULES)
def test_a_rule_changes_no_number_and_no_derivative(name):
    """At infinities, nan, the zeros and numbers that overflow too; where one raises, so does the other."""
    tape = taped(RULES[name][0])
    for x in NUMBERS:
        try:
            (y,), (gradient,) = results(tape, [x, x], [x])
        except DomainError as error:
            with pytest.raises(type(error)):
                results(simplify(tape), [x, x], [x])
            continue
        (z,), (other,) = results(simplify(tape), [x, x], [x])
        assert same(y, z, 4e-16), x
        assert all(map(same, gradient, other, [4e-16] * 3)), x


@pytest.mark.parametrize("f", [lambda w, x: w[0] * 0, lambda w, x: w[0] - w[0], lambda w, x: w[0] / w[0]])
def test_what_is_not_the_same_for_an_infinite_number_stays(f):
    (y,), _ = results(simplify(taped(f)), [math.inf, 0.0], [0.0])
    assert math.isnan(y)


def test_an_operation_of_the_user_with_the_name_of_another_has_no_rule():
    add = Op("add", "+", 2, lambda a, b: a + 2 * b, lambda y, a, b: (1.0, 2.0))
    tape = simplify(taped(lambda w, x: add(w[0], 0.0) + add(w[1], w[0])))
    assert names(tape).count("add") == 3
    assert results(tape, [2.0, 3.0], [0.0])[0] == [2.0 + 3.0 + 4.0]


# --- constants -----------------------------------------------------------------------------------------------


def test_constants_are_computed():
    tape = simplify(by_hand([(CONSTANT, 2.0), (CONSTANT, 3.0), (TABLE["pow"], 0, 1), (TABLE["exp"], 2)], [3]))
    assert str(tape) == f"%0 = {math.exp(8.0):g}\nreturn %0"
    assert tape.data.tolist() == [math.exp(8.0)]


def test_an_undefined_constant_stays_and_raises_when_it_is_run():
    rows = [(CONSTANT, 0.0), (TABLE["log"], 0), (INPUT, 0), (TABLE["add"], 1, 2)]
    tape = simplify(by_hand(rows, [3]))
    assert names(tape) == ["log", "add"]
    with pytest.raises(ValueError, match="math domain error"):
        values_of(tape, [], [1.0])


def test_zeros_of_two_signs_are_two_constants_and_equal_ones_are_one():
    rows = [(CONSTANT, 0.0), (CONSTANT, -0.0), (CONSTANT, 0.0), (CONSTANT, math.nan), (CONSTANT, math.nan), (INPUT, 0),
            *[(TABLE["atan2"], i, 5) for i in range(5)]]  # fmt: skip
    tape = simplify(by_hand(rows, [6, 7, 8, 9, 10]))
    values = values_of(tape, [], [-1.0])
    assert [values[i] for i in tape.roots[:3]] == [math.pi, -math.pi, math.pi]
    assert tape.roots[0] == tape.roots[2]
    assert tape.roots[3] == tape.roots[4]
    assert len(tape) == 1 + 3 + 3


def test_a_detached_constant_is_a_constant_and_a_detached_parameter_is_not():
    tape = simplify(taped(lambda w, x: Value(3.0).detach() * w[0] + w[1].detach() * w[1].detach().detach()))
    assert sorted(names(tape)) == ["add", "detach", "mul", "square"]
    assert results(tape, [2.0, 5.0], [0.0]) == ([31.0], [[3.0, 0.0, 0.0]])


# --- shared subexpressions and dead code ---------------------------------------------------------------------


def test_what_is_computed_twice_is_computed_once():
    tape = simplify(taped(lambda w, x: sin(w[0] * x) + sin(x * w[0]) + sin(w[0] + x) * sin(x + w[0])))
    assert sorted(names(tape)) == ["add", "add", "add", "mul", "sin", "sin", "square"]


def test_what_becomes_the_same_as_a_later_or_an_earlier_row_is_computed_once():
    def f(w, x):
        m, n = w[0] * x, w[1] * x
        return tanh(m + 0) + tanh(m), sin(n) - sin(n + 0)

    assert names(simplify(taped(f))) == ["mul", "mul", "tanh", "add", "sin", "sub"]


def test_differences_and_quotients_do_not_commute():
    tape = simplify(taped(lambda w, x: exp(w[0] - x) + exp(x - w[0]) + w[0] / w[1] + w[1] / w[0]))
    assert names(tape).count("sub") == 2
    assert names(tape).count("div") == 2


def test_operations_of_one_and_two_operands_are_told_apart():
    """`max` of x alone is no `max` of x and another number."""
    tape = simplify(taped(lambda w, x: [autograd.max([w[0]]), autograd.max([w[0], x]), autograd.max([w[0], w[1]])]))
    assert len(set(tape.roots.tolist())) == 3


def test_operations_of_many_operands_are_shared_too():
    tape = simplify(taped(lambda w, x: autograd.norm([w[0], w[1], x]) * autograd.norm([w[0], w[1], x])))
    assert names(tape) == ["norm", "square"]


def test_what_nothing_needs_is_left_out():
    def f(w, x):
        unused = w[1]
        for _ in range(100):
            unused = tanh(unused * 3)
        return w[0] * x

    tape = simplify(taped(f))
    assert str(tape) == "%0 = parameter[0]\n%1 = input[0]\n%2 = mul(%0, %1)\nreturn %2"
    assert (tape.n_parameters, tape.n_inputs) == (2, 1)


def test_leaves_come_first_and_in_order_and_a_constant_is_there_once():
    rows = [(CONSTANT, 5.0), (INPUT, 1), (PARAMETER, 1), (INPUT, 0), (CONSTANT, -5.0), (PARAMETER, 0), (CONSTANT, 5.0),
            *[(TABLE["tanh"], i) for i in range(7)], (TABLE["norm"], *range(7, 14))]  # fmt: skip
    tape = simplify(by_hand(rows, [14]))
    assert str(tape).splitlines()[:6] == [
        "%0 = parameter[0]", "%1 = parameter[1]", "%2 = input[0]", "%3 = input[1]", "%4 = -0.999909", "%5 = 0.999909",
    ]  # fmt: skip


# --- guards and picks ----------------------------------------------------------------------------------------


def test_what_a_guard_compares_stays():
    def f(w, x):
        return w[1] if sin(w[0] * 1) > 0.25 else w[0]

    tape = simplify(taped(f))
    assert names(tape) == ["sin"]
    (guard,) = tape.guards
    assert (tape.code[guard.left] >= 0, tape.data[guard.right]) == (True, 0.25)
    assert guards_hold(tape, [1.0, 0.0], [0.0])
    assert not guards_hold(tape, [-1.0, 0.0], [0.0])


def test_equal_guards_are_one_and_guards_of_constants_none():
    rows = [(CONSTANT, 1.0), (CONSTANT, 2.0), (INPUT, 0), (TABLE["neg"], 2), (TABLE["pos"], 2), (TABLE["exp"], 0)]
    guards = [Guard("<", 0, 1, True), Guard(">", 2, 3, True), Guard(">", 4, 3, True), Guard(">", 2, 3, False),
              Guard("<", 5, 1, False), Guard(">", 2, 0, True)]  # fmt: skip
    tape = simplify(by_hand(rows, [2], guards))
    assert [(g.relation, g.holds) for g in tape.guards] == [(">", True), (">", False), (">", True)]
    assert str(tape).startswith("%0 = input[0]\n%1 = 1\n%2 = neg(%0)\nguard %0 > %2 is True")


def test_picks_of_the_same_column_and_operands_are_one():
    rows = [(PARAMETER, 0), (PARAMETER, 1), (PICK, 0, 0, 1), (PICK, 0, 0, 1), (PICK, 1, 0, 1), (PICK, 0, 1, 0),
            *[(TABLE["exp"], i) for i in (2, 3, 4, 5)]]  # fmt: skip
    tape = simplify(by_hand(rows, [6, 7, 8, 9], integers=[(3, 8), (0, 1)]))
    assert (tape.code == PICK).sum() == 3
    assert tape.integers == ((3, 8), (0, 1))
    values = values_of(tape, [1.0, 2.0], [], [8, 0])
    assert [values[i] for i in tape.roots] == [math.exp(v) for v in (2.0, 2.0, 1.0, 1.0)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_pick_among_constants_stays(count):
    rows = [*[(CONSTANT, float(i)) for i in range(count)], (PICK, 0, *range(count)), (TABLE["exp"], count)]
    tape = simplify(by_hand(rows, [count + 1], integers=[tuple(range(count))]))
    for i in range(count):
        assert values_of(tape, [], [], [i])[tape.roots[0]] == math.exp(i)


# --- as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation_keeps_its_value_and_its_derivatives(op):
    numbers = [0.6, 1.4, 2.7] if op.name != "clip" else [0.6, 0.3, 2.7]
    numbers = [1.5] if op.name == "acosh" else numbers[: op.arity or 3]
    tape = trace(lambda w, x: op(*w), [Value(v) for v in numbers], 0.0).tape
    y = op(*(leaves := [Value(v) for v in numbers]))
    y.backward()
    (value,), (gradient,) = results(simplify(tape), numbers, [0.0])
    assert value == y.data
    assert gradient[:-1] == [v.grad for v in leaves]


@pytest.mark.parametrize("seed", range(150))
def test_a_random_program_keeps_its_value_and_its_derivatives(seed):
    program = drawn(seed)
    tape = trace(lambda w, x: program(w, x), [Value(p) for p in program.parameters], program.samples[0]).tape
    short = simplify(tape)
    assert len(short) <= len(tape)
    for x in program.samples:
        value, gradient = program.gradient(program.parameters, x)
        (other,), (others,) = results(short, program.parameters, x)
        assert same(value, other, 1e-12)
        assert all(map(same, gradient, others, [1e-12] * len(others)))


@pytest.mark.parametrize("seed", range(20))
def test_a_simple_tape_is_not_simplified_further(seed):
    program = drawn(seed)
    tape = simplify(trace(lambda w, x: program(w, x), [Value(p) for p in program.parameters], [0.5, 0.6, 0.7]).tape)
    assert str(simplify(tape)) == str(tape)


def test_a_chain_of_a_hundred_thousand_rows():
    n = 100_000
    rows = [(INPUT, 0), *[(TABLE["pos" if i % 2 else "sin"], i) for i in range(n)]]
    tape = simplify(by_hand(rows, [n]))
    assert len(tape) == 1 + n // 2
    assert len(simplify(by_hand(rows, [1]))) == 2


def test_nothing_to_do_is_done_to_a_tape_of_leaves():
    tape = simplify(by_hand([(INPUT, 2), (PARAMETER, 1)], [0, 1, 0]))
    assert str(tape) == "%0 = parameter[1]\n%1 = input[2]\nreturn %1, %0, %1"
    assert needed(tape) is tape


def test_domains_hold_as_before():
    tape = simplify(taped(lambda w, x: log(w[0] + 0) + maximum(atan2(w[1], x), 0.0)))
    with pytest.raises(DomainError, match="log is undefined"):
        results(tape, [-1.0, 0.0], [0.0])
