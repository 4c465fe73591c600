"""What both executors are: a program ready for batches, each size of which has memory of its own.

This file owns which batch sizes are kept, what goes into a batch and what is asked of it once it was computed; it must
not know what computes. Read next: `back.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..group.program import SAMPLE, Program, RowGuard
from ..table.arrays import RELATIONS, Array, Call, Writer

__all__ = ["Arenas", "Batch", "Executor"]

KEPT = 4  # batch sizes whose memory is kept
Arenas = dict[str, Array]  # the rows of each arena: of samples a column for each, of shared rows one


class Executor(ABC):
    """A program, ready for batches.

    Args:
        program: The program.
        shared, shared_gradients: Memory for the shared arena and its gradients, of all sizes: one column.
        wrt_inputs: Whether `backward` gives the derivatives by the inputs too.

    Attributes:
        parameters: The parameters, for the caller to write into.
        gradients: After `backward`, the derivatives of the sum of all seeds times roots by the parameters.
    """

    def __init__(self, program: Program, shared: Array, shared_gradients: Array, wrt_inputs: bool) -> None:
        self.program, self.wrt_inputs = program, wrt_inputs or program.per_sample
        self.shared, self.shared_gradients = shared, shared_gradients
        n = 0 if program.per_sample else program.n_parameters
        self.parameters: NDArray[Any] = shared[:n, 0]
        self.gradients: NDArray[Any] = shared_gradients[:n, 0]
        self.batches: OrderedDict[int, Batch] = OrderedDict()
        self.batch: Any = None  # the latest

    @abstractmethod
    def batch_of(self, size: int) -> Batch:
        """What computes batches of a size."""

    def of_size(self, size: int) -> Batch:
        """What computes batches of a size, made when it is asked for first."""
        batch = self.batches.get(size)
        if batch is None:
            batch = self.batches[size] = self.batch_of(size)
            if len(self.batches) > KEPT:
                self.batches.popitem(last=False)
        self.batches.move_to_end(size)
        return batch

    def forward(self, samples: NDArray[Any], positions: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """The roots, one row each, of a batch of samples, one row each.

        Args:
            samples: The samples, (B, n_inputs).
            positions: For each sample the position of its whole numbers among those known, (B, n_integers).

        Returns:
            (n_roots, B): a view, which the next call overwrites.

        Raises:
            OverflowError: If a number of a sample, or a parameter, is beyond those of the type.
        """
        self.batch = batch = self.of_size(len(samples))
        batch.take(samples)
        if positions is not None:
            batch.place(positions.T)
        return batch.forward()

    def holds(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether all guards hold."""
        found: NDArray[np.bool_] = self.batch.holds()
        return found

    def suspicious(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether something in it may be undefined, or is not finite."""
        found: NDArray[np.bool_] = self.batch.suspicious()
        return found

    def backward(self, seeds: NDArray[Any] | float = 1.0) -> None:
        """Computes the derivatives of the sum of seeds times roots, after `forward`."""
        self.batch.backward(seeds)

    def input_gradients(self) -> NDArray[Any]:
        """The derivatives by the inputs, (B, n_inputs), after `backward`."""
        found: NDArray[Any] = self.batch.input_gradients()
        return found


class Batch(ABC):
    """The memory for batches of one size.

    Args:
        program: The program.
        values, gradients: Its arenas.

    Attributes:
        positions: The positions of the whole numbers among those known, (n_integers, B).
        roots: What `forward` has computed, one row each.
    """

    def __init__(self, program: Program, values: Arenas, gradients: Arenas) -> None:
        self.program, self.values, self.gradients = program, values, gradients
        sample, roots = values[SAMPLE], program.roots
        self.size = sample.shape[1]
        for row, number in program.fixed:
            sample[row] = number
        self.sources = [(sample[row : row + n], column, n) for row, column, n in program.inputs]
        first, count = roots[0].start, len(roots)
        self.in_place = all(root == (SAMPLE, first + i, 1, root.step) for i, root in enumerate(roots))
        self.roots = sample[first : first + count] if self.in_place else np.zeros((count, self.size), sample.dtype)
        self.seeds: Array = gradients[SAMPLE][first : first + count]
        self.seeded: Any = None  # what stands there still: of one root, as others may pass gradients to each other
        self.positions = np.zeros((program.n_integers, self.size), np.int64)
        self.none, self.all = np.zeros(self.size, np.bool_), np.ones(self.size, np.bool_)
        self.inputs = np.zeros((self.size, program.n_inputs), sample.dtype)
        self.guard_calls, self.truths = self.compiled_guards()

    @abstractmethod
    def forward(self) -> NDArray[Any]:
        """Computes the roots, of the samples that were taken."""

    @abstractmethod
    def suspicious(self) -> NDArray[np.bool_]:
        """For each sample, whether something in it may be undefined, or is not finite."""

    @abstractmethod
    def run_back(self) -> None:
        """Computes the gradients, from those of the roots."""

    @abstractmethod
    def is_finite(self, differentiated: bool) -> bool:
        """Whether for certain nothing is undefined or not finite; of the derivatives those by the parameters count."""

    def both(self, seeds: NDArray[Any]) -> None:
        """`forward` and `backward`; an array of seeds has the same numbers in every call."""
        self.forward()
        if seeds is not self.seeded:
            self.seed(seeds)
        self.run_back()

    def place(self, positions: NDArray[np.int64]) -> None:
        """Takes the positions of whole numbers, (n_integers, B)."""
        self.positions[...] = positions

    def take(self, samples: NDArray[Any]) -> None:
        """Puts the numbers of samples where they belong."""
        for rows, column, count in self.sources:
            rows[...] = samples[:, column : column + count].T

    def results(self) -> NDArray[Any]:
        """The roots, one row each."""
        if not self.in_place:
            for out, root in zip(self.roots, self.program.roots, strict=True):
                out[...] = self.values[root.arena][root.start]
        return self.roots

    def backward(self, seeds: NDArray[Any] | float) -> None:
        """Computes the derivatives of the sum of seeds times roots."""
        self.seed(seeds)
        self.run_back()

    def seed(self, seeds: NDArray[Any] | float) -> None:
        """Puts the gradients of the roots where they belong."""
        if self.in_place:
            self.seeds[...] = seeds
            self.seeded = seeds if len(self.seeds) == 1 else None
        else:
            arrivals = [self.gradients[root.arena][root.start] for root in self.program.roots]
            for gradient in arrivals:
                gradient[...] = 0.0
            for gradient, seed in zip(arrivals, np.broadcast_to(seeds, self.roots.shape), strict=True):
                gradient += seed if len(gradient) == len(seed) else seed.sum()

    def input_gradients(self) -> NDArray[Any]:
        """The derivatives by the inputs, one row a sample."""
        for row, column, count in self.program.inputs:
            self.inputs[:, column : column + count] = self.gradients[SAMPLE][row : row + count].T
        return self.inputs

    def compiled_guards(self) -> tuple[list[Call], Array]:
        """The calls that compare, equal comparisons at once, and what they give: one row for each guard."""
        kinds: dict[tuple[str, str, str, bool], list[RowGuard]] = {}
        for guard in self.program.guards:
            kinds.setdefault((guard.relation, guard.left.arena, guard.right.arena, guard.holds), []).append(guard)
        writer = Writer(self.roots.dtype)
        truths, at = np.empty((len(self.program.guards), self.size), np.bool_), 0
        for (relation, left, right, holds), found in kinds.items():
            out = truths[at : at + len(found)]
            sides = []
            for arena, rows in ((left, [g.left.start for g in found]), (right, [g.right.start for g in found])):
                side = np.empty((len(rows), self.values[arena].shape[1]), self.roots.dtype)
                writer.call(self.values[arena].take, np.array(rows), axis=0, out=side, mode="clip")
                sides.append(side)
            writer.call(RELATIONS[relation], *sides, out=out)
            if not holds:
                writer.call(np.logical_not, out, out=out)
            at += len(found)
        return writer.calls, truths

    def holds(self) -> NDArray[np.bool_]:
        """For each sample, whether all guards hold."""
        if not self.guard_calls:
            return self.all
        for call in self.guard_calls:
            call()
        return np.asarray(self.truths.all(axis=0))
