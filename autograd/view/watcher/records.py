"""What was seen of a training: a row of figures for every step, and now and then a frame of the model's numbers.

This module owns how much is remembered, which is bounded however long training goes on; it must not know how it is
drawn. Too many are thinned evenly, and the first and the last always stay.
Read next: `picture.py`, which draws a record.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

from ..text import number_text, visible
from .plane import Plane
from .wires import Wires, largest

__all__ = ["Frame", "Grid", "Record", "Row", "Thinned", "evenly", "told"]

MAX_FRAMES = 200
MAX_ROWS = 500  # more than a panel has pixels
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """The figures of one step, by name."""

    step: int
    figures: dict[str, float]

    @property
    def strange(self) -> bool:
        """Whether a figure is inf or nan, which thinning must not lose."""
        return not all(map(math.isfinite, self.figures.values()))


@dataclass(frozen=True)
class Grid:
    """Predictions on a square grid over the plane of two inputs, row by row from the bottom.

    Attributes:
        size: Points to a side.
        cells: Of one score: -31 ... 31, the sign telling the class; of several: the index of the largest. 99 where
            the model gives no number.
    """

    size: int
    cells: array[int]


@dataclass(frozen=True)
class Frame:
    """The model at one step.

    Attributes:
        row: The step and its figures.
        weights, gradients: The numbers of the drawn wires and then of the units, None where there are none.
        grid: The predictions; None if they were not computed at this step.
    """

    row: Row
    weights: array[float] | None = None
    gradients: array[float] | None = None
    grid: Grid | None = None

    @cached_property
    def widest(self) -> float:
        """The largest weight."""
        return largest(self.weights or ())

    @property
    def strange(self) -> bool:
        """As for its row."""
        return self.row.strange


class Thinned(Generic[T]):
    """A list of bounded length, thinned evenly: when it is full every second item goes, never the first or the last.

    Args:
        limit: The greatest length, at least 4.

    Example:
        >>> steps = Thinned(limit=8)
        >>> for step in range(1000):
        ...     steps.append(Row(step, {}))
        >>> [row.step for row in steps]
        [0, 256, 512, 768, 999]
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._stride, self._count = 1, 0
        self._kept: list[T] = []
        self._last: T | None = None  # the newest, if it is not among those kept

    def append(self, item: T) -> None:
        """Add what comes after all the others."""
        begins_to_be_strange = _strange(item) and bool(self._kept) and not _strange(self._kept[-1])
        if self._count % self._stride == 0 or begins_to_be_strange:
            self._kept.append(item)
            self._last = None
        else:
            self._last = item
        self._count += 1
        if len(self._kept) >= self.limit:
            self._halve()

    def _halve(self) -> None:
        """Of each pair the first, unless only the second tells of a number that is not finite."""
        last, pairs = self._kept[-1], zip(self._kept[::2], self._kept[1::2], strict=False)
        self._kept = [b if _strange(b) and not _strange(a) and i else a for i, (a, b) in enumerate(pairs)]
        self._stride *= 2
        self._last = last if self._last is None else self._last

    def __iter__(self) -> Iterator[T]:
        yield from self._kept
        if self._last is not None:
            yield self._last

    @property
    def last(self) -> T:
        """The newest item.

        Raises:
            IndexError: If there is none.
        """
        return self._kept[-1] if self._last is None else self._last

    def replace_last(self, item: T) -> None:
        """Put an item in the place of the newest."""
        if self._last is None:
            self._kept[-1] = item
        else:
            self._last = item

    def __len__(self) -> int:
        return len(self._kept) + (self._last is not None)


def _strange(item: object) -> bool:
    return bool(getattr(item, "strange", False))


@dataclass
class Record:
    """All that is remembered of a training, and what it is drawn with.

    Attributes:
        name: What is trained.
        unit: What a step is called.
        rows: The figures over the steps.
        frames: The model over the steps.
        wires: The drawn network; None if the model shows no layers of neurons.
        plane: The samples on the plane of the two inputs; None if there are none, or not two inputs.
        remarks: What is left out, and why.
    """

    name: str = "Training"
    unit: str = "step"
    rows: Thinned[Row] = field(default_factory=lambda: Thinned(MAX_ROWS))
    frames: Thinned[Frame] = field(default_factory=lambda: Thinned(MAX_FRAMES))
    wires: Wires | None = None
    plane: Plane | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The names of all figures, in the order in which they came."""
        return list(dict.fromkeys([name for row in self.rows for name in row.figures]))

    def whole(self, frame: Frame) -> Frame:
        """A frame with the newest predictions up to its step, where it has none of its own."""
        known = [f.grid for f in self.frames if f.grid is not None and f.row.step <= frame.row.step]
        return replace(frame, grid=known[-1]) if frame.grid is None and known else frame


def evenly(items: Sequence[T], count: int) -> list[T]:
    """So many of the items, the first and the last among them; all, if there are not more."""
    if len(items) <= count:
        return list(items)
    return [items[round(i * (len(items) - 1) / (count - 1))] for i in range(count)]


def told(row: Row, unit: str, columns: Sequence[str] = ()) -> str:
    """A step and its figures as text.

    Example:
        >>> told(Row(3, {"loss": 0.25}), "epoch")
        'epoch 3: loss 0.2500'
    """
    names = columns or list(row.figures)
    figures = ", ".join([f"{visible(name.replace('_', ' '))} {number_text(row.figures[name])}" for name in names])
    return f"{unit} {row.step}" + (f": {figures}" if figures else "")
