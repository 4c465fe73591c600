"""What entries about wrong local partials have in common.

This file owns the shared texts and the short form of a way; it must not know of single mistakes.
Read next: `partials_functions.py`, the first entries.
"""

from __future__ import annotations

from collections.abc import Callable

from .mistakes import Way
from .model import At

__all__ = ["CHAIN", "LOCAL", "PLACE", "SOLUTION", "local"]

LOCAL = "local derivatives: every operation knows the derivative of its result by each of its operands"
CHAIN = "chain rule: an operand receives the local partial times the gradient that has arrived at the result"
SOLUTION = """\
the local partial of `{op}` by its {operand} is {rule}. In the style of closures:
{line}
An engine with stored local gradients stores {rule}."""
PLACE = "in the backward step of `{op}`, the line for the {operand}."


def local(partial: Callable[[At], float], text: str, *ops: str, position: int | None = None) -> Way:
    """A wrong local partial, in the right place of the chain rule."""
    return Way(partial, text, ops, position, local=True)
