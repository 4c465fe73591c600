"""Tracers: Values that stand for a number of the sample, a parameter, or what is computed from these, during a trace.

This file owns what a function may do with them: compute and compare. What would read a number that is another one for
the next sample is a `TraceError`, which says what to write instead. It must not know how rows are written.
Read next: `tracing.py`.

A Tracer has no slots of its own, so that a parameter can be one for the time of a trace and a Value again after it: its
node stands where a Value has its first operand, its trail where the second is.
"""

from __future__ import annotations

import linecache
import math
import operator
import re
import sys
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

from ..engine import NUMBERS, Value
from ..errors import TraceError
from ..functions import OPS

__all__ = ["TracedInteger", "TracedNumber", "Tracer", "refusal", "where"]

OWN = __name__.partition(".")[0]
MATH = {op.name for op in OPS}


def where() -> tuple[str, int, str]:
    """The file, the number and the text of the user's line that is being run: the innermost outside of this package."""
    frame: Any = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == OWN:
        frame = frame.f_back
    file = frame.f_code.co_filename
    return file, frame.f_lineno, linecache.getline(file, frame.f_lineno, frame.f_globals).strip()


def refusal(what: str, remedy: str) -> TraceError:
    """The error for the user's line that is being run: what it does that a trace cannot follow, and what to write."""
    file, line, text = where()
    called = re.search(r"\b(?:math|cmath)\.(\w+)\(", text)
    if called and called[1] in MATH:
        remedy = f"write autograd.{called[1]}(...) for math.{called[1]}(...)"
    return TraceError(f"{file}:{line}: {text}\n    {what}: {remedy}")


def _refused(what: str, remedy: str) -> Any:
    def method(*_: Any, **__: Any) -> Any:
        raise refusal(what, remedy)

    return method


def _unreadable(name: str, remedy: str) -> Any:
    def change(self: Any, value: Any) -> None:
        raise refusal(f"changes .{name} of a Value while it is traced", "change parameters after the call")

    return property(_refused(f"reads .{name} of a Value, which is another one for every sample", remedy), change)


def _comparison(relation: str) -> Any:
    def method(self: Tracer, other: Any) -> bool:
        return self.trail.decide(relation, self, other) if isinstance(other, (Value, *NUMBERS)) else NotImplemented

    return method


FLOAT = _refused("takes the number out of a Value, which is another one for every sample",
                 "leave float() away, and use functions of autograd")  # fmt: skip
WHOLE = _refused("makes a whole number of a Value, which is another one for every sample",
                 "write autograd.floor(v) or autograd.round(v), or give whole numbers as ints")  # fmt: skip
GRAPH = "leave derivatives to the compiled function: they are what it computes"


class Tracer(Value):
    """A Value of which the node is known. Its attributes `node`, `number` and `trail` are the slots of a Value."""

    __slots__ = ()
    node: Any = Value.__dict__["a"]
    number: Any = Value.__dict__["data"]
    trail: Any = Value.__dict__["b"]

    data = _unreadable("data", "use the Value itself, or v.detach() for a constant, as max(logits).detach()")
    grad = _unreadable("grad", GRAPH)
    a, b, da, db = (_unreadable(name, GRAPH) for name in ("a", "b", "da", "db"))
    backward = _refused("calls backward() while it is traced", GRAPH)

    __lt__, __le__, __gt__, __ge__ = map(_comparison, ("<", "<=", ">", ">="))
    __float__ = FLOAT
    __int__ = __trunc__ = __floor__ = __ceil__ = __round__ = __index__ = WHOLE

    def __bool__(self) -> bool:
        return bool(self.trail.decide("!=", self, 0.0))

    def __format__(self, spec: str) -> str:
        return format(self.number, spec)

    def __repr__(self) -> str:
        return f"Value(data={self.number}, traced)"

    def detach(self) -> Any:
        """The same number, through which no gradient goes."""
        return self.trail.detach(self)


class TracedNumber(Tracer):
    """What is a float when the function is called eagerly: a number of the sample, or computed from such alone."""

    __slots__ = ()
    __hash__ = _refused("uses a number of the sample as a key", "give whole numbers as ints")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TracedNumber) or (isinstance(other, NUMBERS) and not isinstance(other, Value)):
            return not self.trail.decide("!=", self, other)
        return NotImplemented

    def __ne__(self, other: object) -> bool:
        same = self.__eq__(other)
        return same if same is NotImplemented else not same


def _read(function: Callable[..., Any]) -> Any:
    """A method that reads the whole number as it is: the tape then holds for this one alone."""
    return lambda self, *others: function(
        self.read(), *[x.read() if isinstance(x, TracedInteger) else x for x in others]
    )


def _read_reflected(function: Callable[..., Any]) -> Any:
    return lambda self, other: function(other, self.read()) if isinstance(other, NUMBERS) else NotImplemented


class TracedInteger(TracedNumber):
    """A whole number of the sample. In sums and products it is a number; as an index or a key it is read."""

    __slots__ = ()
    columns: Any = Value.__dict__["da"]

    def read(self) -> int:
        """The whole number; its columns are noted."""
        self.trail.integers_read.update(self.columns)
        return int(self.number)

    __index__ = __int__ = __trunc__ = __floor__ = __ceil__ = _read(int)
    __float__, __hash__, __round__, __format__, __str__ = map(_read, (float, hash, round, format, str))
    __eq__, __ne__ = map(_read, (operator.eq, operator.ne))
    __mod__, __floordiv__, __divmod__, __and__, __or__, __xor__, __lshift__, __rshift__ = map(_read, (
        operator.mod, operator.floordiv, divmod, operator.and_, operator.or_, operator.xor, operator.lshift,
        operator.rshift))  # fmt: skip
    __rmod__, __rfloordiv__, __rdivmod__, __rand__, __ror__, __rxor__ = map(_read_reflected, (
        operator.mod, operator.floordiv, divmod, operator.and_, operator.or_, operator.xor))  # fmt: skip
    __invert__ = _read(operator.invert)


Real.register(TracedNumber)
Integral.register(TracedInteger)
