"""What a rule is run on when it is read: symbols, which note what is done with them.

This file owns how arithmetic, comparisons and decisions become terms, and must not know what is made of these.
What a term cannot say, as a function of `math`, is refused at once, so that nothing is ever read wrongly.
Read next: `../engine.py`, whose `recording` sends the arithmetic here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..engine import Value
from .terms import Both, Choice, Comparison, Condition, Either, Expression, Number

if TYPE_CHECKING:
    from .reading import Reading

__all__ = ["Question", "Symbol"]


def _compared(relation: str) -> Callable[[Symbol, Any], Question]:
    def method(self: Symbol, other: Any) -> Question:
        reading = self.reading
        return Question(reading, reading.make(Comparison, relation, self.expression, reading.expression(other)))

    return method


class Symbol(Value):
    """Stands for an operand or a result where a rule expects a float or a Value."""

    __slots__ = ("expression", "reading")

    def __init__(self, reading: Reading, expression: Expression) -> None:
        self.reading, self.expression = reading, expression

    @property
    def data(self) -> float:  # type: ignore[override]  # a slot of Value
        """What there is none of."""
        raise self.reading.untraceable("takes an operand as a float, as functions of `math` do")

    def detach(self) -> Value:
        """Itself, since a rule is read for its value and not for the derivatives of that."""
        return self

    def __bool__(self) -> bool:
        return self.reading.decide(self.reading.make(Comparison, "!=", self.expression, self.reading.make(Number, 0.0)))

    def __eq__(self, other: object) -> bool:
        raise self.reading.untraceable("compares with == or !=, which asks whether two Values are the same object")

    __lt__, __le__, __gt__, __ge__ = map(_compared, ("<", "<=", ">", ">="))  # type: ignore[assignment]
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{self.expression}>"


class Question(Symbol):
    """The result of a comparison: a condition, which counts as 1 or 0 in arithmetic, as bool does."""

    __slots__ = ("condition",)

    def __init__(self, reading: Reading, condition: Condition) -> None:
        one, zero = reading.make(Number, 1.0), reading.make(Number, 0.0)
        super().__init__(reading, reading.make(Choice, condition, one, zero))
        self.condition = condition

    def __bool__(self) -> bool:
        return self.reading.decide(self.condition)

    def __and__(self, other: Question) -> Question:
        return Question(self.reading, self.reading.make(Both, self.condition, other.condition))

    def __or__(self, other: Question) -> Question:
        return Question(self.reading, self.reading.make(Either, self.condition, other.condition))
