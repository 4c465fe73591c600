"""The table's rules as expressions of primitives: what both executors compute an operation with.

This file owns how the value and the partials of an operation become expressions over arithmetic and the functions of
`math`, other operations of the table being written out; it must not know with what these are computed. It has no rule
of its own but for what `REWRITTEN` names: three functions of the table that arrays would be slow with, or that cannot
be read, written a second time. A test holds them to the table's.
An operation of any number of operands is read with as many as it has, and rolled up: what is the same of each operand
is said once, of all of them.
Read next: `agreement.py`, then `arrays.py`, which computes expressions with numpy.

Example:
    >>> from autograd.compiler.table.kernels import shown, value_expression, partial_expressions
    >>> from autograd.functions import relu, square
    >>> shown(value_expression(square, 1)), shown(value_expression(relu, 1)), shown(partial_expressions(relu, 1)[0])
    ('x0 * x0', 'builtins.max(0, x0)', '0 if x0 <= 0 else 1')
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

from ... import expressions, functions
from ...engine import Op, add, choose, div, mul, neg, no_rule, pos, sub
from ...expressions import (
    Apply,
    Both,
    Choice,
    Comparison,
    Either,
    Expression,
    Number,
    Operand,
    Part,
    Result,
    Terms,
    Undefined,
    Untraceable,
    in_order,
    primitive,
)
from ...expressions.primitives import full_name
from ...functions import OPS
from .agreement import agrees

__all__ = [
    "ARITHMETIC", "Fold", "gradient_expressions", "partial_expressions", "rolled_gradient", "rolled_partials",
    "rolled_value", "shown", "unreadable", "value_expression",
]  # fmt: skip

ARITHMETIC = (add, sub, mul, div, neg, pos)  # with the primitives, all that expressions are made of
LARGER, SMALLER, ABSOLUTE = primitive(builtins.max), primitive(builtins.min), primitive(math.fabs)
KEPT = 1024  # operations, with their numbers of operands


class Fold(Apply):
    """A function of any number applied to the elements of one operand, as `builtins.sum` to all exp(x)."""

    __slots__ = ()


# --- written a second time --------------------------------------------------------------------------------------


def _sigmoid(x: Any) -> Any:
    """The logistic function without a choice, which for arrays (not for floats) is dearer than an exponential."""
    return math.exp(builtins.min(x, 0.0)) / (1.0 + math.exp(-math.fabs(x)))


def _logsumexp(*xs: Any) -> Any:
    """As the table's, which leaves the first of the largest out of the sum; here all are, and ties come in again.

    The table's looks for the place of the largest, which no expression can say. An infinity less itself is nan, and so
    are the others: the largest is then the result.
    """
    m, _, others = _exponentials(xs)
    return choose(others >= 0.0, m + math.log1p(others), m)


def _logsumexp_partials(y: Any, *xs: Any) -> tuple[Any, ...]:
    """As the table's, whose sum is another one than that of its value; here it is the same, and computed once."""
    _, exps, others = _exponentials(xs)
    return tuple([e / (others + 1.0) for e in exps])


def _exponentials(xs: Sequence[Any]) -> tuple[Any, list[Any], Any]:
    """The largest, exp(x - largest), and their sum without one of the largest."""
    m = builtins.max(xs)
    below = [x - m for x in xs]
    exps = [math.exp(b) for b in below]
    smaller = [choose(b < 0.0, 1.0, 0.0) for b in below]
    ties = len(xs) - 1.0 - builtins.sum(smaller)
    return m, exps, builtins.sum([e * s for e, s in zip(exps, smaller, strict=True)]) + ties


REWRITTEN: dict[str, Callable[..., Any]] = {
    full_name(functions._sigmoid): _sigmoid,
    full_name(functions._logsumexp): _logsumexp,
    full_name(functions._logsumexp_partials): _logsumexp_partials,
}


# --- reading ----------------------------------------------------------------------------------------------------


@lru_cache(KEPT)
def value_expression(op: Op, count: int) -> Expression:
    """The value of an operation as an expression of arithmetic and primitives, of its operands.

    Where the operation is undefined by a comparison, the expression is `Undefined()`; where it is so since a primitive
    is, as a logarithm, nothing says so.

    Raises:
        Untraceable: If `forward` cannot be read: see `unreadable`.
    """
    operands = [_TERMS.make(Operand, i) for i in range(count)]
    read = expressions.forward_expression(op, count, REWRITTEN)
    written = cast(Expression, _written([read], operands)[0])
    if any(isinstance(part, Undefined) for part in in_order([written])):
        defined = cast(Expression, _written([read], operands, all_defined=True)[0])
        written = defined if agrees(op.forward, [defined], count) else written  # a power is no finite number there
    elif op not in OPS and not agrees(op.forward, [written], count):
        raise Untraceable(f"{op.name}: its forward is another function when it is read")
    return written


