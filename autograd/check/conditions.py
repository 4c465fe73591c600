"""Where an operation, or a function, is well-conditioned: defined, smooth within reach, of ordinary size.

This file owns that judgement of points; it must know nothing of how points are found.
Read next: `strategies.py`, which keeps the points that pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ..engine import Op, Value, no_grad

__all__ = ["SIZES", "is_smooth", "well_conditioned"]

SIZES = (1e-3, 1e3)  # of numbers and of derivatives, other than 0
REACH = 1e-3  # how far, in units of the operand's size, there must be no kink, jump or pole
NEARER = 4.0
DEPARTURE = 0.2  # of the bend from that of a smooth function, which has terms of higher order too
NEGLIGIBLE = 1e-6  # beside 1, the value and the slope: rounding, and kinks that nothing sees


def well_conditioned(op: Op, xs: Sequence[float]) -> tuple[float, tuple[float, ...]] | None:
    """The value and the local partials of an operation of the table; None unless it is well-conditioned there.

    It is if it is smooth within reach, its value is 0 or of a size between `SIZES`, and no partial is larger.

    Example:
        >>> from autograd.check.conditions import well_conditioned
        >>> from autograd import exp, relu
        >>> well_conditioned(relu, [2.0]), well_conditioned(relu, [0.0]), well_conditioned(exp, [20.0])
        ((2.0, (1.0,)), None, None)
    """
    try:
        y = op.forward(*xs)
        partials = tuple(op.partials(y, *xs))
        low, high = SIZES
        ordinary = (y == 0 or low <= abs(y) <= high) and all(abs(p) <= high for p in partials)
        return (y, partials) if ordinary and all(_smooth_along(op.forward, xs, i) for i in range(len(xs))) else None
    except (ValueError, ArithmeticError):
        return None


def is_smooth(f: Callable[..., Any], xs: Sequence[float]) -> bool:
    """Whether a function of Values is defined and finite at a point, without a kink, jump or pole within reach.

    Args:
        f: The function; evaluated at the point, and at four more for each number.
        xs: The point.

    Example:
        >>> from autograd.check.conditions import is_smooth
        >>> is_smooth(lambda x: abs(x - 1), [2.0]), is_smooth(lambda x: abs(x - 1), [1.0])
        (True, False)
    """

    def plain(*numbers: float) -> float:
        with no_grad():
            return float(f(*[Value(x) for x in numbers]))

    try:
        return all(_smooth_along(plain, xs, i) for i in range(len(xs)))
    except (ValueError, ArithmeticError):
        return False


def _smooth_along(f: Callable[..., float], xs: Sequence[float], i: int) -> bool:
    """Whether the bend (f(x + h) - 2 f(x) + f(x - h)) / h goes to 0 as h does, which at a kink it does not."""
    h, y = REACH * max(1.0, abs(xs[i])), f(*xs)

    def bend(h: float) -> tuple[float, float]:
        below, above = (f(*xs[:i], xs[i] + move, *xs[i + 1 :]) for move in (-h, h))
        return (above - 2 * y + below) / h, (above - below) / (2 * h)

    (wide, slope), (narrow, _) = bend(h), bend(h / NEARER)
    negligible = NEGLIGIBLE * max(1.0, abs(y), abs(slope))
    return abs(wide - NEARER * narrow) <= DEPARTURE * abs(wide) + negligible < math.inf
