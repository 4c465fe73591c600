"""Checking: samples that are run eagerly, as the engine runs them, beside what a program made of them.

It owns what eager says about a sample: its results, its gradient, the operation that is undefined or not finite, with
the line of source; and the comparison. It must not know how programs come about. Read next: `bound.py`.
"""

from __future__ import annotations

import contextlib
import math
import sys
import warnings
from collections.abc import Callable, Sequence
from numbers import Real
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import Op, Value, node, recording
from ...errors import DomainError, TraceError
from ..trace.chance import COMPILER
from ..trace.leaves import lending, pulled
from ..trace.samples import flatten_result
from ..trace.tracers import line_of, line_of_error
from ..trace.trail import CAUGHT

__all__ = ["Eager", "differing", "results", "warn"]

TOLERANCE = {"float64": 1e-6, "float32": 2e-2}
NOT_MANY = "not subscriptable", "not iterable", "non-iterable", "must be an iterable", "has no len()"  # says Python
UNSUPPORTED = "unsupported operand type"  # too
NUDGE = {"float64": 1e-10, "float32": 1e-4}  # far more than rounding, far less than what matters


def results(given: Any, has_aux: bool = False) -> list[Any]:
    """The numbers and Values that a function returned; with `has_aux` no gradient goes through those after the loss."""
    if has_aux:
        if not isinstance(given, (list, tuple)) or len(given) != 2:
            what = type(given).__name__ + (f" of {len(given)}" if isinstance(given, (list, tuple)) else "")
            raise TraceError(f"with has_aux=True the function must return (loss, aux), not a {what}")
        loss, aux = given
        return [loss, *[x.detach() if isinstance(x, Value) else x for x in results(aux)]]
    return flatten_result(given)


class Eager:
    """A function of parameters and one sample, run by the engine for parameters that are given as numbers.

    Args:
        f: The function, with the parameters as its first argument already.
        values: The Values among the parameters.
    """

    def __init__(self, f: Callable[..., Any], values: Sequence[Value], has_aux: bool) -> None:
        self.f, self.values, self.has_aux = f, values, has_aux

    def __call__(
        self, numbers: NDArray[Any], sample: tuple[Any, ...], row: int = 0, made: Callable[..., Value] = node
    ) -> tuple[list[float], NDArray[Any]]:
        """All results for a sample, and the gradient of one of them by the parameters; in `no_grad()`, too."""

        def run() -> tuple[list[float], NDArray[Any]]:
            is_recorded = made is node and (+Value(0.0)).op is not None
            with contextlib.nullcontext() if is_recorded else recording(made):
                found = results(self.f(*sample), self.has_aux)
            of = found[row]
            gradient = pulled(of, self.values) if isinstance(of, Value) else np.zeros(len(self.values))
            return [float(x) for x in found], gradient

        return lending(self.values, numbers, run)

    def check(
        self, numbers: NDArray[Any], sample: tuple[Any, ...], index: int, dtype: str, rows: NDArray[Any],
        gradient: NDArray[Any], row: int = 0,
    ) -> None:  # fmt: skip
        """TraceError if results, and the gradient of one, for a sample are not those of eager, beyond rounding.

        What rounding may do is seen from runs a hair's breadth beside the parameters, in which each result is off by a
        tenth of that, so that neither a sum whose terms cancel nor a kink where a sample happens to be is a difference.
        """
        here, tolerance = self(numbers, sample, row), TOLERANCE[dtype]
        if differing(rows, here[0], tolerance) is None and differing(gradient, here[1], tolerance) is None:
            return
        again = [self(numbers, sample, row) for _ in range(3)]
        nudge = NUDGE[dtype] * np.random.default_rng(0).uniform(-1, 1, len(numbers)) * (np.abs(numbers) + 1e-6)
        beside = []
        for seed, nearby in enumerate((numbers + nudge, numbers - nudge, numbers, numbers)):
            with contextlib.suppress(DomainError):
                beside.append(self(nearby, sample, row, off_by(NUDGE[dtype] / 10, seed)))
        for what, ours, k in (("result", rows, 0), ("derivative", gradient, 1)):
            theirs = np.array(here[k])
            is_same = all(np.array_equal(theirs, np.array(x[k]), equal_nan=True) for x in again)
            with np.errstate(invalid="ignore"):
                noise = np.max([np.abs(x[k] - theirs) for x in beside], axis=0, initial=0.0) if is_same else 0.0
            if (i := differing(ours, theirs, tolerance, noise)) is not None:
                raise TraceError(
                    f"compiled, {what} {i} of sample {index} is {ours[i]:.17g}; run eagerly it is {theirs[i]:.17g}. "
                    + ("Is that too much for the 7 digits of float32, which ends at 3.4e38? " * (dtype == "float32"))
                    + "A compiled function is run once. Does f use random numbers, the time, what an earlier call has "
                    "changed, or the text of a number? Give such numbers as part of x. Does it ask for type(x), or "
                    "whether x is a Value? Are there whole numbers of 8 to 32 bits that wrap around, or above 2**53? "
                    "Give them as floats"
                )

    def explain(self, numbers: NDArray[Any], sample: tuple[Any, ...], index: int) -> str | None:
        """What in a sample is not finite first, and where; what eager raises, with a note of the sample."""
        first: list[str] = []
        last: list[str] = []

        def watch(op: Op, operands: tuple[Any, ...]) -> Value:
            try:
                out = node(op, operands)
            except DomainError:
                last.append(f"{op.name} at {line_of()}")
                raise
            if not first and (what := _what_is_not_finite(out)):
                first.append(f"{op.name} at {line_of()}: {what} is not finite")
            return out

        def run() -> None:
            with recording(watch):
                self.f(*sample)

        try:
            lending(self.values, numbers, run)
        except Exception as error:
            error.add_note(f"in sample {index} of the batch: {last[-1] if last else line_of_error(error)}")
            if not self.values:
                error.add_note("there is no Value in params, which is the first argument of what is compiled")
            if sample and isinstance(sample[0], Real) and _takes_for_many(error, sample[0]):
                error.add_note(f"X[{index}] is one number, {sample[0]}: for an x of several X is a list of lists")
            for name, part in zip("XY", sample, strict=False):
                if isinstance(part, list) and UNSUPPORTED in str(error) and "'list'" in str(error):
                    error.add_note(
                        f"{name}[{index}] is a list, {part!r:.60}: for one number {name} is a list of numbers"
                    )
            raise
        if last:
            raise TraceError(f"in sample {index} of the batch: {last[0]} is undefined, {CAUGHT}")
        return first[0] if first else None


