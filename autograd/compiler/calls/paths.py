"""Paths: the ways of one function through samples of one form, and which of them each sample takes.

A comparison of Values decides how a function goes on, so that one trace holds for some samples only: its guards say for
which. Of each batch those are run by a program whose guards hold for them; one that takes none of the known paths is
traced, and its path is known from then on. This file owns that choice; it must not know what happens to gradients.
Read next: `merging.py`, then `plans.py`, which has the paths of all forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Value
from ...errors import PathsWarning, ShapeError, TraceError
from ..trace.leaves import lending
from ..trace.samples import Form, flatten_parameters
from ..trace.steady import check_steady
from ..trace.tape import Tape
from ..trace.tracers import line_of_error
from ..trace.tracing import Traced, lines_of, trace
from .batches import Batch
from .checking import Eager, results, warn
from .merging import widest
from .path import NOTHING, Options, Path, seeds_of

__all__ = ["Paths"]

INSTEAD = "while f is traced, Values stand for them; write what Values can do (x != x for np.isnan(x))"
MERGES = 3  # how often merging may fail


class Paths:
    """The paths of `f(params, ...)` for samples of one form.

    Args:
        f: The function.
        params: Its first argument.
        values: The Values in it.
        options: What `compile` was told.
        form: How a sample is built.
    """

    def __init__(
        self, f: Callable[..., Any], params: Any, values: list[Value], options: Options, form: tuple[Form, ...]
    ) -> None:
        self.f, self.params, self.values, self.options, self.form = f, params, values, options, form
        self.eager = Eager(lambda *sample: f(params, *sample), values, options.has_aux)
        self.known: list[Path] = []
        self.n_results = 0
        self.is_loss = options.has_aux  # whether it returns one Value, or others beside it
        self.warned = ""  # why samples are run eagerly, if some are
        self.merging_fails = 0

    @property
    def has_gradient(self) -> bool:
        """Whether there is a loss, and Values by which to derive it."""
        return self.is_loss and bool(self.values)

    def is_asked_for_loss(self, Y: Any) -> bool:
        """Whether a plain call means the loss, not the results: it does of one number, if there are targets."""
        return self.is_loss or (self.n_results == 1 and Y is not None)

    def prepare(self, batch: Batch, parameters: NDArray[Any]) -> int:
        """How many numbers the function returns; the first sample is traced for it, if nothing was traced yet."""
        if not self.known:
            self.add(batch, 0, parameters)
        return self.n_results

    def check(self, batch: Batch, rows: NDArray[Any], parameters: NDArray[Any]) -> None:
        """TraceError if the results for the one sample of a batch, or their gradient, are not those of eager."""
        self.prepare(batch, parameters)
        _, gradient = self.run(batch, parameters, seeds_of(len(rows), np.ones(1)))
        self.compare(batch, rows, gradient, parameters)

    def explain(self, batch: Batch, rows: NDArray[Any], parameters: NDArray[Any]) -> str | None:
        """What is not finite first in the one sample of a batch; TraceError if its results are finite eagerly."""
        cause, off = self.eager.explain(parameters, batch.sample(0), batch.place(0)), ~np.isfinite(rows)
        if cause is None or (off.any() and np.isfinite(self.eager(parameters, batch.sample(0))[0])[off].any()):
            self.check(batch, rows, parameters)
        return cause

    def compare(self, batch: Batch, rows: NDArray[Any], gradient: NDArray[Any], parameters: NDArray[Any]) -> None:
        """TraceError if this is not what eager gives for the one sample of a batch: results and gradient."""
        sample = batch.sample(0)
        gradient = self.alone(gradient, parameters, sample, 0)
        self.eager.check(parameters, sample, batch.place(0), self.options.dtype, rows, gradient)

    def alone(
        self, gradient: NDArray[Any], parameters: NDArray[Any], sample: tuple[Any, ...], row: int
    ) -> NDArray[Any]:
        """The gradient of one result for a sample, without nan from 0 times an infinite slope of another result."""
        if self.is_loss or self.n_results == 1 or np.isfinite(gradient).all():
            return gradient
        return self.eager(parameters, sample, row)[1]

    def run(
        self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | None
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
            mine = None if seeds is None else seeds[:, chosen]
            if taken is None:
                found[:, chosen], some = self.eagerly(part, parameters, mine)
            else:
                found[:, chosen] = taken.forward(part, parameters)
                some = self.finish(taken, part, parameters, mine)
            gradient += some
        return found, gradient

    def finish(self, path: Path, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | None) -> NDArray[Any]:
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
            some = path.gradients(part, parameters, seeds_of(len(found), np.ones(len(part)), row))
            gradients[chosen] = some
            for i in chosen[~np.isfinite(some).all(axis=1)].tolist():
                gradients[i] = self.alone(gradients[i], parameters, batch.sample(i), row)
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

        def traced(integers: Sequence[int], by: Callable[..., Traced] = trace) -> Traced:
            given = {"form": batch.form, "integers": integers, "parameters": self.values}
            return lending(self.values, parameters, lambda: by(self.returned, self.params, *sample, **given))

        if flatten_parameters(self.params) != self.values:
            raise TraceError("there are other Values in params than when they were bound: bind them again")
        try:
            new = traced(whole, check_steady)
        except TraceError:
            raise  # f was run eagerly already, without an error
        except Exception as error:
            self.eager.explain(parameters, sample, batch.place(i))
            what = f"{line_of_error(error)}\n    {type(error).__name__}: {error}"
            raise TraceError(f"{what}, which numbers do not raise here: {INSTEAD}") from error
        n, before = len(new.tape.roots), self.known[0].traced.result if self.known else None
        if not n:
            raise ShapeError(f"f returned {new.result!r:.60} for sample {batch.place(i)}: it must return numbers")
        if self.known and (new.result != before or repr(new.result) != repr(before)):  # dicts: in the same order
            what = f"{new.result!r:.60} for sample {batch.place(i)}, and {before!r:.60} for another"
            raise ShapeError(f"f returned what is built differently, its numbers counted: {what}")
        if new.integers_read and self.merging_fails <= MERGES:
            merged = widest(new, whole, batch.integers, [path.integers for path in self.known], traced)
            self.merging_fails += merged is None
            new = merged or new
        path = Path(new, sample, whole, self.options)
        for known in self.known:
            if known.integers == path.integers and same(known.traced.tape, new.tape):
                return known
        self.known = [known for known in self.known if not replaces(path, known)]
        if len(self.known) >= self.options.paths:
            self.warn(path)
            return None
        one = batch.take(np.array([i]))
        rows = path.forward(one, parameters)[:, 0].copy()
        path.executor.backward(seeds_of(n, np.ones(1)))
        self.n_results = n
        self.is_loss = self.options.has_aux or not isinstance(new.result, (list, tuple, dict))
        self.compare(one, rows, path.executor.gradients, parameters)
        self.known = [*self.known, path]
        return path

    def returned(self, params: Any, *sample: Any) -> Any:
        """What the function returns, as it is traced."""
        found = self.f(params, *sample)
        return results(found, True) if self.options.has_aux else found

    def warn(self, path: Path) -> None:
        """Say once that there are too many paths, and which comparison makes them."""
        if not self.warned:
            sides = [node for guard in path.traced.tape.guards for node in (guard.left, guard.right)]
            line = ([""] + [x for x in lines_of(sides, self.returned, self.params, *path.sample) if x])[-1]
            where = f"; what it compares is computed at {line}" if line else ""
            picks = " and by the whole numbers that it reads" if path.read else ""
            self.warned = (
                f"f has more than {self.options.paths} paths, going by its comparisons{picks}{where}. Samples of "
                "further paths are run eagerly, which is slow: write autograd.max, relu or where(step(v), a, b) to "
                "choose between Values, or give compile more `paths`"
            )
            warn(PathsWarning(self.warned, line))

    def eagerly(
        self, batch: Batch, parameters: NDArray[Any], seeds: NDArray[Any] | None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """As `run`, by the engine."""
        found = np.empty((self.n_results, len(batch)))
        gradient = np.zeros(0 if seeds is None else len(parameters))
        for i in range(len(batch)):
            found[:, i], own = self.eager(parameters, batch.sample(i))
            if seeds is not None:
                gradient += own * seeds[0, i]
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
