"""The steps of a program backwards: the gradients that each kind of step passes on to what it was computed from.

This file owns one method a kind of step; it must not know any rule but that of sums of products (`dot`), nor
which gradients are asked for.
Read next: `thinning.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..group.program import SAMPLE, Copy, Dot, Map, Pick, Product, Program, Reduce
from ..run.back import Back, Target, WayBack
from ..table.arrays import Array, Writer, context, repeat
from .applied import passes, write_gradients, write_stack_gradient
from .memory import Memory
from .thin import thin_of

__all__ = ["Backwards"]

Targets = dict[int, Target]


class Backwards:
    """The calls of a program backwards, for batches of one size.

    Args:
        program: The program.
        memory: Its arenas.
        wrt_inputs: Whether gradients by the inputs are wanted.
    """

    def __init__(self, program: Program, memory: Memory, *, wrt_inputs: bool) -> None:
        self.memory, self.writer = memory, Writer(memory.sample.dtype)
        n_sample, n_shared = program.n_sample, program.n_shared + 1
        for back in WayBack(program, memory.steps, n_sample, n_shared, wrt_inputs, passes).found:
            self.back(back)
        self.calls = self.writer.calls
        self.context = context(all="ignore")

    def run(self) -> None:
        """Makes the calls."""
        self.context.run(repeat, self.calls)

    def back(self, back: Back) -> None:
        """The calls of one step."""
        step, targets = back
        match step:
            case Map():
                self.map(step, targets)
            case Product():
                self.product(step, targets)
            case Dot():
                self.dot(step, targets)
            case Reduce():
                self.reduce(step, targets[0])
            case Copy(out, _, rows):
                self.scatter(targets[0], rows, self.memory.block(out, gradients=True))
            case Pick():
                self.pick(step, targets[0])
            case _:  # single operations add; without a step zeros are all
                for target in targets.values():
                    self.zero(target)
                if step is not None:
                    self.writer.call(thin_of(step, self.memory).backward)

    # --- what arrives ---------------------------------------------------------------------------------------------

    def zero(self, target: Target) -> None:
        """A call that sets gradients to zero where nothing has arrived."""
        rows = target.new
        if len(rows):
            gradients = self.memory.arena(target.arena, gradients=True)
            if len(rows) == rows[-1] - rows[0] + 1:
                self.writer.call(gradients[rows[0] : rows[-1] + 1].fill, 0.0)
            else:
                self.writer.call(gradients.__setitem__, rows, 0.0)

    def is_first(self, target: Target) -> bool:
        """Whether what arrives is assigned; if not, there is something everywhere that it can be added to."""
        if not target.is_first:
            self.zero(target)
        return target.is_first

    def put(self, target: Array, found: Array, first: bool) -> None:
        """Assigns or adds; over axes along which the target is one and the same, the sum arrives."""
        axes = tuple([a for a in range(target.ndim) if target.shape[a] == 1 < found.shape[a]])
        if not axes:
            if first and found is not target:
                self.writer.call(target.__setitem__, ..., found)
            elif not first:
                self.writer.call(np.add, target, found, out=target)
            return
        total = target if first else self.writer.take(target.shape)
        self.writer.call(np.add.reduce, found, axis=axes if len(axes) > 1 else axes[0], keepdims=True, out=total)
        if not first:
            self.writer.call(np.add, target, total, out=target)
            self.writer.give(total)

    def scatter(self, target: Target, rows: NDArray[np.int64], found: Array) -> None:
        """Something arrives at rows that are no block, perhaps several times at one; `found` has a row for each."""
        gradients = self.memory.arena(target.arena, gradients=True)
        if gradients.shape[1] == 1 < found.shape[1]:
            total = self.writer.take((len(rows), 1))
            self.writer.call(np.add.reduce, found, axis=1, keepdims=True, out=total)
            found = total
        order = np.argsort(rows, kind="stable")
        unique, starts = np.unique(rows[order], return_index=True)
        if len(unique) < len(rows):
            in_order, sums = self.writer.take(found.shape), self.writer.take((len(unique), found.shape[1]))
            self.writer.call(found.take, order, 0, in_order, "clip")
            self.writer.call(np.add.reduceat, in_order, starts, axis=0, out=sums)
            rows, found = unique, sums
        if not self.is_first(target):
            before = self.writer.take(found.shape)
            self.writer.call(gradients.take, rows, 0, before, "clip")
            self.writer.call(np.add, before, found, out=before)
            found = before
        self.writer.call(gradients.__setitem__, rows, found)

    # --- steps ----------------------------------------------------------------------------------------------------

    def map(self, step: Map, targets: Targets) -> None:
        """By each operand the partial times what arrives."""
        gradient = self.memory.block(step.out, gradients=True)
        blocks = {k: self.memory.block(step.operands[k], gradients=True) for k in targets}
        first = {k: self.is_first(target) for k, target in targets.items()}
        direct = {k: block if first[k] and block.shape == gradient.shape else None for k, block in blocks.items()}
        xs = [self.memory.block(rows) for rows in step.operands]
        known = self.memory.known_of(step)
        found = write_gradients(self.writer, step.op, xs, self.memory.block(step.out), gradient, direct, known)
        for k, array in zip(targets, found, strict=True):
            self.put(blocks[k], array, first[k])
        for array in found:
            self.writer.give(array)

    def product(self, step: Product, targets: Targets) -> None:
        """By the weights G Xᵀ, or by the inputs Wᵀ G."""
        memory, writer, weights = self.memory, self.writer, step.weights
        g = memory.block(step.out, gradients=True).reshape(weights.rows, -1)
        x, w = memory.block(step.inputs).reshape(weights.columns, -1), memory.matrix(weights)
        left, right = (g, x.T) if 0 in targets else (w.T, g)
        if 0 in targets and not targets[0].is_once:
            found = writer.take(w.shape)
            writer.call(left.dot, right, found)
            self.scatter(targets[0], weights.numbers.reshape(-1), found.reshape(-1, 1))
            return
        place = memory.matrix(weights, gradients=True)
        if 1 in targets:
            place = memory.block(step.inputs, gradients=True).reshape(weights.columns, -1)
        (target,) = targets.values()
        first = self.is_first(target)
        found = place if first and place.flags.c_contiguous else writer.take(place.shape)
        writer.call(left.dot, right, found)
        self.put(place, found, first)
        writer.give(found)

    def dot(self, step: Dot, targets: Targets) -> None:
        """By each side the other one times what arrives."""
        size, gradient = step.out.size, self.memory.block(step.out, gradients=True)
        gradient = gradient[0] if size == 1 else gradient
        for k, target in targets.items():
            rows, others = (step.left, step.right)[:: 1 - 2 * k]
            place, other = self.memory.stack(rows, size, gradients=True), self.memory.stack(others, size)
            first = self.is_first(target)
            shape = np.broadcast_shapes(other.shape, gradient.shape)
            found = place if first and place.shape == shape else self.writer.take(shape)
            self.writer.call(np.multiply, gradient, other, out=found)
            self.put(place, found, first)
            self.writer.give(found)

    def reduce(self, step: Reduce, target: Target) -> None:
        """By all operands at once."""
        size, memory = step.out.size, self.memory
        stack, place = memory.stack(step.operand, size), memory.stack(step.operand, size, gradients=True)
        y, gradient = memory.block(step.out), memory.block(step.out, gradients=True)
        y, gradient = (y[0], gradient[0]) if size == 1 else (y, gradient)
        first = self.is_first(target)
        direct = place if first and place.shape[-1] == gradient.shape[-1] else None
        known = memory.known_of(step)
        found = write_stack_gradient(self.writer, step.op, stack, y, gradient, direct, known)
        if found.ndim < place.ndim:  # the same for all operands
            found = np.broadcast_to(found, (len(stack), *found.shape))
        self.put(place, found, first)
        self.writer.give(found)

    def pick(self, step: Pick, target: Target) -> None:
        """To what was picked, sample by sample."""
        self.zero(target)
        low, high, gradient = step.table.min(), step.table.max() + 1, self.memory.block(step.out, gradients=True)
        flat = self.memory.arena(step.arena, gradients=True)[low:high].reshape(-1)
        at = self.memory.places[id(step)]
        if step.arena == SAMPLE and all(len(set(row)) == len(row) for row in step.table.tolist()):
            at, gradient = (at[0], gradient[0]) if len(at) == 1 else (at, gradient)
            if not target.is_first:  # each place once: faster than `add.at`
                sums = self.writer.take(at.shape)
                self.writer.call(flat.take, at, None, sums, "clip")
                self.writer.call(np.add, sums, gradient, out=sums)
                gradient = sums
            self.writer.call(flat.__setitem__, at, gradient)
        else:
            self.writer.call(np.add.at, flat, at, gradient)
