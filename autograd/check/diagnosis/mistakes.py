"""What a mistake of the catalogue is: its name, the ways in which engines make it, and what is said about it.

This file owns the form of an entry; it must not know how a mistake is found.
Read next: `structure.py`, `partials.py`, `operators.py`, the entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .model import At, Model

__all__ = ["Mistake", "Way"]


@dataclass(frozen=True, slots=True)
class Way:
    """One wrong local contribution.

    Attributes:
        slip: The contribution.
        text: What stands in the place of the right rule, in words, with x or a, b for operands and y for the result.
        ops: The operations in which it is looked for; () for all.
        position: The operand at which it is looked for; None for every one.
        local: Whether it is a wrong local partial, to be multiplied by the arrived gradient as the engine does that.
    """

    slip: Callable[[At], float]
    text: str
    ops: tuple[str, ...] = ()
    position: int | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """One entry of the catalogue.

    Attributes:
        key: Its name.
        title: One line; `{op}` is the operation.
        idea: The idea of the lecture that it belongs to.
        hints: A question, the place, the solution. `{op}`, `{operand}` (as "first operand"), `{rule}` (the right local
            partial), `{line}` (a closure's right line) and `{symbol}` may stand in them.
        level: The lowest level of conformance at which it breaks a case.
        models: Engines that make it, for mistakes of structure.
        ways: Wrong contributions, for mistakes of one operation.
    """

    key: str
    title: str
    idea: str
    hints: tuple[str, str, str]
    level: str = "lesson"
    models: tuple[type[Model], ...] = ()
    ways: tuple[Way, ...] = ()
