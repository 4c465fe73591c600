"""A diagnosis never raises, whatever the numbers are, and always has a program."""

import math
import random

import pytest

from autograd import Op, Value, gradcheck
from autograd.check.diagnosis import diagnose_failure, diagnose_pair, explain_observations
from autograd.check.diagnosis.battery import BATTERY
from autograd.check.diagnosis.nearly import Pair, in_words
from autograd.check.programs import Observation, expected
from autograd.check.result import Row
from autograd.functions import OPS

from ..sampling import operands

ERRORS = {
    "a millionth": lambda d: d * (1 + 1e-6),
    "summand": lambda d: d + 1e-5,
    "sign": lambda d: -d,
    "twice": lambda d: 2 * d,
    "reciprocal": lambda d: 1 / d if d else math.inf,
    "zero": lambda d: 0.0,
    "tiny": lambda d: 5e-324,
    "huge": lambda d: 1e308,
    "inf": lambda d: -math.inf,
    "nan": lambda d: math.nan,
}
ROWS = [Row("x", "", y, 2.0, 1.0, 1e-9, "wrong") for y in (1.0, math.nan)]
POINTS = 5


def broken(op, k, error, name):
    def partials(y, *xs):
        rule = [*op.partials(y, *xs)]
        rule[k] = rule[k] if isinstance(rule[k], Value) else error(rule[k])
        return tuple(rule)

    return Op(name, op.symbol, op.arity, op.forward, partials)


def complete(diagnosis):
    return all((diagnosis.title, diagnosis.where, diagnosis.seen, diagnosis.program, diagnosis.text(3)))


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_errors_of_all_kinds_at_points_of_all_kinds(op):
    rng = random.Random(op.name)
    for _ in range(POINTS):
        xs = operands(rng, op)
        k, error = rng.randrange(len(xs)), ERRORS[rng.choice([*ERRORS])]
        bad = broken(op, k, error, rng.choice([op.name, "mine", "pow", "neg"]))  # also names of other arities
        try:
            y = bad(*map(Value, xs))
        except ArithmeticError:  # a pair of operands without a value
            continue
        found = diagnose_failure(y, [rng.choice(ROWS)])
        assert len(found) == 1
        found += diagnose_pair(bad.forward, lambda *xs, bad=bad: bad.partials(bad.forward(*xs), *xs), xs)
        assert all(map(complete, found)), xs


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("xs", [(0.0, 2.2, -0.44), (0.0, 1.0, 1.0), (1.0, 2.0, 3.0)])
def test_a_branch_that_is_taken_at_one_point_alone(xs, k):
    (where,) = [op for op in OPS if op.name == "where"]
    bad = broken(where, k, ERRORS["a millionth"], "where")
    assert gradcheck(bad, *xs).verdict in ("wrong", "correct", "cannot tell")


def test_nothing_is_nearly_right_where_nothing_is_off():
    assert in_words([Pair(0.0, 0.0, 0.0)] * 5) == ""
    assert in_words([Pair(1.0 + 1e-6, 1.0, math.inf), *[Pair(0.0, 0.0, 0.0)] * 5]) == ""
    assert in_words([Pair(1.0 + 1e-6, 1.0, math.inf), *[Pair(1.0, 1.0, 1e-12)] * 5]) == ""


@pytest.mark.parametrize("name", ["pow", "div", "neg", "sub"])
def test_a_name_of_the_table_for_an_operation_with_other_operands(name):
    cube = Op(name, "³", 1, lambda x: x**3, lambda y, x: (3 * x,))
    (diagnosis,) = diagnose_failure(cube(Value(2.0)), ROWS[:1])
    assert diagnosis.mistake == "pow-exponent-off-by-one"
    odd = Op(name, "o", 3, lambda a, b, c: a * b * c, lambda y, a, b, c: (b * c, a * c, -a * b))
    (diagnosis,) = diagnose_failure(odd(Value(2.0), Value(3.0), Value(5.0)), ROWS[:1])
    assert (diagnosis.mistake, diagnosis.where) == ("sign", f"{name} #1 / operand 2")


@pytest.mark.no_cover  # for time's sake
@pytest.mark.parametrize("number", [0.0, 5e-324, 1e308, math.inf, -math.inf, math.nan])
def test_engines_with_numbers_of_all_kinds(number):
    """In every gradient, and in those of one operation alone."""
    for wrong in ("", "of-op", "tanh", "mul"):
        observations = {}
        for program in (p for p in BATTERY if len(p.steps) < 50):
            right = expected(program)
            strange = any(wrong in ("", step.op) for step in program.steps)
            gradients = tuple(number for _ in right.gradients) if strange else right.gradients
            observations[program.name] = Observation(right.values, gradients)
        found = explain_observations(observations)
        assert all(map(complete, found))
        assert bool(found) == (wrong != "of-op")
