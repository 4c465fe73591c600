"""Tracers: Values that stand for a number of the sample, a parameter, or what is computed from these, during a trace.

This file owns what a function may do with them: compute and compare. What would read a number that is another one for
the next sample is a `TraceError`, which says what to write instead. It must not know how rows are written.
Read next: `trail.py`.

A Tracer has no slots of its own, so that a parameter can be one for the time of a trace and a Value again after it: its
node stands where a Value has its first operand, its trail where the second is.

    >>> import math
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (math.tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0)
    Traceback (most recent call last):
    ...
    autograd.errors.TraceError: ...: write autograd.tanh(...) for math.tanh(...)
"""

from __future__ import annotations

import dis
import linecache
import operator
import re
import sys
from collections.abc import Callable
from functools import cache, wraps
from numbers import Integral, Real
from threading import get_ident
from traceback import walk_tb
from typing import Any

from ...engine import NUMBERS, Value, record
from ...errors import TraceError
from ...functions import OPS
from .outside import OWN, is_library_file
from .tape import detached

__all__ = [
    "TracedInteger",
    "TracedNumber",
    "Tracer",
    "line_of",
    "line_of_error",
    "refusal",
    "set_class",
    "traced_class",
    "where",
]

MATH = {op.name for op in OPS}
set_class: Any = vars(object)["__class__"].__set__
get_trail: Any = vars(Value)["b"].__get__


def where(frame: Any = None) -> tuple[str, int, str]:
    """The file, the number and the text of the user's line that is being run: the innermost outside of libraries."""
    frame = frame or sys._getframe(1)
    while frame.f_back is not None and is_library_file(frame.f_code.co_filename):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return file, frame.f_lineno, linecache.getline(file, frame.f_lineno, frame.f_globals).strip()


def line_of(frame: Any = None) -> str:
    """As `where`, in one line of text."""
    file, line, text = where(frame)
    return f"{file}:{line}: {text}"


