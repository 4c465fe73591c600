"""The complex step and differences with many digits: nearly all digits, and never a wrong one without a warning."""

from __future__ import annotations

import cmath
import math
import sys

import mpmath
import pytest

from autograd.check.exact import complex_step, precise, real

# What is differentiated, with complex numbers and with mpmath's, and the derivative by hand.
FUNCTIONS = {
    "sin": (cmath.sin, mpmath.sin, math.cos),
    "exp": (cmath.exp, mpmath.exp, math.exp),
    "log": (cmath.log, mpmath.log, lambda x: 1 / x),
    "tanh": (cmath.tanh, mpmath.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "x^5": (lambda x: x**5, lambda x: x**5, lambda x: 5 * x**4),
    "x^2.5": (lambda x: x**2.5, lambda x: x**2.5, lambda x: 2.5 * x**1.5),
    "1 / x": (lambda x: 1 / x, lambda x: 1 / x, lambda x: -1 / x**2),
    "sqrt": (cmath.sqrt, mpmath.sqrt, lambda x: 0.5 / math.sqrt(x)),
    "constant": (lambda x: 0 * x + 3, lambda x: 0 * x + 3, lambda x: 0.0),
}


def one(f):
    return lambda xs: f(xs[0])


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", [0.3, 1.0, 2.7, 1e-3, 40.0])
def test_nearly_all_digits(name, x):
    with_complex, with_digits, df = FUNCTIONS[name]
    for derivative, error in (complex_step(one(with_complex), [x], 0), precise(one(with_digits), [x], 0)):
        # 1 / x² multiplies the rounding of x by 2, cosh² twice the exponent: a few units in the last place
        assert abs(derivative - df(x)) <= error + 4e-16 * (4 + 2 * x) * abs(df(x))
        assert error <= 2e-14 * (1 + x) * abs(df(x)) + 1e-290  # the latter of a constant: what no float can show


@pytest.mark.parametrize("exponent", [-150, -20, 20, 150])
def test_huge_and_tiny_scales(exponent):
    scale = 10.0**exponent
    for x, slope, with_complex, with_digits in [
        (1.3 * scale, 2.6 / scale, lambda x: (x / scale) ** 2, lambda x: (x / mpmath.mpf(scale)) ** 2),
        (0.4, scale * math.cos(0.4), lambda x: scale * cmath.sin(x), lambda x: scale * mpmath.sin(x)),
        (
            1.3 * scale,
            math.cos(1.3) / scale,
            lambda x: cmath.sin(x / scale),
            lambda x: mpmath.sin(x / mpmath.mpf(scale)),
        ),
    ]:
        for derivative, error in (complex_step(one(with_complex), [x], 0), precise(one(with_digits), [x], 0)):
            assert abs(derivative - slope) <= error + 1e-15 * slope
            assert error <= 2e-14 * abs(slope)  # of which most is what the neighbouring points differ by


def test_at_zero_the_scale_of_a_function_is_anything():
    for scale in (1e-40, 1.0, 1e40, 1e150):
        assert precise(one(lambda x, s=scale: mpmath.sin(s * x) + 1), [0.0], 0)[0] == scale
    for scale in (1e-40, 1.0, 1e20):
        derivative, _ = complex_step(one(lambda x, s=scale: cmath.sin(s * x) + 1), [0.0], 0)
        assert derivative == pytest.approx(scale, rel=1e-15)


def test_a_derivative_far_below_the_last_digit_of_the_value():
    derivative, error = precise(one(lambda x: mpmath.tanh(x)), [300.0], 0)
    assert derivative == pytest.approx(4 * math.exp(-600.0), rel=1e-12)
    assert error <= 1e-12 * derivative


def test_any_input_may_be_the_one():
    data = [2.0, 3.0, 5.0]
    for i, expected in enumerate([15.0, 10.0, 6.0]):
        assert complex_step(lambda xs: xs[0] * xs[1] * xs[2], data, i)[0] == expected
        assert precise(lambda xs: xs[0] * xs[1] * xs[2], data, i)[0] == expected
    assert data == [2.0, 3.0, 5.0]


def test_digits_that_differences_of_floats_lose():
    # the value has lost eight digits, and a difference of floats at least ten
    def f(module):
        return lambda xs: (1e8 + module.sin(xs[0])) - 1e8

    derivative, error = complex_step(f(cmath), [1.0], 0)
    assert abs(derivative - math.cos(1.0)) <= error < 1e-14
    derivative, error = precise(f(mpmath), [1.0], 0)
    assert abs(derivative - math.cos(1.0)) <= error + 1e-16 < 1e-14


@pytest.mark.parametrize(
    "f",
    [abs, lambda z: z.real * 3, lambda z: z * z.conjugate(), lambda z: z**2 + 1e-4 * abs(z), lambda z: abs(z) * z,
     lambda z: z.conjugate(), lambda z: 3.0 if z.imag else z],
)  # fmt: skip
def test_what_is_not_analytic_has_an_infinite_error(f):
    assert complex_step(one(f), [2.0], 0)[1] == math.inf


def test_what_conjugates_is_seen():
    assert complex_step(one(lambda z: z.conjugate() ** 2), [2.0], 0) == (-4.0, math.inf)


def test_a_kink_has_an_infinite_error():
    assert precise(one(abs), [0.0], 0)[1] == math.inf
    assert complex_step(one(lambda z: cmath.sqrt(z * z)), [0.0], 0)[1] == math.inf


@pytest.mark.parametrize("f", [math.sin, lambda z: max(z, 0.0), lambda z: z if z > 0 else -z, math.floor])
def test_a_function_that_takes_no_complex_numbers_is_refused_with_the_remedy(f):
    with pytest.raises(TypeError, match=r"complex step.*`cmath` in place of `math`, without comparisons"):
        complex_step(one(f), [2.0], 0)


@pytest.mark.parametrize("f", [math.sin, lambda x: float(x) ** 2])
def test_a_function_that_gives_floats_is_refused_with_the_remedy(f):
    with pytest.raises(TypeError, match=r"gave the float .*`mpmath` in place of `math`, as mpmath.sin"):
        precise(one(f), [2.0], 0)


def test_a_function_that_takes_no_numbers_of_mpmath_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"takes numbers of mpmath, and this one says: .*Write it with operators"):
        precise(one(lambda x: x + "1"), [2.0], 0)
    with pytest.raises(TypeError, match="must return a number, not str"):
        real("1")


