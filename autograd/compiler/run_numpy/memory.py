"""The memory of a batch: both arenas, their gradients, and views of them.

This file owns how blocks of rows become views; it must not know what is computed in them. A shared number is a row of
one column, so that both arenas are arrays of rows by columns and numpy's broadcasting does the rest.
Read next: `applied.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..group.program import SAMPLE, SHARED, Matrix, Program, Rows
from ..table.arrays import Alarm, Array, Known
from .thinning import suited

__all__ = ["Memory"]


class Memory:
    """The arenas for batches of one size.

    Args:
        program: Whose arenas they are.
        size: The number of samples.
        shared, shared_gradients: The shared arena and its gradients, for all sizes: (n_shared + 1, 1), 0 at the end.
    """

    def __init__(self, program: Program, size: int, shared: Array, shared_gradients: Array) -> None:
        self.size, self.shared, self.shared_gradients = size, shared, shared_gradients
        self.sample = np.zeros((program.n_sample, size), shared.dtype)
        self.sample_gradients = np.zeros((program.n_sample, size), shared.dtype)
        self.values = {SAMPLE: self.sample, SHARED: shared}
        self.gradients = {SAMPLE: self.sample_gradients, SHARED: shared_gradients}
        self.alarm = Alarm()
        self.steps = suited(program.steps, size)
        self.places: dict[int, Array] = {}  # where each pick of this batch picks, by the id of the step
        self.known: dict[int, Known] = {}  # what is used again for the gradients of a step, by its id
        self.kept: dict[int, Any] = {}  # what a step keeps from forward to backward, by its id

    def arena(self, name: str, *, gradients: bool = False) -> Array:
        """The numbers of an arena, or their gradients."""
        return (self.gradients if gradients else self.values)[name]

    def block(self, rows: Rows, *, gradients: bool = False) -> Array:
        """The rows as a view; of rows that are all the same, this one."""
        arena = self.arena(rows.arena, gradients=gradients)
        if rows.step == 0:
            return arena[rows.start : rows.start + 1]
        if rows.step == 1:
            return arena[rows.start : rows.start + rows.size]
        return as_strided(
            arena[rows.start :], (rows.size, arena.shape[1]), (rows.step * arena.strides[0], arena.strides[1])
        )

    def stack(self, rows: Rows, size: int, *, gradients: bool = False) -> Array:
        """Rows as (n, size, batch), element k·size + i being [k, i]; with a size of 1 as (n, batch)."""
        block = self.block(rows, gradients=gradients)
        return block if size == 1 else block.reshape(len(block) // size, size, block.shape[1])

    def known_of(self, step: object) -> Known:
        """What is kept of the values of a step for its gradients."""
        return self.known.setdefault(id(step), {})

    def matrix(self, weights: Matrix, *, gradients: bool = False) -> Any:
        """A matrix of the shared arena as a view."""
        arena = self.shared_gradients if gradients else self.shared
        item = arena.strides[0]
        return as_strided(
            arena[weights.start :],
            (weights.rows, weights.columns),
            (weights.row_step * item, weights.column_step * item),
        )
