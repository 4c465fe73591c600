"""A path: one way through a function, with the programs and executors made of it.

This file owns the way from a trace to what runs it, and for which whole numbers it holds; it must not know that there
are other paths. Read next: `paths.py`, which chooses among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...expressions import Untraceable
from ..group.group import group
from ..group.program import Program
from ..rewrite.fuse import fuse
from ..rewrite.simplify import simplify
from ..run_numpy.executor import NumpyExecutor
from ..trace.tracing import Traced
from .batches import Batch

__all__ = ["NOTHING", "Options", "Path", "seeds_of"]

NOTHING: NDArray[np.float64] = np.empty(0)


class Options(NamedTuple):
    """What `compile` was told."""

    reduce: str = "mean"
    executor: str = "auto"
    dtype: str = "float64"
    paths: int = 16
    has_aux: bool = False


class Path:
    """One way through a function: its tapes, and the programs and executors made of them when they are needed.

    Attributes:
        traced: What was traced.
        integers: For each column of whole numbers those that the path is for, in ascending order; none: any.
        simple, fused, program: What the stages made of it.
        sample: The sample that was traced, what `f` gets after the parameters.
    """

    def __init__(self, traced: Traced, sample: tuple[Any, ...], whole: Sequence[int], options: Options) -> None:
        self.traced, self.sample, self.options = traced, sample, options
        self.integers = traced.tape.integers or tuple(
            [(x,) if column in traced.integers_read else () for column, x in enumerate(whole)]
        )
        self.read = [column for column, known in enumerate(self.integers) if known]
        self.arrays = [np.array(known, np.int64) for known in self.integers]
        is_range = all(known == tuple(range(known[0], known[0] + len(known))) for known in self.integers if known)
        self.starts = np.array([known[0] if known else 0 for known in self.integers], np.int64)
        lasts = [len(known) - 1 if known else 2**64 - 1 for known in self.integers]
        self.lasts = np.array(lasts, np.uint64) if is_range else None  # the last places, counted from the starts
        self.outcomes = tuple([(guard.relation, guard.holds) for guard in traced.tape.guards])
        self.simple = simplify(traced.tape)
        self.fused = fuse(self.simple)
        self.program = group(self.fused)
        self.executor = executor(self.program, options)

    @cached_property
    def single(self) -> Any:
        """The executor in which every sample has parameters of its own."""
        return executor(group(self.fused, per_sample=True), self.options, wrt_inputs=True)

    def places(self, batch: Batch) -> tuple[NDArray[np.int64] | None, NDArray[np.bool_] | None]:
        """For each sample where its whole numbers stand among those of the path; and whether all do, None for all."""
        if not self.read:
            return None, None
        integers = batch.integers
        if self.lasts is not None:
            places = integers - self.starts
            if (places.view(np.uint64) <= self.lasts).all():
                return places if self.program.n_integers else None, None
        found, covered = np.zeros(integers.shape, np.int64), None
        for column in self.read:
            known, given = self.arrays[column], integers[:, column]
            found[:, column] = at = known.searchsorted(given)
            hits = known.take(at, mode="clip") == given
            if not hits.all():
                covered = hits if covered is None else covered & hits
        return found if self.program.n_integers else None, covered

    def forward(self, batch: Batch, parameters: NDArray[Any], places: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """The results for samples that are covered, one row a result."""
        self.executor.parameters[...] = parameters
        found: NDArray[Any] = self.executor.forward(batch.numbers, self.places(batch)[0] if places is None else places)
        return found

    def gradients(self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any]) -> NDArray[Any]:
        """The gradient by the parameters for each sample."""
        both = np.concatenate([batch.numbers, np.broadcast_to(parameters, (len(batch), len(parameters)))], axis=1)
        self.single.forward(both, self.places(batch)[0])
        self.single.backward(seeds)
        found: NDArray[Any] = self.single.input_gradients()[:, batch.numbers.shape[1] :]
        return found


def executor(program: Program, options: Options, wrt_inputs: bool = False) -> Any:
    """What runs a program: numba's machine if it is wanted and can, else numpy's calls."""
    dtype = np.dtype(options.dtype).type
    if options.executor != "numpy":
        from ..run_numba.executor import NumbaExecutor

        try:
            return NumbaExecutor(program, dtype, wrt_inputs)
        except Untraceable:  # no numba, float32, or a rule that the machine cannot read
            if options.executor == "numba":
                raise
    return NumpyExecutor(program, dtype, wrt_inputs)


def seeds_of(n_results: int, factors: NDArray[Any], row: int = 0) -> NDArray[Any]:
    """The seeds for the gradient of one result, the first: for each sample the factor that it has."""
    seeds = np.zeros((n_results, len(factors)))
    seeds[row] = factors
    return seeds