def test_a_part_that_is_computed_with_floats_has_an_infinite_error():
    # x · math.sin(x): at steps of 1e-20 the sine stands still, and the derivative lacks a term at any precision
    derivative, error = precise(one(lambda x: x * math.sin(x)), [2.0], 0)
    assert derivative == pytest.approx(math.sin(2.0))
    assert error == math.inf


@pytest.mark.parametrize("module", [cmath, mpmath])
@pytest.mark.parametrize(("name", "x"), [("sqrt", 0.0), ("log", 0.0), ("sqrt", -1.0), ("reciprocal", 0.0)])
def test_where_it_is_undefined_or_complex_there_is_nothing_to_tell(module, name, x):
    method, f = complex_step if module is cmath else precise, getattr(module, name, lambda x: 1 / x)
    assert method(one(f), [x], 0)[1] == math.inf


def test_a_result_with_an_imaginary_part_is_real_up_to_rounding_alone():
    assert real(2.0 + 1e-12j) == 2.0
    assert math.isnan(real(2.0 + 1e-7j))
    assert math.isnan(real(1e-12j))
    assert (real(3), real(mpmath.mpf(3)), real(0j)) == (3.0, 3.0, 0.0)


def test_cancellation_within_shows_in_the_error():
    # x² written as (1 + x)² - 1 - 2x: the derivative 2x is what two terms of 2 leave
    derivative, error = complex_step(one(lambda z: (1 + z) ** 2 - 1 - 2 * z), [1e-3 / 3], 0)
    assert abs(derivative - 2e-3 / 3) <= error < 1e-13


def test_the_precision_of_mpmath_is_as_before():
    with mpmath.workdps(33):
        precise(one(mpmath.sin), [1.0], 0)
        assert mpmath.mp.dps == 33


def test_without_mpmath_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpmath", None)
    with pytest.raises(ImportError, match=r'pip install "scalar-autograd\[check\]"'):
        precise(one(lambda x: x), [1.0], 0)
