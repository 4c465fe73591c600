"""A node as the forward pass left it: its operands, each with the local partial that was stored beside it.

This file owns how the flat slots of a `Value` are read by everybody but the engine; it must know nothing of checking,
drawing or training, and imports the standard library alone.
Read next: `derivatives.py`, which reads the rules again, as Values.
"""

from __future__ import annotations

from typing import NamedTuple

from .engine import Value, floats, no_rule
from .errors import AutogradError

__all__ = ["Partial", "follows", "stored_partials"]


class Partial(NamedTuple):
    """The local partial ∂node/∂operand.

    Attributes:
        position: Which operand it is, from 0.
        operand: The operand, a Value; number operands have no stored partial.
        partial: The local partial at the time of the forward pass.
    """

    position: int
    operand: Value
    partial: float


def stored_partials(v: Value) -> list[Partial]:
    """The operands of a node that are Values, in order and with multiplicity, with the partials stored for them.

    Returns:
        Nothing for a leaf, and for a node that was made by hand from `_children`, which has no rule.

    Example:
        >>> from autograd import Value
        >>> from autograd.partials import stored_partials
        >>> a = Value(3.0)
        >>> [(position, operand.data, partial) for position, operand, partial in stored_partials(a * a)]
        [(0, 3.0, 3.0), (1, 3.0, 3.0)]
        >>> [found.position for found in stored_partials(2 - a)]
        [1]
    """
    if type(v.b) is tuple:
        pairs = enumerate(zip(v.b, v.db or (), strict=v.db is not None))
        return [Partial(i, x, d) for i, (x, d) in pairs if x is not None]
    sides = ((0, v.a, v.da), (1, v.b, v.db))
    return [Partial(i, x, d) for i, x, d in sides if x is not None and d is not None]


def follows(v: Value) -> bool:
    """Whether v is what its operation gives of its operands' data now; true of leaves, and of what has no rule.

    Cost: The operation is evaluated once.

    Example:
        >>> from autograd import Value
        >>> from autograd.partials import follows
        >>> x = Value(2.0)
        >>> y = x * 3
        >>> before = follows(y)
        >>> x.data = 5.0
        >>> before, follows(y)
        (True, False)
    """
    if v.op is None or v.op.partials is no_rule:
        return True
    try:
        now = v.op.evaluate(floats(v.operands), v.operands)
    except (AutogradError, ArithmeticError):
        return False
    return now == v.data or (now != now and v.data != v.data)
