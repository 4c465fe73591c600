"""The trail: where a trace writes its rows, in flat arrays, and the comparisons that decided.

This file owns how an operation becomes a row, and a Tracer for its result; it must not know who computes, nor why.
Every operation comes to it by the engine's one hook, `recording`. Read next: `samples.py`.

    >>> from autograd.engine import recording
    >>> trail = Trail()
    >>> w, x, y = trail.leaf(PARAMETER, 0, 0.5), trail.leaf(INPUT, 0, 2.0), trail.leaf(INPUT, 1, 1.0, TracedInteger)
    >>> with recording(trail.record):
    ...     error = (w * x).tanh() - y
    >>> print(trail.tape([error.node]))
    %0 = parameter[0]
    %1 = input[0]
    %2 = input[1]
    %3 = mul(%0, %1)
    %4 = tanh(%3)
    %5 = sub(%4, %2)
    return %5
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from itertools import count
from threading import get_ident
from typing import Any

import numpy as np

from ...engine import Op, Value, number
from ...errors import TraceError
from ...expressions.values import RELATIONS
from ...functions import OPS
from .tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape, detached
from .tracers import TracedInteger, TracedNumber, Tracer, line_of, refusal, set_class

__all__ = ["Trail"]

KNOWN: dict[Op, tuple[int, Callable[..., float], int | None]] = {
    op: (code, op.forward, op.arity) for code, op in enumerate((*OPS, detached))
}
RANK = {Tracer: 2, TracedNumber: 1, TracedInteger: 0}  # of operands, that of the highest rank decides about the result
CAUGHT = "and the function catches the error: ask before it, by autograd.where(...) or an if on the operand"
NARROW = "give them as X.astype(int), or as floats"
LOGICAL = "give them as X.astype(float)"
LEAVES = np.array([PICK, CONSTANT, INPUT, PARAMETER], np.int32)
WRAPPING = {"add", "sub", "mul", "neg", "pow"}
new = object.__new__


class Known(dict[Op, tuple[int, Callable[..., float], int | None]]):
    """The operations of a trace; one of the user's own is added where it is first met."""

    def __missing__(self, op: Op) -> tuple[int, Callable[..., float], int | None]:
        self[op] = len(self), op.forward, op.arity
        return self[op]


