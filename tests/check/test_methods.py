"""Pairs by the complex step and by mpmath: what they see that differences do not, and what they refuse."""

from __future__ import annotations

import cmath
import math

import mpmath
import pytest

from autograd.check import gradcheck_pair, methods

SINES = {"complex": cmath.sin, "mpmath": mpmath.sin, "differences": math.sin}


@pytest.mark.parametrize("method", ["complex", "mpmath"])
def test_twelve_digits(method):
    def f(x, ys):
        return SINES[method](x) * ys[0] + ys[1] ** 3

    def df(x, ys):
        return math.cos(x) * ys[0], [math.sin(x), 3 * ys[1] ** 2]

    result = gradcheck_pair(f, df, 0.7, [2.0, -1.5], method=method)
    assert result.ok
    assert {row.name for row in result.rows} == {"x", "ys[0]", "ys[1]"}
    assert all(row.resolution <= 1e-11 * abs(row.analytic) for row in result.rows)


@pytest.mark.parametrize("method", ["complex", "mpmath"])
def test_a_mistake_in_the_eleventh_digit(method):
    sine = SINES[method]
    assert gradcheck_pair(sine, math.cos, 1.0, method=method).ok
    for factor in (1 + 2e-11, 1 - 2e-11, -1.0, 2.0):
        assert gradcheck_pair(sine, lambda x, k=factor: math.cos(x) * k, 1.0, method=method).verdict == "wrong"


def test_a_large_constant_hides_nothing_from_the_complex_step():
    def f(x):
        return cmath.sin(x) + 1e9

    assert gradcheck_pair(f, math.cos, 1.0, method="complex").resolution < 1e-11
    assert gradcheck_pair(lambda x: math.sin(x) + 1e9, math.cos, 1.0).resolution > 1e-9


@pytest.mark.parametrize("method", ["complex", "mpmath"])
def test_a_kink_cannot_be_told(method):
    (row,) = gradcheck_pair(abs, lambda x: 0.0, 0.0, method=method).rows
    assert (row.verdict, row.resolution) == ("cannot tell", math.inf)
    assert "no derivative here" in row.reason


@pytest.mark.parametrize("method", ["complex", "mpmath"])
def test_the_control_can_fail_here_too(monkeypatch, method):
    monkeypatch.setattr(methods, "within", lambda window, claimed: True)
    (row,) = gradcheck_pair(SINES[method], math.cos, 1.0, method=method).rows
    assert row.verdict == "cannot tell"
    assert row.reason.startswith("the same comparison does not reject")


def test_other_methods_are_refused_before_anything_runs():
    with pytest.raises(ValueError, match="method is one of 'differences', 'complex', 'mpmath', not 'magic'"):
        gradcheck_pair(None, None, 1.0, method="magic")
    with pytest.raises(ValueError, match="hints is one of 1, 2, 3, not 9"):
        gradcheck_pair(None, None, 1.0, hints=9)


@pytest.mark.parametrize(("f", "df", "x"), [
    (lambda z: z**3 + 1e18, lambda x: 3 * x * x, -3.04e-99),
    (lambda z: 1 - cmath.cos(z), math.sin, 2e-148),
])  # fmt: skip
def test_an_imaginary_part_below_all_floats_refutes_nothing(f, df, x):
    result = gradcheck_pair(f, df, x, method="complex")
    assert result.verdict != "wrong"
    assert result.resolution > abs(df(x))
