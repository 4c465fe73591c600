"""Paths: the programs of one function for samples of one form, and which of them each sample takes.

A comparison of Values decides how a function goes on, so that one trace holds for some samples only: its guards say for
which. Of each batch those are run by a program whose guards hold for them; one that takes none of the known paths is
traced, and its path is known from then on. This file owns that choice; it must not know what happens to gradients.
Read next: `bound.py`, which keeps the arrays, then `checking.py`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine import Value
from ..errors import DomainError, ShapeError
from .batches import Batch
from .checking import Eager, compare, results
from .fuse import fuse
from .group import group
from .leaves import lending
from .program import Program
from .simplify import simplify
from .tape import Tape
from .tracing import Traced, trace

__all__ = ["Options", "Path", "Paths", "Plans"]

NOTHING: NDArray[np.float64] = np.empty(0)


class Options(NamedTuple):
    """What `compile` was told."""

    reduce: str = "mean"
    executor: str = "auto"
    dtype: str = "float64"
    paths: int = 16
    has_aux: bool = False


class Path:
    """One way through a function: its tapes, and the programs and executors made of them when they are needed."""

    def __init__(self, traced: Traced, read: tuple[int, ...], options: Options) -> None:
        self.traced, self.options = traced, options
        self.read = np.array(traced.integers_read, np.intp)  # the whole numbers that must be
        self.values = np.array(read, np.int64)  # these
        self.simple = simplify(traced.tape)
        self.fused = fuse(self.simple)
        self.program = group(self.fused)
        self.executor = executor(self.program, options)
        self._single: Any = None
        self.used = 0

    @property
    def single(self) -> Any:
        """The executor in which every sample has parameters of its own."""
        if self._single is None:
            self._single = executor(group(self.fused, per_sample=True), self.options, wrt_inputs=True)
        return self._single

    def covers(self, batch: Batch) -> NDArray[np.bool_] | None:
        """Which samples have the whole numbers that this path is for; None: all of them."""
        if not self.read.size:
            return None
        covered: NDArray[np.bool_] = (batch.integers[:, self.read] == self.values).all(axis=1)
        return covered

    def forward(self, batch: Batch, parameters: NDArray[Any]) -> NDArray[Any]:
        """The results for samples, one row a result."""
        self.executor.parameters[...] = parameters
        found: NDArray[Any] = self.executor.forward(batch.numbers)
        return found

    def gradients(self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any]) -> NDArray[Any]:
        """The gradient by the parameters for each sample."""
        both = np.concatenate([batch.numbers, np.broadcast_to(parameters, (len(batch), len(parameters)))], axis=1)
        self.single.forward(both)
        self.single.backward(seeds)
        found: NDArray[Any] = self.single.input_gradients()[:, batch.numbers.shape[1] :]
        return found


def executor(program: Program, options: Options, wrt_inputs: bool = False) -> Any:
    """What runs a program: numba's machine if it is wanted and there, else numpy's calls."""
    dtype = np.dtype(options.dtype).type
    if options.executor != "numpy":
        try:
            from .run_numba import NumbaExecutor

            return NumbaExecutor(program, dtype, wrt_inputs)
        except ImportError:
            if options.executor == "numba":
                raise
    from .run_numpy import NumpyExecutor

    return NumpyExecutor(program, dtype, wrt_inputs)


class Paths:
    """The paths of `f(params, ...)` for samples of one form.

    Args:
        f: The function.
        params: Its first argument.
        values: The Values in it.
        options: What `compile` was told.
    """

    def __init__(self, f: Callable[..., Any], params: Any, values: list[Value], options: Options) -> None:
        self.f, self.params, self.values, self.options = f, params, values, options
        self.eager = Eager(lambda *sample: f(params, *sample), values, options.has_aux)
        self.known: list[Path] = []
        self.n_results = 0
        self.is_loss = options.has_aux  # whether it returns one Value, or others beside it
        self.warned = False

    def prepare(self, batch: Batch, parameters: NDArray[Any]) -> int:
        """How many numbers the function returns; the first sample is traced for it, if nothing was traced yet."""
        if not self.known:
            self.add(batch, 0, parameters)
        return self.n_results

    def check(self, batch: Batch, rows: NDArray[Any], parameters: NDArray[Any]) -> None:
        """TraceError if the results for the one sample of a batch, or their gradient, are not those of eager."""
        seeds = np.zeros((len(rows), 1))
        seeds[0] = 1.0
        _, gradient = self.run(batch, parameters, seeds)
        compare(batch.place(0), self.options.dtype, rows, gradient, self.eager(parameters, batch.sample(0)))

    def run(
        self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | float | None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """All results for a batch, one row each, and the gradient of Σ seeds · results, empty without seeds.

        Both may be views that the next run overwrites.
        """
        path = self.known[0]
        if len(self.known) == 1 and path.covers(batch) is None:
            found = path.forward(batch, parameters)
            if not path.program.guards or path.executor.holds().all():
                return found, self.finish(path, batch, parameters, seeds)
        found = np.empty((self.n_results, len(batch)))
        gradient = np.zeros(0 if seeds is None else len(parameters))
        for taken, chosen in self.sorted(batch, parameters):
            part = batch.take(chosen)
            mine = seeds[:, chosen] if isinstance(seeds, np.ndarray) else seeds
            if taken is None:
                found[:, chosen], some = self.eagerly(part, parameters, mine)
            else:
                found[:, chosen] = taken.forward(part, parameters)
                some = self.finish(taken, part, parameters, mine)
            if seeds is not None:
                gradient += some
        return found, gradient

    def finish(
        self, path: Path, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | float | None
    ) -> NDArray[Any]:
        """What is left after the results: samples that are suspicious are explained, and the gradient."""
        suspicious = path.executor.suspicious()
        if suspicious.any():
            for i in np.flatnonzero(suspicious).tolist():
                self.eager.explain(parameters, batch.sample(i), batch.place(i))
        if seeds is None:
            return NOTHING
        path.executor.backward(seeds)
        gradient: NDArray[Any] = path.executor.gradients
        return gradient

    def each(self, batch: Batch, parameters: NDArray[Any], row: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """All results, one row each, and for every sample the gradient of one of them."""
        self.prepare(batch, parameters)
        found = np.empty((self.n_results, len(batch)))
        gradients = np.empty((len(batch), len(parameters)))
        for path, chosen in self.sorted(batch, parameters):
            part = batch.take(chosen)
            if path is None:
                for i in chosen.tolist():
                    found[:, i], gradients[i] = self.eager(parameters, batch.sample(i), row)
                continue
            found[:, chosen] = path.forward(part, parameters)
            self.finish(path, part, parameters, None)
            seeds = np.zeros((len(found), len(part)))
            seeds[row] = 1.0
            gradients[chosen] = path.gradients(part, parameters, seeds)
        return found, gradients

    def sorted(self, batch: Batch, parameters: NDArray[Any]) -> list[tuple[Path | None, NDArray[np.intp]]]:
        """Which samples take which path; None: they are run eagerly."""
        found: dict[Path | None, list[NDArray[np.intp]]] = {}
        left = np.arange(len(batch))
        for path in self.known:
            fits = self.fitting(path, batch.take(left), parameters)
            if fits.any():
                found[path] = [left[fits]]
                left = left[~fits]
            if not left.size:
                break
        while left.size:
            new = self.add(batch, int(left[0]), parameters)
            if new is None:
                found.setdefault(None, []).append(left)
                break
            fits = self.fitting(new, batch.take(left), parameters)
            fits[0] = True  # as the engine has it, even where rounding decides
            found.setdefault(new, []).append(left[fits])
            left = left[~fits]
        return [(path, np.sort(np.concatenate(places))) for path, places in found.items()]

    def fitting(self, path: Path, batch: Batch, parameters: NDArray[Any]) -> NDArray[np.bool_]:
        """Which samples take the path."""
        covered = path.covers(batch)
        fits = np.ones(len(batch), bool) if covered is None else covered
        if path.program.guards and fits.any():
            path.forward(batch.take(np.flatnonzero(fits)), parameters)
            fits[fits] = path.executor.holds()
        return fits

    def add(self, batch: Batch, i: int, parameters: NDArray[Any]) -> Path | None:
        """The path of a sample, which is traced; None if there are too many paths."""

        def returned(params: Any, *sample: Any) -> Any:
            found = self.f(params, *sample)
            return results(found, True) if self.options.has_aux else found

        sample = batch.sample(i)
        try:
            traced = lending(self.values, parameters, lambda: trace(returned, self.params, *sample, form=batch.form))
        except DomainError:
            self.eager.explain(parameters, sample, batch.place(i))
            raise
        n = len(traced.tape.roots)
        if self.known and n != self.n_results:
            raise ShapeError(f"f returned {n} numbers for sample {batch.place(i)} and {self.n_results} for another")
        for path in self.known:
            if same(path.traced.tape, traced.tape):
                return path
        if len(self.known) >= self.options.paths:
            if not self.warned:
                self.warned = True
                warnings.warn(
                    f"f has more than {self.options.paths} paths: samples of further ones are run eagerly, which is "
                    "slow", RuntimeWarning, stacklevel=2,
                )  # fmt: skip
            return None
        read = tuple([int(batch.integers[i, c]) for c in traced.integers_read])
        self.known.append(path := Path(traced, read, self.options))
        self.n_results = n
        self.is_loss = self.options.has_aux or not isinstance(traced.result, (list, tuple, dict))
        return path

    def eagerly(
        self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | float | None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """As `run`, by the engine."""
        found = np.empty((self.n_results, len(batch)))
        gradient = np.zeros(len(parameters))
        for i in range(len(batch)):
            found[:, i], own = self.eager(parameters, batch.sample(i))
            if seeds is not None:
                gradient += own * (seeds if isinstance(seeds, float) else seeds[0, i])
        return found, gradient


def same(a: Tape, b: Tape) -> bool:
    """Whether two tapes are the same, row by row."""
    return (a.guards, a.ops) == (b.guards, b.ops) and all(
        np.array_equal(x, y) for x, y in ((a.code, b.code), (a.operands, b.operands), (a.data, b.data))
    )


class Plans:
    """What was compiled of a function with certain parameters: the paths for each form of sample, the latest kept.

    Attributes:
        lock: Held by whoever runs one of the programs, whose arrays are those of one call at a time.
    """

    LIMIT = 64

    def __init__(self, f: Callable[..., Any], params: Any, values: list[Value], options: Options) -> None:
        self.f, self.params, self.values, self.options = f, params, values, options
        self.lock = threading.RLock()
        self.forms: dict[Any, Paths] = {}

    def of(self, batch: Batch) -> Paths:
        """The paths for samples as those of the batch."""
        if batch.form not in self.forms:
            while len(self.forms) >= self.LIMIT:
                del self.forms[next(iter(self.forms))]
            self.forms[batch.form] = Paths(self.f, self.params, self.values, self.options)
        return self.forms[batch.form]
