"""Every row of the table against mpmath: value, first and second derivatives, in the measure of the contract.

The tests are driven by `OPS`: a new row is tested without a word here, as soon as `oracle.py` can define it.
"""

from __future__ import annotations

import doctest
import math

import pytest
from mpmath import mp, mpf

from autograd import Value, functions
from autograd.derivatives import gradients
from autograd.engine import Op, toposort
from autograd.functions import OPS

from .oracle import definition, derivative, is_kink, operands_of, pairs

TOLERANCE = 1e-12
UNDERFLOW = mpf(2) ** -1022  # below it floats lose digits one by one: the absolute spacing counts
by_name = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)


def magnitude(root: Value | float) -> float:
    """The sum of the magnitudes of the terms that a result was added up from."""
    if not isinstance(root, Value):
        return abs(root)
    found: dict[Value, float] = {}
    for v in toposort(root):
        terms = [found[x] if isinstance(x, Value) else abs(x) for x in v.operands]
        name = v.op.name if v.op else ""
        if name in ("add", "sub", "sum"):
            found[v] = math.fsum(terms)
        elif name == "mul":
            found[v] = terms[0] * terms[1]
        elif name == "div":
            found[v] = terms[0] / abs(float(v.operands[1]))
        elif name in ("neg", "pos"):
            found[v] = terms[0]
        else:
            found[v] = abs(v.data)
    return found[root]


def assert_close(got: Value | float, exact: mpf, what: str) -> None:
    number = float(got)
    if math.isinf(number):
        assert abs(exact) > mpf("1.797e308"), f"{what}: overflow to {number}, but it is {mp.nstr(exact, 20)}"
        assert (number > 0) == (exact > 0), what
        return
    scale = max(abs(exact), mpf(magnitude(got)))
    error = abs(mpf(number) - exact)
    assert error <= TOLERANCE * scale + UNDERFLOW, f"{what}: {number!r} is not {mp.nstr(exact, 20)}"


@pytest.fixture(autouse=True)
def many_digits():
    with mp.workdps(60):
        yield


@by_name
def test_value_against_mpmath(op: Op) -> None:
    f = definition(op)
    for xs in operands_of(op):
        exact = f(*map(mpf, xs))
        terms = sum(map(abs, xs)) if op.name in ("add", "sub", "sum", "mean", "dot", "logsumexp", "logaddexp") else 0.0
        if op.name == "dot":
            n = len(xs) // 2
            terms = math.fsum([abs(w * x) for w, x in zip(xs[:n], xs[n:-1], strict=True)]) + abs(xs[-1])
        got = op(*xs)
        if math.isinf(got):
            assert abs(exact) > mpf("1.797e308"), (op.name, xs)
        else:
            assert abs(mpf(got) - exact) <= TOLERANCE * max(abs(exact), terms) + UNDERFLOW, (op.name, xs, got, exact)


@pytest.mark.no_cover  # for time's sake
@by_name
def test_first_and_second_derivatives_against_mpmath(op: Op) -> None:
    f = definition(op)
    for xs in operands_of(op):
        if is_kink(op, xs):
            continue
        leaves = [Value(x) for x in xs]
        first = gradients(op(*leaves), leaves)
        for i, slope in enumerate(first):
            orders = tuple(int(k == i) for k in range(len(xs)))
            assert_close(slope, derivative(f, xs, orders), f"d{op.name}{xs}/dx{i}")
        for i, j in pairs(len(xs)):
            second = gradients(first[i], [leaves[j]])[0]
            orders = tuple(int(k == i) + int(k == j) for k in range(len(xs)))
            assert_close(second, derivative(f, xs, orders), f"d²{op.name}{xs}/dx{i}dx{j}")


@by_name
def test_float_and_value_partials_agree(op: Op) -> None:
    """The stored partials (rule on floats) are those of the rule on Values."""
    for xs in operands_of(op):
        leaves = [Value(x) for x in xs]
        y = op(*leaves)
        y.backward()
        for leaf, slope in zip(leaves, gradients(y, leaves), strict=True):
            assert leaf.grad == slope.data or (math.isnan(leaf.grad) and math.isnan(slope.data)), (op.name, xs)


@by_name
def test_the_examples_in_the_documentation(op: Op) -> None:
    test = doctest.DocTestParser().get_doctest(op.__doc__ or "", dict(vars(functions)), op.name, None, 0)
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0
    assert result.attempted > 0
