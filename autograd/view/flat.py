"""A computation as lists of numbers, for what must be quick with a million nodes.

This module owns the indices of Values and the operands as indices, and must not know what they are used for.
Read next: `groups.py`, which puts the nodes into boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..engine import Value, toposort

__all__ = ["Flat", "flatten"]


@dataclass(frozen=True, slots=True)
class Flat:
    """The Values of a computation by index, operands before results.

    Attributes:
        order: The Values.
        operands: For each the indices of its operands, in order and with multiplicity, without number operands.
        constants: How many number operands each has.
        roots: The indices of the outputs.
    """

    order: Sequence[Value]
    operands: Sequence[Sequence[int]]
    constants: Sequence[int]
    roots: Sequence[int]

    @property
    def total(self) -> int:
        """How many Values and constants there are."""
        return len(self.order) + sum(self.constants)


def flatten(roots: Sequence[Value]) -> Flat:
    """The computation of some Values.

    Example:
        >>> a = Value(3.0)
        >>> flat = flatten([a * a + 1])
        >>> flat.operands, flat.constants, flat.total
        ([(), (0, 0), (1,)], [0, 0, 1], 4)
    """
    order = toposort(roots[0]) if len(roots) == 1 else toposort(Value(0.0, roots))[:-1]
    index = {v: i for i, v in enumerate(order)}
    operands: list[Sequence[int]] = []
    constants: list[int] = []
    for v in order:
        a, b = v.a, v.b
        if type(b) is tuple:
            found = tuple([index[x] for x in b if x is not None])
            numbers = len(b) - len(found)
        elif b is not None:
            found = (index[b],) if a is None else (index[a], index[b])
            numbers = 2 - len(found)
        elif a is not None:
            found = (index[a],)
            numbers = 0 if v.db is None else 1
        else:
            found, numbers = (), 0 if v.op is None else len(v.operands)
        operands.append(found)
        constants.append(numbers)
    return Flat(order, operands, constants, [index[root] for root in roots])