class Trail:
    """The rows of one trace.

    Args:
        n_parameters: How many parameters there are: the first rows.

    Attributes:
        code: For each node the index of its operation in `ops`; or PARAMETER, INPUT, CONSTANT.
        operands: The operands of all nodes.
        record: What makes the row of an operation and its result: `record(op, operands)`.
        captured: Values that are no Tracers, with their nodes.
        integers_read: The columns of the whole numbers that were read.
        integers_hard: Those of them that were read in another way than as an index.
        narrow: The columns of whole numbers of fewer than 32 bits.
        logical: The nodes of numpy's bools.
        refused: The first error that says what a trace cannot follow; the function may catch it.
        thread: The thread that traces; None when the trace is over.
    """

    def __init__(self, n_parameters: int = 0) -> None:
        self.code, self.operands, self.lengths = array("i", [PARAMETER]) * n_parameters, array("i"), array("i")
        self.n_parameters = n_parameters
        self.ops = Known(KNOWN)
        self.data: dict[int, float] = {}
        self.constants: dict[Any, int] = {}
        self.captured: dict[Value, int] = {}
        self.guards: dict[tuple[str, int, int], bool] = {}
        self.integers_read: set[int] = set()
        self.integers_hard: set[int] = set()
        self.narrow: set[int] = set()
        self.logical: set[int] = set()
        self.refused: TraceError | None = None
        self.next_node = count(n_parameters).__next__
        self.record = self._recorder()
        self.thread: int | None = get_ident()

    def leaf(self, kind: int, data: float, x: float, made: type[Tracer] = Tracer) -> Any:
        """A parameter or an input: its row, and its Tracer."""
        tracer: Any = new(made)
        tracer.trail, tracer.node, tracer.number, tracer.op, tracer.label = self, self.row(kind, data), x, None, ""
        return tracer

    def row(self, kind: int, data: float) -> int:
        """A new row without operands."""
        node = self.next_node()
        self.code.append(kind)
        self.data[node] = data
        return node

    def operand(self, x: Any) -> tuple[int, float, type[Tracer]]:
        """The row of an operand, its number, and its kind."""
        if isinstance(x, Tracer):
            if x.trail is not self:
                raise refusal(
                    self, "uses a Value that an earlier call has left behind", "keep no Value from call to call"
                )
            return x.node, x.number, type(x) if type(x) in RANK else Tracer
        if isinstance(x, Value):
            if x not in self.captured:
                self.captured[x] = self.row(CONSTANT, x.data)
            return self.captured[x], x.data, Tracer
        kind = TracedInteger if type(x) is int else TracedNumber
        x = x if type(x) is int else number(x)
        key = x or (math.copysign(1.0, x),)  # 0.0 and -0.0 are equal, and two constants
        if key not in self.constants:
            self.constants[key] = self.row(CONSTANT, float(x))
        return self.constants[key], x, kind

    def _recorder(self) -> Callable[[Op, tuple[Any, ...]], Any]:
        """`record`, with all that it needs at hand: it is called for every node."""
        ops, operand, next_node = self.ops, self.operand, self.next_node
        add_code, add_operand, rank = self.code.append, self.operands.append, RANK.__getitem__

        def record(op: Op, operands: tuple[Any, ...]) -> Any:
            code, forward, arity = ops[op]
            try:
                if arity == 2:
                    a, b = operands
                    if type(a) is Tracer and a.trail is self:
                        i, x, kind = a.node, a.number, Tracer
                    else:
                        i, x, kind = operand(a)
                    if type(b) is Tracer and b.trail is self:
                        j, y, kind = b.node, b.number, Tracer
                    else:
                        j, y, other = operand(b)
                        kind = kind if rank(kind) > rank(other) else other
                    z = forward(x, y)
                    add_operand(i)
                    add_operand(j)
                elif arity == 1:
                    (a,) = operands
                    if type(a) is Tracer and a.trail is self:
                        i, x, kind = a.node, a.number, Tracer
                    else:
                        i, x, kind = operand(a)
                    z = forward(x)
                    add_operand(i)
                else:
                    nodes: list[int] = []
                    xs: list[float] = []
                    kind = TracedInteger
                    for a in operands:
                        if type(a) is Tracer and a.trail is self:
                            i, x, kind = a.node, a.number, Tracer
                        else:
                            i, x, other = operand(a)
                            kind = kind if rank(kind) > rank(other) else other
                        nodes.append(i)
                        xs.append(x)
                    z = forward(*xs)
                    self.operands.extend(nodes)
                    if arity is None:
                        self.lengths.append(len(nodes))
            except (ValueError, ZeroDivisionError) as error:
                known = tuple([Value(a.number, label=a.label) if isinstance(a, Tracer) else a for a in operands])
                undefined = TraceError(f"{line_of()}\n    {op.name} is undefined here, {CAUGHT}")
                self.refused = self.refused or undefined
                raise op.undefined(known, error) from None
            add_code(code)
            out: Any = new(kind)
            out.trail, out.node, out.number, out.op, out.label = self, next_node(), z, op, ""
            if kind is not Tracer:
                self._settle(out, op, operands)
            return out

        return record

    def _settle(self, made: Any, op: Op, operands: tuple[Any, ...]) -> None:
        """What was computed from numbers alone; of whole ones: whole, as `y + 1`, or not, as `y / 2`."""
        if type(made) is TracedNumber:
            if op.name in WRAPPING and all(isinstance(x, Tracer) and x.node in self.logical for x in operands):
                raise refusal(self, "computes with numpy's bools alone, of which the sum is one again", LOGICAL)
        elif type(made.number) is int:
            made.columns = frozenset().union(*[x.columns for x in operands if isinstance(x, TracedInteger)])
            if op.name in WRAPPING and made.columns and made.columns <= self.narrow:
                raise refusal(
                    self, "computes with whole numbers of fewer than 32 bits alone, which may wrap around", NARROW
                )
        else:
            set_class(made, TracedNumber)

    def decide(self, relation: str, x: Any, y: Any) -> bool:
        """A comparison, of which the outcome is noted."""
        (i, a, _), (j, b, _) = self.operand(x), self.operand(y)
        holds: bool = RELATIONS[relation](a, b)
        self.guards[relation, i, j] = holds
        return holds

    def tape(self, roots: list[int]) -> Tape:
        """What was written."""
        ops, written = list(self.ops), np.array(self.code, np.int32)
        used = np.flatnonzero(np.bincount(written[written >= 0], minlength=len(ops)))
        place = np.append(np.zeros(len(ops), np.int32), LEAVES)  # codes of leaves count from the end
        place[used] = np.arange(len(used))
        code = place[written]
        lengths = np.array([-1 if op.arity is None else op.arity for op in ops] + [0] * len(LEAVES))[written]
        lengths[lengths < 0] = self.lengths
        data = np.zeros(len(code))
        data[: self.n_parameters] = np.arange(self.n_parameters)
        data[list(self.data)] = list(self.data.values())
        return Tape(
            tuple([ops[i] for i in used]), code, np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            np.array(self.operands, np.int32), data, np.array(roots, np.int32),
            tuple([Guard(*key, holds) for key, holds in self.guards.items()]),
            int((code == PARAMETER).sum()), int((code == INPUT).sum()),
        )  # fmt: skip
