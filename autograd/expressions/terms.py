"""What an expression is made of: numbers, operands, operations applied, choices and their conditions.

This file owns these terms and their order, and must not know where they come from. Equal parts of one expression are
one object, made once, so that `is` compares, and what a rule shares is shared.
Read next: `reading.py`, which makes them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..engine import Op
from ..errors import AutogradError

__all__ = [
    "Apply", "Both", "Choice", "Comparison", "Condition", "Either", "Expression", "Number", "Operand", "Part", "Result",
    "Terms", "Undefined", "Untraceable", "in_order", "parts",
]  # fmt: skip


class Untraceable(AutogradError):  # noqa: N818  (an adjective, as what it says of the rule)
    """A rule cannot be read as an expression, as one that calls a function of `math`."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number of the rule."""

    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """An operand of the operation, by its position from 0."""

    position: int


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The result y of the operation, which its rule may use."""


@dataclass(frozen=True, slots=True, eq=False)
class Undefined:
    """No value: the operation raises a `DomainError`."""


@dataclass(frozen=True, slots=True, eq=False)
class Apply:
    """The result of another operation."""

    op: Op
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of two: only the chosen side is computed, since the other one may be undefined."""

    condition: Condition
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Whether a relation, `<`, `<=`, `>`, `>=` or `!=`, holds; with nan only the last one does."""

    relation: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """Whether two conditions hold."""

    left: Condition
    right: Condition


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """Whether one of two conditions holds."""

    left: Condition
    right: Condition


Expression: TypeAlias = Number | Operand | Result | Undefined | Apply | Choice
Condition: TypeAlias = Comparison | Both | Either
Part: TypeAlias = Expression | Condition


class Terms:
    """Makes terms, each once."""

    def __init__(self) -> None:
        self.known: dict[Hashable, Any] = {}

    def make(self, kind: type[Any], *content: Any) -> Any:
        """The expression of this kind and content: the same one if it was made before."""
        key = (kind, *[repr(x) if isinstance(x, float) else x for x in content])  # repr: -0.0 is not 0.0, nan is nan
        if key not in self.known:
            self.known[key] = kind(*content)
        return self.known[key]

    def rebuilt(self, part: Part, below: Sequence[Part]) -> Any:
        """A part as that one, made of others."""
        match part:
            case Number(found) | Operand(found):
                return self.make(type(part), found)
            case Apply(op):
                return self.make(type(part), op, tuple(below))
            case Comparison(relation):
                return self.make(Comparison, relation, *below)
        return self.make(type(part), *below)


def parts(part: Part) -> tuple[Part, ...]:
    """What an expression or a condition is directly made of."""
    match part:
        case Apply(_, operands):
            return operands
        case Choice(condition, then, otherwise):
            return condition, then, otherwise
        case Comparison(_, left, right) | Both(left, right) | Either(left, right):
            return left, right
    return ()


def in_order(expressions: Sequence[Part]) -> list[Part]:
    """All that the expressions are made of, each once, parts before what is made of them.

    Example:
        >>> from autograd.expressions import forward_expression, in_order
        >>> from autograd.functions import square
        >>> in_order([forward_expression(square, 1)])
        [Operand(position=0), Apply(op=<Op mul>, operands=(Operand(position=0), Operand(position=0)))]
    """
    order: dict[Part, None] = {}
    stack = list(reversed(expressions))
    while stack:
        part = stack[-1]
        waiting = [below for below in parts(part) if below not in order]
        if waiting:
            stack += reversed(waiting)
        else:
            order.setdefault(stack.pop())
    return list(order)
