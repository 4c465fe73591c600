"""Operations with nothing to group, one after the other, as plain Python on floats.

This file owns how a `Thin` step runs: by the table's own rules, since arrays of one number are slower than numbers. It
must not know other kinds of steps. Where it is left in a batch of several samples, it runs for one after the other.
Read next: `../run_numba/executor.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..group.program import SAMPLE, SHARED, Thin
from ..run.executor import Arenas
from .memory import Memory

__all__ = ["Scalars", "thin_of"]


class Scalars:
    """A thin step; the numbers of all rows that it reads or writes are a list.

    Args:
        step: The step.
        memory: The arenas.
    """

    def __init__(self, step: Thin, memory: Memory) -> None:
        self.memory = memory
        rows = np.unique(np.concatenate([step.out, step.operands]))
        self.in_sample = rows >= 0
        self.sample, self.shared = rows[self.in_sample], -1 - rows[~self.in_sample]
        self.out, local = np.searchsorted(rows, step.out), np.searchsorted(rows, step.operands).tolist()
        self.shared_out = self.out[step.out < 0]
        ops, places = [step.ops[code] for code in step.code.tolist()], self.out.tolist()
        operands = [local[a:b] for a, b in zip(step.first[:-1].tolist(), step.first[1:].tolist(), strict=True)]
        two = [(*xs, xs) if len(xs) == 2 else (-1, -1, xs) for xs in operands]  # those of two are given one by one
        self.forwards = [(at, op.forward, *xs) for at, op, xs in zip(places, ops, two, strict=True)]
        self.partials = [(at, op.partials, *xs) for at, op, xs in zip(places, ops, two, strict=True)][::-1]
        self.values: list[list[float]] = [[] for _ in range(memory.size)]

    def get(self, arenas: Arenas, column: int) -> NDArray[np.float64]:
        """What lies at the rows."""
        found = np.empty(len(self.in_sample))
        found[self.in_sample] = arenas[SAMPLE][self.sample, column]
        found[~self.in_sample] = arenas[SHARED][self.shared, 0]
        return found

    def put(self, arenas: Arenas, column: int, numbers: list[float]) -> None:
        """Writes there."""
        found = np.array(numbers)
        arenas[SAMPLE][self.sample, column] = found[self.in_sample]
        arenas[SHARED][self.shared, 0] = found[~self.in_sample]

    def forward(self) -> None:
        """Computes the values; where one is undefined, all from there on are nan."""
        memory = self.memory
        for column in range(memory.size):
            found = self.get(memory.values, column)
            found[self.out] = np.nan
            values = self.values[column] = found.tolist()
            try:
                for at, function, i, j, xs in self.forwards:
                    if i >= 0:
                        values[at] = function(values[i], values[j])
                    elif len(xs) == 1:
                        values[at] = function(values[xs[0]])
                    else:
                        values[at] = function(*[values[k] for k in xs])
            except (ValueError, ArithmeticError):
                memory.alarm.raised = memory.alarm.everywhere = True
            self.put(memory.values, column, values)

    def backward(self) -> None:
        """Adds to the gradients of what it was computed from."""
        for column, values in enumerate(self.values):
            found = self.get(self.memory.gradients, column)
            if column:  # what is the same in all samples counts once
                found[self.shared_out] = 0.0
            gradients = found.tolist()
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
            self.put(self.memory.gradients, column, gradients)


def thin_of(step: Thin, memory: Memory) -> Scalars:
    """How the step runs in this memory."""
    if id(step) not in memory.kept:
        memory.kept[id(step)] = Scalars(step, memory)
    found: Scalars = memory.kept[id(step)]
    return found
