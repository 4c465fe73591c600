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

from .judgement import CANNOT_TELL, WRONG, Judgement

__all__ = ["controlled", "resolution"]

# The first mistake to plant, in units of the one that the comparison is about to reject: beyond the rounding of sums.
BEYOND = 1.001
SMALLEST = 5e-324  # where all numbers are so small that the error estimate is 0


def controlled(judgement: Judgement, claimed: float, limit: float, compare: Callable[[float], Judgement]) -> Judgement:
    """A judgement "correct" with its resolution; "cannot tell" if the same comparison accepts wrong derivatives too.

    Args:
        judgement: The judgement.
        claimed: The derivative that was found correct.
        limit: The mistake that must be rejected; if the error estimate is larger, twice that.
        compare: The comparison of any claimed derivative.
    """
    first = max(BEYOND * (judgement.error + abs(judgement.numeric - claimed)), SMALLEST)
    limit = max(limit, 2 * first)
    smallest = resolution(lambda planted: compare(planted).verdict == WRONG, claimed, first, limit)
    if smallest < math.inf:
        return judgement._replace(resolution=smallest)
    reason = f"the same comparison does not reject a gradient that is wrong by {limit:.1e}"
    return judgement._replace(verdict=CANNOT_TELL, reason=reason)


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
