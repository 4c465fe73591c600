"""Derivatives of plain float functions to nearly all digits: the complex step, and differences with many digits.

This file owns what `gradcheck_pair` offers in place of finite differences of floats; it must know nothing of Values,
verdicts and tables. Read next: `gradcheck.py`, which asks for these by `method=`, and `numeric.py`, their guard.

Both see the function through other numbers than floats, so both can be deceived: `abs` and `z.real` answer to a complex
number without complaint, `math.sin` to one of mpmath with 16 digits. So each result is held against ordinary
finite differences, which are coarse and see no numbers but floats; if the two disagree, the error is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from .numeric import Differences
from .windows import EPSILON, SMALLEST, Windows

__all__ = ["complex_step", "precise", "real"]

STEPS = (2.0**-100, 0.69 * 2.0**-100, 2.0**-200)  # beside |x|, or as they stand where x = 0
DIGITS = (60, 180, 540, 1620)  # the last for x = 0, where the scale of a function may be anything
AGREEMENT = 1e-20  # two differences with many digits that agree to this are believed
COARSE = 1e-6  # by how much, relative to the derivative, the guard may disagree beyond its own error
REAL = 1e-9  # an imaginary part below this, relative to the real one, is rounding: cmath has some of it


def real(y: Any) -> float:
    """The float that a result stands for: nan if it is complex.

    Args:
        y: A number of any kind: float, complex, or one of mpmath.

    Raises:
        TypeError: If it is no number.

    Example:
        >>> import cmath
        >>> from autograd.check.exact import real
        >>> real(cmath.sqrt(4.0)), real(cmath.sqrt(-4.0))
        (2.0, nan)
    """
    if hasattr(y, "__complex__") or isinstance(y, (int, float, complex)):
        z = complex(y)
        return z.real if abs(z.imag) <= REAL * abs(z.real) else math.nan
    raise TypeError(f"the function must return a number, not {type(y).__name__}: {y!r:.60}")


def complex_step(f: Callable[[Sequence[Any]], Any], data: Sequence[float], i: int) -> tuple[float, float]:
    """The derivative by the complex step, Im f(x + ih) / h, in which nothing is subtracted and so nothing is lost.

    Args:
        f: A function of the sequence of all inputs, written with operators and `cmath`.
        data: The inputs.
        i: Which of them to differentiate by.

    Returns:
        The derivative and its error: the spread over three steps and over neighbouring points. The error is inf where
        that is no derivative: f is not analytic (`abs(z)`, `z.real`), not real, or undefined.

    Raises:
        TypeError: If f cannot be evaluated at a complex number.

    Cost: six evaluations, and those of a finite difference.

    Example:
        >>> import cmath, math
        >>> from autograd.check.exact import complex_step
        >>> derivative, error = complex_step(lambda xs: cmath.sin(xs[0]) * xs[1], [1.0, 3.0], 0)
        >>> abs(derivative - 3 * math.cos(1.0)) <= error < 1e-14
        True
        >>> complex_step(lambda xs: abs(xs[0]), [2.0], 0)  # the derivative is 1
        (0.0, inf)

    References:
        W. Squire, G. Trapp: Using complex variables to estimate derivatives of real functions. SIAM Review 40 (1998).
        J. N. Lyness, C. B. Moler: Numerical differentiation of analytic functions. SIAM J. Numer. Anal. 4 (1967).
    """
    x = data[i]
    scale = math.ldexp(1.0, math.frexp(x)[1]) if x else 1.0
    points = [(x, step * scale) for step in STEPS]
    points += [(math.nextafter(x, towards), STEPS[0] * scale) for towards in (math.inf, -math.inf)]
    try:
        found = [complex(f(moved(data, i, complex(t, h)))).imag / h for t, h in points]
    except TypeError as refused:
        raise TypeError(
            f"the complex step needs a function that takes complex numbers, and this one says: {refused}. Write it "
            "with `cmath` in place of `math`, without comparisons, or leave out method"
        ) from refused
    except (ArithmeticError, ValueError):
        return math.nan, math.inf
    derivative = found[0]
    error = 4 * (max(found) - min(found)) + 8 * EPSILON * abs(derivative)
    error += SMALLEST / points[-1][1] if not derivative else 0.0  # an imaginary part too small for a float is 0
    return derivative, error if confirmed(f, data, i, derivative) else math.inf


def precise(f: Callable[[Sequence[Any]], Any], data: Sequence[float], i: int) -> tuple[float, float]:
    """The derivative by central differences of a function that is evaluated with 60 digits, or as many as it takes.

    (f(x + h) - f(x - h)) / 2h with h = 10^(-digits/3), at ever more digits until two of the results agree.

    Args:
        f: A function of the sequence of all inputs, written with operators and functions of `mpmath`.
        data: The inputs.
        i: Which of them to differentiate by.

    Returns:
        The derivative and its error, mostly the rounding to a float. The error is inf where that is no derivative: at
        a kink, where f is undefined or complex, or if a part of it is computed with floats.

    Raises:
        ImportError: If mpmath is not installed.
        TypeError: If f gives floats, as `math.sin` does, or cannot be evaluated at a number of mpmath.

    Cost: four evaluations or a few more, each some hundred times as slow as with floats; and a finite difference.

    Example:
        >>> import mpmath
        >>> from autograd.check.exact import precise
        >>> derivative, error = precise(lambda xs: mpmath.exp(xs[0] * xs[1]), [0.0, 2.0], 0)
        >>> derivative, error < 1e-15
        (2.0, True)
    """
    mpmath = imported()
    x, results = data[i], []
    for digits in DIGITS:
        with mpmath.workdps(digits):
            h = mpmath.mpf(10) ** (-digits // 3) * (abs(x) if x else 1)
            right, left = (at_precise(mpmath, f, data, i, mpmath.mpf(x) + side * h) for side in (1, -1))
            if right is None or left is None:
                return math.nan, math.inf
            results.append((right - left) / (2 * h))
        spread = abs(results[-1] - results[-2]) if len(results) > 1 else mpmath.inf
        # Two zeros may be two numbers too close to 1: tanh(300) is 1 - 1e-260.
        if spread <= AGREEMENT * abs(results[-1]) and results[-1]:
            break
    derivative = float(results[-1])
    error = float(4 * spread) + EPSILON * abs(derivative)

    def with_floats(xs: Sequence[Any]) -> Any:
        with mpmath.workprec(53):
            return f(xs)

    return derivative, error if confirmed(with_floats, data, i, derivative) else math.inf


def at_precise(mpmath: Any, f: Callable[[Sequence[Any]], Any], data: Sequence[float], i: int, x: Any) -> Any:
    """The function with mpmath's numbers, x being the i-th; None where it is undefined or complex."""
    try:
        y = f(moved([mpmath.mpf(other) for other in data], i, x))
    except TypeError as error:
        raise TypeError(
            f'method="mpmath" needs a function that takes numbers of mpmath, and this one says: {error}. Write it with '
            "operators and functions of `mpmath`, as mpmath.sin(x)"
        ) from error
    except (ArithmeticError, ValueError):
        return None
    if isinstance(y, float):
        raise TypeError(
            f'method="mpmath" needs a function that gives numbers of mpmath, and this one gave the float {y!r}: write '
            "it with functions of `mpmath` in place of `math`, as mpmath.sin(x)"
        )
    return mpmath.mpf(y) if isinstance(y, (int, mpmath.mpf)) and mpmath.isfinite(y) else None


def confirmed(f: Callable[[Sequence[Any]], Any], data: Sequence[float], i: int, derivative: float) -> bool:
    """Whether finite differences of floats see this derivative too, as far as they see at all."""

    def along(t: float) -> float | None:
        try:
            y = real(f(moved(data, i, t)))
        except (ArithmeticError, ValueError):
            return None
        return y if math.isfinite(y) else None

    y = along(data[i])
    if y is None or not math.isfinite(derivative):
        return False
    window = Differences(Windows(along, data[i], y), derivative).best()
    return window is not None and abs(window.value - derivative) <= window.error + COARSE * abs(derivative)


def moved(data: Sequence[Any], i: int, x: Any) -> list[Any]:
    """The inputs with another i-th one."""
    return [x if k == i else other for k, other in enumerate(data)]


def imported() -> Any:
    """The module mpmath; ImportError with the remedy if it is not there."""
    try:
        return import_module("mpmath")
    except ImportError as error:
        raise ImportError(
            'method="mpmath" needs mpmath, which is not installed: pip install "scalar-autograd[check]"'
        ) from error
