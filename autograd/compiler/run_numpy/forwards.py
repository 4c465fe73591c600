"""The steps of a program as calls of numpy: how the value of each kind of step is computed.

This file owns what a step writes where; it must not know derivatives, nor when the calls are made.
Read next: `backwards.py`, the same for gradients.
"""

from __future__ import annotations

import numpy as np

from ..group.program import SAMPLE, Copy, Dot, Map, Pick, Product, Reduce, Thin
from ..table.arrays import Array, Writer
from .applied import write_stack_value, write_value
from .memory import Memory
from .thin import thin_of

__all__ = ["forward_calls"]


def forward_calls(writer: Writer, memory: Memory, positions: Array) -> None:
    """Writes the calls of all steps, in order."""
    for step in memory.steps:
        match step:
            case Map(op, out, operands):
                write_value(writer, op, [memory.block(r) for r in operands], memory.block(out), memory.known_of(step))
            case Product(out, weights, inputs, count):
                size = count * memory.size
                x = memory.block(inputs).reshape(weights.columns, size)
                writer.call(memory.matrix(weights).dot, x, memory.block(out).reshape(weights.rows, size))
            case Dot(out, left, right):
                a, b = [memory.stack(rows, out.size) for rows in (left, right)]
                y = memory.block(out)
                products = writer.take((*np.broadcast_shapes(a.shape, b.shape)[:-1], y.shape[-1]))
                writer.call(np.multiply, a, b, out=products)
                writer.call(np.add.reduce, products, 0, None, y[0] if out.size == 1 else y)
                writer.give(products)
            case Reduce(op, out, operand):
                y = memory.block(out)
                known = memory.known_of(step)
                write_stack_value(writer, op, memory.stack(operand, out.size), y[0] if out.size == 1 else y, known)
            case Copy(out, arena, rows):
                low, high = int(rows.min()), int(rows.max()) + 1  # numpy copies where the arrays might overlap
                taken, rows = memory.arena(arena)[low:high], rows - low
                target = memory.block(out)
                if taken.shape[1] == target.shape[1]:
                    writer.call(taken.take, rows, 0, target, "clip")
                else:
                    column = writer.take((out.size, 1))
                    writer.call(taken.take, rows, 0, column, "clip")
                    writer.call(np.copyto, target, column)
                    writer.give(column)
            case Pick():
                write_pick(writer, step, memory, positions)
            case Thin():
                writer.call(thin_of(step, memory).forward)


def write_pick(writer: Writer, step: Pick, memory: Memory, positions: Array) -> None:
    """The places that the whole numbers of the batch stand for, and what lies there."""
    low, high = int(step.table.min()), int(step.table.max()) + 1  # numpy copies where the arrays might overlap
    arena, at = memory.arena(step.arena)[low:high], np.empty((step.out.size, memory.size), np.int64)
    places = np.ascontiguousarray(step.table.T - low) * arena.shape[1]  # (size of out, positions)
    out, samples = memory.block(step.out), np.arange(memory.size)
    memory.places[id(step)] = at
    if step.out.size == 1:  # numpy is faster with one dimension
        places, at, out = places[0], at[0], out[0]
    writer.call(places.take, positions[step.column], -1, at, "clip")
    if step.arena == SAMPLE:
        writer.call(np.add, at, samples, out=at)
    writer.call(arena.reshape(-1).take, at, None, out, "clip")
