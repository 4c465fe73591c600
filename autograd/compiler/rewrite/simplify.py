"""Simplify: constants, shared subexpressions, dead code, and algebra that is exact.

One pass over the rows that may change, in order. A row whose operands are all constants becomes a constant; one that a
rule of `RULES` knows becomes something simpler; one that was met before, with the same operation and operands, is that
one. What neither a root nor a guard needs is left out. This file owns what may be replaced by what without reordering a
sum; it must not know of sums of products. Read next: `terms.py`.

The example of every stage, `(tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2`: the constant 2 is gone, and operands
stand in order. Before, and after:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape
    >>> print(tape)
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
    >>> print(simplify(tape))
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
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from math import nan

import numpy as np

from ...engine import Op, add, div, mul, neg, pos, power, sub
from ...functions import reciprocal, sqrt, square
from ..trace.tape import CONSTANT, MEAN, PICK, PROD, SUM, Guard, Tape, detached
from .rewriting import Rewriting, rows_of, starts

__all__ = ["RULES", "Rewritten", "simplify"]


class Rewritten:
    """A tape that is being simplified, as the rules see it.

    Attributes:
        place: What stands for each node: the first that is the same; for constants -1, -2, ...
        waiting: For each node whether it may become another one: at first rows of constants, rows that a rule may
            know, and rows written twice; then those that read what has become another one. All others stay.
        keys, nodes: The operation and the operands of every short row as one number, ascending, and which row it is.
        readers, read: The rows that read the first node, then those that read the second, ...; and where each begins.
        seen: The first node of each operation on the same operands, of those that have waited.
    """

    def __init__(self, tape: Tape) -> None:
        self.old, self.new = tape, Rewriting(tape)
        self.numbers: list[float] = []
        self.places: dict[str, int] = {}  # of the constants: -0.0 and 0.0 are two
        self.rows: dict[int, tuple[int, list[int]]] = {}  # code and operands of rows that became others
        self.seen: dict[object, int] = {}
        self.alone = len(tape)  # stands for a second operand that is not there: no node
        self.span = 2 * self.alone + 1
        self.place = array("i", np.arange(len(tape), dtype=np.int32).tobytes())
        for node in np.flatnonzero(tape.code == CONSTANT).tolist():
            self.place[node] = self.constant(float(tape.data[node]))
        self.code, self.start, self.operands = tape.code.data, tape.first.data, tape.operands.data
        self._sort()

    def _sort(self) -> None:
        """Finds which rows wait, and who reads whom."""
        tape, counts = self.old, self.old.counts
        is_short = (tape.code >= 0) & (counts < 3)
        nodes = np.flatnonzero(is_short)
        code, b = tape.code[nodes].astype(np.int64), tape.operands[tape.first[nodes + 1] - 1].astype(np.int64)
        a = np.where(counts[nodes] > 1, tape.operands[tape.first[nodes]], self.alone)
        a, b = np.where(turned := (a > b) & rows_of(tape, add, mul)[nodes], b, a), np.where(turned, a, b)
        keys = (code * self.span + b) * self.span + a
        order = np.argsort(keys)
        keys, nodes = keys[order], nodes[order]
        again = np.flatnonzero(keys[1:] == keys[:-1])
        is_constant = np.append(tape.code == CONSTANT, False)
        waiting = (counts > 0) & ~is_short
        waiting |= (counts == 1) & rows_of(tape, *RULES)
        waiting[nodes[again]] = waiting[nodes[again + 1]] = True
        waiting[nodes] |= (is_constant[a] | is_constant[b] | (a == b))[order]
        self.waiting = bytearray(waiting)
        self.keys, self.nodes = keys.data, nodes.astype(np.int32).data
        reads = tape.operands.astype(np.int64) << 32
        reads |= tape.readers
        reads.sort()
        self.readers = reads.astype(np.int32).data  # the last 32 bits
        self.read = starts(np.bincount(tape.operands, minlength=len(tape))).data

    def constant(self, x: float) -> int:
        """The node of a constant."""
        node = self.places.setdefault(x.hex(), -1 - len(self.numbers))
        if -1 - node == len(self.numbers):
            self.numbers.append(x)
        return node

    def number(self, node: int) -> float:
        """The constant that a node is; nan, which equals nothing, if it is none."""
        return self.numbers[-1 - node] if node < 0 else nan

    def row(self, node: int) -> tuple[int, list[int]]:
        """The code and the operands of a node now."""
        return self.rows.get(node) or (int(self.old.code[node]), [self.place[x] for x in self.old.of(node)])

    def under(self, op: Op, node: int) -> int | None:
        """What the node is `op` of, if it is."""
        if node < 0:
            return None
        code, xs = self.row(node)
        return xs[0] if code >= 0 and self.new.ops[code] is op else None

    def write(self, node: int) -> None:
        """Finds what stands for a row: constants, rules, what was seen before."""
        code, xs = self.code[node], [self.place[x] for x in self.operands[self.start[node] : self.start[node + 1]]]
        rule: int | tuple[int, list[int]] = (code, xs)
        if code >= 0:
            if self.new.ops[code] in (add, mul):
                xs.sort()
            rule = self.simpler(code, xs)
        if not isinstance(rule, int):
            if rule[0] != code:
                self.rows[node] = rule
            rule = self.first(node, *rule)
        if rule != node:
            self.rows.pop(node, None)
            self.place[node] = rule
            for reader in self.readers[self.read[node] : self.read[node + 1]]:
                self.waiting[reader] = 1

    def first(self, node: int, code: int, xs: list[int]) -> int:
        """The first row that is the same as one that waits. Where it comes later, that one waits too."""
        if code < 0 or len(xs) > 2:
            column = int(self.old.data[node]) if code == PICK else 0
            return self.seen.setdefault((code, column, *xs), node)
        a, b = [self.alone, *xs][-2:]
        key = (code * self.span + b) * self.span + a
        if key in self.seen or min(xs) < 0:
            return self.seen.setdefault(key, node)
        place = bisect_left(self.keys, key)
        other = self.nodes[place] if place < len(self.keys) and self.keys[place] == key else node
        self.waiting[other] = 1
        self.seen[key] = min(node, other)
        return self.seen[key]

    def simpler(self, code: int, xs: list[int]) -> int | tuple[int, list[int]]:
        """What a row may be replaced by: a node, or a row."""
        op = self.new.ops[code]
        if max(xs) < 0:
            try:
                return self.constant(float(op.forward(*[self.number(x) for x in xs])))
            except (ValueError, ZeroDivisionError):
                return code, xs  # undefined: it raises when it is run
        found = RULES[op](self, *xs) if op in RULES else None
        if isinstance(found, tuple):
            again = self.under(neg, found[1]) if found[0] is neg else None
            return (self.new.index(found[0]), [found[1]]) if again is None else again
        return (code, xs) if found is None else found


Replacement = int | tuple[Op, int] | None  # a node, a row of one operand, or nothing

# What a row may be replaced by. Each is the same number in IEEE arithmetic, for inf and nan too, and has the same
# derivatives, but for two things that lie within rounding: the sign of a zero (`-0.0 + 0.0` is 0.0; in the table only
# `atan2` on its cut tells them apart), and a power, which pow() rounds in its last digit. 0 * x and x - x stay: they
# are nan for an infinite x. Constants stand first in sums and products.


def _add(rows: Rewritten, a: int, b: int) -> Replacement:
    return b if rows.number(a) == 0.0 else None


def _sub(rows: Rewritten, a: int, b: int) -> Replacement:
    if rows.number(b) == 0.0:
        return a
    return (neg, b) if rows.number(a) == 0.0 else None


def _mul(rows: Rewritten, a: int, b: int) -> Replacement:
    if a == b:
        return square, a
    return b if rows.number(a) == 1.0 else (neg, b) if rows.number(a) == -1.0 else None


def _div(rows: Rewritten, a: int, b: int) -> Replacement:
    if rows.number(b) == 1.0:
        return a
    return (neg, a) if rows.number(b) == -1.0 else (reciprocal, b) if rows.number(a) == 1.0 else None


def _power(rows: Rewritten, a: int, b: int) -> Replacement:
    if rows.number(b) == 1.0:
        return a
    simpler = {2.0: square, -1.0: reciprocal, 0.5: sqrt}.get(rows.number(b))
    return (simpler, a) if simpler else None


def _same(rows: Rewritten, *xs: int) -> Replacement:
    return xs[0] if len(xs) == 1 else None


def _neg(rows: Rewritten, x: int) -> Replacement:
    return rows.under(neg, x)


def _detached(rows: Rewritten, x: int) -> Replacement:
    return x if rows.under(detached, x) is not None else None


RULES: dict[Op, Callable[..., Replacement]] = {
    add: _add, sub: _sub, mul: _mul, div: _div, power: _power, neg: _neg, pos: _same, detached: _detached,
    SUM: _same, MEAN: _same, PROD: _same,
}  # fmt: skip


def simplify(tape: Tape) -> Tape:
    """The same computation with fewer rows. Leaves come first: parameters, inputs, constants, in order.

    A tape has each parameter and each input once; constants are once in what is returned.

    A row that is undefined for every sample, as log(0), stays.

    Example:
        >>> from autograd import Value
        >>> from autograd.compiler.trace.tracing import trace
        >>> print(simplify(trace(lambda w, x: (w * x + 0) / (x * w) - 2 * 3, Value(2.0), 3.0).tape))
        %0 = parameter[0]
        %1 = input[0]
        %2 = 6
        %3 = mul(%0, %1)
        %4 = div(%3, %3)
        %5 = sub(%4, %2)
        return %5
    """
    state = Rewritten(tape)
    node = state.waiting.find(1)
    while node >= 0:
        state.write(node)
        node = state.waiting.find(1, node + 1)
    return _finished(state)


def _finished(state: Rewritten) -> Tape:
    """The tape of what was found; operands of sums and products in order."""
    new = state.new
    guards: dict[tuple[str, int, int, bool], Guard] = {}
    for guard in new.old.guards:
        left, right = state.place[guard.left], state.place[guard.right]
        if left >= 0 or right >= 0:  # of two constants it always comes out as it did
            guards.setdefault((guard.relation, left, right, guard.holds), guard)
    new.old = replace(new.old, guards=tuple(guards.values()))
    numbers = np.array([new.number(x) for x in state.numbers], np.int64)
    place = np.array(state.place, np.int64)
    place[place < 0] = numbers[-1 - place[place < 0]]
    del state.keys, state.nodes, state.readers, state.read, state.seen  # what follows needs as much memory again
    nodes, rows = np.array(list(state.rows), np.int64), list(state.rows.values())
    xs = np.array([x for _, operands in rows for x in operands], np.int64)
    xs[xs < 0] = numbers[-1 - xs[xs < 0]]
    code, counts = np.array([code for code, _ in rows], np.int64), np.array([len(operands) for _, operands in rows])
    place[nodes] = new.rows(code, counts, xs, nodes)
    tape = new.tape(place)
    first = tape.first[np.flatnonzero(rows_of(tape, add, mul))]
    a, b = tape.operands[first], tape.operands[first + 1]
    tape.operands[first], tape.operands[first + 1] = np.minimum(a, b), np.maximum(a, b)
    return tape
