"""The numbers that expressions give.

This file owns how an expression is computed, and must not know how it was read.
Of a choice the chosen side alone is computed, since the other one may be undefined.
Read next: `terms.py`, what there is in an expression.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from ..engine import Op
from .terms import Apply, Both, Choice, Comparison, Either, Expression, Number, Operand, Part, Result, parts

__all__ = ["RELATIONS", "values_of"]

RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne}


def values_of(
    expressions: Sequence[Expression], xs: Sequence[float], y: float, apply: Callable[[Op, tuple[float, ...]], float]
) -> tuple[float, ...]:
    """The numbers that expressions give.

    Args:
        expressions: Expressions, which may share parts; each part is computed once.
        xs: The operands.
        y: The result, which a rule may use.
        apply: What computes another operation: `op.forward(*xs)`, for one.

    Raises:
        ValueError: Where an expression is undefined. What `apply` raises is raised too.

    Example:
        >>> from autograd.expressions import partial_expressions
        >>> from autograd.expressions.values import values_of
        >>> from autograd.functions import tanh
        >>> values_of(partial_expressions(tanh, 1), [0.0], 0.0, lambda op, xs: op.forward(*xs))
        (1.0,)
    """
    known: dict[Part, float] = {}
    stack: list[Part] = list(reversed(expressions))
    while stack:
        part = stack[-1]
        waiting = [below for below in _needed(part, known) if below not in known]
        if waiting:
            stack += reversed(waiting)
        else:
            known[stack.pop()] = _value(part, known, xs, y, apply)
    return tuple([known[expression] for expression in expressions])


def _needed(part: Part, known: dict[Part, float]) -> Sequence[Part]:
    """What a part is computed from, as far as is known now."""
    if not isinstance(part, Choice):
        return parts(part)
    if part.condition not in known:
        return (part.condition,)
    return (part.then if known[part.condition] else part.otherwise,)


def _value(
    part: Part, known: dict[Part, float], xs: Sequence[float], y: float, apply: Callable[[Op, tuple[float, ...]], float]
) -> float:
    match part:
        case Number(value):
            return value
        case Operand(position):
            return xs[position]
        case Result():
            return y
        case Apply(op, operands):
            return float(apply(op, tuple([known[x] for x in operands])))
        case Choice(condition, then, otherwise):
            return known[then if known[condition] else otherwise]
        case Comparison(relation, left, right):
            return bool(RELATIONS[relation](known[left], known[right]))
        case Both(left, right):
            return known[left] and known[right]
        case Either(left, right):
            return known[left] or known[right]
    raise ValueError("undefined")
