"""A network to be drawn, checked, and a place for each of its units.

This module owns the layout, made once for SVG, PNG, DOT and matplotlib; it takes plain numbers, and must not know
any network class.
Read next: `network_paint.py`, which paints it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ShapeError
from .svg import Point

__all__ = ["Network", "NetworkLayout", "layout_network"]

RADIUS = 16.0
ROW_STEP = 44.0
COLUMN_STEP = 190.0


@dataclass(frozen=True)
class NetworkLayout:
    """Where the units of a network stand; the first column holds the inputs.

    Attributes:
        sizes: The number of units of each column.
        units: For each column the units that are shown, as index and centre, from the top down.
        gaps: For each column the place of the sign for the units left out, None where all are shown.
        width, height: The extent in pixels; the origin is at the top left.
        radius: Of the circle of a unit, in pixels.
    """

    sizes: tuple[int, ...]
    units: tuple[tuple[tuple[int, Point], ...], ...]
    gaps: tuple[Point | None, ...]
    width: float
    height: float
    radius: float = RADIUS


@dataclass(frozen=True)
class Network:
    """What `draw_network` takes; the numbers are a copy, so that a picture does not change as training goes on.

    Raises:
        ShapeError: If the lengths of weights, biases and names do not fit each other.
        ValueError: If limit < 3.
    """

    weights: tuple[tuple[tuple[float, ...], ...], ...]
    biases: tuple[tuple[float, ...], ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    activations: tuple[str, ...] = ()
    title: str = ""
    limit: int = 16
    gradients: tuple[tuple[tuple[float, ...], ...], ...] = ()

    def __post_init__(self) -> None:
        _check_limit(self.limit)
        if not self.weights or not all(layer and layer[0] for layer in self.weights):
            raise ShapeError("a network to draw needs a layer, a layer a unit, and a unit a weight")
        if len(self.biases) != len(self.weights):
            raise ShapeError(f"there are biases for {len(self.biases)} layers, and weights for {len(self.weights)}")
        for k, layer in enumerate(self.weights):
            for j, row in enumerate(layer):
                if len(row) != self.sizes[k]:
                    raise ShapeError(f"weights[{k}][{j}] has {len(row)} weights for the {self.sizes[k]} units before")
            if self.biases[k] and len(self.biases[k]) != len(layer):
                raise ShapeError(f"biases[{k}] has {len(self.biases[k])} numbers for {len(layer)} units")
        if self.gradients and _shape(self.gradients) != _shape(self.weights):
            raise ShapeError("gradients has not the shape of weights: there is one gradient for each weight, or none")
        for what, names, size in (
            ("inputs", self.inputs, self.sizes[0]),
            ("outputs", self.outputs, self.sizes[-1]),
            ("activations", self.activations, len(self.weights)),
        ):
            if names and len(names) != size:
                raise ShapeError(f"{what} has {len(names)} names, the network has {size}: name each of them, or none")

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units of each column, the inputs first."""
        return len(self.weights[0][0]), *map(len, self.weights)

    @property
    def layout(self) -> NetworkLayout:
        """Where the units stand."""
        return layout_network(self.sizes, self.limit)

    @property
    def numbers(self) -> tuple[tuple[tuple[float, ...], ...], ...]:
        """What the lines show: the gradients where they are given, else the weights."""
        return self.gradients or self.weights

    @property
    def largest(self) -> float:
        """The largest magnitude of what the lines show: the measure of their widths."""
        return max((abs(x) for layer in self.numbers for row in layer for x in row if math.isfinite(x)), default=0.0)

    def names(self, column: int) -> tuple[str, ...]:
        """The given names of a column's units, empty where there are none."""
        return self.inputs if column == 0 else self.outputs if column == len(self.weights) else ()

    def unit(self, column: int, index: int) -> str:
        """What one unit is called."""
        if names := self.names(column):
            return names[index]
        return f"input {index + 1}" if column == 0 else f"unit {index + 1} of layer {column}"


def _shape(numbers: Sequence[Sequence[Sequence[float]]]) -> list[list[int]]:
    return [[len(row) for row in layer] for layer in numbers]


def _check_limit(limit: int) -> None:
    if limit < 3:
        raise ValueError(f"limit = {limit}: a shortened column needs at least 3 places: first unit, gap, last")


def layout_network(sizes: Sequence[int], limit: int = 16) -> NetworkLayout:
    """Places for the units of fully connected layers.

    Args:
        sizes: The number of units of each column, inputs first.
        limit: Columns with more units show the first and the last ones, and a gap between.

    Returns:
        The layout, in pixels.

    Raises:
        ValueError: If there are no columns, a size is below 1, or limit < 3.

    Example:
        >>> layout = layout_network([30, 3, 1], limit=5)
        >>> [index for index, _ in layout.units[0]], layout.sizes
        ([0, 1, 28, 29], (30, 3, 1))
    """
    if not sizes or min(sizes) < 1:
        raise ValueError(f"sizes = {list(sizes)}: a layout needs a column at least, and a column a unit")
    _check_limit(limit)
    height = min(max(sizes), limit) * ROW_STEP
    units, gaps = [], []
    for column, size in enumerate(sizes):
        slots = min(size, limit)
        x = RADIUS + column * COLUMN_STEP
        places = [(x, height / 2 + (slot - (slots - 1) / 2) * ROW_STEP) for slot in range(slots)]
        gap = slots // 2 if size > slots else None
        indices = [slot if gap is None or slot < gap else size - slots + slot for slot in range(slots)]
        shown = zip(indices, places, strict=True)
        units.append(tuple([unit for slot, unit in enumerate(shown) if slot != gap]))
        gaps.append(None if gap is None else places[gap])
    width = 2 * RADIUS + (len(sizes) - 1) * COLUMN_STEP
    return NetworkLayout(tuple(sizes), tuple(units), tuple(gaps), width, height)
