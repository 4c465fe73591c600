"""The rules of the table as expressions: what a rule computes, written down instead of computed.

This file owns the third reading of a rule, on symbols instead of floats or Values, and must not know for whom it is: a
language, an array library, a page. Nothing is simplified: an expression gives bit for bit what the rule gives.
Read next: `derivatives.py`, the second reading, or `view/javascript.py`, which writes expressions in a language.

A rule decides with `choose`, `if` and comparisons. It is run once for each combination of its decisions, and where two
runs part, their results become the two sides of a `Choice`.

References:
    J. C. King, Symbolic execution and program testing, 1976.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .engine import Op, Value, number, recording
from .errors import AutogradError

__all__ = [
    "Apply", "Both", "Choice", "Comparison", "Condition", "Either", "Expression", "Number", "Operand", "Part", "Result",
    "Undefined", "Untraceable", "forward_expression", "in_order", "partial_expressions", "parts",
]  # fmt: skip

MOST_RUNS = 2**13  # combinations of decisions
MOST_DECISIONS = 1000  # of one run, which might never end


class Untraceable(AutogradError):  # noqa: N818  (an adjective, as what it says of the rule)
    """A rule cannot be read as an expression, as one that calls a function of `math`."""


# --- what there is in an expression. Equal parts of one reading are the same object, hence `is` compares ------


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


# --- the two ways to read a row -------------------------------------------------------------------------------


def partial_expressions(op: Op, count: int) -> tuple[Expression, ...]:
    """The local partials of an operation, as its rule computes them.

    Args:
        op: The operation.
        count: The number of its operands.

    Returns:
        One expression for each operand, of the operands and the result. They share what the rule shares.

    Raises:
        Untraceable: If the rule leaves arithmetic, the functions of this package and comparisons, as with
            `math.exp(x)`; if it makes more than 8192 combinations of decisions; or if it does not give `count`
            derivatives.

    Cost: one run of the rule for each combination of its decisions.

    Example:
        >>> from autograd.expressions import partial_expressions
        >>> from autograd.functions import relu
        >>> partial_expressions(relu, 1)[0].condition
        Comparison(relation='<=', left=Operand(position=0), right=Number(value=0.0))
    """
    return _Reading(op, "rule").of(lambda y, *xs: _derivatives(op, op.partials(y, *xs), count), count, with_result=True)


def forward_expression(op: Op, count: int) -> Expression:
    """The result of an operation, where its `forward` is arithmetic, comparisons and functions of this package.

    Args:
        op: The operation.
        count: The number of its operands.

    Returns:
        The expression, of the operands. Where the operation is undefined by a comparison, it is `Undefined()` there.

    Raises:
        Untraceable: If `forward` does anything else, as the table's own functions do that are made of `math`.

    Numerics:
        `sum` of Python 3.12 and newer compensates for rounding, where the expression adds from the left.

    Example:
        >>> from autograd.expressions import forward_expression
        >>> from autograd.functions import exp, square
        >>> forward_expression(square, 1)
        Apply(op=<Op mul>, operands=(Operand(position=0), Operand(position=0)))
        >>> forward_expression(exp, 1)
        Traceback (most recent call last):
        autograd.expressions.Untraceable: exp: its forward takes an operand as a float, as functions of `math` do
    """
    return _Reading(op, "forward").of(lambda *xs: (op.forward(*xs),), count, with_result=False)[0]


def _derivatives(op: Op, sides: Any, count: int) -> tuple[Any, ...]:
    if type(sides) is not tuple or len(sides) != count:
        raise Untraceable(f"{op.name}: its rule gave {type(sides).__name__}, not a tuple of {count} derivatives")
    return sides


class _Reading:
    """One reading of one function: which expressions there are, and which decisions this run has made."""

    def __init__(self, op: Op, what: str) -> None:
        self.op, self.what = op, what
        self.known: dict[Hashable, Any] = {}
        self.forced: list[bool] = []  # how the first decisions of this run are made; all others hold
        self.conditions: list[Condition] = []  # what was decided in this run, in order
        self.decided: dict[Condition, bool] = {}

    def untraceable(self, why: str) -> Untraceable:
        return Untraceable(f"{self.op.name}: its {self.what} {why}")

    def make(self, kind: type[Any], *content: Any) -> Any:
        """The expression of this kind and content: the same one if it was made before."""
        key = (kind, *[repr(x) if isinstance(x, float) else x for x in content])  # repr: -0.0 is not 0.0, nan is nan
        if key not in self.known:
            self.known[key] = kind(*content)
        return self.known[key]

    def expression(self, x: Any) -> Any:
        """What a symbol stands for, or the number."""
        if isinstance(x, _Symbol):
            return x.expression
        if isinstance(x, Value):
            raise self.untraceable("uses a Value that is not one of its operands")
        return self.make(Number, number(x))

    def apply(self, op: Op, operands: tuple[Any, ...]) -> Value:
        """What takes the place of computing, while the function runs."""
        return _Symbol(self, self.make(Apply, op, tuple([self.expression(x) for x in operands])))

    def decide(self, condition: Condition) -> bool:
        """Which way this run goes."""
        if condition not in self.decided:
            at = len(self.conditions)
            if at == MOST_DECISIONS:
                raise self.untraceable(f"makes more than {MOST_DECISIONS} decisions")
            self.conditions.append(condition)
            self.decided[condition] = self.forced[at] if at < len(self.forced) else True
        return self.decided[condition]

    def run(
        self, function: Callable[..., tuple[Any, ...]], symbols: Sequence[_Symbol]
    ) -> tuple[Expression, ...] | None:
        """The results of one combination of decisions; None where the function raises."""
        self.conditions, self.decided = [], {}
        try:
            with recording(self.apply):
                return tuple([self.expression(x) for x in function(*symbols)])
        except Untraceable:
            raise
        except (ValueError, ZeroDivisionError):
            return None
        except Exception as error:
            raise self.untraceable(f"fails on symbols: {type(error).__name__}: {error}") from error

    def of(self, function: Callable[..., tuple[Any, ...]], count: int, *, with_result: bool) -> tuple[Expression, ...]:
        """The results of the function, over all combinations of its decisions.

        The combinations are visited as the leaves of a tree, from the left: all decisions hold at first; then the last
        one that held is turned, until none is left. `thens` are the finished left sides of those turned.
        """
        symbols = [_Symbol(self, self.make(Operand, i)) for i in range(count)]
        symbols = [_Symbol(self, self.make(Result)), *symbols] if with_result else symbols
        thens: list[tuple[Expression, ...] | None] = []
        self.forced = []
        for _ in range(MOST_RUNS):
            found = self.run(function, symbols)
            decisions = self.forced + [True] * (len(self.conditions) - len(self.forced))
            while decisions and not decisions[-1]:
                decisions.pop()
                found = self.merged(self.conditions[len(decisions)], thens.pop(), found)
            if not decisions:
                return found if found is not None else (self.make(Undefined),) * (count if with_result else 1)
            thens.append(found)
            decisions[-1] = False
            self.forced = decisions
        raise self.untraceable(f"makes more than {MOST_RUNS} combinations of decisions")

    def merged(
        self, condition: Condition, then: tuple[Expression, ...] | None, otherwise: tuple[Expression, ...] | None
    ) -> tuple[Expression, ...] | None:
        """The results with a choice where the two sides differ."""
        size = len(then or otherwise or ())
        nothing = (self.make(Undefined),) * size
        pairs = zip(then or nothing, otherwise or nothing, strict=True)
        return tuple([a if a is b else self.make(Choice, condition, a, b) for a, b in pairs]) if size else None


# --- what the rules are run on --------------------------------------------------------------------------------


def _compared(relation: str) -> Callable[[_Symbol, Any], _Question]:
    def method(self: _Symbol, other: Any) -> _Question:
        reading = self.reading
        return _Question(reading, reading.make(Comparison, relation, self.expression, reading.expression(other)))

    return method


class _Symbol(Value):
    """Stands for an operand or a result where a rule expects a float or a Value."""

    __slots__ = ("expression", "reading")

    def __init__(self, reading: _Reading, expression: Expression) -> None:
        self.reading, self.expression = reading, expression

    @property
    def data(self) -> float:  # type: ignore[override]  # a slot of Value
        raise self.reading.untraceable("takes an operand as a float, as functions of `math` do")

    def detach(self) -> Value:
        return self  # the rule is read for its value

    def __bool__(self) -> bool:
        return self.reading.decide(self.reading.make(Comparison, "!=", self.expression, self.reading.make(Number, 0.0)))

    def __eq__(self, other: object) -> bool:
        raise self.reading.untraceable("compares with == or !=, which asks whether two Values are the same object")

    __lt__, __le__, __gt__, __ge__ = map(_compared, ("<", "<=", ">", ">="))  # type: ignore[assignment]
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{self.expression}>"


class _Question(_Symbol):
    """The result of a comparison: a condition, which counts as 1 or 0 in arithmetic, as bool does."""

    __slots__ = ("condition",)

    def __init__(self, reading: _Reading, condition: Condition) -> None:
        one, zero = reading.make(Number, 1.0), reading.make(Number, 0.0)
        super().__init__(reading, reading.make(Choice, condition, one, zero))
        self.condition = condition

    def __bool__(self) -> bool:
        return self.reading.decide(self.condition)

    def __and__(self, other: _Question) -> _Question:
        return _Question(self.reading, self.reading.make(Both, self.condition, other.condition))

    def __or__(self, other: _Question) -> _Question:
        return _Question(self.reading, self.reading.make(Either, self.condition, other.condition))
