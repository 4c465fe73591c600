"""What operands and arguments are called in texts and in programs.

This file owns the choice of names; it must not know what is said with them.
Read next: `own_words.py`, which says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from string import ascii_lowercase

from ...engine import Value

__all__ = ["as_variables", "called", "variables"]


def variables(count: int) -> tuple[str, ...]:
    """Names for the arguments of a function: x, or a, b, ..."""
    return ("x",) if count == 1 else tuple([letter(k) for k in range(count)])


def letter(k: int) -> str:
    """The k-th name."""
    return ascii_lowercase[k] if k < 13 else f"x{k}"


def called(operands: Sequence[Value | float], given: Mapping[Value, str]) -> tuple[str, ...]:
    """The operands by their labels, by the names that are given, or else by letters; each name once.

    Example:
        >>> from autograd import Value
        >>> from autograd.check.diagnosis.calling import called
        >>> x = Value(1.0)
        >>> called([x, Value(2.0, label="width"), Value(3.0), 4.0], {x: "xs[0]"})
        ('xs[0]', 'width', 'a', 'b')
    """
    known = [(v.label or given.get(v, "")) if isinstance(v, Value) else "" for v in operands]
    known = [name if known.count(name) == 1 else "" for name in known]
    if len(operands) == 1:
        return (known[0] or "x",)
    free = (letter(k) for k in range(2 * len(operands)) if letter(k) not in known)
    return tuple([name or next(free) for name in known])


def as_variables(names: Sequence[str]) -> tuple[str, ...]:
    """The names as they may stand in code; letters if that makes two of them the same.

    Example:
        >>> from autograd.check.diagnosis.calling import as_variables
        >>> as_variables(["ws[0]", "width", "1st layer"])
        ('ws_0', 'width', '_1st_layer')
    """
    found = [re.sub(r"\W+", "_", name).rstrip("_") for name in names]
    found = [f"_{name}" if name[:1].isdigit() or iskeyword(name) or not name else name for name in found]
    return tuple(found) if len({*found}) == len(found) else variables(len(found))
