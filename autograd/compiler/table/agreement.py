"""Whether what was read of an operation is what it does, found out at hostile numbers.

This file owns the numbers and the comparison; it must not know how operations are read. A function of a user's can be
another one when it is read, as one that catches an overflow; the table's are proven by tests and not asked here.
Read next: `arrays.py`.

Example:
    >>> from autograd import exp
    >>> from autograd.compiler.table.agreement import agrees
    >>> from autograd.expressions import forward_expression
    >>> agrees(lambda x: exp.forward(x), [forward_expression(exp, 1, {})], 1)
    True
    >>> agrees(lambda x: min(exp.forward(x), 1e308), [forward_expression(exp, 1, {})], 1)
    False
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ...engine import Op
from ...expressions import Expression
from ...expressions.values import values_of

__all__ = ["agrees", "points"]

NUMBERS = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 3.7, -1e-9, 30.0, -40.0, 709.0, 711.0, -746.0, 1e200, -1e200)
SMALLEST = 1e-300  # below it, numbers have lost digits of their own


def points(count: int) -> Iterator[tuple[float, ...]]:
    """Operands: all pairs for two of them, and as many for more."""
    if count <= 2:
        yield from itertools.product(NUMBERS, repeat=count)
    else:
        for i in range(len(NUMBERS) ** 2):
            yield tuple([NUMBERS[(i + (j + i // 16) * (j + 3)) % len(NUMBERS)] for j in range(count)])


def agrees(
    function: Callable[..., Any], expressions: Sequence[Expression], count: int, *, partials: bool = False
) -> bool:
    """Whether expressions give what a function gives, where it is defined; where it is not, this must be noticed.

    Args:
        function: `forward`, or with `partials` what gives (y, partials) of the operands, partials being empty where
            the operation is undefined.
        expressions: What was read of it.
        count: How many operands there are.
        partials: Whether the expressions are partials.
    """
    for xs in points(count):
        y: float = math.nan
        expected: tuple[Any, ...] = ()
        try:
            y, expected = function(*xs) if partials else (y, (function(*xs),))
        except (ValueError, ArithmeticError):
            if partials:
                return False
        if partials and not expected:
            continue
        noticed: list[Op] = []
        found = values_of(expressions, xs, y, partial(_applied, noticed))
        if not expected and not noticed and math.isfinite(found[0]):
            return False
        if not all(_near(a, float(b)) for a, b in zip(found, expected, strict=bool(expected))):
            return False
    return True


def _near(a: float, b: float) -> bool:
    return a == b or (a != a and b != b) or abs(a - b) <= max(1e-12 * abs(b), SMALLEST)


def _applied(noticed: list[Op], op: Op, xs: tuple[float, ...]) -> float:
    """An operation as arithmetic of floating point has it; what raises a flag there is noticed."""
    try:
        y: Any = op.forward(*xs)
        if not isinstance(y, complex):
            return float(y)
        y = math.nan
    except OverflowError:
        y = math.inf
    except ZeroDivisionError:
        y = xs[0] * math.inf if xs[0] else math.nan
    except ValueError:
        y = math.nan
    noticed.append(op)
    return float(y)
