"""Ways to scale numbers, by name: what is taken off them, and what they are divided by.

It owns these measures of a column; it must not know what the column means, nor what is missing in it.
Read next: `columns.py` and `targets.py`, which scale by them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SCALINGS", "least_and_range", "mean_and_deviation"]


def mean_and_deviation(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation (that of the values, divided by n)."""
    return float(values.mean()), float(values.std())


def least_and_range(values: NDArray[np.float64]) -> tuple[float, float]:
    """The least value and the width of the range."""
    return float(values.min()), float(values.max()) - float(values.min())


SCALINGS: Mapping[str, Callable[[NDArray[np.float64]], tuple[float, float]] | None] = {
    "standardize": mean_and_deviation, "minmax": least_and_range, "none": None,
}  # fmt: skip
"""Ways to scale by name: to mean 0 and deviation 1, to [0, 1], not at all. Each gives (shift, scale) of a column."""
