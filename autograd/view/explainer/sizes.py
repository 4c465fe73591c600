"""The magnitude of a product of partials, without overflow and underflow, for finding the largest of many.

This file owns how products are compared; it must know nothing of graphs.
Read next: `best.py`, which finds the largest products of a graph.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["ONE", "Size", "exchanged", "rank", "size", "times"]

ZERO, INFINITE, UNDEFINED = 1, 2, 4  # bits of `kinds`: which special factors a product has


class Size(NamedTuple):
    """|product|: `mantissa * 2**exponent` of its ordinary factors, beside the kinds of special ones.

    0 and inf are kept apart since 0 * inf is nan: the largest product is not made of the largest factors.
    """

    kinds: int
    exponent: int
    mantissa: float


ONE = Size(0, 1, 0.5)


def size(x: float) -> Size:
    """The magnitude of one factor.

    Example:
        >>> size(-6.0), size(0.0).kinds
        (Size(kinds=0, exponent=3, mantissa=0.75), 1)
    """
    if x == 0:
        return Size(ZERO, 1, 0.5)
    if not math.isfinite(x):
        return Size(UNDEFINED if math.isnan(x) else INFINITE, 1, 0.5)
    mantissa, exponent = math.frexp(abs(x))
    return Size(0, exponent, mantissa)


def times(a: Size, b: Size) -> Size:
    """The magnitude of a product of two."""
    mantissa, exponent = math.frexp(a.mantissa * b.mantissa)
    return Size(a.kinds | b.kinds, a.exponent + b.exponent + exponent, mantissa)


def exchanged(whole: Size, before: Size, after: Size) -> Size:
    """A product in which one part was exchanged for another; each part has the kinds of the whole that it is in.

    Example:
        >>> exchanged(size(6.0), size(3.0), size(5.0)) == size(10.0)
        True
    """
    mantissa, exponent = math.frexp(whole.mantissa * (after.mantissa / before.mantissa))
    return Size(after.kinds, whole.exponent + after.exponent - before.exponent + exponent, mantissa)


def rank(a: Size) -> tuple[int, int, float]:
    """What to sort by: nan is above inf, inf above every finite product, 0 below them.

    Example:
        >>> rank(size(float("nan"))) > rank(size(float("inf"))) > rank(size(2.0)) > rank(size(1.9)) > rank(size(0.0))
        True
        >>> rank(times(size(0.0), size(float("inf"))))[0] == rank(size(float("nan")))[0]
        True
    """
    kinds = a.kinds
    if kinds & UNDEFINED or (kinds & ZERO and kinds & INFINITE):
        level = 3
    else:
        level = 2 if kinds & INFINITE else 0 if kinds & ZERO else 1
    return level, a.exponent, a.mantissa
