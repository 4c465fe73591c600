"""Rules of users that say something else as expressions than as functions, found out at the numbers at hand.

This module owns how a rule as it was read is held against the rule itself, and must not know who will use it.
A function can find out that it is being read, as by `type(x)`, or be another one at each call, as with random numbers.
Read next: `javascript.py`, which translates what was read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from ..engine import Op, Value, floats, no_rule
from ..expressions import Expression, Untraceable, forward_expression, partial_expressions
from ..expressions.values import values_of
from ..functions import OPS

__all__ = ["misread"]

TABLE = frozenset(OPS)


def misread(values: Iterable[Value | None]) -> frozenset[tuple[Op, int]]:
    """The operations, with their numbers of operands, whose rules do not give what their expressions give.

    Args:
        values: Nodes; the operation of each is computed once more at its operands, in both ways. Those of the table
            are not, since they are read rightly.

    Example:
        >>> from autograd import Op, Value
        >>> odd = Op("odd", "odd", 1, lambda x: x * 2 if type(x) is float else x * 3, lambda y, x: (2.0,))
        >>> misread([odd(Value(1.0))])
        frozenset({(<Op odd>, 1)})
    """
    reader = _Reader()
    found: set[tuple[Op, int]] = set()
    for v in values:
        if v is None or v.op is None or v.op in TABLE or v.op.partials is no_rule:
            continue
        xs = floats(v.operands)
        if (v.op, len(xs)) not in found and not reader.agrees(v.op, xs):
            found.add((v.op, len(xs)))
    return frozenset(found)


class _Reader:
    """Computes operations as they were read; each is read once."""

    def __init__(self) -> None:
        self.forwards: dict[tuple[Op, int], Expression] = {}
        self.partials: dict[tuple[Op, int], tuple[Expression, ...]] = {}

    def agrees(self, op: Op, xs: tuple[float, ...]) -> bool:
        """Whether the operation is, to the bit, what it was read as; true of one that cannot be read."""
        try:
            used = op, len(xs)
            if used not in self.partials:
                self.partials[used] = partial_expressions(*used)
                self.forwards[used] = forward_expression(*used)
            value = _attempted(lambda: [op.forward(*xs)])
            if not _same(value, _attempted(lambda: [self.apply(op, xs)])):
                return False
            if value is None:
                return True
            (y,) = value
            rule = _attempted(lambda: op.partials(op.forward(*xs), *xs))
            return _same(rule, _attempted(lambda: values_of(self.partials[used], xs, y, self.apply)))
        except Untraceable:
            return True
        except Exception:  # of the user's, or a recursion that is too deep
            return False

    def apply(self, op: Op, xs: tuple[float, ...]) -> float:
        """The value of an operation, by its expression unless it is the table's."""
        if op in TABLE:
            return op.forward(*xs)
        used = op, len(xs)
        if used not in self.forwards:
            self.forwards[used] = forward_expression(*used)
        return values_of([self.forwards[used]], xs, math.nan, self.apply)[0]


def _attempted(compute: Callable[[], Iterable[float]]) -> list[float] | None:
    """What is computed; None where it is undefined."""
    try:
        return [float(x) for x in compute()]
    except Untraceable:
        raise
    except (ValueError, ZeroDivisionError):
        return None


def _same(first: Sequence[float] | None, second: Sequence[float] | None) -> bool:
    """Whether both are undefined, or the same numbers, signs of zeros included."""
    if first is None or second is None:
        return first is second
    pairs = zip(first, second, strict=True)
    return all(a != a and b != b if a != a or b != b else a == b and math.copysign(1, a) == math.copysign(1, b)
               for a, b in pairs)  # fmt: skip
