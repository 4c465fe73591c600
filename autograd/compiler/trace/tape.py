"""The tape: a computation on one sample, one row an operation, in flat arrays.

This file owns the format; it must not know how a tape comes about or what becomes
of it. Every stage takes a tape and gives one that computes the same. Read next: `tracing.py`, which writes tapes.

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.trace.tracing import trace
    >>> tape = trace(lambda w, x: tanh(w * x) if x > 0 else w, Value(0.5), 3.0).tape
    >>> print(tape)
    %0 = parameter[0]
    %1 = input[0]
    %2 = 0
    %3 = mul(%0, %1)
    %4 = tanh(%3)
    guard %1 > %2 is True
    return %4
    >>> tape.code.tolist(), tape.first.tolist(), tape.operands.tolist()
    ([-1, -2, -3, 0, 1], [0, 0, 0, 0, 2, 3], [0, 1, 3])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine import Op
from ...functions import OPS

__all__ = ["CONSTANT", "DOT", "INPUT", "MEAN", "PARAMETER", "PICK", "PROD", "SUM", "Guard", "Tape", "detached"]

PARAMETER, INPUT, CONSTANT, PICK = -1, -2, -3, -4  # what is in `code` where no operation is
DOT, MEAN, PROD, SUM = [next(op for op in OPS if op.name == name) for name in ("dot", "mean", "prod", "sum")]
CHUNK = 1 << 13  # operands that are Python objects at a time

detached = Op(
    "detach", "detach", 1, lambda x: x, lambda y, x: (0.0,), doc="`x.detach()`: x, through which no gradient goes."
)


class Guard(NamedTuple):
    """A comparison that decided how the function went on: `left relation right` must be `holds` for this tape to count.

    Attributes:
        relation: `<`, `<=`, `>`, `>=` or `!=`.
        left, right: The nodes compared.
        holds: What it was when the function was traced.
    """

    relation: str
    left: int
    right: int
    holds: bool


@dataclass(frozen=True, eq=False)
class Tape:
    """A computation on one sample. Node i is row i; operands stand before what is computed from them.

    Attributes:
        ops: The operations that occur.
        code: For each node the index of its operation in `ops`; or PARAMETER, INPUT, CONSTANT, PICK.
        first: For each node where its operands begin in `operands`; one more number at the end.
        operands: The operands of all nodes, one after the other, as nodes.
        data: The number that belongs to a leaf: of a PARAMETER its place in the flat list of parameters, of an INPUT
            its column in the flat sample (x, then y, then random numbers), of a CONSTANT its value. Of a PICK the
            column of the whole number that picks: operand k where it is `integers[column][k]`.
        roots: The nodes that the function returned.
        guards: The comparisons that decided, in order.
        n_parameters, n_inputs: How many there are to choose from.
        integers: For each column of whole numbers in the sample those that are known, in ascending order.
    """

    ops: tuple[Op, ...]
    code: NDArray[np.int32]
    first: NDArray[np.int64]
    operands: NDArray[np.int32]
    data: NDArray[np.float64]
    roots: NDArray[np.int32]
    guards: tuple[Guard, ...] = ()
    n_parameters: int = 0
    n_inputs: int = 0
    integers: tuple[tuple[int, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """For each node how many operands it has."""
        return np.diff(self.first)

    @cached_property
    def readers(self) -> NDArray[np.int32]:
        """For each operand the row that it is one of."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.counts)

    def of(self, node: int) -> list[int]:
        """The operands of a node."""
        found: list[int] = self.operands[self.first[node] : self.first[node + 1]].tolist()
        return found

    def reads(self, which: NDArray[np.bool_], backwards: bool = False) -> Iterator[tuple[int, int]]:
        """The row and the node that it reads, of these of the operands, in order or backwards."""
        places = np.flatnonzero(which)[:: -1 if backwards else 1]
        return chain.from_iterable(map(self._piece, np.array_split(places, len(places) // CHUNK + 1)))

    def _piece(self, places: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        return zip(self.readers[places].tolist(), self.operands[places].tolist(), strict=True)

    def __str__(self) -> str:
        """One line a node, as `%3 = tanh(%2)`."""
        names = {PARAMETER: "parameter", INPUT: "input", PICK: "pick"}
        lines = []
        for node, (code, data) in enumerate(zip(self.code.tolist(), self.data.tolist(), strict=True)):
            xs = ", ".join([f"%{i}" for i in self.of(node)])
            if code == CONSTANT:
                text = f"{data:g}"
            elif code in names:
                text = f"{names[code]}[{data:.0f}]" + (f"({xs})" if xs else "")
            else:
                text = f"{self.ops[code].name}({xs})"
            lines.append(f"%{node} = {text}")
        lines += [f"guard %{g.left} {g.relation} %{g.right} is {g.holds}" for g in self.guards]
        return "\n".join([*lines, "return " + ", ".join([f"%{i}" for i in self.roots.tolist()])])
