"""Simplify: constants, shared subexpressions, dead code, and algebra that is exact.

One pass over the tape, row after row. A row whose operands are all constants becomes a constant; one that a rule of
`RULES` knows becomes something simpler; one that was met before, with the same operation and operands, is that one.
What neither a root nor a guard needs is left out. This file owns what may be replaced by what without reordering a
sum; it must not know of sums of products. Read next: `fuse.py`.

The example of every stage, `(tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2`: the constant 2 is gone, and operands
stand in order.

Example:
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> print(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = mul(%0, %3)
    %7 = mul(%1, %4)
    %8 = add(%6, %7)
    %9 = add(%2, %8)
    %10 = tanh(%9)
    %11 = sub(%10, %5)
    %12 = square(%11)
    return %12
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from ..engine import Op, add, div, mul, neg, pos, power, sub
from ..functions import OPS, reciprocal, sqrt, square
from .tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape, detached

__all__ = ["RULES", "asked_for", "needed", "reordered", "simplify"]

CHUNK = 1 << 16  # rows that are Python objects at a time
TABLE = {op.name: op for op in OPS}


class Rows:
    """The rows written so far. Their nodes are numbered as they come, leaves first; constants are -1, -2, ..."""

    def __init__(self, ops: tuple[Op, ...], leaves: int) -> None:
        self.ops, self.leaves = list(ops), leaves
        self.code, self.first, self.operands, self.data = array("i"), array("q", [0]), array("i"), array("d")
        self.numbers: list[float] = []
        self.places: dict[str, int] = {}  # of constants: -0.0 and 0.0 are two

    def index(self, op: Op) -> int:
        """The place of an operation in `ops`."""
        if op not in self.ops:
            self.ops.append(op)
        return self.ops.index(op)

    def constant(self, x: float) -> int:
        """The node of a constant."""
        node = self.places.setdefault(x.hex(), -1 - len(self.numbers))
        if -1 - node == len(self.numbers):
            self.numbers.append(x)
        return node

    def number(self, node: int) -> float:
        """The constant that a node is; nan, which equals nothing, if it is none."""
        return self.numbers[-1 - node] if node < 0 else nan

    def under(self, op: Op, node: int) -> int | None:
        """What the node is `op` of, if it is."""
        row = node - self.leaves
        is_it = row >= 0 and self.code[row] >= 0 and self.ops[self.code[row]] is op
        return self.operands[self.first[row]] if is_it else None

    def simpler(self, code: int, xs: list[int]) -> int | tuple[int, list[int]]:
        """What a row may be replaced by: a node, or a row."""
        while True:
            op = self.ops[code]
            if max(xs) < 0:
                try:
                    return self.constant(float(op.forward(*[self.number(x) for x in xs])))
                except (ValueError, ZeroDivisionError):
                    return code, xs  # undefined: it raises when it is run
            found = RULES[op](self, *xs) if op in RULES else None
            if found is None or isinstance(found, int):
                return (code, xs) if found is None else found
            code, xs = self.index(found[0]), [found[1]]


Replacement = int | tuple[Op, int] | None  # a node, a row of one operand, or nothing

# What a row may be replaced by. Each is the same number in IEEE arithmetic, for inf and nan too, and has the same
# derivatives, but for two things that lie within rounding: the sign of a zero (`-0.0 + 0.0` is 0.0; in the table only
# `atan2` on its cut tells them apart), and a power, which pow() rounds in its last digit. 0 * x and x - x stay: they
# are nan for an infinite x. Constants stand first in sums and products.


def _add(rows: Rows, a: int, b: int) -> Replacement:
    return b if rows.number(a) == 0.0 else None


def _sub(rows: Rows, a: int, b: int) -> Replacement:
    if rows.number(b) == 0.0:
        return a
    return (neg, b) if rows.number(a) == 0.0 else None


def _mul(rows: Rows, a: int, b: int) -> Replacement:
    if a == b:
        return square, a
    return b if rows.number(a) == 1.0 else (neg, b) if rows.number(a) == -1.0 else None


def _div(rows: Rows, a: int, b: int) -> Replacement:
    if rows.number(b) == 1.0:
        return a
    return (neg, a) if rows.number(b) == -1.0 else (reciprocal, b) if rows.number(a) == 1.0 else None


def _power(rows: Rows, a: int, b: int) -> Replacement:
    if rows.number(b) == 1.0:
        return a
    simpler = {2.0: square, -1.0: reciprocal, 0.5: sqrt}.get(rows.number(b))
    return (simpler, a) if simpler else None


def _same(rows: Rows, *xs: int) -> Replacement:
    return xs[0] if len(xs) == 1 else None


def _neg(rows: Rows, x: int) -> Replacement:
    return rows.under(neg, x)


def _detached(rows: Rows, x: int) -> Replacement:
    return x if rows.under(detached, x) is not None else None


RULES: dict[Op, Callable[..., Replacement]] = {
    add: _add, sub: _sub, mul: _mul, div: _div, power: _power, neg: _neg, pos: _same, detached: _detached,
    TABLE["sum"]: _same, TABLE["mean"]: _same, TABLE["prod"]: _same,
}  # fmt: skip


def simplify(tape: Tape) -> Tape:
    """The same computation with fewer rows. Leaves come first: parameters, inputs, constants, each once, in order.

    A row that is undefined for every sample, as log(0), stays.
    """
    leaves, place = _leaves(tape)
    rows = Rows(tape.ops, len(leaves))
    for node in np.flatnonzero(tape.code == CONSTANT).tolist():
        place[node] = rows.constant(float(tape.data[node]))
    seen: dict[object, int] = {}
    span = 4 << len(tape).bit_length()  # a key is three numbers in one; nodes lie between -span/2 and span/2
    alone = (span >> 1) - 1
    commutes, has_rule = [op in (add, mul) for op in tape.ops], [op in RULES for op in tape.ops]
    code, first, operands, data = rows.code, rows.first, rows.operands, rows.data
    count = len(leaves)
    for node, c, xs in _operations(tape):
        if len(xs) == 2:
            a, b = place[xs[0]], place[xs[1]]
            if b < a and c >= 0 and commutes[c]:
                a, b = b, a
            special = (a < 0 or b < 0 or a == b) and c >= 0
            xs = [a, b]
        else:
            xs = [place[x] for x in xs]
            special = c >= 0 and (has_rule[c] or max(xs) < 0)
        if special:
            found = rows.simpler(c, xs)
            if isinstance(found, int):
                place[node] = found
                continue
            c, xs = found
        column = float(tape.data[node]) if c == PICK else 0.0
        kind = c if c >= 0 else -4 - int(column)
        key: object = (kind, *xs)
        if len(xs) < 3:
            key = (kind * span + xs[0]) * span + (xs[1] if len(xs) == 2 else alone)
        place[node] = found = seen.setdefault(key, count)
        if found == count:
            count += 1
            code.append(c)
            operands.extend(xs)
            first.append(len(operands))
            data.append(column)
    return _finished(tape, rows, leaves, place)


def _leaves(tape: Tape) -> tuple[NDArray[np.int64], list[int]]:
    """The parameters and the inputs, each once, as nodes of the tape; and for each node of the tape its place there."""
    nodes = np.flatnonzero((tape.code == PARAMETER) | (tape.code == INPUT))
    nodes = nodes[np.lexsort((tape.data[nodes], -tape.code[nodes]))]
    is_new = np.ones(len(nodes), bool)
    is_new[1:] = (np.diff(tape.code[nodes]) != 0) | (np.diff(tape.data[nodes]) != 0)
    place = np.zeros(len(tape), np.int64)
    place[nodes] = np.cumsum(is_new) - 1
    return nodes[is_new], place.tolist()


def _operations(tape: Tape) -> Iterator[tuple[int, int, list[int]]]:
    """Node, code and operands of every row that is no leaf."""
    nodes = np.flatnonzero((tape.code >= 0) | (tape.code == PICK))
    for start in range(0, len(nodes), CHUNK):
        some = nodes[start : start + CHUNK]
        begin, end = int(tape.first[some[0]]), int(tape.first[some[-1] + 1])
        operands = tape.operands[begin:end].tolist()
        ranges = (tape.first[some] - begin).tolist(), (tape.first[some + 1] - begin).tolist()
        for node, c, i, j in zip(some.tolist(), tape.code[some].tolist(), *ranges, strict=True):
            yield node, c, operands[i:j]


def _finished(tape: Tape, rows: Rows, leaves: NDArray[np.int64], place: list[int]) -> Tape:
    """The rows as a tape, with the constants after the other leaves, without what nobody needs."""
    numbers = np.array(rows.numbers, np.float64)
    rising = np.argsort(numbers, kind="stable")
    n, m = len(leaves), len(numbers)
    final = np.arange(n + m + len(rows.code))  # of constants, the last ones first: -1 is the last element of an array
    final[n : n + len(rows.code)] += m
    final[len(final) - 1 - rising] = n + np.arange(m)
    new = final[np.array(place, np.int64)].astype(np.int32)
    seen: dict[tuple[str, int, int, bool], Guard] = {}
    for guard in tape.guards:
        left, right = int(new[guard.left]), int(new[guard.right])
        if not (n <= left < n + m and n <= right < n + m):  # of two constants it always comes out as it did
            seen.setdefault((guard.relation, left, right, guard.holds), guard._replace(left=left, right=right))
    return needed(
        Tape(
            ops=tuple(rows.ops),
            code=np.concatenate([tape.code[leaves], np.full(m, CONSTANT, np.int32), np.array(rows.code, np.int32)]),
            first=np.concatenate([np.zeros(n + m, np.int64), np.array(rows.first, np.int64)]),
            operands=final[np.array(rows.operands, np.int64)].astype(np.int32),
            data=np.concatenate([tape.data[leaves], numbers[rising], np.array(rows.data, np.float64)]),
            roots=new[tape.roots], guards=tuple(seen.values()),
            n_parameters=tape.n_parameters, n_inputs=tape.n_inputs, integers=tape.integers,
        )
    )  # fmt: skip


# --- dead code -----------------------------------------------------------------------------------------------


def needed(tape: Tape) -> Tape:
    """The tape without the nodes that no root and no guard needs."""
    asked = asked_for(tape)
    used = asked.copy()
    used[tape.operands] = True
    if not used[tape.code >= 0].all() or not used[tape.code == PICK].all():  # else none of them is in vain
        alive = bytearray(asked)
        first = tape.first.tolist()
        for node in range(len(tape) - 1, -1, -1):
            if alive[node]:
                for x in tape.operands[first[node] : first[node + 1]].tolist():
                    alive[x] = 1
        used = np.frombuffer(alive, bool)
    return tape if used.all() else reordered(tape, np.flatnonzero(used))


def asked_for(tape: Tape) -> NDArray[np.bool_]:
    """Which nodes are roots, or compared by a guard."""
    asked = np.zeros(len(tape), bool)
    asked[tape.roots] = True
    asked[np.array([(guard.left, guard.right) for guard in tape.guards], np.int64).ravel()] = True
    return asked


def reordered(tape: Tape, order: NDArray[np.int64]) -> Tape:
    """The tape with these nodes in this order; what they need must be among them, operands first."""
    new = np.full(len(tape), -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    counts = np.diff(tape.first)[order]
    first = np.concatenate([[0], np.cumsum(counts)])
    taken = np.repeat(tape.first[order] - first[:-1], counts) + np.arange(first[-1])
    guards = tuple([g._replace(left=int(new[g.left]), right=int(new[g.right])) for g in tape.guards])
    return replace(tape, code=tape.code[order], first=first, operands=new[tape.operands[taken]],
                   data=tape.data[order], roots=new[tape.roots], guards=guards)  # fmt: skip
