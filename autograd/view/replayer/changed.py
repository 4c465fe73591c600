"""What a replay says where data was changed after the forward pass, and results no longer follow from their operands.

This module owns how that is found out, and must not know how it is shown.
The engine keeps results and local partials of the forward pass, and so does a replay, whose gradients are the engine's.
Read next: `replay.py`, whose page says it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...engine import Value
from ...partials import follows
from ..text import printable, shortened

__all__ = ["changed_note"]


def changed_note(values: Iterable[Value | None], names: Iterable[str] = ()) -> str:
    """A note about the first result that does not follow from the data of its operands; "" if all follow.

    Args:
        values: The nodes, operands before results; None is passed over.
        names: What each is called; without it, a node goes by its label.

    Cost: Every operation is computed once more, up to the first that comes out differently.

    Example:
        >>> from autograd import Value
        >>> x = Value(2.0, label="x")
        >>> y = x * 3
        >>> changed_note([x, y])
        ''
        >>> x.data = 5.0
        >>> changed_note([x, y], ["x", "y"]).split(":")[0]
        'The data of an operand of y was changed since y was computed'
    """
    called = iter(names)
    for v in values:
        name = next(called, "")
        if v is not None and not follows(v):
            name = name or shortened(printable(v.label), 24).strip() or "a node"
            return (
                f"The data of an operand of {name} was changed since {name} was computed: results and gradients are "
                "those of the forward pass. Compute the output again to replay the new numbers."
            )
    return ""
