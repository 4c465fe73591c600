"""Straight: the way of a batch that is as one before, in a few calls.

Most batches of a training are arrays of the same shapes as the last one, and all their samples take the only path there
is. For those the places of all numbers are known, and nothing is made anew. This file owns that way; whatever is
unusual it leaves to `bound.py`, by giving None. Read next: `bound.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import count_nonzero, less_equal, subtract
from numpy.typing import NDArray

from .batches import Batch
from .path import seeds_of
from .paths import Paths

__all__ = ["Straight", "kind_of"]

LARGE = 2**20  # numbers in a batch, for which it does not matter


def kind_of(X: Any, Y: Any) -> tuple[Any, ...] | None:
    """The shapes and types of a batch of arrays; None if it is not one."""
    if type(X) is np.ndarray:
        if type(Y) is np.ndarray:
            return X.shape, X.dtype, Y.shape, Y.dtype
        return (X.shape, X.dtype) if Y is None else None
    return () if X is None and Y is None else None


class Straight:
    """What is known of batches of one kind.

    Args:
        paths: The paths for them, of which there is one.
        batch: One of them.
        scale: The factor of every loss.
    """

    def __init__(self, paths: Paths, batch: Batch, scale: float) -> None:
        self.paths, self.known, self.executor = paths, paths.known, paths.known[0].executor
        self.is_loss = paths.is_loss
        (path,), program, size = paths.known, paths.known[0].program, len(batch)
        used = {column + k for _, column, count in program.inputs for k in range(count)}
        numbers, integers = np.zeros((batch.numbers.shape[1], size)), np.zeros((len(batch.whole), size), np.int64)
        self.targets = []
        start = whole = 0
        for i, (part, form) in enumerate(zip(batch.given, batch.form, strict=True)):
            end = start + len(form.whole)
            if not used.isdisjoint(range(start, end)):
                self.targets.append((_like(part, numbers[start:end]), i))
            if path.read and any(form.whole):
                self.targets.append((_like(part, integers[whole : whole + end - start]), i))
                whole += end - start
            start = end
        self.numbers, self.positions = numbers.T, integers.T if program.n_integers else None
        self.integers, self.covered = integers, np.zeros(integers.shape, bool)
        self.places = integers.view(np.uint64)  # of a number before the first one: far behind the last one
        self.starts, self.lasts = path.starts[:, None] if path.starts.any() else None, None
        if path.read and path.lasts is not None:
            self.lasts = np.repeat(path.lasts[:, None], size, axis=1)
        self.has_guards, self.size = bool(program.guards), size
        self.scales = np.full(size, scale)
        self.seeds = seeds_of(paths.n_results, self.scales)

    @staticmethod
    def fits(paths: Paths, batch: Batch) -> bool:
        """Whether batches as this one, which has run, can go this way."""
        if len(paths.known) != 1 or batch.index is not None or batch.numbers.size > LARGE:
            return False
        is_plain = all(part.dtype.kind in "fiub" for part in batch.given)
        return is_plain and (not paths.known[0].read or paths.known[0].lasts is not None)

    def run(self, parameters: NDArray[Any], given: tuple[Any, ...], differentiate: bool) -> NDArray[Any] | None:
        """All results of a batch, one row each, a view; the gradient is in `executor.gradients` then.

        Returns:
            None if a sample takes another path, or has to be looked at.
        """
        if self.paths.known is not self.known or (differentiate and not self.is_loss):
            return None
        executor = self.executor
        executor.parameters[...] = parameters
        for target, i in self.targets:
            target[...] = given[i]
        if self.lasts is not None:
            if self.starts is not None:
                subtract(self.integers, self.starts, self.integers)
            if count_nonzero(less_equal(self.places, self.lasts, self.covered)) < self.covered.size:
                return None
        rows: NDArray[Any] = executor.forward(self.numbers, self.positions)
        if self.has_guards and count_nonzero(executor.holds()) < self.size:
            return None
        if count_nonzero(executor.suspicious()):
            return None
        if differentiate:
            executor.backward(self.seeds)
        return rows


def _like(part: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The place of a part in the columns of numbers, in the shape of the part."""
    return np.moveaxis(rows.reshape(*part.shape[1:], len(part)), -1, 0)
