"""Merging: one trace for as many whole numbers as possible.

A trace in which whole numbers were read holds for these only. This file owns for which others one is tried: those of a
batch and those that were known before, anywhere, then where each has been seen, then in some columns alone. It must not
know how traces are merged. Read next: `plans.py`; `../trace/integers.py` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..trace.integers import merge
from ..trace.tracing import Traced

__all__ = ["widest"]

MOST = 1024  # whole numbers of a column
BETWEEN = 4  # times as many are tried as were seen

Tracing = Callable[[Sequence[int]], Traced]
Numbers = list[Sequence[int]]  # for each column of whole numbers


def widest(
    new: Traced, whole: Sequence[int], integers: NDArray[np.int64], known: Iterable[Sequence[Sequence[int]]],
    traced: Tracing,
) -> Traced | None:  # fmt: skip
    """The trace for as many whole numbers as possible; None if there is none for more than one of each.

    Args:
        new: The trace of one sample.
        whole: The whole numbers of that sample.
        integers: Those of the samples of its batch, for which the trace is surely right.
        known: Those of the paths that are known.
        traced: Gives the trace of the sample with other whole numbers.
    """
    read = new.integers_read
    seen: Numbers = [[x] for x in whole]
    for column in read:
        seen[column] = sorted({*integers[:, column].tolist(), *[x for path in known if path for x in path[column]]})
    every = _and_between(sorted({x for column in read for x in seen[column]}))  # as tokens, at all places
    batch = integers.tolist()

    def known_or_traced(numbers: Sequence[int]) -> Traced:
        return new if numbers == whole else traced(numbers)

    found = _merged(known_or_traced, [every if column in read else one for column, one in enumerate(seen)], batch)
    found = found or _merged(known_or_traced, seen, batch)
    if found is None and len(read) > 1:  # perhaps some of the columns alone
        fits = [column for column in read if _merged(known_or_traced, _only([column], seen, whole), batch)]
        found = _merged(known_or_traced, _only(fits, seen, whole), batch)
    return found


def _and_between(numbers: Sequence[int]) -> Sequence[int]:
    """The numbers and those between them, which samples to come will have, if they are not many more."""
    first, last = numbers[0], numbers[-1]
    return range(first, last + 1) if last - first < BETWEEN * len(numbers) else numbers


def _only(columns: Sequence[int], seen: Numbers, whole: Sequence[int]) -> Numbers:
    return [seen[column] if column in columns else [x] for column, x in enumerate(whole)]


def _merged(traced: Tracing, numbers: Numbers, batch: Numbers) -> Traced | None:
    """The merged trace; None if there is none, or a number is one that the function does not take."""
    if max(map(len, numbers)) > MOST:
        return None
    try:
        return merge(traced, numbers, batch)
    except (ArithmeticError, LookupError, ValueError, TypeError):
        return None
