"""Settings that are finite numbers: deviations, limits, values.

It owns the check and its errors; it must not know what the number is for.
Read next: `initializers.py` and `noise.py`, which use it.
"""

import math
from typing import Any

__all__ = ["finite"]


def finite(name: str, number: Any, minimum: float = -math.inf) -> float:
    """A setting as a float.

    Args:
        name: What it is called, for the error.
        number: A finite number, numpy's too.
        minimum: The smallest one that is allowed.

    Raises:
        ValueError: If it is inf or nan, or smaller than the minimum.
        TypeError: If it is no number.

    Example:
        >>> finite("deviation", 1)
        1.0
        >>> finite("deviation", -1, minimum=0)
        Traceback (most recent call last):
        ...
        ValueError: deviation must be a finite number of at least 0, got -1
    """
    try:
        usable = math.isfinite(number) and number >= minimum
    except TypeError:
        raise TypeError(f"{name} must be a number, got {type(number).__name__}: {number!r:.60}") from None
    if not usable:
        least = f" of at least {minimum:g}" if minimum > -math.inf else ""
        raise ValueError(f"{name} must be a finite number{least}, got {number!r}")
    return float(number)
