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
from .passes import changed_data, passes
from .refused import refused
from .sharing import beside, order, sharing
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
        sound: The operations that are right by themselves, for cases of several: reflected operators as "radd", and
            "constants" if plain numbers may stand on the right of operators.

    Example:
        >>> from autograd.check.conformance.cases import cases
        >>> [case.name for case in cases() if case.group == "order"]
        ['order/a short way and a long one', 'order/a long way and a short one', 'order/a result of a result', \
'order/three ways']
    """
    shared = (*sharing(), *beside(sound), *order())
    several = (*passes(), changed_data(sound), *depth_of_the_lesson(), *mixed(sound))
    return (*single(), *shared, *several, *edges(), *refused(), *size())
