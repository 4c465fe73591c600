"""Paths: the programs of one function for samples of one form, and which of them each sample takes.

A comparison of Values decides how a function goes on, so that one trace holds for some samples only: its guards say for
which. Of each batch those are run by a program whose guards hold for them; one that takes none of the known paths is
traced, and its path is known from then on. This file owns that choice; it must not know what happens to gradients.
Read next: `bound.py`, which keeps the arrays, then `checking.py`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine import Value
from ..errors import DomainError, ShapeError
from ..expressions import Untraceable
from .batches import Batch
from .checking import Eager, results
from .fuse import fuse
from .group import group
from .integers import merge
from .leaves import lending
from .outside import Outside
from .program import Program
from .run_numpy import NumpyExecutor
from .samples import Form
from .simplify import simplify
from .steady import check_steady
from .tape import Tape
from .tracing import Traced, lines_of, trace

__all__ = ["Options", "Path", "Paths", "Plans"]

MERGES, WHOLE_NUMBERS = 3, 1024  # how often merging may fail, and of how many whole numbers of a column
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
        from_0 = all(self.integers[column] == tuple(range(len(self.integers[column]))) for column in self.read)
        sizes = [len(known) or 2**63 for known in self.integers]
        self.limits = np.array(sizes, np.uint64) if from_0 else None  # if each number is its own place
        self.outcomes = tuple([(guard.relation, guard.holds) for guard in traced.tape.guards])
        self.simple = simplify(traced.tape)
        self.fused = fuse(self.simple)
        self.program = group(self.fused)
        self.executor = executor(self.program, options)
        self._single: Any = None

    @property
    def single(self) -> Any:
        """The executor in which every sample has parameters of its own."""
        if self._single is None:
            self._single = executor(group(self.fused, per_sample=True), self.options, wrt_inputs=True)
        return self._single

    def places(self, batch: Batch) -> tuple[NDArray[np.int64] | None, NDArray[np.bool_] | None]:
        """For each sample where its whole numbers stand among those of the path; and whether all do, None for all."""
        if not self.read:
            return None, None
        integers = batch.integers
        if self.limits is not None and integers.flags.c_contiguous and (integers.view(np.uint64) < self.limits).all():
            return integers if self.program.n_integers else None, None
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
        from .run_numba import NumbaExecutor

        try:
            return NumbaExecutor(program, dtype, wrt_inputs)
        except Untraceable:  # no numba, float32, or a rule that the machine cannot read
            if options.executor == "numba":
                raise
    return NumpyExecutor(program, dtype, wrt_inputs)


class Paths:
    """The paths of `f(params, ...)` for samples of one form.

    Args:
        f: The function.
        params: Its first argument.
        values: The Values in it.
        options: What `compile` was told.
        form: How a sample is built.
        is_steady: Whether the function is known to do the same at each call.
    """

    def __init__(
        self, f: Callable[..., Any], params: Any, values: list[Value], options: Options, form: tuple[Form, ...],
        is_steady: bool,
    ) -> None:  # fmt: skip
        self.f, self.params, self.values, self.options, self.form = f, params, values, options, form
        self.eager = Eager(lambda *sample: f(params, *sample), values, options.has_aux)
        self.known: list[Path] = []
        self.n_results = 0
        self.is_loss = options.has_aux  # whether it returns one Value, or others beside it
        self.warned = ""  # why samples are run eagerly, if some are
        self.merging_fails = 0
        self.is_steady = is_steady

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
        self.eager.check(parameters, batch.sample(0), batch.place(0), self.options.dtype, rows, gradient)

    def run(
        self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | float | None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """All results for a batch, one row each, and the gradient of Σ seeds · results, empty without seeds.

        Both may be views that the next run overwrites.
        """
        path = self.known[0]
        places, covered = path.places(batch) if len(self.known) == 1 else (None, NOTHING)
        if covered is None:
            found = path.forward(batch, parameters, places)
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
        covered = path.places(batch)[1]
        fits = np.ones(len(batch), bool) if covered is None else covered
        if path.program.guards and fits.any():
            path.forward(batch.take(np.flatnonzero(fits)), parameters)
            fits[fits] = path.executor.holds()
        return fits

    def add(self, batch: Batch, i: int, parameters: NDArray[Any]) -> Path | None:
        """The path of a sample, which is traced; None if there are too many paths."""
        sample, whole = batch.sample(i), batch.integers[i].tolist()

        def traced(integers: Sequence[int]) -> Traced:
            return lending(
                self.values, parameters,
                lambda: trace(self.returned, self.params, *sample, form=batch.form, integers=integers),
            )  # fmt: skip

        try:
            if not self.is_steady:
                steady = lambda: check_steady(self.returned, self.params, *sample, form=batch.form)  # noqa: E731
                lending(self.values, parameters, steady)
                self.is_steady = True
            new = traced(whole)
        except DomainError:
            self.eager.explain(parameters, sample, batch.place(i))
            raise
        n = len(new.tape.roots)
        if self.known and n != self.n_results:
            raise ShapeError(f"f returned {n} numbers for sample {batch.place(i)} and {self.n_results} for another")
        if new.integers_read:
            new = self.merged(new, whole, batch, traced)
        path = Path(new, sample, whole, self.options)
        for known in self.known:
            if known.integers == path.integers and same(known.traced.tape, new.tape):
                return known
        self.known = [known for known in self.known if not replaces(path, known)]
        if len(self.known) >= self.options.paths:
            self.warn(path)
            return None
        self.known.append(path)
        self.n_results = n
        self.is_loss = self.options.has_aux or not isinstance(new.result, (list, tuple, dict))
        return path

    def returned(self, params: Any, *sample: Any) -> Any:
        """What the function returns, as it is traced."""
        found = self.f(params, *sample)
        return results(found, True) if self.options.has_aux else found

    def merged(
        self, new: Traced, whole: list[int], batch: Batch, traced: Callable[[Sequence[int]], Traced]
    ) -> Traced:  # fmt: skip
        """The trace for as many whole numbers as possible: those of the batch, and those that were known before."""
        if self.merging_fails > MERGES:
            return new
        candidates: list[Sequence[int]] = [[x] for x in whole]
        for column in new.integers_read:
            known = [x for path in self.known if path.integers for x in path.integers[column]]
            candidates[column] = sorted({*batch.integers[:, column].tolist(), *known})
        every = sorted({x for column in new.integers_read for x in candidates[column]})  # as tokens, at all places
        everywhere = [every if column in new.integers_read else known for column, known in enumerate(candidates)]
        found = self.attempt(traced, everywhere) or self.attempt(traced, candidates)
        if found is None and len(new.integers_read) > 1:  # perhaps some of the columns alone
            fits = []
            for column in new.integers_read:
                alone: list[Sequence[int]] = [[x] for x in whole]
                alone[column] = candidates[column]
                fits.append(self.attempt(traced, alone) is not None)
            for column, fit in zip(new.integers_read, fits, strict=True):
                if not fit:
                    candidates[column] = [whole[column]]
            found = self.attempt(traced, candidates)
        self.merging_fails += found is None
        return found or new

    def attempt(self, traced: Callable[[Sequence[int]], Traced], candidates: list[Sequence[int]]) -> Traced | None:
        """The merged trace; None if there is none, or a number is one that the function does not take."""
        if max(map(len, candidates)) > WHOLE_NUMBERS:
            return None
        try:
            return merge(traced, candidates)
        except (ArithmeticError, LookupError, ValueError, TypeError):
            return None

    def warn(self, path: Path) -> None:
        """Say once that there are too many paths, and which comparison makes them."""
        if not self.warned:
            sides = [node for guard in path.traced.tape.guards for node in (guard.left, guard.right)]
            lines = [x for x in lines_of(sides, self.returned, self.params, *path.sample) if x]
            where = f"; what it compares is computed at {lines[-1]}" if lines else ""
            self.warned = (
                f"f has more than {self.options.paths} paths, going by its comparisons{where}. Samples of further "
                "paths are run eagerly, which is slow: write autograd.where, max or relu to choose between Values, or "
                "ask for more `paths`"
            )
            warnings.warn(self.warned, RuntimeWarning, stacklevel=8)

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


def replaces(new: Path, old: Path) -> bool:
    """Whether a path is for all that the other one is for: the same outcomes, and its whole numbers among those."""
    return bool(old.read) and new.read == old.read and new.outcomes == old.outcomes and all(
        set(new.integers[c]) >= set(old.integers[c]) for c in old.read
    )  # fmt: skip


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
        self.outside = Outside(f, params)

    def of(self, batch: Batch) -> Paths:
        """The paths for samples as those of the batch."""
        if batch.form not in self.forms:
            while len(self.forms) >= self.LIMIT:
                del self.forms[next(iter(self.forms))]
            self.forms[batch.form] = Paths(self.f, self.params, self.values, self.options, batch.form, bool(self.forms))
        return self.forms[batch.form]

    def is_as_it_was(self) -> bool:
        """Whether all that `f` reads from outside is as it was when this was compiled."""
        return self.outside.changed() is None and all(v.data == x for v, x in self.captured())

    def renew(self, params: Any) -> None:
        """Forget all that was compiled, if it does not hold any more."""
        if params is not self.params or not self.is_as_it_was():
            self.params = params
            self.forms.clear()
            self.outside = Outside(self.f, params)

    def captured(self) -> Iterator[tuple[Value, float]]:
        """The Values that are constants in what was compiled, and their data then."""
        return (pair for paths in self.forms.values() for path in paths.known for pair in path.traced.captured)
