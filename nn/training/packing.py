"""Samples as arrays: what compiled training takes in place of lists of Python's numbers.

It owns which samples make an array and of which kind; it must not know models, or how arrays are computed with.
Read next: `compiled.py`, which asks for them in every minibatch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from .batches import InMemory, Sample, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Packing", "packed"]


def packed(entries: Sequence[Any], numbers: str = "as given") -> Any:
    """The entries, one for each sample, as an array; as they are if they are none of numbers in equal rows.

    Args:
        entries: Numbers, or lists of them.
        numbers: `"as given"`: floats stay floats, and whole numbers whole, which may index; `"floats"`; `"labels"`:
            whole numbers also where they were given as floats or as True and False; or `"classes"`: also rows with a
            single 1, by its place.

    Example:
        >>> packed([[0, 1], [2, 3]]).dtype.kind, packed([[0, 1], [2, 3]], "floats").dtype.kind
        ('i', 'f')
        >>> packed([[0.0, 1.0], [1.0, 0.0]], "classes").tolist(), packed([0.25, 1.0], "classes").tolist()
        ([1, 0], [0.25, 1.0])
        >>> packed([[1.0], [1.0, 2.0]])
        [[1.0], [1.0, 2.0]]
    """
    import numpy as np

    first = entries[0]
    rows = isinstance(first, (list, tuple))
    kinds: set[type] = set()
    if rows:
        width = len(first)
        if any(not isinstance(entry, (list, tuple)) or len(entry) != width for entry in entries):
            return list(entries)
        kinds.update(map(type, chain.from_iterable(entries)))
    else:
        kinds.update(map(type, entries))
    if not kinds or not kinds <= ({int, float} if numbers == "as given" else {int, float, bool}):
        return list(entries)
    array: NDArray[Any] = np.array(entries, dtype=float if float in kinds or numbers == "floats" else np.int64)
    if numbers == "classes" and array.ndim == 2:
        single = ((array == 1).sum(axis=1) == 1) & ((array != 0).sum(axis=1) == 1)
        return array.argmax(axis=1) if single.all() else array.astype(float)
    if numbers in ("labels", "classes"):
        whole = array.astype(np.int64)
        return whole if (whole == array).all() else array
    return array


class Packing:
    """The samples of a source as arrays: those in memory once, those of a stream batch by batch.

    Args:
        source: Where the samples come from.
        x: The kind of numbers in the inputs, as for `packed`.
        target: The kind of numbers in the targets.
    """

    def __init__(self, source: Source, x: str, target: str) -> None:
        self._x, self._target = x, target
        self._all: tuple[Any, Any, Any] | None = self._pack(source.samples) if isinstance(source, InMemory) else None

    def __call__(self, batch: Sequence[Sample]) -> tuple[Any, Any, Any]:
        """Inputs, targets and weights of a minibatch; None for weights that are all 1."""
        if self._all is None:
            return self._pack(batch)
        places = [sample.place for sample in batch]
        x, target, weights = self._all
        return _taken(x, places), _taken(target, places), None if weights is None else weights[places]

    def _pack(self, samples: Sequence[Sample]) -> tuple[Any, Any, Any]:
        import numpy as np

        _, x, targets, weights = zip(*samples, strict=True)
        weighed = None if all(weight == 1 for weight in weights) else np.array(weights)
        return packed(x, self._x), packed(targets, self._target), weighed


def _taken(entries: Any, places: list[int]) -> Any:
    return [entries[place] for place in places] if isinstance(entries, list) else entries[places]
