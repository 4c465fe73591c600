"""Numbers that are nearly right: off by a tiny factor or summand, as with a constant that has too few digits.

This file owns when a number is nearly right and how that is said; it must not know where the numbers come from.
Read next: `naming.py` and `fitting.py`, which ask it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["NEARLY", "Pair", "factor", "in_words", "summand"]

NEARLY = 2e-3  # relative: 2.3 for ln 10 is off by 1.1e-3
ENOUGH = 3  # points; fewer say little


class Pair(NamedTuple):
    """What is claimed, what is right, and how exactly that is known."""

    claimed: float
    right: float
    error: float


def in_words(pairs: Sequence[Pair]) -> str:
    """How the claimed numbers differ from the right ones, if they are nearly right at every point; else "".

    Example:
        >>> import math
        >>> from autograd.check.diagnosis.nearly import Pair, in_words
        >>> in_words([Pair(3.14159 * x, math.pi * x, 1e-12) for x in (1.0, 2.0, 3.0)])
        '{rule} times 1 - 8.4e-07'
        >>> in_words([Pair(x + 1e-5, x, 1e-12) for x in (1.0, 2.0, 3.0)])
        '{rule} plus 1e-05'
        >>> in_words([Pair(x**2, x, 1e-12) for x in (1.0, 2.0, 3.0)])
        ''
    """
    known = [pair for pair in pairs if math.isfinite(pair.error) and math.isfinite(pair.claimed)]
    size = max((abs(pair.right) for pair in known), default=0.0)
    if len(known) < ENOUGH or any(abs(pair.claimed - pair.right) > NEARLY * size for pair in known):
        return ""
    ratios = [(c / d - 1, e / abs(d)) for c, d, e in known if d]
    part = common(ratios)
    if part:
        return factor(part)
    part = common([(c - d, e) for c, d, e in known])
    if part:
        return summand(part)
    off = [abs(c / d - 1) for c, d, e in known if d and abs(c - d) > e]
    # None are left where the wrong number itself is known too badly to be compared.
    return f"{{rule}}, off by at most {max(off):.2g} of its size," if off else ""


def factor(part: float) -> str:
    """A factor 1 + part in words."""
    return f"{{rule}} times 1 {'+' if part > 0 else '-'} {abs(part):.2g}"


def summand(part: float) -> str:
    """A summand in words."""
    return f"{{rule}} {'plus' if part > 0 else 'minus'} {abs(part):.2g}"


def common(numbers: Sequence[tuple[float, float]]) -> float | None:
    """The number that all of these are up to their errors, by the most exact one; None if there is none, or it is 0."""
    if len(numbers) < ENOUGH:
        return None
    best, error = min(numbers, key=lambda pair: pair[1])
    same = all(abs(x - best) <= 2 * (e + error) for x, e in numbers)
    return best if same and abs(best) > error else None