@lru_cache(KEPT)
def partial_expressions(op: Op, count: int) -> tuple[Expression, ...]:
    """The local partials of an operation, one an operand, of its operands and its result.

    Raises:
        Untraceable: If `partials` cannot be read.
    """
    operands = [_TERMS.make(Operand, i) for i in range(count)]
    written = _written(expressions.partial_expressions(op, count, REWRITTEN), operands, all_defined=True)

    def computed(*xs: float) -> tuple[float, Any]:
        try:
            y = op.forward(*xs)
        except (ValueError, ArithmeticError):
            return math.nan, ()
        return y, op.partials(y, *xs)

    if op not in OPS and not agrees(computed, written, count, partials=True):
        raise Untraceable(f"{op.name}: its rule is another one when it is read")
    return tuple(written)


def unreadable(op: Op, count: int) -> str | None:
    """Why an operation cannot be read, so that it is computed number by number; None if it can."""
    try:
        value_expression(op, count)
        partial_expressions(op, count)
    except Untraceable as error:
        return str(error)
    return None


@lru_cache(KEPT)
def rolled_value(op: Op, count: int) -> Expression | None:
    """The value of an operation of any number, of one operand that stands for all; None if it is no such expression."""
    return _rolled_up([value_expression(op, count)] * count)


@lru_cache(KEPT)
def rolled_partials(op: Op, count: int) -> Expression | None:
    """The partial by an operand, of that operand, of folds over all of them and of the result; None if there is none.

    Example:
        >>> from autograd.compiler.table.kernels import rolled_partials, rolled_value, shown
        >>> from autograd.functions import OPS
        >>> mean = next(op for op in OPS if op.name == "mean")
        >>> shown(rolled_value(mean, 5)), shown(rolled_partials(mean, 5))
        ('builtins.sum(*x) / 5', '0.2')
    """
    return _rolled_up(partial_expressions(op, count))


@lru_cache(KEPT)
def gradient_expressions(op: Op, count: int) -> tuple[Expression | None, ...]:
    """Each partial times the gradient that arrives, which is operand `count`; None where no gradient goes.

    Example:
        >>> from autograd.compiler.table.kernels import gradient_expressions, shown
        >>> from autograd.engine import sub
        >>> [shown(expression) for expression in gradient_expressions(sub, 2)]
        ['x2', '-x2']
    """
    return tuple([_times(partial, count) for partial in partial_expressions(op, count)])


@lru_cache(KEPT)
def rolled_gradient(op: Op, count: int) -> tuple[Expression | None, ...] | None:
    """As `gradient_expressions`, one for all operands: operand 0 is all of them, 1 the gradient that arrives."""
    partial = rolled_partials(op, count)
    if isinstance(partial, Apply) and partial.op is div and not _is_vector(partial.operands[1]):
        quotient = _TERMS.make(Apply, div, (_TERMS.make(Operand, 1), partial.operands[1]))  # one number a sample
        return (_TERMS.make(Apply, mul, (partial.operands[0], quotient)),)
    return None if partial is None else (_times(partial, 1),)


def _is_vector(part: Part) -> bool:
    """Whether an expression that is rolled up differs from operand to operand."""
    waiting = [part]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Operand):
            return True
        waiting += () if isinstance(found, Fold) else expressions.parts(found)
    return False


def _times(partial: Expression, position: int) -> Expression | None:
    if isinstance(partial, Number) and partial.value == 0.0:
        return None
    return cast(Expression, _applied(mul, [_TERMS.make(Operand, position), partial], True))


_TERMS = Terms()


def _written(given: Sequence[Expression], operands: Sequence[Expression], *, all_defined: bool = False) -> list[Any]:
    """Expressions with the operations of the table written out, of operands that are expressions.

    With `all_defined`, what is undefined is never chosen.
    """
    known: dict[Part, Any] = {}
    for part in in_order(given):
        match part:
            case Operand(position):
                known[part] = operands[position]
            case Apply(op, xs):
                known[part] = _applied(op, [known[x] for x in xs], all_defined)
            case Choice(condition, then, otherwise):
                sides = [known[side] for side in (then, otherwise)]
                if all_defined and any(isinstance(side, Undefined) for side in sides):
                    sides = [side for side in sides if not isinstance(side, Undefined)] * 2 or sides
                known[part] = _chosen(known[condition], sides[0], sides[1])
            case _:
                known[part] = _TERMS.rebuilt(part, [known[x] for x in expressions.parts(part)])
    return [known[part] for part in given]


def _applied(op: Op, xs: list[Any], all_defined: bool) -> Any:
    """An operation applied; what costs an array operation and does nothing is left out."""
    if op not in ARITHMETIC and op.partials is not no_rule:
        return _written([expressions.forward_expression(op, len(xs), REWRITTEN)], xs, all_defined=all_defined)[0]
    if op.name == "math.hypot" and len(xs) == 1:
        op = ABSOLUTE
    if all(isinstance(x, Number) for x in xs):
        try:
            return _TERMS.make(Number, float(op.forward(*[x.value for x in xs])))
        except (ValueError, ArithmeticError):
            return _TERMS.make(Undefined)
    if op is mul and any(isinstance(x, Number) and x.value == -1.0 for x in xs):
        op, xs = neg, [next(x for x in xs if not (isinstance(x, Number) and x.value == -1.0))]
    one = [isinstance(x, Number) and x.value == 1.0 for x in xs]
    if op is pos or (op in (mul, div) and one[1]):
        return xs[0]
    if op is mul and one[0]:
        return xs[1]
    if op.name == "math.fabs" and isinstance(xs[0], Apply) and xs[0].op is neg:
        xs = [xs[0].operands[0]]
    return _TERMS.make(Apply, op, tuple(xs))


