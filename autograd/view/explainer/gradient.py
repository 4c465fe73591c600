"""How `x.grad` compares with ∂y/∂x: the same, accumulated, of another result, or never computed.

This file owns what is said of a stored gradient; it must not know how the derivative was found.
Read next: `chain.py`, which asks.
"""

from __future__ import annotations

import math

from ...engine import NO_GRADIENT, Value
from ..text import number_text
from .document import Code, Line, Name

__all__ = ["compared"]

ROUNDING = 1e-12  # of the sum of the magnitudes: the numerical contract of the whole package


def compared(y: Value, x: Value, total: float, magnitude: float, named: dict[Value, str]) -> Line:
    """One or two sentences on x.grad.

    Args:
        y: The result.
        x: What it was differentiated by.
        total: ∂y/∂x, as one fresh backward computes it.
        magnitude: The sum of the magnitudes of the products that it is the sum of; rounding is measured by it.
        named: The names of both.
    """
    grad, arrived = x.grad, y.grad
    of_x, of_y = Code(f"{named[x]}.grad"), Code(f"{named[y]}.backward()")
    gives = f" gives {number_text(total)}."
    if grad is NO_GRADIENT:
        return of_x, ": not computed yet; ", of_y, gives
    shown = f" = {number_text(grad)}: "
    if _same(grad, total, magnitude):
        return of_x, shown + "the same, as ", of_y, gives
    if arrived is not NO_GRADIENT and _same(grad, total * arrived, magnitude * abs(arrived)):
        shown += f"this derivative times {number_text(arrived)}, the gradient that arrived at "
        return of_x, shown, Name(named[y]), "."
    if times := _repeated(x, total, magnitude):
        shown += f"{times} times this derivative: gradients of leaves accumulate over calls of backward."
        return of_x, shown
    told = " Calls of backward on other results have added to it, or it was reset."
    return of_x, shown + "not this derivative; ", of_y, gives + told


def _same(a: float, b: float, magnitude: float) -> bool:
    """Whether two gradients are equal to rounding."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= ROUNDING * magnitude


def _repeated(x: Value, total: float, magnitude: float) -> int:
    """How many equal calls of backward would have left this gradient at a leaf; 0 if no number would."""
    if x.op is not None or not total or not math.isfinite(x.grad / total):
        return 0
    times = round(x.grad / total)
    return times if times > 1 and _same(x.grad, times * total, times * magnitude) else 0
