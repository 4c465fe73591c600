"""Operations with nothing to group, one after the other.

This file owns how a `Thin` step runs: of a single sample as plain Python on floats, by the table's own rules, since
arrays of one number are slower than numbers; of a batch row by row. It must not know other kinds of steps.
Read next: `program.py`, which says what a `Thin` step is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..engine import Op
from .applied import passes, write_gradients, write_value
from .arrays import Array, Writer
from .memory import Memory
from .program import Thin

__all__ = ["Rowwise", "Scalars", "thin_of"]


class _Places:
    """Rows of both arenas, each of one number."""

    def __init__(self, rows: NDArray[np.int64]) -> None:
        self.in_sample = rows >= 0
        self.sample, self.shared = rows[self.in_sample], -1 - rows[~self.in_sample]

    def get(self, sample: Array, shared: Array) -> list[float]:
        """What lies there."""
        found = np.empty(len(self.in_sample))
        found[self.in_sample], found[~self.in_sample] = sample[self.sample, 0], shared[self.shared, 0]
        return found.tolist()

    def put(self, sample: Array, shared: Array, numbers: list[float]) -> None:
        """Writes there."""
        found = np.array(numbers)
        sample[self.sample, 0], shared[self.shared, 0] = found[self.in_sample], found[~self.in_sample]


class Scalars:
    """A thin step on one sample.

    The numbers from elsewhere come first in a list of their own, then the results, one a node.
    """

    def __init__(self, step: Thin, memory: Memory) -> None:
        self.step, self.memory = step, memory
        outs = {row: k for k, row in enumerate(step.out.tolist())}
        self.inside = np.array([outs.get(row, -1) for row in step.operands.tolist()], np.int64)
        external = np.unique(step.operands[self.inside < 0])
        self.external = external
        count = len(external)
        local = np.where(self.inside >= 0, self.inside + count, np.searchsorted(external, step.operands))
        arity = np.diff(step.first)
        places = local.tolist()
        self.many = [places[a:b] for a, b in zip(step.first[:-1].tolist(), step.first[1:].tolist(), strict=True)]
        self.kinds = arity.tolist()
        self.forwards = [step.ops[code].forward for code in step.code.tolist()]
        self.partials = [step.ops[code].partials for code in step.code.tolist()]
        self.givens, self.results = _Places(external), _Places(step.out)
        self.values: list[float] = []

    def forward(self) -> None:
        """Computes the values; where one is undefined, all from there on are nan."""
        memory = self.memory
        values = self.givens.get(memory.sample, memory.shared)
        before = len(values)
        append = values.append
        try:
            for function, xs in zip(self.forwards, self.many, strict=True):
                append(function(*[values[i] for i in xs]))
        except (ValueError, ArithmeticError):
            values += [float(np.sqrt(np.float64(-1.0)))] * (before + len(self.many) - len(values))
        self.values = values
        self.results.put(memory.sample, memory.shared, values[before:])

    def backward(self) -> None:
        """Adds to the gradients of what it was computed from."""
        memory, values = self.memory, self.values
        count = len(self.external)
        gradients: list[float] = [0.0] * count
        gradients += self.results.get(memory.sample_gradients, memory.shared_gradients)
        at = len(values)
        for rule, xs in zip(reversed(self.partials), reversed(self.many), strict=True):
            at -= 1
            gradient = gradients[at]
            if gradient != 0.0:
                for i, side in zip(xs, rule(values[at], *[values[i] for i in xs]), strict=True):
                    gradients[i] += side * gradient
        self.results.put(memory.sample_gradients, memory.shared_gradients, gradients[count:])
        found, inside = np.array(gradients[:count]), self.givens.in_sample
        memory.sample_gradients[self.givens.sample, 0] += found[inside]
        memory.shared_gradients[self.givens.shared, 0] += found[~inside]


class Rowwise:
    """A thin step on a batch: the calls of each operation are made once, on rows that its operands are copied to."""

    def __init__(self, step: Thin, memory: Memory) -> None:
        self.memory = memory
        self.kernels: dict[tuple[Op, int], _Kernel] = {}
        self.nodes = list(self.listed(step))

    def listed(self, step: Thin) -> Iterator[tuple[_Kernel, list[int], int]]:
        """The operation, the rows of the operands and the row of the result, node after node."""
        first, operands = step.first.tolist(), step.operands.tolist()
        for code, a, b, out in zip(step.code.tolist(), first[:-1], first[1:], step.out.tolist(), strict=True):
            key = step.ops[code], b - a
            if key not in self.kernels:
                self.kernels[key] = _Kernel(*key, self.memory)
            yield self.kernels[key], operands[a:b], out

    def forward(self) -> None:
        """Computes the values."""
        sample, shared = self.memory.sample, self.memory.shared
        for kernel, rows, out in self.nodes:
            for x, row in zip(kernel.xs, rows, strict=True):
                x[...] = sample[row] if row >= 0 else shared[-1 - row]
            for call in kernel.forward:
                call()
            if out >= 0:
                sample[out] = kernel.y
            else:
                shared[-1 - out] = kernel.y[0]

    def backward(self) -> None:
        """Adds to the gradients of what it was computed from."""
        memory = self.memory
        for kernel, rows, out in reversed(self.nodes):
            for x, row in zip(kernel.xs, rows, strict=True):
                x[...] = memory.sample[row] if row >= 0 else memory.shared[-1 - row]
            if out >= 0:
                kernel.y[...], kernel.gradient[...] = memory.sample[out], memory.sample_gradients[out]
            else:  # the same in all samples: counted in the first one
                kernel.y[...], kernel.gradient[...] = memory.shared[-1 - out], 0.0
                kernel.gradient[0] = memory.shared_gradients[-1 - out, 0]
            for call in kernel.backward:
                call()
            for position, found in zip(kernel.through, kernel.found, strict=True):
                if rows[position] >= 0:
                    memory.sample_gradients[rows[position]] += found
                else:
                    memory.shared_gradients[-1 - rows[position]] += found.sum()


class _Kernel:
    """An operation on rows of its own."""

    def __init__(self, op: Op, count: int, memory: Memory) -> None:
        rows = np.empty((count + 2, memory.size), memory.sample.dtype)
        self.xs, self.y, self.gradient = list(rows[:count]), rows[count], rows[count + 1]
        forward, backward = Writer(rows.dtype, memory.alarm), Writer(rows.dtype)
        write_value(forward, op, self.xs, self.y)
        self.through = [k for k, goes in enumerate(passes(op, count)) if goes]
        targets: dict[int, Array | None] = dict.fromkeys(self.through)
        self.found = write_gradients(backward, op, self.xs, self.y, self.gradient, targets)
        self.forward, self.backward = forward.calls, backward.calls


def thin_of(step: Thin, memory: Memory) -> Scalars | Rowwise:
    """How the step runs in this memory."""
    if id(step) not in memory.kept:
        memory.kept[id(step)] = Scalars(step, memory) if memory.size == 1 else Rowwise(step, memory)
    found: Scalars | Rowwise = memory.kept[id(step)]
    return found
