"""Batches: the samples that are given, sorted by how they are built, as a matrix of numbers for each.

Sequences of different lengths need different programs. This file owns which samples go together, and keeps beside their
numbers what was given, for runs by the engine; it must not know tapes or programs.
Read next: `path.py`; `../trace/samples.py` makes the columns.

    >>> [batch.numbers.tolist() for batch in batches([[0.5], [1.5, 2.5], [3.5]], [1, 0, 2])]
    [[[0.5, 1.0], [3.5, 2.0]], [[1.5, 2.5, 0.0]]]
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ShapeError
from ..trace.samples import Form, columns, form_of

__all__ = ["Batch", "batches"]


class Batch:
    """Samples that are built in the same way.

    Attributes:
        form: How a sample is built: a form for each argument.
        numbers: The numbers of each, those of x before those of y.
        whole: Those columns of them that are whole by their type.
        given: For each argument the whole batch as it was given.
        index: The place of each sample in the whole batch; None if this is the whole one.
    """

    __slots__ = ("_integers", "form", "given", "index", "numbers", "whole")

    def __init__(
        self, form: tuple[Form, ...], numbers: NDArray[np.float64], whole: NDArray[np.intp],
        given: tuple[Any, ...], index: NDArray[np.intp] | None = None, integers: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        self._integers = integers
        self.form, self.numbers, self.whole, self.given, self.index = form, numbers, whole, given, index

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def integers(self) -> NDArray[np.int64]:
        """The whole numbers of each sample."""
        if self._integers is None:
            parts = [part for part, form in zip(self.given, self.form, strict=True) if any(form.whole)]
            if parts and all(type(part) is np.ndarray and part.dtype.kind in "iu" for part in parts):  # exactly
                rows = [part if self.index is None else part[self.index] for part in parts]
                numbers = np.concatenate([part.reshape(len(self), -1) for part in rows], axis=1)
            else:
                numbers = self.numbers[:, self.whole]
            self._integers = numbers.astype(np.int64)
        return self._integers

    def place(self, i: int) -> int:
        """Where that sample stands in the whole batch."""
        return i if self.index is None else int(self.index[i])

    def sample(self, i: int) -> tuple[Any, ...]:
        """What `f` sees of a sample, after the parameters."""
        return tuple([part[self.place(i)] for part in self.given])

    def take(self, chosen: NDArray[np.intp]) -> Batch:
        """Some of the samples."""
        index = chosen if self.index is None else self.index[chosen]
        integers = None if self._integers is None else self._integers[chosen]
        return Batch(self.form, self.numbers[chosen], self.whole, self.given, index, integers)


def batches(*given: Any) -> list[Batch]:
    """The samples, of which one argument after the other is given, or None for none, by how they are built.

    Raises:
        ShapeError: If there are no samples, or not as many of one argument as of the other.
        TypeError: If something in a sample is not a number.
    """
    given = tuple([part for part in given if part is not None])
    if all(type(part) is np.ndarray and part.ndim and part.size and part.dtype.kind in "fiub" for part in given):
        sizes = [len(part) for part in given]
        if sizes.count(sizes[0] if sizes else 1) == len(sizes):
            return [_regular(given, sizes[0] if sizes else 1)]
    parts = tuple([part.to_numpy() if hasattr(part, "to_numpy") else part for part in given])
    if any(hasattr(part, "__len__") and not len(part) for part in parts):
        raise ShapeError("there are no samples: give one at least")
    try:
        numbers, _, form = columns(*parts)
        return [Batch(form, numbers, _whole(form), parts)]
    except ShapeError:
        if len(set(map(len, parts))) > 1:
            raise
    places: dict[tuple[Form, ...], list[int]] = {}
    for i, sample in enumerate(zip(*parts, strict=True)):
        places.setdefault(tuple(map(form_of, sample)), []).append(i)
    return [
        Batch(form, columns(*[[part[i] for i in chosen] for part in parts]).numbers, _whole(form), parts,
              np.array(chosen))
        for form, chosen in places.items()
    ]  # fmt: skip


def _regular(parts: tuple[NDArray[Any], ...], size: int) -> Batch:
    """The batch of arrays: what is the same for all arrays of such shapes is found once."""
    form, whole, ends, integral = _layout(tuple([(part.shape[1:], part.dtype) for part in parts]))
    integers = None if integral is None else parts[integral].reshape(size, -1)
    if len(parts) == 1 and parts[0].dtype == np.float64:
        return Batch(form, parts[0].reshape(size, -1), whole, parts)
    numbers = np.empty((size, ends[-1] if ends else 0))
    start = 0
    for part, end in zip(parts, ends, strict=True):
        numbers[:, start:end] = part if part.ndim == 2 else part.reshape(size, -1)
        start = end
    return Batch(form, numbers, whole, parts, None, integers)


@lru_cache(maxsize=256)
def _layout(
    shapes: tuple[tuple[tuple[int, ...], np.dtype[Any]], ...],
) -> tuple[tuple[Form, ...], NDArray[np.intp], list[int], int | None]:
    """The form of samples of arrays of such shapes and types, which columns are whole, where those of a part end.

    And the part that has all the whole numbers, if there is one that has them in the type that is wanted.
    """
    form = columns(*[np.zeros((1, *shape), dtype) for shape, dtype in shapes]).form if shapes else ()
    ends = np.cumsum([len(part.whole) for part in form]).astype(int).tolist()
    integral = [i for i, part in enumerate(form) if any(part.whole)]
    usable = len(integral) == 1 and shapes[integral[0]][1] == np.int64
    return form, _whole(form), ends, integral[0] if usable else None


def _whole(form: tuple[Form, ...]) -> NDArray[np.intp]:
    return np.flatnonzero(np.frombuffer(b"".join([part.whole for part in form]), np.uint8))
