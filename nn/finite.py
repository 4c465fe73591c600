"""Numbers that must be finite: settings as deviations and limits, and those in samples and targets.

It owns the checks and their errors; it must not know what the numbers are for.
Read next: `noise.py`, whose settings it checks, and `training/batches.py`, whose samples it checks.
"""

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

from autograd import Value

__all__ = ["MEND_INPUT", "MEND_TARGET", "check_finite", "finite"]


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
    except OverflowError:  # a whole number that no float can hold
        usable = False
    except TypeError:
        raise TypeError(f"{name} must be a number, got {type(number).__name__}: {number!r:.60}") from None
    if not usable:
        least = f" of at least {minimum:g}" if minimum > -math.inf else ""
        raise ValueError(f"{name} must be a finite number{least}, got {number!r}")
    return float(number)


MEND_INPUT = "leave the sample out, or let Preprocessing put the median of the feature in its place"
MEND_TARGET = "leave the sample out: what is not known cannot be learnt"


def check_finite(name: str, rows: Sequence[Any], remedy: str, first: int = 0) -> None:
    """Refuse inf, nan and what is no number, before anything is computed from it.

    Args:
        name: What the rows are called, for the error.
        rows: Numbers, or sequences of numbers; anything else in them is left to the model.
        remedy: What to do about a number that is missing or not finite.
        first: The number of the first row.

    Raises:
        ValueError: If there is one; the message tells where.

    Example:
        >>> check_finite("X", [[1.0, 2.0], [3.0, float("nan")]], "leave the sample out")
        Traceback (most recent call last):
        ...
        ValueError: X: sample 1, number 1 is nan: leave the sample out
    """
    for i, row in enumerate(rows, first):
        numbers = row if isinstance(row, (list, tuple)) else [row]
        if set(map(type, numbers)) == {float} and math.isfinite(sum(numbers)):
            continue  # at a glance: the sum is finite only if all are
        for j, x in enumerate(numbers):
            if isinstance(x, (Real, Value)) and _fits(x):
                continue
            place = f"{name}: sample {i}" + (f", number {j}" if numbers is row else "")
            if isinstance(x, (str, complex)):
                raise ValueError(f"{place} is {x!r:.60}, which is no number{_ENCODE if isinstance(x, str) else ''}")
            if isinstance(x, Value):
                x = x.data
            if x is None or isinstance(x, Real):
                raise ValueError(f"{place} is {x!r:.40}: {remedy}")


def _fits(x: Any) -> bool:
    """Whether a number is finite as a float."""
    try:
        return math.isfinite(x)
    except OverflowError:
        return False


_ENCODE = ": of inputs, Preprocessing makes columns of 0 and 1; of classes, Target.fit(y).encode(y) makes numbers"