def line_of_error(error: BaseException) -> str:
    """The user's line where an error comes from."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__) if not is_library_file(frame.f_code.co_filename)]
    return line_of(frames[-1] if frames else sys._getframe(1))


def refusal(trail: Any, what: str, remedy: str) -> TraceError:
    """The error for the user's line that is being run: what it does that a trace cannot follow, and what to write.

    The trail notes it, so that the trace is not used if the function catches the error.
    """
    place = line_of()
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "trace" and is_library_file(frame.f_code.co_filename):
        if trail.thread is not None:
            what, remedy = WITHIN.get(frame.f_code.co_qualname.partition(".")[0], (what, remedy))
        frame = frame.f_back
    called = re.search(r"\bmath\.(\w+)\(", place)
    if called and called[1] in MATH:
        remedy = f"write autograd.{called[1]}(...) for math.{called[1]}(...)"
    error = TraceError(f"{place}\n    {what}: {remedy}")
    trail.refused = trail.refused or error
    return error


def _refused(what: str, remedy: str) -> Any:
    def method(self: Any, *_: Any, **__: Any) -> Any:
        raise refusal(self.trail, what, remedy)

    return method


def _unreadable(name: str, remedy: str, what: str = "the graph behind") -> Any:
    """A property in the place of a slot of `Value`; another thread sees what is there without the trace."""
    slot: Any = Value.__dict__[name]

    def read(self: Any) -> Any:
        if not _is_of_this_thread(self):
            return slot.__get__(self) if name in ("data", "grad") else None
        if self.trail.thread is None:
            raise refusal(self.trail, "uses a Value that a trace has left behind", LEFT)
        raise refusal(self.trail, f"reads {what} a Value, which is another one for every sample", remedy)

    def change(self: Any, x: Any) -> None:
        if _is_of_this_thread(self):
            raise refusal(
                self.trail, f"changes {what} a Value while it is traced", "change parameters between the calls"
            )
        slot.__set__(self, x)

    return property(read, change)


def _is_of_this_thread(x: Any) -> bool:
    """Whether this thread traces a Tracer, or has; another one sees a Value, as it is without the trace."""
    trail = get_trail(x)  # which is another one, or none, as soon as a trace has ended of which this is a parameter
    thread = getattr(trail, "thread", 0)
    return thread == get_ident() or (thread is None and get_trail(x) is trail)


def _is_shown() -> bool:
    """Whether the text that is being made is one to look at: in a print, a log, an error, or what this package says."""
    frame: Any = sys._getframe(1)
    while frame.f_code.co_filename == __file__:
        frame = frame.f_back
    if frame.f_code.co_filename.startswith(OWN):
        return True
    while frame.f_back is not None and (
        is_library_file(frame.f_code.co_filename) or frame.f_code.co_name in COMPREHENSIONS
    ):
        frame = frame.f_back
    steps = [(x, *(x.positions or (0, 0))[:2]) for x in dis.get_instructions(frame.f_code)]
    around = {x: begin for x, begin, end in steps if (begin or 0) <= frame.f_lineno <= (end or begin or 0)}
    names = {x.argval for x, begin, _ in steps if begin in around.values() and isinstance(x.argval, str)}
    return not names.isdisjoint(SHOWING) or any(x.opname == "RAISE_VARARGS" for x in around)


def _written(text: Callable[..., str]) -> Any:
    """A method that writes a number as text: to be looked at, for it is another text for each sample."""

    def method(self: Any, *spec: str) -> str:
        if self.trail.thread is None or _is_shown():
            return text(self, *spec)
        raise refusal(self.trail, "writes a number as text, which is another text for each sample", TEXT)

    return method


def _comparison(relation: str) -> Any:
    def method(self: Any, other: Any) -> Any:
        return self.trail.decide(relation, self, other) if isinstance(other, (Value, *NUMBERS)) else NotImplemented

    return method


READING: tuple[Any, ...] = (float, hash, round, format, str, repr)
WHOLE_OPERATORS: tuple[Any, ...] = (
    operator.mod, operator.floordiv, divmod, operator.and_, operator.or_, operator.xor, operator.lshift,
    operator.rshift,
)  # fmt: skip
WITHIN = {  # what is called, for whoever reads a number in it
    "no_grad": ("computes in a block of no_grad()", "write .detach() behind what is to be a constant"),
    **dict.fromkeys(("Compiled", "Bound"), INSIDE := (
        "calls a compiled function inside of another one", "call the function that it was made of"
    )),
    **dict.fromkeys(("grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"), (
        "takes a derivative inside of a compiled function",
        "write a quotient of differences, as (u(x + h) - u(x - h)) / (2 * h), or leave compile away",
    )),
}  # fmt: skip
LEFT = "return it from the function in place of keeping it"
FLOAT = _refused("takes the number out of a Value, which is another one for every sample",
                 "leave float() away, and use functions of autograd; give class indices as ints")  # fmt: skip
WHOLE = _refused("makes a whole number of a Value, which is another one for every sample",
                 "write autograd.floor(v) or autograd.round(v); give class indices as ints")  # fmt: skip
REST = _refused("takes % or // of a number of the sample",
                "write autograd.floor(x / n) for x // n, and x less n times this for x % n")  # fmt: skip
TEXT = "compute with the number itself, or give what the text is to decide as a whole number; print(...) may show it"
SHOWING = {"print", "pprint", "warn", "logging", "logger"}
COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
CONSTANT = "use the Value itself, or v.detach() for a constant, as autograd.max(logits).detach()"
GRAPH = "the compiled function computes the derivatives by the parameters itself"


class Tracer(Value):
    """A Value of which the row is known. Its attributes `node`, `number` and `trail` are in slots of a Value."""

    __slots__ = ()
    node: Any = Value.__dict__["a"]
    number: Any = Value.__dict__["data"]
    trail: Any = Value.__dict__["b"]

    data = _unreadable("data", CONSTANT, ".data of")
    grad = _unreadable("grad", GRAPH, ".grad of")
    a, b, da, db = (_unreadable(name, GRAPH) for name in ("a", "b", "da", "db"))
    backward = _refused("calls backward()", GRAPH)

    __lt__, __le__, __gt__, __ge__ = map(_comparison, ("<", "<=", ">", ">="))
    __float__ = FLOAT
    __int__ = __trunc__ = __floor__ = __ceil__ = __round__ = __index__ = WHOLE

    def __bool__(self) -> bool:
        holds: bool = self.trail.decide("!=", self, 0.0)
        return holds

    __format__ = _written(lambda self, spec: f"Value({format(self.number, spec)})")
    __repr__ = _written(lambda self: f"Value(data={self.number}, traced)")

    def detach(self) -> Any:
        """The same number, through which no gradient goes."""
        return record(detached, (self,))


def _shared(ours: Any, theirs: Any) -> Any:
    """A method of a Tracer; for other threads that of a Value."""
    return wraps(theirs)(lambda self, *xs, **named: (ours if _is_of_this_thread(self) else theirs)(self, *xs, **named))


for _name, _method in [*vars(Tracer).items()]:
    if callable(_method) and hasattr(Value, _name):
        setattr(Tracer, _name, _shared(_method, getattr(Value, _name)))


@cache
def traced_class(kind: type[Value]) -> Any:
    """What a parameter is during a trace: a Tracer, and of the user's own class if it is of one."""
    return Tracer if kind is Value else type(kind.__name__, (kind, Tracer), {"__slots__": ()})


