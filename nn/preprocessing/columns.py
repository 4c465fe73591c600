"""One column of raw rows as numbers for a network: scaled if it holds numbers, one-hot if it holds texts.

It owns what is learnt of a column and how its values are encoded; it must not know the other columns.
Read next: `inputs.py`, which puts columns together, and `scalings.py`, what numbers are scaled by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..lookup import look_up
from .scalings import SCALINGS
from .stored import check_distinct, check_keys, check_number, check_text
from .values import as_floats, as_texts, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["NumericColumn", "TextColumn", "column_from_json"]


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers: `(x - shift) / scale`, a missing x being `fill`.

    A column that was constant in the training part has scale 0 and gives 0 for every x: nothing can be learnt of it,
    and a value that the network has never met must not decide.

    Attributes:
        name: What it is called.
        fill: What stands for a missing number: the median of the training part.
        shift: What is taken off: the mean, or the least number.
        scale: What is divided by: the standard deviation, or the range.
    """

    name: str
    fill: float
    shift: float
    scale: float
    kind: ClassVar[str] = "numeric"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The one feature that it gives."""
        return (self.name,)

    @classmethod
    def fit(cls, name: str, values: Sequence[Any], scaling: str = "standardize") -> NumericColumn:
        """Learn fill, shift and scale; missing numbers are filled first, as in a scikit-learn pipeline.

        Args:
            name: What the column is called.
            values: Finite numbers; None or nan where one is missing.
            scaling: A name in `SCALINGS`.

        Raises:
            ValueError: If all are missing, one is infinite or no number, they span more than a float can hold, or they
                differ by so little that their deviation underflows to 0.

        Example:
            >>> NumericColumn.fit("age", [20.0, None, 40.0])
            NumericColumn(name='age', fill=30.0, shift=30.0, scale=8.16496580927726)
        """
        import numpy as np

        measure = look_up("scaling", scaling, SCALINGS)
        numbers = as_floats(name, values)
        present = numbers[~np.isnan(numbers)]
        if not present.size:
            raise ValueError(f"column {name!r} has no value in the training part: leave the column out")
        with np.errstate(over="ignore", invalid="ignore"):
            fill = float(np.median(present))
            filled = np.where(np.isnan(numbers), fill, numbers)
            shift, scale = (0.0, 1.0) if measure is None else measure(filled)
        constant = filled.min() == filled.max()
        if measure is not None and constant:  # whose deviation need not be 0 after rounding
            scale = 0.0
        if not all(map(math.isfinite, (fill, shift, scale))):
            raise ValueError(
                f"column {name!r} goes from {present.min():g} to {present.max():g}, which is more than a float can "
                "hold: divide it by a power of ten first"
            )
        if scale == 0.0 and not constant:  # the squares in a deviation underflow below 1e-162
            raise ValueError(
                f"column {name!r} goes from {present.min():g} to {present.max():g}, which differ by less than a "
                "standard deviation can tell: multiply it by a power of ten first"
            )
        return cls(name, fill, shift, scale)

    def transform(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """The scaled numbers, samples x 1.

        Raises:
            ValueError: If one is infinite, no number, or so far from the training part that the result overflows.

        Example:
            >>> NumericColumn("age", fill=30.0, shift=20.0, scale=5.0).transform([25, None]).tolist()
            [[1.0], [2.0]]
        """
        import numpy as np

        numbers = as_floats(self.name, values)
        if self.scale == 0.0:
            return np.zeros((len(numbers), 1))
        with np.errstate(over="ignore"):
            scaled = (np.where(np.isnan(numbers), self.fill, numbers) - self.shift) / self.scale
        for i in np.flatnonzero(~np.isfinite(scaled)).tolist():
            raise ValueError(
                f"column {self.name!r}, sample {i}: {values[i]!r} is too far from what the training part "
                "held: correct it"
            )
        return scaled[:, None]

    def to_json(self) -> dict[str, Any]:
        """Its numbers, as JSON takes them."""
        return {"kind": self.kind, "name": self.name, "fill": self.fill, "shift": self.shift, "scale": self.scale}


@dataclass(frozen=True)
class TextColumn:
    """A column of texts, one-hot encoded: one feature for each category, 1 for that of the sample and 0 for the others.

    A missing text, and one that the training part did not hold, gives 0 in every feature: it is none of them.

    Attributes:
        name: What it is called.
        categories: The texts of the training part, sorted.
    """

    name: str
    categories: tuple[str, ...]
    kind: ClassVar[str] = "text"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features that it gives: `colour=red`."""
        return tuple(f"{self.name}={category}" for category in self.categories)

    @classmethod
    def fit(cls, name: str, values: Sequence[Any]) -> TextColumn:
        """Learn the categories.

        Args:
            name: What the column is called.
            values: Texts; None or nan where one is missing.

        Raises:
            ValueError: If all are missing, or one is no text.

        Example:
            >>> TextColumn.fit("colour", ["red", "blue", None, "red"]).feature_names
            ('colour=blue', 'colour=red')
        """
        categories = sorted({text for text in as_texts(name, values) if text is not None})
        if not categories:
            raise ValueError(f"column {name!r} has no value in the training part: leave the column out")
        return cls(name, tuple(categories))

    def transform(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """The one-hot rows, samples x categories.

        Raises:
            ValueError: If one is no text.

        Example:
            >>> TextColumn("colour", ("blue", "red")).transform(["red", None, "green"]).tolist()
            [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
        """
        import numpy as np

        position = {category: i for i, category in enumerate(self.categories)}
        encoded = np.zeros((len(values), len(self.categories)))
        for i, text in enumerate(as_texts(self.name, values)):
            if text in position:
                encoded[i, position[text]] = 1.0
        return encoded

    def to_json(self) -> dict[str, Any]:
        """Its categories, as JSON takes them."""
        return {"kind": self.kind, "name": self.name, "categories": list(self.categories)}


def column_from_json(data: Any) -> NumericColumn | TextColumn:
    """What `to_json` of a column gave, checked.

    Raises:
        ValueError: If anything is missing, superfluous, of the wrong type or not finite.
    """
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind == "numeric":
        check_keys("numeric column", data, {"kind", "name", "fill", "shift", "scale"})
        fill, shift, scale = (check_number(f"column: {key}", data[key]) for key in ("fill", "shift", "scale"))
        if scale < 0:
            raise ValueError(f"column: scale must not be negative, got {scale}")
        return NumericColumn(check_text("column: name", data["name"]), fill, shift, scale)
    if kind == "text":
        check_keys("text column", data, {"kind", "name", "categories"})
        categories = check_distinct("column: categories", data["categories"])
        return TextColumn(
            check_text("column: name", data["name"]), tuple(check_text("category", c) for c in categories)
        )
    raise ValueError(f"a column must be an object of kind 'numeric' or 'text', got {shown(data)}")
