"""Thin steps for the machine: a record of six small numbers for each operation, and steps that the machine knows.

This file owns how operations that nothing groups become records, and must not know how many samples there are.
A sum or a dot becomes a record for each of its terms, as `out = bias`, `out += w x`; any other operation of many
operands a step of its own, whose operands are copied side by side first. Read next: `threaded.py`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine import Op, mul, pos
from ..group.program import SAMPLE, SHARED, Copy, Dot, Map, Product, Program, Reduce, Rows, Step, Thin
from ..run.back import Marks, looked_up
from ..trace.tape import DOT as DOT_OP, SUM as SUM_OP, detached
from .cache import product_address
from .llvm import ADD, ASSIGN, SUM, Kernel

__all__ = ["Records", "RecordsBack", "lowered", "passes"]

Numbers = NDArray[np.int64]


def passes(op: Op, count: int) -> list[bool]:
    """Through which operands a gradient goes: as in the engine also where the slope is 0, which may meet infinity."""
    return [op is not detached] * count


class RecordsBack(NamedTuple):
    """The way back: its kernels, and its records: kernel, written row, row of g and y, operands."""

    kernels: list[Kernel]
    rows: Numbers


class Records(NamedTuple):
    """Operations in order, a column for each: which kernel, and rows as in `Thin`: out, and three operands."""

    kernels: tuple[Kernel, ...]
    code: Numbers
    out: Numbers
    operands: Numbers

    def mark(self, marks: Marks, *, back: bool = False) -> None:
        """Marks the results of what is marked; or, on the way back, the operands of results that are."""
        goes = np.array([[*passes(k.op, k.n_operands), False, False, False][:3] for k in self.kernels])[self.code].T
        rows = [self.out, *np.where(goes, self.operands, self.out)]
        known = np.concatenate([marks[SAMPLE], marks[SHARED][::-1]]).tolist()  # row r < 0 is the r-th from behind
        for out, *operands in zip(*[(row[::-1] if back else row).tolist() for row in rows], strict=True):
            if back:
                for x in operands:
                    known[x] = max(known[x], known[out])
            else:
                known[out] = max(known[out], *[known[x] for x in operands])
        sample, shared = np.split(np.array(known), [len(marks[SAMPLE])])
        marks[SAMPLE][:], marks[SHARED][:] = sample, shared[::-1]

    def back(self, active: Marks, arrived: Marks) -> tuple[RecordsBack, Numbers]:
        """The gradients by what is active, of results at which something has arrived; and the rows they go to."""
        marks = {arena: found.copy() for arena, found in arrived.items()}
        self.mark(marks, back=True)
        wanted = (looked_up(marks, self.out) > 0) & (looked_up(active, self.operands) > 0)
        kernels: dict[Kernel, int] = {}
        found, order = [], []
        shared = self.out < 0
        for code, kernel in enumerate(self.kernels):
            for i in np.flatnonzero(passes(kernel.op, kernel.n_operands)).tolist():
                for mode in (ADD, SUM):
                    summed = ~shared & (self.operands[i] < 0)
                    at = np.flatnonzero(wanted[i] & (self.code == code) & (summed == (mode == SUM)))
                    if len(at):
                        number = kernels.setdefault(kernel._replace(which=i, mode=mode), len(kernels))
                        rows = [np.full(len(at), number), self.operands[i, at], self.out[at], *self.operands[:, at]]
                        found.append(np.array(rows).T)
                        order.append(at)
        if not found:
            return RecordsBack([], np.empty((0, 6), np.int64)), np.empty(0, np.int64)
        in_order: Numbers = np.concatenate(found)[np.argsort(-np.concatenate(order), kind="stable")]
        return RecordsBack(list(kernels), in_order), in_order[:, 1]


def records(thin: Thin) -> Records:
    """The records of operations of at most three operands, of sums and of dots."""
    first, code = thin.first, thin.code
    sizes = np.diff(first)
    kind = np.array([(op is SUM_OP) + 2 * (op is DOT_OP) for op in thin.ops], np.int64)[code]
    terms = np.choose(kind, [np.zeros_like(sizes), sizes - 1, sizes // 2])  # that are added to the first record
    counts = terms + 1
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    out = np.repeat(thin.out, counts)
    operands = np.tile(out, (3, 1))
    kinds = np.zeros(len(out), np.int64)
    known: dict[tuple[Op, str], int] = {}

    def fill(op: Op, mode: str, at: Numbers, *rows: Numbers) -> None:
        kinds[at] = known.setdefault((op, mode), len(known))
        for i, row in enumerate(rows):
            operands[i, at] = row

    for number, op in enumerate(thin.ops):
        nodes = np.flatnonzero(code == number)
        if op in (SUM_OP, DOT_OP):
            n, is_dot = terms[nodes], op is DOT_OP
            fill(pos, ASSIGN, start[nodes], thin.operands[first[nodes] + (2 * n if is_dot else 0)])
            k = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
            left = np.repeat(first[nodes], n) + k + (not is_dot)
            sides = [left, left + np.repeat(n, n)] if is_dot else [left]
            fill(mul if is_dot else pos, ADD, np.repeat(start[nodes], n) + 1 + k, *[thin.operands[x] for x in sides])
        elif op.arity is not None:
            fill(op, ASSIGN, start[nodes], *[thin.operands[first[nodes] + i] for i in range(op.arity)])
    shared = np.where(out < 0, 0, np.array([1, 2, 4]) @ (operands < 0))
    pairs, codes = np.unique(kinds * 8 + shared, return_inverse=True)
    forms = list(known)
    kernels = []
    for pair in pairs.tolist():
        op, mode = forms[pair // 8]
        count = op.arity or 0
        kernels.append(Kernel(op, count, mode=mode, scalars=tuple([i for i in range(count) if pair >> i & 1])))
    return Records(tuple(kernels), codes, out, operands)


def lowered(program: Program) -> tuple[list[Step | Records], int, int]:
    """The steps of a program as the machine has them, and how many rows the arenas have then."""
    steps: list[Step | Records] = []
    sizes = {SAMPLE: program.n_sample, SHARED: program.n_shared}

    def block(arena: str, size: int) -> Rows:
        sizes[arena] += size
        return Rows(arena, sizes[arena] - size, size)

    def several(op: Op, out: Rows, rows: Numbers) -> None:
        """An operation of any number of operands, whose rows are copied side by side."""
        operand = block(out.arena, len(rows))
        cuts = [0, *np.flatnonzero(np.diff(rows < 0)) + 1, len(rows)]
        for low, high in pairwise(cuts):
            is_shared, part = rows[low] < 0, rows[low:high]
            to = Rows(out.arena, operand.start + low, high - low)
            steps.append(Copy(to, SHARED if is_shared else SAMPLE, -1 - part if is_shared else part))
        steps.append(Reduce(op, out, operand))

    for step in program.steps:
        if isinstance(step, Map) and len(step.operands) > 3:
            several(step.op, step.out, np.concatenate([rows.signed for rows in step.operands]))
        elif isinstance(step, Reduce) and step.operand.arena != step.out.arena:
            several(step.op, step.out, step.operand.signed)
        elif isinstance(step, Product) and not product_address():  # a dot for each row of the weights
            w, p = step.weights, step.positions
            for i, elements in enumerate(w.numbers):
                row = Rows(SHARED, int(elements[0]), w.columns)
                if p > 1 or w.column_step != 1:
                    row = block(SHARED, w.columns * p)
                    steps.append(Copy(row, SHARED, np.repeat(elements, p)))
                steps.append(Dot(Rows(SAMPLE, step.out.start + i * p, p), row, step.inputs))
        elif isinstance(step, Thin):
            apart = np.array([op not in (SUM_OP, DOT_OP) and (op.arity is None or op.arity > 3) for op in step.ops])
            cuts = np.flatnonzero(apart[step.code]).tolist() if apart.any() else []
            low = 0
            for cut in [*cuts, len(step.code)]:
                if cut > low:
                    steps.append(records(step._replace(code=step.code[low:cut], out=step.out[low:cut],
                                                       first=step.first[low : cut + 1])))  # fmt: skip
                if cut < len(step.code):
                    rows = step.operands[step.first[cut] : step.first[cut + 1]]
                    several(step.ops[step.code[cut]], Rows.one(int(step.out[cut])), rows)
                low = cut + 1
        else:
            steps.append(step)
    return steps, max(sizes[SAMPLE], 1), max(sizes[SHARED], 1)