class TracedNumber(Tracer):
    """What is a float when nobody traces: a number of the sample, or computed from such alone."""

    __slots__ = ()
    __class__: Any = property(lambda self: float, set_class)  # what isinstance is told, so that f goes its usual way
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = __rdivmod__ = REST
    __deepcopy__ = __copy__ = conjugate = lambda self, *_: self
    __hash__ = _refused("uses a number of the sample as a key", "give whole numbers as ints")

    def __eq__(self, other: object) -> Any:
        if (isinstance(other, Value) and not isinstance(other, TracedNumber)) or not isinstance(
            other, (Value, *NUMBERS)
        ):
            return NotImplemented  # a Value is equal to itself alone
        return not self.trail.decide("!=", self, other)

    def __ne__(self, other: object) -> Any:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal


def _read(function: Callable[..., Any]) -> Any:
    """A method that reads the whole number as it is: the tape then holds for this one alone."""
    return lambda self, *others: function(self.read(), *map(_known, others))


def _read_second(function: Callable[..., Any]) -> Any:
    return lambda self, other: function(other, self.read())


def _known(x: Any) -> Any:
    return x.read() if isinstance(x, TracedInteger) else x


class TracedInteger(TracedNumber):
    """A whole number of the sample. It computes as a number does; as an index or a key, or for `==`, it is read.

    An index is soft: what is found by it depends on this number alone, as a row of a table does. All other reading is
    hard, and so is an index computed from two columns: it may decide together with what was read of other columns.
    """

    __slots__ = ()
    __class__: Any = property(lambda self: int, set_class)
    columns: Any = Value.__dict__["da"]

    def __index__(self) -> int:
        self.trail.integers_read |= self.columns
        known: int = self.number
        return known if len(self.columns) == 1 else self.read()

    def read(self) -> int:
        """The whole number, whose columns are noted as read, and as hard."""
        self.trail.integers_read |= self.columns
        self.trail.integers_hard |= self.columns
        known: int = self.number
        return known

    __int__ = __trunc__ = __floor__ = __ceil__ = _read(int)
    __float__, __hash__, __round__, __format__, __str__, __repr__ = map(_read, READING)
    __eq__, __ne__ = map(_read, (operator.eq, operator.ne))
    __mod__, __floordiv__, __divmod__, __and__, __or__, __xor__, __lshift__, __rshift__ = map(_read, WHOLE_OPERATORS)
    __rmod__, __rfloordiv__, __rdivmod__, __rand__, __ror__, __rxor__, __rlshift__, __rrshift__ = map(
        _read_second, WHOLE_OPERATORS
    )
    __invert__ = _read(operator.invert)


TracedNumber.__name__ = TracedInteger.__name__ = "Value"  # as errors of Python call them
Real.register(TracedNumber)
Integral.register(TracedInteger)

_init = Value.__init__


@wraps(_init)
def _init_or_stand_in(self: Value, data: Any, *arguments: Any, **named: Any) -> None:
    """`Value(x)` of a number of the sample: another name of it."""
    if not isinstance(data, TracedNumber):
        _init(self, data, *arguments, **named)
        return
    _init(self, 0.0, *arguments, **named)
    kind: Any = type(self)
    set_class(self, traced_class(kind))
    self.trail, self.node, self.number = data.trail, data.node, data.number  # type: ignore[attr-defined]


Value.__init__ = _init_or_stand_in  # type: ignore[method-assign]  # attached here: the engine need not know