def _takes_for_many(error: Exception, x: Any) -> bool:
    """Whether an error says that one number, of the type of x, was taken for several."""
    text = str(error)
    return "index to scalar variable" in text or (type(x).__name__ in text and any(part in text for part in NOT_MANY))


def off_by(share: float, seed: int) -> Callable[[Op, tuple[Any, ...]], Value]:
    """A recorder whose results are off by up to this share, as by rounding; whole numbers, mostly exact, are not."""
    uniform = Random(seed).uniform

    def made(op: Op, operands: tuple[Any, ...]) -> Value:
        out = node(op, operands)
        out.data *= 1 + (out.data % 1 and uniform(-share, share))
        return out

    return made


def _what_is_not_finite(v: Value) -> str:
    """Whether that is a node or one of its local partials; empty if all are finite."""
    if not math.isfinite(v.data):
        return "its result"
    sides = v.db if type(v.b) is tuple else [d for x, d in ((v.a, v.da), (v.b, v.db)) if x is not None]
    return "" if all(map(math.isfinite, sides or ())) else "its derivative"


def differing(ours: Any, theirs: Any, tolerance: float, noise: Any = 0.0) -> int | None:
    """The first place where two arrays differ by more than noise and tolerance · the largest number; None if none."""
    ours, theirs = np.array(ours), np.array(theirs)
    scale = max([np.abs(x[np.isfinite(x)]).max(initial=0.0) for x in (ours, theirs)])
    with np.errstate(invalid="ignore"):
        near = np.abs(ours - theirs) <= tolerance * scale + noise
    off = ~(near | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    return int(np.argmax(off)) if off.any() else None


def warn(warning: RuntimeWarning) -> None:
    """A warning at the line that calls what is compiled."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(COMPILER):
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
