"""Random points of ordinary size inside a domain, for marked tests and strategies.

This file owns domains and how numbers are drawn from them; it must know nothing of gradients.
Read next: `marked.py`, which checks functions at such points.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

__all__ = ["Interval", "intervals", "ordinary", "random_point"]

Interval = tuple[float, float]
SPREAD = 2.0  # how far from 0, or from the end of an interval, numbers lie
DIGITS = 4  # significant digits of a drawn number: enough to be nowhere special, and few enough to be read


def intervals(domain: str) -> list[Interval]:
    """The parts of a domain as the table of operations writes them, by their ends.

    Args:
        domain: Intervals joined by `|`, as "(-inf, 0) | (0, inf)". Whether an end belongs to it makes no difference
            here: ends are never drawn.

    Raises:
        ValueError: If it is no such text, or an interval has no number between its ends.

    Example:
        >>> from autograd.check.points import intervals
        >>> intervals("(-inf, 0) | (0, 2]")
        [(-inf, 0.0), (0.0, 2.0)]
    """
    found: list[Interval] = []
    for part in domain.split("|"):
        text = part.strip()
        try:
            low, high = (float(end) for end in text[1:-1].split(","))
        except ValueError:
            low = high = math.nan
        if not (math.nextafter(low, high) < high and text[0] in "([" and text[-1] in ")]"):
            raise ValueError(f"{text!r} is no interval: write it as (0, inf), [-1, 1] or (-inf, 0) | (0, inf)")
        found.append((low, high))
    return found


def ordinary(rng: random.Random, low: float, high: float) -> float:
    """A number inside an interval, of the size that numbers usually have: within a few units of 0 or of the end.

    Example:
        >>> import random
        >>> from autograd.check.points import ordinary
        >>> 0 < ordinary(random.Random(1), 0.0, float("inf")) < 10
        True
    """
    x = low
    while not low < x < high:
        x = _drawn(rng, low, high)
    rounded = float(f"{x:.{DIGITS}g}")
    return rounded if low < rounded < high else x


def _drawn(rng: random.Random, low: float, high: float) -> float:
    if math.isfinite(low) and math.isfinite(high):
        return rng.uniform(low, high)
    if math.isfinite(low):
        return low + abs(rng.gauss(0, SPREAD * max(1.0, math.ulp(low))))
    if math.isfinite(high):
        return high - abs(rng.gauss(0, SPREAD * max(1.0, math.ulp(high))))
    return rng.gauss(0, SPREAD)


def random_point(
    rng: random.Random, names: Sequence[str], domains: Mapping[str, Sequence[Interval]]
) -> tuple[float, ...]:
    """One number for each input, from the domain of its name; from the real line where there is none."""
    line = [(-math.inf, math.inf)]
    return tuple(ordinary(rng, *rng.choice(domains.get(name, line))) for name in names)
