"""A wrong derivative of one float function, named by what it is at several points.

This file owns the comparison of such points with the catalogue; it must not know of graphs.
Read next: `sampling.py`, where the points come from; `partials.py`, the mistakes that they are compared with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..programs import TABLE
from .candidates import careful
from .mistakes import Mistake, Way
from .model import At
from .nearly import Pair, in_words
from .partials import BY_KEY, PARTIALS
from .sampling import Sample

__all__ = ["Named", "name", "ratio"]

LAST = ("operand-for-derivative",)  # what fits by chance more often
# A rule gives local partials: it does not see the gradient that arrives.
NOT_IN_RULES = ("relu-mask-by-grad", "missing-chain-factor", "added-chain-factor", "chain-factor-squared")
ENOUGH = 3  # points at which a mistake must fit; fewer say little
CLOSE = 1e-6  # relative: the differences know about as many digits, and mistakes are larger


class Named(NamedTuple):
    """A mistake that fits at every point, and what stands in the place of the right rule."""

    mistake: Mistake
    text: str
    op: str


def name(found: Sequence[Sample], i: int, op: str) -> Named | None:
    """The mistake that the claimed partial by operand i is, at every point; None if no one fits.

    Args:
        found: The points.
        i: The operand.
        op: The name of the operation, "" if it has none.
    """
    if len(found) < ENOUGH:
        return None
    op = op if has_arity(op, len(found[0].xs)) else ""
    operations = [*known_as(found, op)]
    nearly = in_words([Pair(s.claimed[i], s.right[i], s.errors[i]) for s in found])
    if nearly:
        return Named(BY_KEY["inexact-constant"], nearly, operations[-1][0])
    if both_exchanged(found):
        return Named(BY_KEY["swapped-operands"], "the one by the other operand", operations[-1][0])
    for known, extended in operations:
        for mistake, way in in_rules():
            if known in way.ops and mistake.key not in LAST and way.position in (None, i) and fits(way, extended, i):
                return Named(mistake, way.text, known)
    for mistake, way in in_rules():
        if not way.ops and fits(way, found, i):
            return Named(mistake, way.text, op)
    return exchanged(found, i, op)


def in_rules() -> Iterator[tuple[Mistake, Way]]:
    """The mistakes that a rule can make, the most plausible first."""
    return ((mistake, way) for mistake in PARTIALS if mistake.key not in NOT_IN_RULES for way in mistake.ways)


def both_exchanged(found: Sequence[Sample]) -> bool:
    """Whether each of two operands has the partial of the other one, at every point, and that is a difference."""
    if len(found[0].xs) != 2 or all(same(*s.right) for s in found):
        return False
    return all(same(s.claimed[0], s.right[1]) and same(s.claimed[1], s.right[0]) for s in found)


def exchanged(found: Sequence[Sample], i: int, op: str) -> Named | None:
    """Whether the claimed partial by operand i is that by another operand, at every point."""
    for k in range(len(found[0].xs)):
        if k != i and all(same(s.claimed[i], s.right[k]) for s in found):
            return Named(BY_KEY["swapped-operands"], f"the one by operand {k}", op)
    return None


def same(x: float, y: float) -> bool:
    """Whether two partials are the same up to the errors of differences."""
    return math.isclose(x, y, rel_tol=CLOSE)


def ratio(found: Sequence[Sample], i: int) -> float | None:
    """The factor by which the claimed partial is wrong, if it is the same at every point; else None."""
    factors = [s.claimed[i] / s.right[i] for s in found if s.right[i]]
    constant = len(factors) >= ENOUGH and all(same(factor, factors[0]) for factor in factors)
    return factors[0] if constant and math.isfinite(factors[0]) else None


def known_as(found: Sequence[Sample], op: str) -> Iterator[tuple[str, Sequence[Sample]]]:
    """The operations of the table whose values these are, whatever the function is called, its own name first."""
    arity = len(found[0].xs)
    alike = [other.name for other in TABLE.values()
             if other.arity == arity and all(is_value(other.forward, s) for s in found)]  # fmt: skip
    yield from ((name, found) for name in dict.fromkeys((op, *alike)))
    exponent = power_of(found) if arity == 1 and not alike else None
    if exponent is not None:  # x**3 is a**b with b = 3
        yield (
            "pow",
            [Sample((*s.xs, exponent), s.y, (*s.right, 0.0), (*s.claimed, 0.0), (*s.errors, 0.0)) for s in found],
        )


def has_arity(op: str, arity: int) -> bool:
    """Whether an operation of this name takes so many operands, as far as the table knows the name."""
    return op not in TABLE or TABLE[op].arity in (None, arity)


def is_value(forward: Callable[..., float], s: Sample) -> bool:
    """Whether the operation has this value at this point."""
    try:
        return math.isclose(forward(*s.xs), s.y, rel_tol=1e-9, abs_tol=1e-12)
    except (ArithmeticError, ValueError, TypeError):  # a complex number, for one
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
