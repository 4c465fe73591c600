"""The negative control: would this very comparison have objected to a gradient that is a little wrong?

This file owns the smallest mistake that a comparison is seen to reject; it must not know how one compares.
Read next: `verdict.py`, which asks for the control of everything that it finds correct.

A comparison that accepts everything finds no mistake and looks like success. So each gradient that was found correct is
changed, upwards and downwards, and compared again by the same code. The smallest change that is rejected both ways is
the resolution: what the verdict "correct" is worth.
"""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["resolution"]


def resolution(rejected: Callable[[float], bool], claimed: float, first: float, limit: float) -> float:
    """The smallest change of a gradient, among first, 2 first, 4 first, ... up to limit, that is rejected both ways.

    Args:
        rejected: Whether the comparison calls a gradient wrong.
        claimed: The gradient that it called correct.
        first: The change to begin with, more than 0; by the error estimate no smaller one is rejected both ways.
        limit: The largest change to try.

    Returns:
        The change, inf if none was rejected.

    Cost: two comparisons, which need no new evaluation of the function in most cases.

    Example:
        >>> from autograd.check.control import resolution
        >>> resolution(lambda gradient: abs(gradient - 3.0) > 1e-9, claimed=3.0, first=2e-9, limit=1e-3)
        2e-09
        >>> resolution(lambda gradient: False, claimed=3.0, first=2e-9, limit=1e-3)
        inf
    """
    planted = first
    while planted <= limit < math.inf:
        if rejected(claimed + planted) and rejected(claimed - planted):
            return planted
        planted *= 2
    return math.inf
