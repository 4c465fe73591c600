"""The cases of the conformance suite, in groups.

This package owns what must hold, at which level; it must not know whose class is examined or where it runs.
Read next: `operators.py`, the first group.
"""

from __future__ import annotations

from collections.abc import Collection

from ..case import Case
from .edges import edges
from .functions import functions
from .mixed import mixed
from .operators import operators
from .passes import passes
from .refused import refused
from .sharing import order, sharing
from .size import depth_of_the_lesson, size

__all__ = ["cases", "mixed", "single"]

EVERYTHING = frozenset({
    "add", "sub", "mul", "div", "pow", "neg", "radd", "rsub", "rmul", "rdiv", "exp", "log", "tanh", "relu", "sigmoid",
    "sin", "cos", "sqrt", "square", "constants",
})  # fmt: skip


def single() -> tuple[Case, ...]:
    """The cases of one operation each, which say what the random programs may be made of."""
    return (*operators(), *functions())


def cases(sound: Collection[str] = EVERYTHING) -> tuple[Case, ...]:
    """All cases, in the order in which they are run.

    Args:
        sound: The operations that random programs are made of, reflected operators as "radd".

    Example:
        >>> from autograd.check.conformance.cases import cases
        >>> [case.name for case in cases() if case.group == "order"]
        ['order/a short way and a long one', 'order/a long way and a short one', 'order/a result of a result', \
'order/three ways']
    """
    by_hand = (*single(), *sharing(), *order(), *passes(), *depth_of_the_lesson())
    return (*by_hand, *mixed(sound), *edges(), *refused(), *size())
