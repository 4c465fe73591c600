"""Points around one point, with the right partials of a float function, by differences, and the claimed ones.

This file owns evaluating what somebody else wrote where nobody asked them to; it must not know of mistakes.
Read next: `naming.py`, which names what is wrong by these points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..exact import real
from ..verdict import WRONG, Judgement, judge

__all__ = ["Function", "Gradient", "Sample", "is_wrong", "samples"]

STEPS = (0.0, 0.11, -0.13, 0.23, -0.29, 0.37)  # how far to go from the point, beside its size

Function = Callable[..., Any]
Gradient = Callable[..., Sequence[Any]]


class Sample(NamedTuple):
    """One point.

    Attributes:
        xs: The operands.
        y: The value.
        right: The right partials, by differences.
        claimed: The claimed ones.
        errors: The errors of the right ones; inf where these are doubtful.
    """

    xs: tuple[float, ...]
    y: float
    right: tuple[float, ...]
    claimed: tuple[float, ...]
    errors: tuple[float, ...]


def samples(f: Function, df: Gradient, xs: Sequence[float]) -> list[Sample]:
    """The function and its claimed partials at the point and around it, as far as both are defined.

    Where one of them raises an exception, of whatever kind, it counts as undefined: they need not be made for other
    points than the one that was asked for.
    """
    found = []
    for step in STEPS:
        point = tuple([x + step * max(abs(x), 0.5) * (1 + 0.17 * k) for k, x in enumerate(xs)])
        y, claimed = value(f, point), partials(df, point)
        if y is None or claimed is None:
            continue
        judged = [judged_at(f, point, y, i, d) for i, d in enumerate(claimed)]
        right = tuple([judgement.numeric for judgement in judged])
        if all(map(math.isfinite, right)):
            found.append(Sample(point, y, right, claimed, tuple([judgement.error for judgement in judged])))
    return found


def is_wrong(f: Function, s: Sample, i: int) -> bool:
    """Whether the claimed partial by operand i is wrong at this point."""
    return judged_at(f, s.xs, s.y, i, s.claimed[i]).verdict == WRONG


def judged_at(f: Function, point: tuple[float, ...], y: float, i: int, claimed: float) -> Judgement:
    """The derivative by operand i by differences, beside a claimed one."""
    return judge(lambda t: value(f, (*point[:i], t, *point[i + 1 :])), point[i], y, claimed)


def value(f: Function, point: Sequence[float]) -> float | None:
    """The function at a point; None where it is undefined."""
    try:
        y = real(f(*point))
    except Exception:  # it is somebody else's
        return None
    return y if math.isfinite(y) else None


def partials(df: Gradient, point: Sequence[float]) -> tuple[float, ...] | None:
    """The claimed partials at a point; None where they are undefined, or are not one for each operand."""
    try:
        claimed = tuple([float(d) for d in df(*point)])
    except Exception:  # it is somebody else's
        return None
    return claimed if len(claimed) == len(point) else None
