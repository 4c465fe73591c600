"""The line search of L-BFGS: how far to go along a direction, so that the loss falls enough and flattens enough.

It owns that search, on a function of one number; it must not know parameters, networks or losses.
Read next: `lbfgs.py`, which chooses the direction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Point", "strong_wolfe"]

# Nocedal & Wright's values for quasi-Newton methods: of the fall and of the flattening that are asked for.
_FALL, _FLATTENING = 1e-4, 0.9

# Losses whose difference is below this part of them are equal but for rounding.
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the line.

    Attributes:
        step: How far along the direction it is.
        loss: The loss there; inf where the loss or its gradient is undefined or not finite.
        slope: The derivative of the loss by the step.
        gradient: The gradient of the loss by the parameters.
    """

    step: float
    loss: float
    slope: float
    gradient: list[float]


def strong_wolfe(
    evaluate: Callable[[float], Point], start: Point, first: float, evaluations: int = 25
) -> tuple[Point, bool]:
    """A step t with `φ(t) ≤ φ(0) + c₁ t φ'(0)` and `|φ'(t)| ≤ c₂ |φ'(0)|`, where φ is the loss along the line.

    While the loss falls as steeply as before, t grows; as soon as a lowest point is known to lie between two steps,
    the cubic through both narrows the interval. Where φ(t) and φ(0) are equal but for rounding, the slope
    tells whether the loss falls: `φ'(t) ≤ (2 c₁ - 1) φ'(0)`.

    Args:
        evaluate: Gives the point of a step.
        start: The point of step 0, where the slope is negative.
        first: The step to try first.
        evaluations: How often to evaluate at most.

    Returns:
        The point found and True; or, if none was found, the lowest of those seen, the start included, and False.

    Example:
        The lowest point of (t - 3)² is found by one interpolation:

        >>> def parabola(t):
        ...     return Point(t, (t - 3) ** 2, 2 * (t - 3), [])
        >>> point, found = strong_wolfe(parabola, parabola(0.0), first=7.0)
        >>> point.step, found
        (3.0, True)

    References:
        J. Nocedal, S. J. Wright, Numerical optimization, 2nd edition, 2006, algorithms 3.5 and 3.6.
        W. W. Hager, H. Zhang, A new conjugate gradient method with guaranteed descent and an efficient line search,
        2005.
    """
    best = low = before = start
    high: Point | None = None
    step, was_at_an_end = first, False
    for _ in range(evaluations):
        point = evaluate(step)
        best = min(best, point, key=lambda p: p.loss)
        falls = _falls_enough(point, start)
        if falls and abs(point.slope) <= -_FLATTENING * start.slope:
            return point, True
        if not falls or point.loss >= low.loss:
            high = point
        else:
            if point.slope * (1.0 if high is None else high.step - low.step) >= 0:
                high = low
            before, low = low, point
        if high is None:
            step = _further(before, low)
        else:
            step, was_at_an_end = _between(low, high, was_at_an_end)
            if step in (low.step, high.step):
                break
    return best, False


def _falls_enough(point: Point, start: Point) -> bool:
    if point.loss <= start.loss + _FALL * point.step * start.slope:
        return True
    same = abs(point.loss - start.loss) <= _ROUNDING * abs(start.loss)
    return same and point.slope <= (2 * _FALL - 1) * start.slope


def _further(before: Point, last: Point) -> float:
    """The next step where the loss still falls: that of the cubic, if it is neither too near nor too far."""
    least, most = last.step + 0.01 * (last.step - before.step), 10 * last.step
    return min(max(_cubic(before, last, (least + most) / 2), least), most)


def _between(low: Point, high: Point, was_at_an_end: bool) -> tuple[float, bool]:
    """A step between both, and whether it is near an end; twice in turn it may not be, so that the interval shrinks."""
    width = high.step - low.step
    if not math.isfinite(high.loss):
        return low.step + (0.1 if low.step == 0 else 0.5) * width, False
    step = _cubic(low, high, low.step + 0.5 * width)
    part = (step - low.step) / width if width else 0.0
    if 0.1 <= part <= 0.9:
        return step, False
    if 0 < part < 1 and not was_at_an_end:
        return step, True
    return low.step + (0.1 if part < 0.5 else 0.9) * width, False


def _cubic(a: Point, b: Point, otherwise: float) -> float:
    """The lowest point of the cubic with the losses and slopes of both points, if there is one."""
    if a.step == b.step:
        return otherwise
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return otherwise
    d2 = math.copysign(math.sqrt(square), b.step - a.step)
    divisor = b.slope - a.slope + 2 * d2
    if divisor == 0 or not math.isfinite(divisor):
        return otherwise
    step = b.step - (b.step - a.step) * ((b.slope + d2 - d1) / divisor)
    return step if math.isfinite(step) else otherwise
