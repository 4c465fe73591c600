"""A rule is read: run on symbols, once for each combination of its decisions.

This file owns how the runs are ordered and joined, and must not know any rule. A rule decides with `choose`, `if` and
comparisons; where two runs part, their results become the two sides of a `Choice`. What may be undefined, as a
quotient, is made to fail once at each place, to see that the rule lets the error pass: one that catches it is not read.
Read next: `symbols.py`, what the rules are run on.

References:
    J. C. King, Symbolic execution and program testing, 1976.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..engine import Op, Value, add, mul, neg, number, pos, power, recording, sub
from ..errors import DivisionByZeroError
from .primitives import POWER, REMAINDER, Translation
from .symbols import Symbol
from .terms import Apply, Choice, Condition, Expression, Number, Operand, Result, Terms, Undefined, Untraceable

__all__ = ["Reading", "forward_expression", "partial_expressions"]

EVERYWHERE = (add, sub, mul, neg, pos)  # operations that have a value wherever their operands are
MOST_RUNS = 2**10  # combinations of decisions
MOST_DECISIONS = 1000  # of one run, which might never end


def partial_expressions(
    op: Op, count: int, rewritten: Mapping[str, Callable[..., Any]] | None = None
) -> tuple[Expression, ...]:
    """The local partials of an operation, as its rule computes them.

    Args:
        op: The operation.
        count: The number of its operands.
        rewritten: If given, functions of `math` are read too, as primitives, and both sides of a `choose` at once;
            the functions in it are read instead of those that they are given for, by full name.

    Returns:
        One expression for each operand, of the operands and the result. They share what the rule shares.

    Raises:
        Untraceable: If the rule leaves arithmetic, the functions of this package and comparisons, as with
            `math.exp(x)`; if it goes on after an operation that is undefined, as with `try`; if it makes more than
            1024 combinations of decisions; or if it does not give `count` derivatives.

    Cost: one run of the rule for each combination of its decisions, and for each place where it applies an operation.

    Example:
        >>> from autograd.expressions import partial_expressions
        >>> from autograd.functions import relu
        >>> partial_expressions(relu, 1)[0].condition
        Comparison(relation='<=', left=Operand(position=0), right=Number(value=0.0))
    """
    reading = Reading(op, "rule")
    rule = op.partials if rewritten is None else Translation(reading, rewritten).of(op.partials)
    return reading.of(lambda y, *xs: _derivatives(op, rule(y, *xs), count), count, with_result=True)


def forward_expression(op: Op, count: int, rewritten: Mapping[str, Callable[..., Any]] | None = None) -> Expression:
    """The result of an operation, where its `forward` is arithmetic, comparisons and functions of this package.

    Args:
        op: The operation.
        count: The number of its operands.
        rewritten: If given, functions of `math` are read too, as for `partial_expressions`; an operand is then taken
            to be a float and no nan, and a function to overflow to infinity.

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
        autograd.expressions.terms.Untraceable: exp: its forward takes an operand as a float, as functions of `math` do
        >>> forward_expression(exp, 1, {})
        Apply(op=<Op math.exp>, operands=(Operand(position=0),))
    """
    reading = Reading(op, "forward", floats=rewritten is not None)
    forward = op.forward if rewritten is None else Translation(reading, rewritten).of(op.forward)
    return reading.of(lambda *xs: (forward(*xs),), count, with_result=False)[0]


def _derivatives(op: Op, sides: Any, count: int) -> tuple[Any, ...]:
    if type(sides) is not tuple or len(sides) != count:
        raise Untraceable(f"{op.name}: its rule gave {type(sides).__name__}, not a tuple of {count} derivatives")
    return sides


Place = tuple[tuple[Any, int], ...]  # of an operation in a rule: the functions being called, and how far each has come


class _Undefined(DivisionByZeroError, OverflowError):  # noqa: N818  (what it says of the operation)
    """Whatever an operation may raise on floats: every `except` that would catch that catches this."""


class Reading(Terms):
    """One reading of one function: which expressions there are, and which decisions this run has made."""

    def __init__(self, op: Op, what: str, *, floats: bool = False) -> None:
        super().__init__()
        self.op, self.what = op, what
        self.floats = floats  # operands stand for floats, whose overflow is infinity: `except OverflowError` is passed
        self.forced: list[bool] = []  # how the first decisions of this run are made; all others hold
        self.conditions: list[Condition] = []  # what was decided in this run, in order
        self.decided: dict[Condition, bool] = {}
        self.refused: Untraceable | None = None  # the first refusal, which the function may have caught
        self.places: dict[Place, None] = {}  # where operations were applied that may be undefined
        self.failing: Place | None = None  # the place whose operation is undefined in this run
        self.failed_after = -1  # decisions

    def untraceable(self, why: str) -> Untraceable:
        """The error that names the operation and says why it cannot be read; it counts even if it is caught."""
        error = Untraceable(f"{self.op.name}: its {self.what} {why}")
        self.refused = self.refused or error
        return error

    def expression(self, x: Any) -> Any:
        """What a symbol stands for, or the number."""
        if isinstance(x, Symbol):
            return x.expression
        if isinstance(x, Value):
            raise self.untraceable("uses a Value that is not one of its operands")
        return self.make(Number, number(x))

    def apply(self, op: Op, operands: tuple[Any, ...]) -> Value:
        """What takes the place of computing, while the function runs."""
        if self.floats and op is power:
            op = POWER
        if op not in EVERYWHERE:
            place = self.place()
            self.places.setdefault(place)
            if place == self.failing:
                self.failed_after = len(self.conditions)
                raise DivisionByZeroError if self.floats else _Undefined
        return Symbol(self, self.make(Apply, op, tuple([self.expression(x) for x in operands])))

    def remainder(self, x: Any, y: Any) -> Value:
        """The remainder of a division of floats."""
        return self.apply(REMAINDER, (x, y))

    def place(self) -> Place:
        """Where the function is now."""
        found: list[tuple[Any, int]] = []
        frame = sys._getframe(2)
        while frame.f_code is not Reading.run.__code__ and frame.f_back is not None:
            found.append((frame.f_code, frame.f_lasti))
            frame = frame.f_back
        return tuple(found)

    def decide(self, condition: Condition) -> bool:
        """Which way this run goes."""
        if condition not in self.decided:
            at = len(self.conditions)
            if at == MOST_DECISIONS:
                raise self.untraceable(f"makes more than {MOST_DECISIONS} decisions")
            self.conditions.append(condition)
            self.decided[condition] = self.forced[at] if at < len(self.forced) else True
        return self.decided[condition]

    def run(self, function: Callable[..., tuple[Any, ...]], symbols: Sequence[Symbol]) -> tuple[Expression, ...] | None:
        """The results of one combination of decisions; None where the function raises."""
        self.conditions, self.decided = [], {}
        found: tuple[Expression, ...] | None = None
        try:
            with recording(self.apply):
                found = tuple([self.expression(x) for x in function(*symbols)])
        except (ValueError, ZeroDivisionError):
            pass
        except Exception as error:
            if self.refused is None and not isinstance(error, DivisionByZeroError):
                raise self.untraceable(f"fails on symbols: {type(error).__name__}: {error}") from error
        if self.refused is not None:
            raise self.refused
        return found

    def check_failures(
        self, function: Callable[..., tuple[Any, ...]], symbols: Sequence[Symbol], places: Sequence[Place]
    ) -> None:
        """Runs the function again for each place, where its operation is undefined then: it must raise at once."""
        for place in places:
            self.failing, self.failed_after = place, -1
            if self.run(function, symbols) is not None or self.failed_after != len(self.conditions):
                raise self.untraceable("goes on after an operation that is undefined, as with `try`")
        self.failing = None

    def of(self, function: Callable[..., tuple[Any, ...]], count: int, *, with_result: bool) -> tuple[Expression, ...]:
        """The results of the function, over all combinations of its decisions.

        The combinations are visited as the leaves of a tree, from the left: all decisions hold at first; then the last
        one that held is turned, until none is left. `thens` are the finished left sides of those turned.
        """
        symbols = [Symbol(self, self.make(Operand, i)) for i in range(count)]
        symbols = [Symbol(self, self.make(Result)), *symbols] if with_result else symbols
        thens: list[tuple[Expression, ...] | None] = []
        self.forced = []
        for _ in range(MOST_RUNS):
            known = len(self.places)
            found = self.run(function, symbols)
            conditions = self.conditions
            decisions = self.forced + [True] * (len(conditions) - len(self.forced))
            self.check_failures(function, symbols, list(self.places)[known:])
            while decisions and not decisions[-1]:
                decisions.pop()
                found = self.merged(conditions[len(decisions)], thens.pop(), found)
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
