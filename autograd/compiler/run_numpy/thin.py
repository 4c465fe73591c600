"""Operations with nothing to group, one after the other, as plain Python on floats.

This file owns how a `Thin` step runs: by the table's own rules, since arrays of one number are slower than numbers. It
must not know other kinds of steps. Where it is left in a batch of several samples, it runs for one after the other.
Read next: `thinning.py`, which says where it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..group.program import Thin
from ..table.arrays import Array
from .memory import Memory

__all__ = ["Scalars", "thin_of"]


class _Places:
    """Rows of both arenas, one number of each."""

    def __init__(self, rows: NDArray[np.int64]) -> None:
        self.in_sample = rows >= 0
        self.sample, self.shared = rows[self.in_sample], -1 - rows[~self.in_sample]

    def get(self, sample: Array, shared: Array, column: int) -> list[float]:
        """What lies there."""
        found = np.empty(len(self.in_sample))
        found[self.in_sample], found[~self.in_sample] = sample[self.sample, column], shared[self.shared, 0]
        return found.tolist()

    def put(self, sample: Array, shared: Array, column: int, numbers: list[float]) -> None:
        """Writes there."""
        found = np.array(numbers)
        sample[self.sample, column], shared[self.shared, 0] = found[self.in_sample], found[~self.in_sample]


class Scalars:
    """A thin step; the numbers from elsewhere come first in a list, then the results, one an operation.

    Args:
        step: The step.
        memory: The arenas.
    """

    def __init__(self, step: Thin, memory: Memory) -> None:
        self.memory = memory
        order = np.argsort(step.out)
        at = np.searchsorted(step.out, step.operands, sorter=order).clip(max=len(order) - 1)
        is_inside = step.out[order[at]] == step.operands
        external = np.unique(step.operands[~is_inside])
        local = np.where(is_inside, order[at] + len(external), np.searchsorted(external, step.operands)).tolist()
        ops = [step.ops[code] for code in step.code.tolist()]
        operands = [local[a:b] for a, b in zip(step.first[:-1].tolist(), step.first[1:].tolist(), strict=True)]
        two = [(*xs, xs) if len(xs) == 2 else (-1, -1, xs) for xs in operands]  # those of two are given one by one
        self.forwards = [(op.forward, *xs) for op, xs in zip(ops, two, strict=True)]
        places = range(len(external), len(external) + len(ops))
        self.partials = [(at, op.partials, *xs) for at, op, xs in zip(places, ops, two, strict=True)][::-1]
        self.givens, self.results = _Places(external), _Places(step.out)
        self.values: list[list[float]] = [[] for _ in range(memory.size)]

    def forward(self) -> None:
        """Computes the values; where one is undefined, all from there on are nan."""
        memory, before = self.memory, len(self.givens.in_sample)
        for column in range(memory.size):
            values = self.givens.get(memory.sample, memory.shared, column)
            append = values.append
            try:
                for function, i, j, xs in self.forwards:
                    if i >= 0:
                        append(function(values[i], values[j]))
                    elif len(xs) == 1:
                        append(function(values[xs[0]]))
                    else:
                        append(function(*[values[k] for k in xs]))
            except (ValueError, ArithmeticError):
                values += [float("nan")] * (before + len(self.forwards) - len(values))
                memory.alarm.raised = memory.alarm.everywhere = True
            self.values[column] = values
            self.results.put(memory.sample, memory.shared, column, values[before:])

    def backward(self) -> None:
        """Adds to the gradients of what it was computed from."""
        memory, count, inside = self.memory, len(self.givens.in_sample), self.givens.in_sample
        for column, values in enumerate(self.values):
            gradients = [0.0] * count + self.results.get(memory.sample_gradients, memory.shared_gradients, column)
            if column:  # what is the same in all samples counts once
                for k in np.flatnonzero(~self.results.in_sample).tolist():
                    gradients[count + k] = 0.0
            for at, rule, i, j, xs in self.partials:
                gradient = gradients[at]
                if gradient == 0.0:
                    continue
                if i >= 0:
                    by_first, by_second = rule(values[at], values[i], values[j])
                    gradients[i] += by_first * gradient
                    gradients[j] += by_second * gradient
                else:
                    for k, side in zip(xs, rule(values[at], *[values[k] for k in xs])):  # noqa: B905
                        gradients[k] += side * gradient
            found = np.array(gradients[:count])
            memory.sample_gradients[self.givens.sample, column] += found[inside]
            memory.shared_gradients[self.givens.shared, 0] += found[~inside]


def thin_of(step: Thin, memory: Memory) -> Scalars:
    """How the step runs in this memory."""
    if id(step) not in memory.kept:
        memory.kept[id(step)] = Scalars(step, memory)
    found: Scalars = memory.kept[id(step)]
    return found
