"""The finite differences against mpmath: close to the derivative, and never surer than they may be."""

from __future__ import annotations

import math
import random

import pytest
from mpmath import mp, mpf

from autograd.check.numeric import Differences
from autograd.check.windows import RATIO, Windows, extrapolate

CASES = {
    "exp": (math.exp, mp.exp),
    "sin": (math.sin, mp.sin),
    "tanh": (math.tanh, mp.tanh),
    "log(1 + x^2)": (lambda x: math.log1p(x * x), lambda x: mp.log(1 + x * x)),
    "1 / (1 + x^2)": (lambda x: 1 / (1 + x * x), lambda x: 1 / (1 + x * x)),
    "erf": (math.erf, mp.erf),
    "sin 50x": (lambda x: math.sin(50 * x), lambda x: mp.sin(50 * x)),
    "x^9": (lambda x: x**9, lambda x: x**9),
    "cancellation": (lambda x: (1000.0 + math.sin(x)) - 1000.0, mp.sin),
}


def differences_of(f, x: float, guess: float) -> Differences:
    return Differences(Windows(f, x, f(x)), guess)


def exact_derivative(f, x: float) -> mpf:
    with mp.workdps(60):
        return mp.diff(f, mpf(x))


def test_extrapolation_removes_the_given_powers():
    steps = [0.5 / RATIO**i for i in range(4)]
    limit, distance = extrapolate([3 + h - 2 * h**2 + 5 * h**3 for h in steps], (1, 2, 3))
    assert abs(limit - 3) < 1e-14
    assert distance > 1e-7  # two powers alone leave the third


def test_extrapolation_by_hand():
    # h² at steps 2r and 2 is 4r² and 4: limit 4 + (4 - 4r²) / (r² - 1) = 0; the last but one is the coarser value
    limit, distance = extrapolate([4 * RATIO**2, 4.0], (2,))
    assert abs(limit) < 1e-14
    assert distance == 4 * RATIO**2


@pytest.mark.parametrize("name", CASES)
def test_the_error_estimate_covers_the_error(name):
    f, definition = CASES[name]
    rng = random.Random(name)
    for _ in range(40):
        x = rng.choice([rng.gauss(0, 1), rng.gauss(0, 4), 10 ** rng.uniform(-6, 0)])
        exact = exact_derivative(definition, x)
        for guess in (float(exact), 0.0, -float(exact), math.nan):
            window = differences_of(f, x, guess).best()
            assert window is not None
            error = abs(mpf(window.value) - exact)
            assert error <= window.error + abs(exact) * 1e-15, (x, guess)


@pytest.mark.parametrize("name", ["exp", "sin", "tanh", "log(1 + x^2)", "1 / (1 + x^2)", "erf", "x^9"])
def test_smooth_functions_are_resolved_to_nine_digits_with_few_evaluations(name):
    f, definition = CASES[name]
    evaluations = []
    for x in (0.3, 0.7, -1.1, 1.9):
        differences = differences_of(f, x, float(exact_derivative(definition, x)))
        window = differences.best()
        assert window.error <= 1e-9 * abs(window.value)
        evaluations.append(len(differences.windows.seen) - 1)
    assert sum(evaluations) / len(evaluations) <= 16
    assert min(evaluations) == 8


@pytest.mark.parametrize("exponent", [-300, -150, -20, -3, 3, 20, 150, 300])
def test_the_step_is_relative_to_the_size_of_the_coordinate(exponent):
    x = 1.7 * 10.0**exponent
    window = differences_of(lambda t: math.log(t) if t > 0 else None, x, 1 / x).best()
    assert abs(window.value * x - 1) <= window.error * x <= 1e-8  # |log x| / (x / x) is 700 at the ends


@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1.0, 1e30, 1e150])
def test_at_zero_the_step_follows_the_function(scale):
    window = differences_of(lambda x: math.sin(x * scale), 0.0, scale).best()
    assert abs(window.value / scale - 1) <= window.error / scale <= 1e-9


def test_a_tiny_coordinate_of_a_function_that_knows_no_tiny_scale():
    window = differences_of(math.exp, 1e-40, 1.0).best()
    assert abs(window.value - 1) <= window.error <= 1e-9


def test_a_kink_is_seen_with_its_slopes():
    window = Windows(lambda x: 3 * x if x > 0 else -x, 0.0, 0.0).look(0.125)
    assert window.kink
    assert [round(slope, 12) for slope in (window.left, window.right, window.jump)] == [-1.0, 3.0, 4.0]


def test_a_kink_close_by_is_avoided_by_smaller_steps():
    for distance in (1e-1, 1e-3, 1e-5, 1e-7):
        window = differences_of(lambda x, d=distance: max(0.0, x - 1 + d), 1.0, 1.0).best()
        assert abs(window.value - 1.0) <= window.error < 1e-3


def test_a_search_that_rounding_limits_does_not_try_what_rounding_forbids():
    differences = differences_of(lambda x: 1e9 + math.sin(x), 1.0, math.cos(1.0))
    differences.best()
    assert min(w.step for w in differences.found) > 1e-6


def test_an_even_function_far_beyond_its_scale_gives_no_false_certainty():
    # cos(x + h) = cos(x - h) in floats for every h that dwarfs x: the central difference is 0 at any large step
    x = 1.7e-49
    window = differences_of(math.cos, x, -x).best()
    assert window is None or window.error > x


def test_the_singular_end_of_a_square_root_is_not_mistaken_for_rounding():
    # far from 0 the slope of x + sqrt(x) tends to 1; at 0 it is infinite
    windows = Windows(lambda x: None if x < 0 else x + math.sqrt(x), 0.0, 0.0)
    window = Differences(windows, math.inf, side=1).best()
    assert window.error > abs(window.value)
