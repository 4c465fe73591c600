"""Straight: the way of a batch that is as one before, in a few calls.

Most batches of a training are arrays of the same shapes as the last one, and all their samples take the only path there
is. For those the places of all numbers are known, and nothing is made anew. This file owns that way; whatever is
unusual it leaves to `bound.py`, by giving None. Read next: `checking.py`.
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

ALL = slice(None)
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
        (path,), size = paths.known, len(batch)
        program, executor = path.program, path.executor
        self.paths, self.known, self.is_loss = paths, paths.known, paths.is_loss
        self.parameters, self.gradients = executor.parameters, executor.gradients
        self.memory = executor.of_size(size)
        ends = np.cumsum([len(form.whole) for form in batch.form]).tolist()
        parts = list(zip(batch.given, batch.form, [0, *ends], ends, strict=False))
        places = [
            [(rows[max(start - first, 0) : end - first], slice(max(first - start, 0), first + n - start))
             for rows, first, n in self.memory.sources if first < end and start < first + n]
            for _, _, start, end in parts
        ]  # fmt: skip
        is_whole = [[len(rows) for rows, _ in found] in ([], [end - start])
                    for found, (_, _, start, end) in zip(places, parts, strict=True)]  # fmt: skip
        self.numbers = None  # those of the samples; None: each part is put where the program reads it
        if self.memory.roots.dtype != np.float64 or not all(
            whole or part.ndim == 2 for whole, (part, *_) in zip(is_whole, parts, strict=True)
        ):
            numbers = np.zeros((batch.numbers.shape[1], size))
            self.numbers, is_whole = numbers.T, [True] * len(parts)
            places = [[(numbers[start:end], ALL)] for _, _, start, end in parts]
        self.targets = [(_like(parts[i][0], rows), i) for i, found in enumerate(places) if is_whole[i]
                        for rows, _ in found]  # fmt: skip
        self.pieces = [(rows.T, i, (ALL, columns)) for i, found in enumerate(places) if not is_whole[i]
                       for rows, columns in found]  # fmt: skip
        integers = np.zeros((len(batch.whole), size), np.int64)
        whole = 0
        for i, (part, form, start, end) in enumerate(parts):
            if path.read and any(form.whole):
                self.targets.append((_like(part, integers[whole : whole + end - start]), i))
                whole += end - start
        self.positions = integers.T if program.n_integers else None
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
        """All results of a batch, one row each, a view; the gradient is in `gradients` then.

        Returns:
            None if a sample takes another path, or has to be looked at.
        """
        if self.paths.known is not self.known or (differentiate and not self.is_loss):
            return None
        memory = self.memory
        self.parameters[...] = parameters
        for target, i in self.targets:
            target[...] = given[i]
        for target, i, where in self.pieces:
            target[...] = given[i][where]
        if self.numbers is not None:
            memory.take(self.numbers)
        if self.lasts is not None:
            if self.starts is not None:
                subtract(self.integers, self.starts, self.integers)
            if count_nonzero(less_equal(self.places, self.lasts, self.covered)) < self.covered.size:
                return None
        rows: NDArray[Any] = memory.forward(self.positions)
        if self.has_guards and count_nonzero(memory.holds()) < self.size:
            return None
        suspicious = memory.suspicious()
        if suspicious is not memory.none and suspicious.any():
            return None
        if differentiate:
            memory.backward(self.seeds)
        return rows


def _like(part: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The place of a part in the columns of numbers, in the shape of the part."""
    return np.moveaxis(rows.reshape(*part.shape[1:], len(part)), -1, 0)
