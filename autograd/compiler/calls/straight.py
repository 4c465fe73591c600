"""Straight: the way of a batch that is as one before, in a few calls.

Most batches of a training are arrays of the same shapes as the last one, and all their samples take the only path there
is. For those it is known where each number goes: a call copies them there, computes, and looks whether all went well.
This file owns that way; whatever is unusual it leaves to `bound.py`, by giving None. Read next: `checking.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import count_nonzero, less_equal, ndarray, subtract
from numpy.typing import NDArray

from .batches import Batch
from .path import seeds_of
from .paths import Paths

__all__ = ["Straight", "kind_of"]

ALL = slice(None)
LARGE = 2**20  # numbers in a batch, for which it does not matter


def kind_of(X: Any, Y: Any) -> tuple[Any, ...] | None:
    """The shapes and types of a batch of arrays; None if it is not one."""
    if type(X) is ndarray:
        if type(Y) is ndarray:
            return X.shape, X.dtype, Y.shape, Y.dtype
        return (X.shape, X.dtype) if Y is None else None
    return () if X is None and Y is None else None


class Straight:
    """What is known of batches of one kind.

    Args:
        paths: The paths for them, of which there is one.
        batch: One of them, which fits.
        scale: The factor of every loss.

    Attributes:
        rows: After `run`, all results, one row each; the next run overwrites them.
        gradients: After `run`, the gradient, if it was asked for.
    """

    def __init__(self, paths: Paths, batch: Batch, scale: float) -> None:
        (path,), executor, self.size = paths.known, paths.known[0].executor, len(batch)
        self.paths, self.known, self.has_guards = paths, paths.known, bool(path.program.guards)
        self.is_loss, self.has_gradient = paths.is_loss, paths.has_gradient
        self.parameters, self.gradients = executor.parameters, executor.gradients
        self.memory = executor.of_size(self.size)
        self.rows, self.losses = self.memory.roots, self.memory.roots[0]
        self.scale, self.scales = scale, np.full(self.size, scale)
        self.seeds = seeds_of(paths.n_results, self.scales)
        self.integers: Any = None  # the whole numbers that the path reads, a row for each
        if path.read and path.lasts is not None:
            positions = self.memory.positions
            self.integers = positions if positions.size else np.zeros((len(batch.whole), self.size), np.int64)
            self.starts = path.starts[:, None] if path.starts.any() else None
            self.lasts = np.repeat(path.lasts[:, None], self.size, axis=1)
            self.places = self.integers.view(np.uint64)  # of a number before the first one: far behind the last one
            self.covered = np.zeros(self.integers.shape, bool)
        self.copies: list[tuple[NDArray[Any], int, Any]] = []  # where to, from X or Y, which columns if not all
        start = row = 0
        for i, (part, form) in enumerate(zip(batch.given, batch.form, strict=True)):
            end = start + len(form.whole)
            for rows, first, count in self.memory.sources:
                low, high = max(start, first), min(end, first + count)
                if low == start and high == end:
                    self.copies.append((_like(part, rows[low - first : high - first]), i, None))
                elif low < high:
                    self.copies.append((rows[low - first : high - first].T, i, (ALL, slice(low - start, high - start))))
            if path.read and any(form.whole):
                self.copies.append((_like(part, self.integers[row : row + end - start]), i, None))
                row += end - start
            start = end

    @staticmethod
    def fits(paths: Paths, batch: Batch) -> bool:
        """Whether batches as this one, which has run, can go this way."""
        if len(paths.known) != 1 or batch.index is not None or batch.numbers.size > LARGE:
            return False
        is_plain = paths.options.dtype == "float64" and all(part.dtype.kind in "fiub" for part in batch.given)
        return is_plain and (not paths.known[0].read or paths.known[0].lasts is not None)

    def run(self, parameters: NDArray[Any], X: Any, Y: Any, differentiate: bool) -> float | None:
        """The loss of a batch, 0 if there is none; None if a sample takes another path or has to be looked at."""
        if self.paths.known is not self.known or (differentiate and not self.has_gradient):
            return None
        memory = self.memory
        self.parameters[...] = parameters
        for target, i, columns in self.copies:
            part = Y if i else X
            if columns is not None:
                part = (part if part.ndim == 2 else part.reshape(self.size, -1))[columns]
            target[...] = part
        if self.integers is not None:
            if self.starts is not None:
                subtract(self.integers, self.starts, self.integers)
            if count_nonzero(less_equal(self.places, self.lasts, self.covered)) < self.covered.size:
                return None
        if differentiate:
            memory.both(self.seeds)
        else:
            memory.forward()
        if self.has_guards and count_nonzero(memory.holds()) < self.size:
            return None
        if not memory.is_finite(differentiate):
            return None
        if not self.is_loss:
            return 0.0
        return self.losses.item() * self.scale if self.size == 1 else float(self.losses.dot(self.scales))


def _like(part: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The place of a part in the columns of numbers, in the shape of the part."""
    return np.moveaxis(rows.reshape(*part.shape[1:], len(part)), -1, 0)
