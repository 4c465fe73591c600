"""What a rule is run on when it is read: symbols, which note what is done with them.

This file owns how arithmetic, comparisons and decisions become terms, and must not know what is made of these.
What a term cannot say, as a function of `math`, is refused at once, and the reading remembers that it was: a rule
that catches the refusal, as `except Exception` does, is not read either.
Read next: `../engine.py`, whose `recording` sends the arithmetic here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

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


def _refused(why: str) -> Callable[..., NoReturn]:
    """A method that a float has, and a term has not."""

    def method(self: Symbol, *_: Any) -> NoReturn:
        raise self.reading.untraceable(why)

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

    @property  # type: ignore[misc]  # read only; what `isinstance` asks for, unless it is about Value
    def __class__(self) -> type[Symbol]:
        if str(sys._getframe(1).f_globals.get("__name__")).partition(".")[0] == __name__.partition(".")[0]:
            return type(self)
        raise self.reading.untraceable("asks what an operand is an instance of")

    def __getattr__(self, name: str) -> NoReturn:
        if name in Symbol.__slots__:  # of a copy that is not finished
            raise AttributeError(name)
        raise self.reading.untraceable(f"uses the attribute {name!r:.60} of an operand")

    def detach(self) -> Value:
        """Itself, since a rule is read for its value and not for the derivatives of that."""
        return self

    def __bool__(self) -> bool:
        return self.reading.decide(self.reading.make(Comparison, "!=", self.expression, self.reading.make(Number, 0.0)))

    def __eq__(self, other: object) -> Any:
        if not self.reading.floats:
            raise self.reading.untraceable("compares with == or !=, which asks whether two Values are the same object")
        return (self <= other) & (self >= other)

    def __ne__(self, other: object) -> Any:
        if not self.reading.floats:
            raise self.reading.untraceable("compares with == or !=, which asks whether two Values are the same object")
        reading = self.reading
        return Question(reading, reading.make(Comparison, "!=", self.expression, reading.expression(other)))

    __hash__ = _refused("looks an operand up by its hash, as in a set or a dict")
    __repr__ = __str__ = _refused("writes an operand as text")
    __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = __rdivmod__ = _refused("divides with % or //")

    def __mod__(self, other: Any) -> Any:
        if not self.reading.floats:
            raise self.reading.untraceable("divides with % or //")
        return self.reading.remainder(self, other)

    __lt__, __le__, __gt__, __ge__ = map(_compared, ("<", "<=", ">", ">="))  # type: ignore[assignment]


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
