"""A program as instructions for the machine: lists of whole numbers, among them addresses of memory.

This file owns how each step is written down for a batch of one size, forward and backward; it must not know how
instructions are executed, nor which gradients are asked for.
Read next: `build.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import mul, pos
from ..group.program import SAMPLE, SHARED, Copy, Dot, Map, Matrix, Pick, Product, Reduce, Rows
from ..run.back import Back, Target
from .cache import kernel_address, product_address
from .llvm import ADD, ASSIGN, SUM, VALUE, Kernel
from .machine import COPY, MAP, PICK, PRODUCT, SPREAD, THIN, UNPICK, ZERO
from .records import Records, RecordsBack
from .threaded import threaded

__all__ = ["Instructions"]

Numbers = NDArray[np.int64]
Memory = dict[str, NDArray[Any]]
Place = tuple[int, ...]  # an address, and how many bytes it moves on in each turn of an outer and of an inner loop
NOWHERE: Place = (0, 0, 0)
PLAIN, TURNED = 111, 112  # of the BLAS: whether a matrix is transposed


def is_plain(w: Matrix) -> bool:
    """Whether the BLAS can read a matrix as it stands, row after row."""
    return w.column_step == 1 and (w.row_step >= w.columns or w.rows == 1)


def is_turned(w: Matrix) -> bool:
    """Whether it can do so column after column."""
    return w.row_step == 1 and (w.column_step >= w.rows or w.columns == 1)


class Instructions:
    """The instructions for one batch size, and the memory that they work on.

    Args:
        batch: How many samples.
        values: For each arena memory for its numbers.
        gradients: For each arena memory for their gradients.
        positions: Memory for the positions of whole numbers, a row for each.
    """

    def __init__(self, batch: int, values: Memory, gradients: Memory, positions: Numbers) -> None:
        self.batch, self.positions = batch, positions
        memory = {False: values, True: gradients}
        self.base = {g: {arena: int(x.ctypes.data) for arena, x in memory[g].items()} for g in (False, True)}
        self.far = {SAMPLE: 8 * batch, SHARED: 8}
        self.words: list[int] = []
        self.kept: list[NDArray[Any]] = []  # what addresses in instructions point to

    def put(self, what: int, *words: int) -> None:
        """One instruction."""
        self.words += [what, 2 + len(words), *words]

    def keep(self, array: NDArray[Any]) -> int:
        """The address of an array that stays as long as the instructions."""
        self.kept.append(array)
        return int(array.ctypes.data)

    def at(self, arena: str, row: int, gradient: bool = False) -> int:
        """The address of a row."""
        return int(self.base[gradient][arena] + row * self.far[arena])

    def map(self, kernel: Kernel, n: int, counts: tuple[int, int], out: Place, g: Place = NOWHERE, y: Place = NOWHERE,
            *operands: Place) -> None:  # fmt: skip
        """One kernel, called in two loops."""
        places = [*operands, NOWHERE, NOWHERE, NOWHERE][:3]
        self.put(MAP, kernel_address(kernel), n, *counts, *out, *g, *y, *places[0], *places[1], *places[2])

    def zero(self, arena: str, rows: Numbers) -> None:
        """Gradients of rows, in ascending order, become 0."""
        if not len(rows):
            return
        length = self.far[arena] // 8
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        if len(cuts) < 16:
            for low, high in zip([0, *cuts], [*cuts, len(rows)], strict=True):
                self.put(ZERO, 1, int(high - low) * length, self.at(arena, int(rows[low]), True), 0)
        else:
            nothing, listed = self.keep(np.zeros(1)), self.keep(np.ascontiguousarray(rows, dtype=np.int64))
            kernel = kernel_address(Kernel(pos, 1, scalars=(0,)))
            self.put(SPREAD, kernel, length, len(self.kept[-1]), nothing, 0, self.at(arena, 0, True),
                     self.far[arena], listed, 0)  # fmt: skip

    def mode(self, target: Target, summed: bool = False) -> str:
        """How a gradient is given to rows, perhaps as the sum over the samples."""
        if target.is_first and target.is_once and not summed:
            return ASSIGN
        self.zero(target.arena, target.new)
        return SUM if summed else ADD

    # --- forward ------------------------------------------------------------------------------------------------

    def forward(self, step: Any) -> None:
        """The instructions of a step."""
        match step:
            case Map():
                n, count, places, scalars = self.blocks(step.out, step.operands)
                kernel = Kernel(step.op, len(step.operands), scalars=scalars)
                self.map(kernel, n, (count, 1), self.block(step.out), NOWHERE, NOWHERE, *places)
            case Product(out, weights, inputs, positions):
                w, turned, far = self.matrix(weights)
                width = positions * self.batch
                self.product(TURNED if turned else PLAIN, PLAIN, weights.rows, width, weights.columns, w, far,
                             self.at(SAMPLE, inputs.start), width, 0, self.at(SAMPLE, out.start), width)  # fmt: skip
            case Dot(out, left, right):
                self.dot(VALUE, ASSIGN, out, left, right)
            case Reduce(op, out, operand):
                self.reduce(op, VALUE, ASSIGN, out, operand)
            case Copy(out, arena, rows):
                self.put(COPY, kernel_address(Kernel(pos, 1, scalars=(0,) if arena != out.arena else ())),
                         self.far[out.arena] // 8, len(rows), *self.block(out)[:2], self.at(arena, 0), self.far[arena],
                         self.numbers(rows))  # fmt: skip
            case Pick(out, column, arena, table):
                self.pick(PICK, out, column, arena, table)
            case Records():
                self.thin(step.kernels, np.array([step.code, step.out, step.out, *step.operands]).T, {})

    def block(self, rows: Rows, gradient: bool = False) -> Place:
        """Where rows are, one a turn of the outer loop."""
        return self.at(rows.arena, rows.start, gradient), rows.step * self.far[rows.arena], 0

    def blocks(self, out: Rows, operands: Sequence[Rows]) -> tuple[int, int, list[Place], tuple[int, ...]]:
        """How a Map is done: so many numbers at once, so many turns; where the operands are, which are scalars."""
        single = out.size == 1
        scalars, flat = [], True
        for i, rows in enumerate(operands):
            if rows.arena != out.arena or (rows.step == 0 and out.arena == SHARED and not single):
                scalars.append(i)
                flat = flat and (single or rows.step == 0)
            else:
                flat = flat and (single or rows.step == 1)
        places = [self.block(rows) for rows in operands]
        length = self.far[out.arena] // 8
        return (out.size * length, 1, places, tuple(scalars)) if flat else (length, out.size, places, tuple(scalars))

    def dot(self, which: int, mode: str, out: Rows, left: Rows, right: Rows, target: Rows | None = None) -> None:
        """Sums of products, as a product that is added for each term; backward, the gradient of one side."""
        m, terms = out.size, left.size // out.size
        scalars = tuple([i for i, side in enumerate((left, right)) if side.arena != out.arena])
        inner, length = (m, self.far[out.arena] // 8) if scalars else (1, m * self.far[out.arena] // 8)
        sides = [self.spread(side, m) for side in (left, right)]
        result = (self.at(out.arena, out.start, target is not None), 0, self.far[out.arena])
        if self.far[out.arena] * m == 8:  # of single numbers: one loop over the terms
            if target is not None:
                other = sides[1 - which]
                kernel = Kernel(mul, 2, VALUE, ASSIGN if mode == ASSIGN else ADD, (0,))
                self.map(kernel, terms, (1, 1), self.spread(target, m, True), NOWHERE, NOWHERE, result, other)
                return
            self.put(ZERO, 1, 1, result[0], 0)
            self.map(Kernel(mul, 2, VALUE, SUM), terms, (1, 1), result, NOWHERE, NOWHERE, *sides)
            return
        if target is not None:
            kernel = Kernel(mul, 2, which, mode, scalars)
            self.map(kernel, length, (terms, inner), self.spread(target, m, True), result, NOWHERE, *sides)
            return
        self.map(Kernel(mul, 2, scalars=scalars), length, (1, inner), result, NOWHERE, NOWHERE, *sides)
        if terms > 1:
            later = [(place[0] + place[1], *place[1:]) for place in sides]
            kernel = Kernel(mul, 2, VALUE, ADD, scalars)
            self.map(kernel, length, (terms - 1, inner), result, NOWHERE, NOWHERE, *later)

    def spread(self, rows: Rows, m: int, gradient: bool = False) -> Place:
        """Where a side of dots is: m rows a turn of the outer loop, one a turn of the inner one."""
        far = self.far[rows.arena]
        return self.at(rows.arena, rows.start, gradient), m * far, far

    def reduce(self, op: Any, which: int, mode: str, out: Rows, operand: Rows) -> None:
        """An operation of any number of operands, or its partials."""
        far, count = out.size * self.far[out.arena] // 8, operand.size // out.size
        back = which != VALUE
        to = operand if back else out
        self.map(Kernel(op, count, which, mode), far, (1, 1), (self.at(to.arena, to.start, back), 0, 0),
                 (self.at(out.arena, out.start, True), 0, 0), (self.at(out.arena, out.start), 0, 0),
                 (self.at(operand.arena, operand.start), 0, 0), (far, 0, 0), (count, 0, 0))  # fmt: skip

    def product(self, turn: int, turn_second: int, m: int, n: int, k: int, a: int, far_a: int, b: int, far_b: int,
                add: int, c: int, far_c: int) -> None:  # fmt: skip
        """A matrix product: `c = add c + a b`, m x n, with k terms."""
        beta = int(np.array(float(add)).view(np.int64))
        self.put(PRODUCT, product_address(), turn, turn_second, m, n, k, a, far_a, b, far_b, beta, c, far_c)

    def matrix(self, w: Matrix, gradient: bool = False) -> tuple[int, bool, int]:
        """Where weights are, whether transposed, and how far apart their rows; a copy if the BLAS cannot read them."""
        if is_plain(w):
            return self.at(SHARED, w.start, gradient), False, max(w.row_step, w.columns)
        if is_turned(w):
            return self.at(SHARED, w.start, gradient), True, max(w.column_step, w.rows)
        scratch = self.keep(np.empty((w.rows, w.columns)))
        if not gradient:
            self.map(Kernel(pos, 1), 1, (w.rows, w.columns), (scratch, 8 * w.columns, 8), NOWHERE, NOWHERE,
                     (self.at(SHARED, w.start), 8 * w.row_step, 8 * w.column_step))  # fmt: skip
        return scratch, False, w.columns

    def numbers(self, rows: Numbers) -> int:
        """The address of whole numbers."""
        return self.keep(np.ascontiguousarray(rows, dtype=np.int64))

    def pick(self, what: int, out: Rows, column: int, arena: str, table: Numbers) -> None:
        """Rows that whole numbers pick, or their gradients."""
        back = what == UNPICK
        self.put(what, self.batch, out.size, self.at(SAMPLE, out.start, back), self.at(arena, 0, back),
                 self.far[arena], 8 if arena == SAMPLE else 0, self.numbers(table),
                 self.positions[column].ctypes.data)  # fmt: skip

    def thin(self, kernels: Sequence[Kernel], rows: Numbers, targets: dict[int, Target]) -> None:
        """Records, of one sample as threaded code; gradients arrive at targets."""
        if self.batch == 1:
            self.threaded(kernels, rows, targets)
            return
        for target in targets.values():
            self.zero(target.arena, target.new)
        addresses = np.array([kernel_address(kernel) for kernel in kernels])
        code, out, node, *operands = rows.T
        counts = np.where(node < 0, 1, self.batch)
        places = [self.places(out, bool(targets)), self.places(node, True), *map(self.places, (node, *operands))]
        self.put(THIN, len(rows), self.numbers(np.array([addresses[code], counts, *places]).T))

    def places(self, rows: Numbers, gradient: bool = False) -> Numbers:
        """The addresses of rows that are numbered as in `Thin`."""
        base, is_shared = self.base[gradient], rows < 0
        found: Numbers = rows * np.where(is_shared, -8, self.far[SAMPLE])
        found += np.where(is_shared, base[SHARED] - 8, base[SAMPLE])
        return found

    def threaded(self, kernels: Sequence[Kernel], rows: Numbers, targets: dict[int, Target]) -> None:
        """Records of one sample, whose rows are counted through both arenas: one call of the first link."""
        values, gradients = self.base[False], self.base[True]
        first = (values[SAMPLE] - values[SHARED]) // 8
        counted = np.where(rows < 0, -1 - rows, first + rows)
        counted[:, 0] = rows[:, 0]
        new = [target.new + (first if target.arena == SAMPLE else 0) for target in targets.values()]
        links, records = threaded(kernels, counted, np.concatenate([np.empty(0, np.int64), *new]))
        addresses = [kernel_address(link) for link in links]
        places = [(at, 0, 0) for at in (values[SHARED], gradients[SHARED], self.numbers(np.array(addresses)))]
        self.put(MAP, addresses[records[0]], self.keep(records), 1, 1, *places[0], *places[1], *places[2], *NOWHERE * 3)

    # --- backward -----------------------------------------------------------------------------------------------

    def backward(self, back: Back) -> None:
        """The instructions of the way back through a step."""
        step, targets = back
        match step:
            case None:
                self.zero(targets[0].arena, targets[0].new)
            case Map(op, out, operands):
                n, count, places, scalars = self.blocks(out, operands)
                for i, target in targets.items():
                    kernel = Kernel(op, len(operands), i, self.mode(target, i in scalars), scalars)
                    self.map(kernel, n, (count, 1), self.block(operands[i], True), self.block(out, True),
                             self.block(out), *places)  # fmt: skip
            case Product():
                self.product_back(step, targets)
            case Dot(out, left, right):
                for i, target in targets.items():
                    side = (left, right)[i]
                    self.dot(i, self.mode(target, side.arena != out.arena), out, left, right, side)
            case Reduce(op, out, operand):
                self.reduce(op, 0, self.mode(targets[0]), out, operand)
            case Copy(out, arena, rows):
                mode = self.mode(targets[0], arena != out.arena)
                self.put(SPREAD, kernel_address(Kernel(pos, 1, 0, mode)), self.far[out.arena] // 8, len(rows),
                         self.at(out.arena, out.start, True), self.far[out.arena], self.at(arena, 0, True),
                         self.far[arena], self.numbers(rows), int(mode != ASSIGN))  # fmt: skip
            case Pick(out, column, arena, table):
                self.zero(arena, targets[0].new)
                self.pick(UNPICK, out, column, arena, table)
            case RecordsBack(kernels, rows):
                self.thin(kernels, rows, targets)

    def product_back(self, step: Product, targets: dict[int, Target]) -> None:
        """The gradients of the weights, or of inputs."""
        out, weights, inputs, positions = step
        m, n, width = weights.rows, weights.columns, positions * self.batch
        g = self.at(SAMPLE, out.start, True)
        if 1 in targets:
            w, turned, far = self.matrix(weights)
            self.product(PLAIN if turned else TURNED, PLAIN, n, width, m, w, far, g, width,
                         self.mode(targets[1]) == ADD, self.at(SAMPLE, inputs.start, True), width)  # fmt: skip
            return
        at, turned, far = self.matrix(weights, True)
        x, direct, mode = self.at(SAMPLE, inputs.start), is_plain(weights) or is_turned(weights), self.mode(targets[0])
        add = direct and mode == ADD
        if turned:
            self.product(PLAIN, TURNED, n, m, width, x, width, g, width, add, at, far)
        else:
            self.product(PLAIN, TURNED, m, n, width, g, width, x, width, add, at, far)
        if not direct:
            self.map(Kernel(pos, 1, 0, mode), 1, (m, n), (self.at(SHARED, weights.start, True), 8 * weights.row_step,
                     8 * weights.column_step), (at, 8 * n, 8))  # fmt: skip
