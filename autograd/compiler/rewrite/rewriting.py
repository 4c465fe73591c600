"""Rewriting a tape: rows are added after its own, nodes are replaced by others, and a new tape is made of what is left.

This file owns how rows are moved, dropped and put in order; it must not know why. `simplify.py` and `fuse.py` use it.
Read next: `simplify.py`.

Example:
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape
    >>> new = Rewriting(tape)
    >>> instead = np.arange(len(tape))
    >>> instead[tape.roots] = new.number(4.0)
    >>> print(new.tape(instead))
    %0 = 4
    return %0
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...engine import Op
from ..trace.tape import CONSTANT, PICK, Tape

__all__ = ["Rewriting", "asked_for", "needed", "ranges", "reordered", "rows_of", "starts"]


class Rewriting:
    """Rows to be added to a tape. Their nodes are numbered after its own.

    Attributes:
        here: The node at whose place rows are added now.
    """

    def __init__(self, old: Tape) -> None:
        self.old, self.ops, self.here = old, list(old.ops), 0
        self.code, self.counts, self.operands = array("i"), array("q"), array("i")
        self.data, self.place = array("d"), array("q")
        self.numbers: dict[str, int] = {}
        self.indices = {op: i for i, op in enumerate(old.ops)}

    def number(self, x: float) -> int:
        """The node of a constant: one for each number; -0.0 and 0.0 are two."""
        key = x.hex()
        if key not in self.numbers:
            self.numbers[key] = self.append(CONSTANT, (), x)
        return self.numbers[key]

    def row(self, op: Op, operands: Sequence[int]) -> int:
        """The node of a new row."""
        return self.append(self.index(op), operands)

    def index(self, op: Op) -> int:
        """The place of an operation in `ops`."""
        if op not in self.indices:
            self.indices[op] = len(self.ops)
            self.ops.append(op)
        return self.indices[op]

    def append(self, code: int, operands: Sequence[int], data: float = 0.0) -> int:
        """The node of a new row with this code."""
        self.code.append(code)
        self.counts.append(len(operands))
        self.operands.extend(operands)
        self.data.append(data)
        self.place.append(self.here)
        return len(self.old) + len(self.place) - 1

    def rows(
        self, code: NDArray[np.int64], counts: NDArray[np.int64], operands: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The nodes of new rows with these codes, with so many operands each, at these places."""
        begin, n = len(self.old) + len(self.place), len(counts)
        self.code.frombytes(code.astype(np.int32).tobytes())
        self.counts.frombytes(counts.astype(np.int64).tobytes())
        self.operands.frombytes(operands.astype(np.int32).tobytes())
        self.data.frombytes(bytes(8 * n))
        self.place.frombytes(places.astype(np.int64).tobytes())
        return np.arange(begin, begin + n)

    def tape(self, instead: NDArray[np.int64], dropped: NDArray[np.bool_] | None = None) -> Tape:
        """The tape with the new rows, each at its place, and without what nobody needs.

        Leaves come first: parameters, inputs and constants, each in order.

        Args:
            instead: What stands for each node of the old tape, itself or another one.
            dropped: Which nodes of the old tape are known to be needed no more.
        """
        old, n, m = self.old, len(self.old), len(self.place)
        alias, itself = np.arange(n + m, dtype=np.int32), np.arange(n + m, dtype=np.int32)
        alias[:n] = instead
        kept = alias == itself
        if dropped is not None:
            kept[:n] &= ~dropped
        while not np.array_equal(further := alias[alias], alias):
            alias = further
        code = np.concatenate([old.code, np.array(self.code, np.int32)])
        data = np.concatenate([old.data, np.array(self.data, np.float64)])
        counts = np.concatenate([old.counts, np.array(self.counts, np.int64)])
        operands = np.concatenate([old.operands, np.array(self.operands, np.int32)])
        ops, first = tuple(self.ops), starts(counts)
        whole = renamed(replace(old, ops=ops, code=code, data=data, operands=operands, first=first), alias)
        used = asked_for(whole)
        used[whole.operands[np.repeat(kept, counts)]] = True
        is_leaf = (code < 0) & (code != PICK)
        leaves, rows = np.flatnonzero(kept & used & is_leaf), np.flatnonzero(kept & ~is_leaf)
        leaves = leaves[np.lexsort((data[leaves], -code[leaves]))]
        place = np.append(itself[:n], np.array(self.place, np.int64))
        rows = rows[np.argsort(place[rows], kind="stable")]
        return needed(reordered(whole, np.concatenate([leaves, rows])))


def rows_of(tape: Tape, *ops: Op) -> NDArray[np.bool_]:
    """Which nodes are rows of these operations."""
    return np.array([*[op in ops for op in tape.ops], *[False] * 4])[tape.code]  # codes of leaves count from the end


def asked_for(tape: Tape) -> NDArray[np.bool_]:
    """Which nodes are roots, or compared by a guard."""
    asked = np.zeros(len(tape), bool)
    asked[tape.roots] = True
    asked[np.array([(guard.left, guard.right) for guard in tape.guards], np.int64).ravel()] = True
    return asked


def needed(tape: Tape) -> Tape:
    """The tape without the nodes that no root and no guard needs."""
    asked = asked_for(tape)
    used = asked.copy()
    used[tape.operands] = True
    is_row = tape.counts > 0
    if not used[is_row].all():  # otherwise no row is in vain: each is used by a later one
        alive = bytearray(asked)
        first, operands = tape.first.tolist(), tape.operands.tolist()
        for node in range(len(tape) - 1, -1, -1):
            if alive[node]:
                for x in operands[first[node] : first[node + 1]]:
                    alive[x] = 1
        used = np.frombuffer(alive, bool)
    return tape if used.all() else reordered(tape, np.flatnonzero(used))


def reordered(tape: Tape, order: NDArray[np.int64]) -> Tape:
    """The tape with these nodes in this order; what they need must be among them, operands first."""
    if np.array_equal(order, np.arange(len(tape))):
        return tape
    new = np.full(len(tape), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    counts = tape.counts[order]
    operands = tape.operands[ranges(tape.first[order], counts)]
    return renamed(
        replace(tape, code=tape.code[order], data=tape.data[order], operands=operands, first=starts(counts)), new
    )


def renamed(tape: Tape, names: NDArray[np.int32]) -> Tape:
    """The tape with another node in place of each wherever it is needed."""
    guards = tuple([g._replace(left=int(names[g.left]), right=int(names[g.right])) for g in tape.guards])
    return replace(tape, operands=names[tape.operands], roots=names[tape.roots], guards=guards)


def ranges(begins: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each beginning on, so many of each, side by side.

    Example:
        >>> ranges(np.array([5, 2]), np.array([2, 3])).tolist()
        [5, 6, 2, 3, 4]
    """
    found = np.repeat(begins - starts(counts)[:-1], counts)
    found += np.arange(len(found))
    return found


def starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each row's operands begin; one more number at the end."""
    first = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=first[1:])
    return first
