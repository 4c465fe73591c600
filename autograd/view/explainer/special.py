"""What a learner should know of factors and products that are 0, infinite or undefined.

This file owns these sentences; it must not know how paths are found.
Read next: `chain.py`, which tells them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from ...engine import Value
from ...partials import follows
from .document import Derivative, Line
from .paths import Factor, Path

__all__ = ["changed_line", "special_lines"]


def changed_line(results: Iterable[Value]) -> list[Line]:
    """A warning if operands no longer have the data that one of these nodes was computed from.

    Cost: Each operation is evaluated once.
    """
    text = "The data of an operand was changed since: value and partials are those of the forward pass."
    return [] if all(map(follows, results)) else [(text,)]


def special_lines(
    factors: Iterable[Factor], paths: Sequence[Path], write: Callable[[Factor], Derivative]
) -> list[Line]:
    """One sentence for each kind of special number among the factors and products that are shown."""
    lines: list[Line] = []
    listed = list(factors)
    if zero := _first(listed, lambda d: d == 0):
        lines.append((write(zero), " = 0: no change passes here, so every path through it adds 0."))
    if infinite := _first(listed, math.isinf):
        sign = "inf" if infinite.partial > 0 else "-inf"
        lines.append((write(infinite), f" = {sign}: the slope is infinite at this point."))
    if undefined := _first(listed, math.isnan):
        lines.append((write(undefined), " = nan: there is no derivative at this point, and nan makes every sum nan."))
    kinds = {_kind(path) for path in paths}
    return lines + [(sentence,) for kind, sentence in SENTENCES.items() if kind in kinds]


SENTENCES = {
    "both": "0 · inf is nan: a path that is both closed and infinite has no defined product.",
    "large": "A product of finite factors is larger than the largest float: it becomes inf.",
    "small": "A product of factors that are not 0 is smaller than the smallest float: it becomes 0.",
}


def _first(factors: Iterable[Factor], holds: Callable[[float], bool]) -> Factor | None:
    return next((f for f in factors if holds(f.partial)), None)


def _kind(path: Path) -> str:
    """Why a product is special though no single factor says so; "" if it is not."""
    partials = [f.partial for f in path.factors]
    product = path.product
    if math.isnan(product) and not any(map(math.isnan, partials)):
        return "both"
    if math.isinf(product) and not any(map(math.isinf, partials)):
        return "large"
    return "small" if product == 0 and 0 not in partials else ""
