"""Executes a program with the machine: one call of native code forward, one backward.

This file owns the memory, and which instructions are kept for which batch size; it must not know what is in them.
Read next: `../compiled.py`, which calls executors.
"""

from __future__ import annotations

import ctypes
from collections import OrderedDict
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import mul
from ...expressions import Untraceable
from ..group.program import SAMPLE, SHARED, Pick, Program, RowGuard
from .cache import machine_function
from .instructions import NOWHERE, Instructions
from .llvm import ADD, SUM, VALUE, Kernel
from .machine import ZERO
from .records import active_rows, lowered

__all__ = ["NumbaExecutor"]

KEPT = 4  # batch sizes whose memory and instructions are kept
MOST_ROWS = 2**31 - 1  # of an arena
RELATIONS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "!=": np.not_equal}


class NumbaExecutor:
    """A program, ready for batches.

    Args:
        program: The program.
        dtype: The type of all numbers.
        wrt_inputs: Whether `backward` gives the derivatives by the inputs too.

    Attributes:
        parameters: The parameters, for the caller to write into.
        gradients: After `backward`, the derivatives of the sum of all seeds times roots by the parameters.

    Raises:
        Untraceable: If an operation cannot be read, if numbers are not to be float64, if there are 2³¹ rows, or if
            there is no numba.
    """

    def __init__(self, program: Program, dtype: Any = np.float64, wrt_inputs: bool = False) -> None:
        if find_spec("numba") is None:
            raise Untraceable("numba is not installed")
        if np.dtype(dtype) != np.float64:
            raise Untraceable(f"the machine computes with float64, not {np.dtype(dtype)}")
        self.program, self.wrt_inputs = program, wrt_inputs or program.per_sample
        self.steps, self.n_sample, self.n_shared = lowered(program)
        if max(self.n_sample, self.n_shared) >= MOST_ROWS:
            raise Untraceable(
                f"the machine numbers rows with 32 bits: {max(self.n_sample, self.n_shared)} are too many"
            )
        n = 0 if program.per_sample else program.n_parameters
        self.shared = aligned(self.n_shared)
        self.shared_gradients = aligned(self.n_shared)
        self.parameters: NDArray[Any] = self.shared[:n]
        self.gradients: NDArray[Any] = self.shared_gradients[:n]
        self.shared[n : n + len(program.constants)] = program.constants
        self.guards: dict[tuple[str, str, str], list[RowGuard]] = {}
        for guard in program.guards:
            self.guards.setdefault((guard.relation, guard.left.arena, guard.right.arena), []).append(guard)
        marks = {SAMPLE: np.zeros(self.n_sample + 1), SHARED: np.zeros(self.n_shared + 1)}
        marks[SHARED][:n] = 1.0
        for row, column, count in program.inputs if self.wrt_inputs else ():
            first = 0 if wrt_inputs else program.n_inputs - program.n_parameters
            marks[SAMPLE][row : row + count] = np.arange(column, column + count) >= first
        active_rows(self.steps, marks)
        self.active = {arena: found > 0 for arena, found in marks.items()}
        self.batches: OrderedDict[int, _Batch] = OrderedDict()
        self.batch = self.of_size(1)  # what cannot be done is told now

    def of_size(self, size: int) -> _Batch:
        """The memory and the instructions for a batch size."""
        batch = self.batches.get(size)
        if batch is None:
            batch = self.batches[size] = _Batch(self, size)
            if len(self.batches) > KEPT:
                self.batches.popitem(last=False)
        return batch

    def forward(self, samples: NDArray[Any], positions: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """The roots, one row each, of a batch of samples, one row each.

        Args:
            samples: The samples, (B, n_inputs).
            positions: For each sample the position of its whole numbers among those known, (B, n_integers).

        Returns:
            (n_roots, B): a view, which the next call overwrites.
        """
        self.batch = self.of_size(len(samples))
        return self.batch.forward(samples, positions)

    def holds(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether all guards hold."""
        return self.batch.holds()

    def suspicious(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether something in it may be undefined, or is not finite."""
        return self.batch.suspicious()

    def backward(self, seeds: NDArray[Any] | float = 1.0) -> None:
        """Computes the derivatives of the sum of seeds times roots, after `forward`."""
        self.batch.backward(seeds)

    def input_gradients(self) -> NDArray[Any]:
        """The derivatives by the inputs, (B, n_inputs), after `backward`."""
        return self.batch.input_gradients()


def aligned(*shape: int) -> NDArray[np.float64]:
    """Zeros that begin at a multiple of 64 bytes."""
    count = int(np.prod(shape))
    room = np.zeros(count + 8)
    start = -(room.ctypes.data // 8) % 8
    return room[start : start + count].reshape(shape)


class _Batch:
    """The memory and the instructions for batches of one size."""

    def __init__(self, executor: NumbaExecutor, size: int) -> None:
        program = executor.program
        self.executor, self.program, self.size = executor, program, size
        self.sample, self.sample_gradients = aligned(executor.n_sample, size), aligned(executor.n_sample, size)
        for row, number in program.fixed:
            self.sample[row] = number
        self.positions = np.zeros((program.n_integers, size), np.int64)
        self.last = np.zeros((program.n_integers, 1), np.int64)  # the last position that all tables have
        for column in range(program.n_integers):
            tables = [len(step.table) for step in program.steps if isinstance(step, Pick) and step.column == column]
            self.last[column] = min(tables, default=1) - 1
        self.inputs = np.zeros((size, program.n_inputs))
        self.flags, self.total, self.zero = np.zeros(size), np.zeros(1), np.zeros(1)
        self.sources = [(self.sample[row : row + n], column, n) for row, column, n in program.inputs]
        self.values = {SAMPLE: self.sample, SHARED: executor.shared}
        self.gradients = {SAMPLE: self.sample_gradients, SHARED: executor.shared_gradients}
        self.run = machine_function() if size else lambda *places: None  # kernels take at least one number
        self.places = (ctypes.c_int64 * 2)()
        self.kept: list[Any] = []
        first, count = program.roots[0].start, len(program.roots)
        self.in_place = all(root == (SAMPLE, first + i, 1, root.step) for i, root in enumerate(program.roots))
        self.roots = self.sample[first : first + count] if self.in_place else np.zeros((count, size))
        self.seeds = self.sample_gradients[first : first + count]
        self.nothing, self.everything = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
        instructions = self.instructions()
        for step in executor.steps:
            instructions.forward(step)
        self.check(instructions, whole=True)
        self.forward_call = self.call(instructions)
        self.backward_call = self.call(self.backward_instructions())
        self.check_call = self.call(self.check(self.instructions(), whole=False))

    def instructions(self) -> Instructions:
        return Instructions(self.size, self.values, self.gradients, self.executor.active, self.positions)

    def call(self, instructions: Instructions) -> tuple[Any, ...]:
        """The arguments of the native call."""
        words = np.array(instructions.words, dtype=np.int64)
        self.kept += [words, instructions.kept]
        start = words.ctypes.data
        return self.places, ctypes.byref(self.places, 8), start, start + words.nbytes

    def backward_instructions(self) -> Instructions:
        """The way back: from the roots, whose gradients are there, to what is asked for, which gets 0 if none came."""
        found = self.instructions()
        for root in self.program.roots:
            found.written[root.arena][root.start] = True
        for step in reversed(self.executor.steps):
            found.backward(step)
        n = len(self.executor.parameters)
        found.zero(SHARED, np.flatnonzero(~found.written[SHARED][:n]))
        for row, _, count in self.program.inputs if self.executor.wrt_inputs else ():
            found.zero(SAMPLE, row + np.flatnonzero(~found.written[SAMPLE][row : row + count]))
        return found

    def check(self, found: Instructions, *, whole: bool) -> Instructions:
        """Adds 0 times every number to `total`, or to the flags of the samples: that stays 0 if all are finite."""
        zero, rows = (self.zero.ctypes.data, 0, 0), (found.at(SAMPLE, 0), found.far[SAMPLE], 0)
        kernel = Kernel(mul, 2, VALUE, SUM, (1,))
        if not whole:
            out, kernel = (self.flags.ctypes.data, 0, 0), kernel._replace(mode=ADD)
            found.map(kernel, self.size, (len(self.sample), 1), out, NOWHERE, NOWHERE, rows, zero)
            return found
        out = (self.total.ctypes.data, 0, 0)
        found.put(ZERO, 1, 1, out[0], 0)
        for arena, values in self.values.items():
            if values.size:
                found.map(kernel, values.size, (1, 1), out, NOWHERE, NOWHERE, (found.at(arena, 0), 0, 0), zero)
        return found

    def forward(self, samples: NDArray[Any], positions: NDArray[np.int64] | None) -> NDArray[Any]:
        for rows, column, count in self.sources:
            rows[...] = samples[:, column : column + count].T
        if positions is not None:
            np.minimum(positions.T, self.last, out=self.positions)  # native code must not read beyond a table
            np.maximum(self.positions, 0, out=self.positions)
        self.run(*self.forward_call)
        if not self.in_place:
            for out, root in zip(self.roots, self.program.roots, strict=True):
                out[...] = self.values[root.arena][root.start]
        return self.roots

    def holds(self) -> NDArray[np.bool_]:
        found = self.everything
        for (relation, left, right), guards in self.executor.guards.items():
            places = [[guard.left.start for guard in guards], [guard.right.start for guard in guards]]
            sides = [self.values[arena][rows] for arena, rows in zip((left, right), places, strict=True)]
            truths = RELATIONS[relation](*[side if side.ndim == 2 else side[:, None] for side in sides])
            found = found & (truths == np.array([[guard.holds] for guard in guards])).all(axis=0)
        return found

    def suspicious(self) -> NDArray[np.bool_]:
        if self.total[0] == 0.0:
            return self.nothing
        if not np.isfinite(self.executor.shared).all():
            return self.everything
        self.flags[...] = 0.0
        self.run(*self.check_call)
        found: NDArray[np.bool_] = self.flags != 0.0
        return found

    def backward(self, seeds: NDArray[Any] | float) -> None:
        if self.in_place:
            self.seeds[...] = seeds
        else:
            for root in self.program.roots:
                self.gradients[root.arena][root.start] = 0.0
            for root, seed in zip(self.program.roots, np.broadcast_to(seeds, self.roots.shape), strict=True):
                self.gradients[root.arena][root.start] += seed if root.arena == SAMPLE else seed.sum()
        if not self.size:
            self.executor.gradients[...] = 0.0
        self.run(*self.backward_call)

    def input_gradients(self) -> NDArray[Any]:
        for row, column, count in self.program.inputs:
            self.inputs[:, column : column + count] = self.sample_gradients[row : row + count].T
        return self.inputs
