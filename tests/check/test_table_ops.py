"""Every operation of the table at points of its domain: never "wrong", and a planted millionth is found."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Value
from autograd.check import gradcheck
from autograd.engine import Op
from autograd.functions import OPS

from .sampling import operands

by_name = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


def samples(op: Op, count: int, seed: str):
    rng = random.Random(seed + op.name)
    for _ in range(count):
        xs = operands(rng, op)
        try:
            op(*xs)
        except ArithmeticError:  # a pair of operands without a value, as (-2) ** 0.5
            continue
        yield rng, xs


@by_name
def test_no_row_of_the_table_is_called_wrong(op):
    for _, xs in samples(op, 25, "right"):
        result = gradcheck(op, *xs)
        assert result.verdict != "wrong", f"{xs}\n{result}"


@by_name
def test_at_ordinary_points_every_row_is_correct(op):
    rng = random.Random(op.name)
    count = op.arity or 3
    for _ in range(5):
        xs = [rng.uniform(0.1, 0.3) + 0.2 * i for i in range(count)]  # inside every domain but those of acosh, where
        xs[0] += {"acosh": 1.0}.get(op.name, 0.0)
        assert gradcheck(op, *xs).ok, f"{xs}\n{gradcheck(op, *xs)}"


@by_name
def test_a_millionth_planted_in_one_partial_is_found(op):
    for rng, xs in samples(op, 10, "planted"):
        k = rng.randrange(len(xs))

        def planted(y, *operands, k=k):
            rule = [*op.partials(y, *operands)]
            rule[k] = rule[k] * (1 + 1e-6)
            return tuple(rule)

        bad = Op(op.name, op.symbol, op.arity, op.forward, planted, domain=op.domain)
        values = [Value(x, label=str(i)) for i, x in enumerate(xs)]
        (row,) = (row for row in gradcheck(bad, *values).rows if row.label == str(k))
        change = 1e-6 * abs(row.analytic)
        if math.isfinite(change) and change >= max(10 * row.error, 1e-300):
            assert row.verdict == "wrong", row
        if row.verdict == "correct" and math.isfinite(change):
            assert change <= row.error, row
