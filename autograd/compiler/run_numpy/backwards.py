"""The steps of a program backwards: the gradients that each kind of step passes on to what it was computed from.

This file owns one method a kind of step; it must not know any rule. Gradients lie in arenas of their own, row by row
beside the values. What arrives at rows first is assigned, what arrives later is added; which is which is known when the
calls are made. Nothing is computed that depends on no parameter.
Read next: `executor.py`, which makes the calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..group.program import SAMPLE, SHARED, Copy, Dot, Map, Pick, Product, Program, Reduce, Rows, Step, Thin
from ..table.arrays import Array, Writer, context, repeat
from .applied import passes, write_gradients, write_stack_gradient
from .memory import Memory
from .thin import thin_of

__all__ = ["Backwards"]

Indices = NDArray[np.int64]


class Backwards:
    """The calls of a program backwards, for batches of one size.

    Args:
        program: The program.
        memory: Its arenas.
        wrt_inputs: Whether gradients by the inputs are wanted.
    """

    def __init__(self, program: Program, memory: Memory, *, wrt_inputs: bool) -> None:
        self.program, self.memory = program, memory
        self.writer = Writer(memory.sample.dtype)
        self.needed = self.needs(wrt_inputs)
        self.touched = {arena: np.zeros(len(memory.arena(arena)), np.bool_) for arena in (SAMPLE, SHARED)}
        for root in program.roots:
            self.touched[root.arena][root.start] = True
        for step in reversed(memory.steps):
            self.step(step)
        untouched = np.flatnonzero(~self.touched[SHARED][: program.n_parameters])
        if len(untouched) and not program.per_sample:
            self.zero(SHARED, untouched)
        if wrt_inputs:
            rows = np.concatenate([np.arange(row, row + n) for row, _, n in program.inputs] or [np.zeros(0, np.int64)])
            self.zero(SAMPLE, rows[~self.touched[SAMPLE][rows]])
        self.calls = self.writer.calls
        self.context = context(all="ignore")

    def run(self) -> None:
        """Makes the calls."""
        self.context.run(repeat, self.calls)

    def needs(self, wrt_inputs: bool) -> dict[str, NDArray[np.bool_]]:
        """Which rows depend on a parameter."""
        program = self.program
        found = {arena: np.zeros(len(self.memory.arena(arena)), np.bool_) for arena in (SAMPLE, SHARED)}
        if not program.per_sample:
            found[SHARED][: program.n_parameters] = True
        for row, _, count in program.inputs:
            found[SAMPLE][row : row + count] = wrt_inputs

        def of(rows: Rows) -> NDArray[np.bool_]:
            return found[rows.arena][rows.numbers]

        depends: Any
        for step in self.memory.steps:
            match step:
                case Map(op, out, operands):
                    depends = np.zeros(out.size, np.bool_)
                    for rows, goes in zip(operands, passes(op, len(operands)), strict=True):
                        depends |= of(rows) & goes
                case Product(out, weights, inputs, _):
                    depends = np.full(out.size, found[SHARED][weights.numbers].any() or of(inputs).any())
                case Dot(out, left, right):
                    depends = (of(left) | of(right)).reshape(-1, out.size).any(axis=0)
                case Reduce(_, out, operand):
                    depends = of(operand).reshape(-1, out.size).any(axis=0)
                case Copy(out, arena, rows):
                    depends = found[arena][rows]
                case Pick(out, _, arena, table):
                    depends = found[arena][table].any(axis=0)
                case Thin():
                    read = step.operands
                    any_depends = found[SAMPLE][read[read >= 0]].any() or found[SHARED][-1 - read[read < 0]].any()
                    found[SAMPLE][step.out[step.out >= 0]] = any_depends
                    found[SHARED][-1 - step.out[step.out < 0]] = any_depends
                    continue
            found[out.arena][out.numbers] = depends
        return found

    # --- what arrives ---------------------------------------------------------------------------------------------

    def zero(self, arena: str, rows: Indices) -> None:
        """A call that sets gradients to zero."""
        if len(rows):
            gradients = self.memory.arena(arena, gradients=True)
            is_block = len(rows) == rows[-1] - rows[0] + 1
            self.writer.call(gradients.__setitem__, slice(rows[0], rows[-1] + 1) if is_block else rows, 0.0)

    def is_first(self, arena: str, rows: Indices) -> bool:
        """Whether nothing has arrived at any of these rows; where something has at a few, the others become zero."""
        touched = self.touched[arena][rows]
        if touched.any() and not touched.all():
            self.zero(arena, np.unique(rows[~touched]))
        self.touched[arena][rows] = True
        return not touched.any()

    def arrived(self, rows: Rows) -> bool:
        """Whether anything has arrived at these rows; if so, it has at all of them."""
        if not self.touched[rows.arena][rows.numbers].any():
            return False
        self.is_first(rows.arena, rows.numbers)
        return True

    def put(self, target: Array, found: Array, first: bool) -> None:
        """Assigns or adds; over axes along which the target is one and the same, the sum arrives."""
        axes = tuple([a for a in range(target.ndim) if target.shape[a] == 1 < found.shape[a]])
        if not axes:
            if first and found is not target:
                self.writer.call(np.copyto, target, found)
            elif not first:
                self.writer.call(np.add, target, found, out=target)
            return
        total = target if first else self.writer.take(target.shape)
        self.writer.call(np.add.reduce, found, axis=axes if len(axes) > 1 else axes[0], keepdims=True, out=total)
        if not first:
            self.writer.call(np.add, target, total, out=target)
            self.writer.give(total)

    def scatter(self, arena: str, rows: Indices, found: Array) -> None:
        """Something arrives at rows that are no block, perhaps several times at one; `found` has a row for each."""
        gradients = self.memory.arena(arena, gradients=True)
        if gradients.shape[1] == 1 < found.shape[1]:
            total = self.writer.take((len(rows), 1))
            self.writer.call(np.add.reduce, found, axis=1, keepdims=True, out=total)
            found = total
        order = np.argsort(rows, kind="stable")
        unique, starts = np.unique(rows[order], return_index=True)
        if len(unique) < len(rows):
            in_order, sums = self.writer.take(found.shape), self.writer.take((len(unique), found.shape[1]))
            self.writer.call(found.take, order, axis=0, out=in_order, mode="clip")
            self.writer.call(np.add.reduceat, in_order, starts, axis=0, out=sums)
            rows, found = unique, sums
        if not self.is_first(arena, rows):
            before = self.writer.take(found.shape)
            self.writer.call(gradients.take, rows, axis=0, out=before, mode="clip")
            self.writer.call(np.add, before, found, out=before)
            found = before
        self.writer.call(gradients.__setitem__, rows, found)

    # --- steps ----------------------------------------------------------------------------------------------------

    def step(self, step: Step) -> None:
        """The calls of one step."""
        if isinstance(step, Thin):
            self.thin(step)
            return
        if not self.arrived(step.out):
            return
        gradient = self.memory.block(step.out, gradients=True)
        methods: dict[type[Any], Callable[[Any, Array], None]] = {
            Map: self.map, Product: self.product, Dot: self.dot, Reduce: self.reduce, Copy: self.copy, Pick: self.pick,
        }  # fmt: skip
        methods[type(step)](step, gradient)

    def is_needed(self, rows: Rows) -> bool:
        """Whether a gradient is wanted at any of these rows."""
        return bool(self.needed[rows.arena][rows.numbers].any())

    def map(self, step: Map, gradient: Array) -> None:
        """By each operand the partial times what arrives."""
        goes = passes(step.op, len(step.operands))
        positions = [k for k, rows in enumerate(step.operands) if goes[k] and self.is_needed(rows)]
        if not positions:
            return
        blocks = [self.memory.block(rows, gradients=True) for rows in step.operands]
        first = {k: self.is_first(step.operands[k].arena, step.operands[k].numbers) for k in positions}
        direct = {k: blocks[k] if first[k] and blocks[k].shape == gradient.shape else None for k in positions}
        xs = [self.memory.block(rows) for rows in step.operands]
        known = self.memory.known_of(step)
        found = write_gradients(self.writer, step.op, xs, self.memory.block(step.out), gradient, direct, known)

        for k, array in zip(positions, found, strict=True):
            self.put(blocks[k], array, first[k])
        for array in found:
            self.writer.give(array)

    def product(self, step: Product, gradient: Array) -> None:
        """By the weights G Xᵀ, by the inputs Wᵀ G."""
        weights, memory, writer = step.weights, self.memory, self.writer
        g = gradient.reshape(weights.rows, -1)
        elements = weights.numbers
        if self.needed[SHARED][elements].any():
            x = memory.block(step.inputs).reshape(weights.columns, -1)
            if len(np.unique(elements)) == elements.size:
                first = self.is_first(SHARED, elements.reshape(-1))
                target = memory.matrix(weights, gradients=True)
                found = target if first else writer.take(target.shape)
                writer.call(np.matmul, g, x.T, out=found)
                self.put(target, found, first)
                writer.give(found)
            else:
                found = writer.take(elements.shape)
                writer.call(np.matmul, g, x.T, out=found)
                self.scatter(SHARED, elements.reshape(-1), found.reshape(-1, 1))
        needed = np.flatnonzero(self.needed[step.inputs.arena][step.inputs.numbers]) // step.positions
        if len(needed):
            low, high = int(needed[0]), int(needed[-1]) + 1
            rows = Rows(step.inputs.arena, step.inputs.start + low * step.positions, (high - low) * step.positions)
            first = self.is_first(rows.arena, rows.numbers)
            target = memory.block(rows, gradients=True).reshape(high - low, -1)
            found = target if first else writer.take(target.shape)
            writer.call(np.matmul, memory.matrix(weights)[:, low:high].T, g, out=found)
            self.put(target, found, first)
            writer.give(found)

    def dot(self, step: Dot, gradient: Array) -> None:
        """By each side the other one times what arrives."""
        size = step.out.size
        gradient = gradient[0] if size == 1 else gradient
        for rows, others in ((step.left, step.right), (step.right, step.left)):
            if self.is_needed(rows):
                target, other = self.memory.stack(rows, size, gradients=True), self.memory.stack(others, size)
                first = self.is_first(rows.arena, rows.numbers)
                shape = np.broadcast_shapes(other.shape, gradient.shape)
                found = target if first and target.shape == shape else self.writer.take(shape)
                self.writer.call(np.multiply, gradient, other, out=found)
                self.put(target, found, first)
                self.writer.give(found)

    def reduce(self, step: Reduce, gradient: Array) -> None:
        """By all operands at once."""
        if not self.is_needed(step.operand):
            return
        size, memory = step.out.size, self.memory
        stack, target = memory.stack(step.operand, size), memory.stack(step.operand, size, gradients=True)
        y, gradient = [block[0] if size == 1 else block for block in (memory.block(step.out), gradient)]
        first = self.is_first(step.operand.arena, step.operand.numbers)
        direct = target if first and target.shape[-1] == gradient.shape[-1] else None
        known = memory.known_of(step)
        found = write_stack_gradient(self.writer, step.op, stack, y, gradient, direct, known)
        if found.ndim < target.ndim:  # the same for all operands
            found = np.broadcast_to(found, (len(stack), *found.shape))
        self.put(target, found, first)
        self.writer.give(found)

    def copy(self, step: Copy, gradient: Array) -> None:
        """To where the rows were copied from."""
        if self.needed[step.arena][step.rows].any():
            self.scatter(step.arena, step.rows, gradient)

    def pick(self, step: Pick, gradient: Array) -> None:
        """To what was picked, sample by sample."""
        rows = np.unique(step.table)
        if self.needed[step.arena][rows].any():
            if self.is_first(step.arena, rows):
                self.zero(step.arena, rows)
            flat = self.memory.arena(step.arena, gradients=True)[rows[0] : rows[-1] + 1].reshape(-1)
            at = self.memory.places[id(step)]
            if step.arena == SAMPLE and all(len(set(row)) == len(row) for row in step.table.tolist()):
                at, gradient = (at[0], gradient[0]) if len(at) == 1 else (at, gradient)
                sums = self.writer.take(at.shape)  # each place once: faster than `add.at`
                self.writer.call(flat.take, at, out=sums, mode="clip")
                self.writer.call(np.add, sums, gradient, out=sums)
                self.writer.call(flat.__setitem__, at, sums)
            else:
                self.writer.call(np.add.at, flat, at, gradient)

    def thin(self, step: Thin) -> None:
        """One operation after the other; zeros are there to be added to."""
        rows = np.unique(np.concatenate([step.operands, step.out]))
        for arena, some in ((SAMPLE, rows[rows >= 0]), (SHARED, np.sort(-1 - rows[rows < 0]))):
            if self.is_first(arena, some):
                self.zero(arena, some)
        self.writer.call(thin_of(step, self.memory).backward)
