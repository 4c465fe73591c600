"""Tracing: a function is run once, on one sample, and what it computes is written on a tape.

This file owns how a computation comes onto a tape; it must not know what becomes of the tape. While the function runs,
the engine's one hook, `recording`, gives every operation to a `Trail`. The numbers of the sample and the parameters are
`Tracer`s then: Values that know their node, and of which no number can be read without a note of it. Comparisons
become guards. Nothing is kept of a node but its row.

Before, a neuron with squared error, and after:

    >>> from autograd import Value, tanh
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> print(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = mul(%0, %3)
    %7 = mul(%1, %4)
    %8 = add(%6, %7)
    %9 = add(%8, %2)
    %10 = tanh(%9)
    %11 = sub(%10, %5)
    %12 = 2
    %13 = pow(%11, %12)
    return %13

Read next: `samples.py`, how a sample is made of numbers, then `integers.py`, whole numbers that pick.
"""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from ..engine import Op, Value, number, recording
from ..errors import TraceError
from ..functions import OPS
from .samples import Form, build, columns, flatten_sample, form_of, kinds
from .tape import CONSTANT, INPUT, PARAMETER, Guard, Tape, detached
from .tracers import TracedInteger, TracedNumber, Tracer

__all__ = ["Traced", "columns", "flatten_parameters", "flatten_sample", "form_of", "trace"]


class Traced(NamedTuple):
    """What a trace has found.

    Attributes:
        tape: The computation.
        result: What the function returned, with numbers of roots in the places of Values: 0 for one Value.
        integers_read: The columns of whole numbers that were read as numbers: the tape holds for these values alone.
        captured: Values from outside of the parameters, with the data that the tape has as constants.
        form: How the sample is built.
    """

    tape: Tape
    result: Any
    integers_read: tuple[int, ...]
    captured: tuple[tuple[Value, float], ...]
    form: tuple[Form, ...]


KNOWN = {op: i for i, op in enumerate(OPS)}


class Trail:
    """Where a trace is written: a row for each operation, in flat arrays."""

    def __init__(self) -> None:
        self.ops = dict(KNOWN)
        self.code = array("i")
        self.operands = array("i")
        self.counts = array("i")
        self.leaves: dict[int, float] = {}
        self.constants: dict[float, int] = {}
        self.captured: dict[Value, tuple[int, float]] = {}
        self.guards: dict[tuple[str, int, int], bool] = {}
        self.integers_read: set[int] = set()

    def leaf(self, kind: int, data: float) -> int:
        """A new row without operands."""
        self.leaves[node := len(self.code)] = data
        self.code.append(kind)
        self.counts.append(0)
        return node

    def constant(self, x: float) -> int:
        """The row of a number; 0.0 and -0.0 are two."""
        key = x if x else math.copysign(math.inf, x)
        if key not in self.constants:
            self.constants[key] = self.leaf(CONSTANT, x)
        return self.constants[key]

    def node(self, x: Any) -> int:
        """The row of an operand."""
        if isinstance(x, Tracer):
            if x.trail is not self:
                raise refusal("uses a Value that an earlier call has left behind", "keep nothing from call to call")
            return int(x.node)
        if isinstance(x, Value):
            if x not in self.captured:
                self.captured[x] = self.leaf(CONSTANT, x.data), x.data
            return self.captured[x][0]
        return self.constant(number(x))

    def record(self, op: Op, operands: tuple[Any, ...]) -> Tracer:
        """The row of an operation: what `recording` calls."""
        nodes = [self.node(x) for x in operands]
        xs = [x.number if isinstance(x, Tracer) else x.data if isinstance(x, Value) else number(x) for x in operands]
        plain = all([isinstance(x, TracedNumber) or not isinstance(x, Value) for x in operands])
        try:
            y = op.forward(*xs)
        except (ValueError, ZeroDivisionError) as error:
            raise op.undefined(tuple(xs), error) from None
        made = self.made(TracedNumber if plain else Tracer, y)
        made.op = op
        if op not in self.ops:
            self.ops[op] = len(self.ops)
        self.code.append(self.ops[op])
        self.counts.append(len(nodes))
        self.operands.extend(nodes)
        return made

    def made(self, kind: type[Tracer], y: float) -> Tracer:
        """A tracer of the next row."""
        tracer = kind.__new__(kind)
        tracer.trail, tracer.node, tracer.number, tracer.label = self, len(self.code), y, ""
        return tracer

    def detach(self, x: Tracer) -> Tracer:
        """The same number as a row of its own."""
        return self.record(detached, (x,))

    def decide(self, relation: str, x: Any, y: Any) -> bool:
        """A comparison, of which the outcome is noted."""
        a, b = [v.number if isinstance(v, Tracer) else v.data if isinstance(v, Value) else v for v in (x, y)]
        holds = bool(RELATIONS[relation](a, b))
        self.guards[relation, self.node(x), self.node(y)] = holds
        return holds

    def tape(self, roots: list[int], n_parameters: int, n_inputs: int) -> Tape:
        """What was written."""
        code = np.frombuffer(self.code, np.int32) if self.code else np.zeros(0, np.int32)
        data = np.zeros(len(code))
        data[list(self.leaves)] = list(self.leaves.values())
        used = np.unique(code[code >= 0])
        place = np.zeros(len(self.ops) + 4, np.int32)
        place[used] = np.arange(len(used))
        place[[CONSTANT, INPUT, PARAMETER]] = CONSTANT, INPUT, PARAMETER
        ops = list(self.ops)
        return Tape(
            tuple([ops[i] for i in used]),
            place[code],
            np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)]).astype(np.int64),
            np.array(self.operands, np.int32),
            data,
            np.array(roots, np.int32),
            tuple([Guard(*key, holds) for key, holds in self.guards.items()]),
            n_parameters,
            n_inputs,
        )


RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne,
}  # fmt: skip


def trace(f: Callable[..., Any], params: Any, *arguments: Any, form: tuple[Form, ...] | None = None) -> Traced:
    """Run `f(params, *arguments)` once and write down what it computes.

    Args:
        f: The function: of the parameters and of one sample, as x and y or x alone.
        params: A module, Values, nested lists, tuples, dicts or arrays of Values.
        arguments: One sample: numbers, nested lists, tuples, dicts or arrays of numbers.
        form: How the sample is built, where it is not to be taken from the sample itself: one for each argument.

    Returns:
        The tape, and what else was found.

    Raises:
        TraceError: If f does what cannot be followed.
        Exception: What f raises.
    """
    form = form or tuple(map(form_of, arguments))
    trail = Trail()
    parameters = flatten_parameters(params)
    numbers = flatten_sample(*arguments)[0]
    whole = [w for part in form for w in kinds(part)]
    with _traced(trail, parameters):
        inputs, column = [], 0
        for place, (x, is_whole) in enumerate(zip(numbers, whole, strict=True)):
            tracer = trail.made(TracedInteger if is_whole else TracedNumber, x)
            trail.leaf(INPUT, float(place))
            tracer.op = None
            if is_whole:
                tracer.columns = (column,)
                column += 1
            inputs.append(tracer)
        given = iter(inputs)
        samples = [build(part, given) for part in form]
        with recording(trail.record):
            found = f(params, *samples)
        roots: list[int] = []
        result = _result(found, roots, trail)
    tape = trail.tape(roots, len(parameters), len(numbers))
    captured = tuple([(v, data) for v, (_, data) in trail.captured.items()])
    return Traced(tape, result, tuple(sorted(trail.integers_read)), captured, form)


@contextmanager
def _traced(trail: Trail, parameters: list[Value]) -> Iterator[None]:
    """Parameters as Tracers, and Values again."""
    try:
        for place, p in enumerate(parameters):
            trail.leaf(PARAMETER, float(place))
            p.__class__ = Tracer
            p.trail, p.node = trail, place  # type: ignore[attr-defined]
        yield
    finally:
        for p in parameters:
            if isinstance(p, Tracer):
                p.trail = p.node = None
                p.__class__ = Value


def _result(found: Any, roots: list[int], trail: Trail) -> Any:
    """What the function returned, with places of roots for Values and numbers."""
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(found, (list, tuple)):
        parts = [_result(x, roots, trail) for x in found]
        return parts if isinstance(found, list) else tuple(parts)
    if isinstance(found, Mapping):
        return {key: _result(x, roots, trail) for key, x in found.items()}
    if not isinstance(found, (Value, Real)):
        raise TraceError(
            f"the function must return a Value, or lists of Values, not {type(found).__name__}: {found!r:.60}"
        )
    roots.append(trail.node(found))
    return len(roots) - 1


def flatten_parameters(params: Any) -> list[Value]:
    """The Values of params in the order of their appearance, each once.

    Args:
        params: A Value, a module (anything with `parameters()`), or nested lists, tuples, dicts and arrays of these.

    Example:
        >>> w, b = Value(1.0), Value(2.0)
        >>> flatten_parameters({"weights": [w, w], "bias": b}) == [w, b]
        True
    """
    found: dict[Value, None] = {}
    waiting = [params]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Value):
            found[x] = None
        elif callable(getattr(x, "parameters", None)):
            found.update(dict.fromkeys(x.parameters()))
        elif isinstance(x, Mapping):
            waiting += reversed(x.values())
        elif isinstance(x, (list, tuple)):
            waiting += reversed(x)
        elif isinstance(x, np.ndarray) and x.dtype == object:
            waiting += reversed(x.ravel().tolist())
    return list(found)
