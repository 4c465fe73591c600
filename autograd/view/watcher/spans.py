"""From the least to the greatest of some numbers, also where the distance is more than a double can hold.

This module owns the arithmetic of axes at the ends of the range of numbers; it must not know what the numbers are.
Read next: `curves.py` and `plane.py`, whose axes are made of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["share", "widened"]

GREATEST = sys.float_info.max
LEAST = 1e-300  # distances below it count as none: what is computed with them is no longer exact, or 0
APART = 0.1  # around a single number: so much of it


def share(x: float, low: float, high: float) -> float:
    """How far a number is on the way from low to high, 0 ... 1; 0 if there is no way.

    Numerics:
        All are halved before they are subtracted: the distance of two doubles may be twice the greatest.

    Example:
        >>> share(0.0, -1.5e308, 1.5e308), share(3.0, 2.0, 6.0), share(2.0, 2.0, 2.0)
        (0.5, 0.25, 0.0)
    """
    span = high / 2 - low / 2
    return (x / 2 - low / 2) / span if span >= LEAST else 0.0


def widened(numbers: Sequence[float], room: float) -> tuple[float, float]:
    """The ends of an axis on which the numbers have room on either side; they differ, and are finite.

    Args:
        numbers: At least one, all finite.
        room: As a part of the distance from the least to the greatest.

    Example:
        >>> widened([0.0, 10.0], 0.1), widened([20.0, 20.0], 0.1)
        ((-1.0, 11.0), (18.0, 22.0))
        >>> widened([1.7e308, 1.7e308], 0.1)[1] == sys.float_info.max
        True
    """
    low, high = min(numbers), max(numbers)
    more = room * high - room * low
    if high / 2 - low / 2 < LEAST:
        more = APART * max(abs(low), 1.0)
    return max(-GREATEST, low - more), min(GREATEST, high + more)
