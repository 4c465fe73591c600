"""A wrong derivative of one float function, named by what it is at several points.

This file owns sampling around a point and the comparison with the catalogue; it must not know of graphs.
Read next: `partials.py`, the mistakes that it compares with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..programs import TABLE
from ..verdict import WRONG, judge
from .fitting import careful
from .mistakes import Mistake, Way
from .model import At
from .partials import PARTIALS

__all__ = ["Named", "Sample", "is_wrong", "name", "ratio", "samples"]

STEPS = (0.0, 0.11, -0.13, 0.23, -0.29, 0.37)  # how far to go from the point, beside its size
LAST = ("operand-for-derivative",)  # what fits by chance more often
ENOUGH = 3  # points at which a mistake must fit; fewer say little
CLOSE = 1e-6  # relative: the differences know about as many digits, and mistakes are larger

Function = Callable[..., float]
Gradient = Callable[..., Sequence[float]]


class Sample(NamedTuple):
    """One point: the operands, the value, the right partials by differences, and the claimed ones."""

    xs: tuple[float, ...]
    y: float
    right: tuple[float, ...]
    claimed: tuple[float, ...]


class Named(NamedTuple):
    """A mistake that fits at every point, and what stands in the place of the right rule."""

    mistake: Mistake
    text: str
    op: str


def samples(f: Function, df: Gradient, xs: Sequence[float]) -> list[Sample]:
    """The function and its claimed partials at the point and around it, as far as both are defined."""
    found = []
    for step in STEPS:
        point = tuple([x + step * max(abs(x), 0.5) * (1 + 0.17 * k) for k, x in enumerate(xs)])
        try:
            y, claimed = float(f(*point)), tuple(map(float, df(*point)))
        except (ArithmeticError, ValueError, TypeError):
            continue
        right = tuple([slope(f, point, k, y) for k in range(len(point))])
        if math.isfinite(y) and len(claimed) == len(point) and all(map(math.isfinite, right)):
            found.append(Sample(point, y, right, claimed))
    return found


def slope(f: Function, point: tuple[float, ...], k: int, y: float) -> float:
    """The derivative by operand k, by differences; nan where there is none."""

    def along(t: float) -> float | None:
        try:
            return float(f(*point[:k], t, *point[k + 1 :]))
        except (ArithmeticError, ValueError):
            return None

    return judge(along, point[k], y, math.inf).numeric


def name(found: Sequence[Sample], i: int, op: str) -> Named | None:
    """The mistake that the claimed partial by operand i is, at every point; None if no one fits.

    Args:
        found: The points.
        i: The operand.
        op: The name of the operation, "" if it has none.
    """
    if len(found) < ENOUGH:
        return None
    for known, extended in known_as(found, op):
        for mistake in PARTIALS:
            for way in mistake.ways:
                if (
                    known in way.ops
                    and mistake.key not in LAST
                    and way.position in (None, i)
                    and fits(way, extended, i)
                ):
                    return Named(mistake, way.text, known)
    for mistake in PARTIALS:
        for way in mistake.ways:
            if not way.ops and fits(way, found, i):
                return Named(mistake, way.text, op)
    return exchanged(found, i, op)


def exchanged(found: Sequence[Sample], i: int, op: str) -> Named | None:
    """Whether the claimed partial by operand i is that by another operand, at every point."""
    swapped = next(mistake for mistake in PARTIALS if mistake.key == "swapped-operands")
    for k in range(len(found[0].xs)):
        if k != i and all(math.isclose(s.claimed[i], s.right[k], rel_tol=CLOSE) for s in found):
            return Named(swapped, f"the one by operand {k}", op)
    return None


def ratio(found: Sequence[Sample], i: int) -> float | None:
    """The factor by which the claimed partial is wrong, if it is the same at every point; else None."""
    factors = [s.claimed[i] / s.right[i] for s in found if s.right[i]]
    same = len(factors) >= ENOUGH and all(math.isclose(factor, factors[0], rel_tol=CLOSE) for factor in factors)
    return factors[0] if same else None


def known_as(found: Sequence[Sample], op: str) -> Iterator[tuple[str, Sequence[Sample]]]:
    """The operations of the table whose values these are, whatever the function is called, its own name first."""
    arity = len(found[0].xs)
    same = [other.name for other in TABLE.values()
            if other.arity == arity and all(is_value(other.forward, s) for s in found)]  # fmt: skip
    yield from ((name, found) for name in dict.fromkeys((op, *same)))
    exponent = power_of(found) if arity == 1 and not same else None
    if exponent is not None:  # x**3 is a**b with b = 3
        yield "pow", [Sample((*s.xs, exponent), s.y, (*s.right, 0.0), s.claimed) for s in found]


def is_value(forward: Function, s: Sample) -> bool:
    """Whether the operation has this value at this point."""
    try:
        return math.isclose(forward(*s.xs), s.y, rel_tol=1e-9, abs_tol=1e-12)
    except (ArithmeticError, ValueError):
        return False


def power_of(found: Sequence[Sample]) -> float | None:
    """The exponent n, if the values are x**n with n a half or a whole number; else None."""
    s = found[0]
    if s.xs[0] <= 0 or s.y <= 0 or s.xs[0] == 1:
        return None
    n = round(2 * math.log(s.y) / math.log(s.xs[0])) / 2
    return n if n not in (0, 1) and all(is_value(lambda x: x**n, other) for other in found) else None


def fits(way: Way, found: Sequence[Sample], i: int) -> bool:
    """Whether the claimed partial by operand i is what this mistake gives, at every point."""
    slip = careful(way)
    pairs = [(slip.of(At(s.xs, s.y, s.right, i, 1.0)), s.claimed[i], s.right[i]) for s in found]
    return all(math.isclose(wrong, claimed, rel_tol=CLOSE, abs_tol=CLOSE * abs(d)) for wrong, claimed, d in pairs)


def is_wrong(f: Function, s: Sample, i: int) -> bool:
    """Whether the claimed partial by operand i is wrong at this point."""

    def along(t: float) -> float | None:
        try:
            return float(f(*s.xs[:i], t, *s.xs[i + 1 :]))
        except (ArithmeticError, ValueError):
            return None

    return judge(along, s.xs[i], s.y, s.claimed[i]).verdict == WRONG