def _chosen(condition: Any, then: Any, otherwise: Any) -> Any:
    """A choice; the larger or smaller of a number and an operand, which if it is nan is chosen, is told as that."""
    if then is otherwise or _is_finite(condition):
        return then
    sides = {condition.left, condition.right} if isinstance(condition, Comparison) else set()
    if isinstance(then, Number) and sides == {then, otherwise}:
        first = condition.left is then
        if condition.relation != "!=":
            smaller = first == (condition.relation in ("<", "<="))
            return _TERMS.make(Apply, SMALLER if smaller else LARGER, (then, otherwise))
    return _TERMS.make(Choice, condition, then, otherwise)


def _is_finite(condition: Any) -> bool:
    """Whether it asks that something is finite: where that matters, an infinity becomes a nan, which is noticed."""
    sides = [condition.left, condition.right] if isinstance(condition, Both) else []
    bounds = [side.right.value for side in sides if isinstance(side, Comparison) and isinstance(side.right, Number)]
    return bounds == [-math.inf, math.inf]


# --- rolling up -------------------------------------------------------------------------------------------------


def _rolled_up(given: Sequence[Expression]) -> Expression | None:
    if len(given) < 2:
        return None
    try:
        return cast(Expression, _Roll(len(given)).vector(tuple(given)))
    except Untraceable:
        return None


class _Roll:
    """One expression for n > 1 of them that differ in which operand they are of.

    What is the same in all of them is a scalar; the operands 0, 1, ..., n - 1 are the vector, `Operand(0)`.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.vectors: dict[tuple[Part, ...], Any] = {}
        self.scalars: dict[Part, Any] = {}

    def vector(self, given: tuple[Any, ...]) -> Any:
        if given not in self.vectors:
            self.vectors[given] = self.made(given)
        return self.vectors[given]

    def made(self, given: tuple[Any, ...]) -> Any:
        first = given[0]
        if all(part is first for part in given):
            return self.scalar(first)
        kinds = {(type(part), getattr(part, "op", getattr(part, "relation", None))) for part in given}
        if len(kinds) > 1:
            raise Untraceable("different at different places")
        below = [expressions.parts(part) for part in given]
        if isinstance(first, Operand) and all(part.position == i for i, part in enumerate(given)):
            return _TERMS.make(Operand, 0)
        if not below[0] or len({len(found) for found in below}) > 1:
            raise Untraceable("different at different places")
        return self.rebuilt(first, [self.vector(tuple(column)) for column in zip(*below, strict=True)])

    def scalar(self, part: Any) -> Any:
        if part not in self.scalars:
            for found in in_order([part]):
                self.scalars.setdefault(found, None)
                self.scalars[found] = self.scalar_of(found)
        return self.scalars[part]

    def scalar_of(self, part: Any) -> Any:
        """What is no vector: a fold of one, or made of what is none."""
        if isinstance(part, Number | Result | Undefined):
            return part
        below = expressions.parts(part)
        if isinstance(part, Apply) and part.op.name in FOLDED and len(below) == self.count:
            try:
                return _TERMS.make(Fold, part.op, (self.vector(below),))
            except Untraceable:
                pass
        made = [self.scalars[found] for found in below]
        return None if not made or None in made else self.rebuilt(part, made)

    @staticmethod
    def rebuilt(part: Any, below: list[Any]) -> Any:
        if None in below:
            raise Untraceable("of a single operand")
        return _TERMS.rebuilt(part, below)


FOLDED = ("builtins.sum", "builtins.max", "builtins.min", "math.prod", "math.hypot")


def shown(part: Part) -> str:
    """An expression as text, for reading; x0, x1, ... are the operands, x is the vector of a rolled one."""
    is_rolled = any(isinstance(found, Fold) for found in in_order([part]))
    text: dict[Part, str] = {}
    for found in in_order([part]):
        text[found] = _shown(found, [text[below] for below in expressions.parts(found)], is_rolled)
    return text[part]


def _shown(part: Part, xs: list[str], is_rolled: bool) -> str:
    match part:
        case Number(value):
            return f"{value:g}"
        case Operand(position):
            return "x" if is_rolled else f"x{position}"
        case Result():
            return "y"
        case Fold(op, _):
            return f"{op.name}(*{xs[0]})"
        case Apply(op, _):
            return op.code.format(*xs) if op.code else f"{op.name}({', '.join(xs)})"
        case Choice():
            return f"{xs[1]} if {xs[0]} else {xs[2]}"
        case Comparison(relation):
            return f"{xs[0]} {relation} {xs[1]}"
        case Both() | Either():
            return f"({xs[0]} {'and' if isinstance(part, Both) else 'or'} {xs[1]})"
    return "undefined"
