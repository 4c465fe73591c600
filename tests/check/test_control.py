"""The negative control: it can fail, it raises the resolution, and what it says is what the comparison does."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Op, Value, functions as F  # noqa: N812
from autograd.check import gradcheck, gradcheck_module, gradcheck_pair, verdict
from autograd.check.control import resolution
from autograd.check.verdict import judge

FUNCTIONS = {
    "exp": (math.exp, math.exp),
    "log": (lambda x: math.log(abs(x)), lambda x: 1 / x),
    "x^5": (lambda x: x**5, lambda x: 5 * x**4),
    "1e6 + sin": (lambda x: 1e6 + math.sin(x), math.cos),
    "sin 50x": (lambda x: math.sin(50 * x), lambda x: 50 * math.cos(50 * x)),
}


def test_a_comparison_that_accepts_everything_tells_nothing(monkeypatch):
    assert gradcheck(lambda x, y: x * y + x.sin(), 2.0, 3.0).ok
    monkeypatch.setattr(verdict, "within", lambda *_: True)
    for result in (
        gradcheck(lambda x, y: x * y + x.sin(), 2.0, 3.0),
        gradcheck(lambda x, y: 0 * x + 1, 2.0, 3.0),
        gradcheck_pair(math.sin, math.cos, 1.0),
        gradcheck(lambda x: (1 - x) ** 1.5, 1.0),  # one-sided
    ):
        assert {row.verdict for row in result.rows} == {"cannot tell"}
        assert all(row.reason.startswith("the same comparison does not reject a gradient") for row in result.rows)
        assert result.resolution == math.inf


@pytest.mark.parametrize("blind", [1.0, -1.0])
def test_a_comparison_that_is_blind_on_one_side_tells_nothing(monkeypatch, blind):
    right = verdict.within
    monkeypatch.setattr(
        verdict,
        "within",
        lambda window, claimed, rounding: right(window, claimed, rounding) or (claimed - window.value) * blind > 0,
    )
    assert gradcheck(lambda x: x.sin(), 2.0).verdict == "cannot tell"


def test_a_comparison_that_is_less_exact_than_it_says_has_the_resolution_that_it_really_has(monkeypatch):
    before = gradcheck(lambda x: x.exp(), 1.0).resolution
    monkeypatch.setattr(verdict, "within", lambda window, claimed, rounding: abs(window.value - claimed) <= 1e-7)
    result = gradcheck(lambda x: x.exp(), 1.0)
    assert before < 1e-9
    assert result.ok
    assert 1e-7 <= result.resolution <= 2e-7


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_gradient_that_is_wrong_by_the_resolution_is_wrong(name):
    f, df = FUNCTIONS[name]
    for x in (0.3, -0.9, 1.3, 2.2, -3.1, 1e-3):
        found = judge(f, x, f(x), df(x))
        assert (found.verdict, found.resolution < math.inf) == ("correct", True)
        for sign in (1, -1):
            planted = judge(f, x, f(x), df(x) + sign * found.resolution)
            assert planted.verdict == "wrong", (x, sign)
        # and it is no larger than it need be: less than half the error estimate is not seen
        assert judge(f, x, f(x), found.numeric + found.error / 2).verdict == "correct"
        assert found.error <= found.resolution


@pytest.mark.parametrize("exponent", [-150, -75, -10, 0, 10, 75, 150])
def test_the_resolution_is_in_the_unit_of_the_gradient(exponent):
    scale = 10.0**exponent
    (row,) = gradcheck(lambda x: scale * x.sin(), 0.4).rows
    assert 1e-13 < row.resolution / abs(row.analytic) < 1e-9


def test_the_resolution_of_a_result_is_the_largest_of_its_rows():
    result = gradcheck(lambda x, y: 1e6 * x.sin() + y.sin(), 1.0, 2.0)
    assert result.ok
    assert result.resolution == max(row.resolution for row in result.rows) > min(row.resolution for row in result.rows)


def test_where_something_cannot_be_told_the_resolution_is_infinite():
    result = gradcheck(lambda x, y: F.relu(x) + y.sin(), 0.0, 2.0)
    assert {row.name: row.resolution < math.inf for row in result.rows} == {"x": False, "y": True}
    assert result.resolution == math.inf


def test_a_wrong_gradient_is_rejected_from_the_error_on():
    wrong = Op("wrong", "wrong", 1, math.sin, lambda y, x: (-math.cos(x),))
    (row,) = gradcheck(wrong, 1.0).rows
    assert (row.verdict, row.resolution) == ("wrong", row.error)


def test_a_constant_has_a_resolution_too():
    (row,) = gradcheck(lambda x: 0 * x + 5, 1.0).rows
    assert row.verdict == "correct"
    assert row.resolution < 1e-9
    assert judge(lambda x: 5.0, 1.0, 5.0, row.resolution).verdict == "wrong"


def test_a_staircase_hides_what_is_less_than_a_stair():
    found = judge(math.floor, 100.5, 100.0, 0.0)
    assert found.verdict == "correct"
    assert found.resolution > 0.1
    assert judge(math.floor, 100.5, 100.0, found.resolution).verdict == "wrong"
    assert judge(math.floor, 100.5, 100.0, 0.1).verdict == "cannot tell"


def test_the_control_costs_next_to_no_evaluations():
    rng = random.Random(4)
    for _ in range(20):
        calls = []

        def f(xs, weights, calls=calls):
            calls.append(1)
            return F.dot(xs, weights, 0.2).tanh()

        result = gradcheck(f, [rng.uniform(-1, 1) for _ in range(5)], [rng.uniform(-1, 1) for _ in range(5)])
        assert result.ok
        assert len(calls) <= 110  # 83 in four of five cases; more where an input has hardly any effect


def test_modules_have_a_resolution():
    class Line:
        def __init__(self):
            self.w, self.b = Value(1.5), Value(-0.5)

        def __call__(self, x):
            return self.w * x + self.b

        def parameters(self):
            return [self.w, self.b]

    result = gradcheck_module(Line(), [1.0, 2.0], [0.0, 3.0], lambda p, t: (p - t) ** 2)
    assert result.ok
    assert 0 < result.resolution < 1e-8


def test_the_search_for_the_resolution():
    asked = []

    def rejected(gradient: float) -> bool:
        asked.append(gradient)
        return abs(gradient - 8.0) >= 4.0

    assert resolution(rejected, 8.0, 1.0, 4.0) == 4.0
    assert asked == [9.0, 10.0, 12.0, 4.0]
    assert resolution(rejected, 8.0, 1.0, 3.9) == math.inf
    assert resolution(rejected, 8.0, 1.0, math.inf) == math.inf  # nothing finite to stop at
