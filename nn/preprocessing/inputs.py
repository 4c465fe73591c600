"""What is done to raw rows before a network sees them: the columns together, fitted, applied and stored.

It owns the order of columns and the step from rows to columns; it must not know how a single column is encoded.
Read next: `columns.py`, which encodes one, and `pipeline.py`, which keeps this with its network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from ..lookup import look_up
from .columns import NumericColumn, TextColumn, column_from_json
from .scalings import SCALINGS
from .stored import check_keys
from .values import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Preprocessing"]


@dataclass(frozen=True)
class Preprocessing:
    """What is done to a row before a network sees it, column by column, learnt from the training part alone.

    Attributes:
        columns: A `NumericColumn` or a `TextColumn` for each column of a raw row.

    Example:
        >>> rows = [[1.0, "red"], [3.0, "blue"]]
        >>> preprocessing = Preprocessing.fit(rows, names=["size", "colour"])
        >>> preprocessing.feature_names
        ('size', 'colour=blue', 'colour=red')
        >>> preprocessing.transform([[2.0, "red"], [None, "green"]]).tolist()
        [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """

    columns: tuple[NumericColumn | TextColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column of a raw row."""
        return tuple(column.name for column in self.columns)

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each column, "numeric" or "text", by name: what `tables.load_inputs` takes."""
        return {column.name: column.kind for column in self.columns}

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each number that the network takes."""
        return tuple(name for column in self.columns for name in column.feature_names)

    @classmethod
    def fit(
        cls, rows: Sequence[Sequence[Any]], names: Sequence[str] | None = None, scaling: str = "standardize"
    ) -> Preprocessing:
        """Learn from the training part.

        Args:
            rows: The raw rows of the training part: finite numbers and texts, one kind in each column; None or nan
                where a value is missing. An array of floats will do.
            names: The name of each column; None for "x1", "x2" and so on.
            scaling: What is done to numbers: "standardize" to mean 0 and deviation 1, "minmax" to [0, 1], "none".

        Raises:
            ShapeError: If there are no rows, or not all have the same length, that of names.
            ValueError: If a column mixes numbers and texts, has no value at all, or has an infinite one; if a name
                is given twice; if there is no such scaling (the nearest is suggested).
        """
        if len(rows) == 0 or len(rows[0]) == 0:
            raise ShapeError("preprocessing needs at least one row of at least one column to learn from, got none")
        names = [f"x{i + 1}" for i in range(len(rows[0]))] if names is None else [str(name) for name in names]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two columns are named {twice!r}: rename one")
        look_up("scaling", scaling, SCALINGS)
        columns = zip(names, _by_column(rows, len(names)), strict=True)
        return cls(tuple(_fit_column(name, values, scaling) for name, values in columns))

    def transform(self, rows: Sequence[Sequence[Any]]) -> NDArray[np.float64]:
        """The rows as a network takes them.

        Args:
            rows: Raw rows with the columns of the training part, in its order.

        Returns:
            An array of finite floats, samples x features.

        Raises:
            ShapeError: If a row has another number of columns.
            ValueError: If there is a text in a numeric column or a number in one of texts, or an infinite number.
        """
        import numpy as np

        columns = zip(self.columns, _by_column(rows, len(self.columns)), strict=True)
        return np.hstack([column.transform(values) for column, values in columns])

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON takes it; floats survive exactly, as JSON writes them with `repr`."""
        return {"columns": [column.to_json() for column in self.columns]}

    @classmethod
    def from_json(cls, data: Any) -> Preprocessing:
        """What `to_json` gave, checked.

        Raises:
            ValueError: If anything is missing, superfluous, of the wrong type or not finite.

        Example:
            >>> fitted = Preprocessing.fit([[0.1], [0.7]])
            >>> Preprocessing.from_json(fitted.to_json()) == fitted
            True
            >>> Preprocessing.from_json({"columns": 3})
            Traceback (most recent call last):
            ...
            ValueError: preprocessing: columns must be a list of at least one, got 3
        """
        check_keys("preprocessing", data, {"columns"})
        if not isinstance(data["columns"], list) or not data["columns"]:
            raise ValueError(f"preprocessing: columns must be a list of at least one, got {shown(data['columns'])}")
        columns = tuple(column_from_json(column) for column in data["columns"])
        if len({column.name for column in columns}) < len(columns):
            raise ValueError("preprocessing: two columns have one name")
        return cls(columns)


def _by_column(rows: Sequence[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    """The values of each column."""
    for i, row in enumerate(rows):
        if not hasattr(row, "__len__") or isinstance(row, str):
            raise ShapeError(f"sample {i} must be a row of {width} values, got {shown(row)}")
        if len(row) != width:
            raise ShapeError(f"sample {i} has {len(row)} values, expected {width}")
    if len(rows) == 0:
        return [()] * width
    plain = rows.tolist() if hasattr(rows, "tolist") else rows  # Python's numbers in place of numpy's
    return list(zip(*plain, strict=True))


def _fit_column(name: str, values: Sequence[Any], scaling: str) -> NumericColumn | TextColumn:
    if any(isinstance(value, str) for value in values):
        return TextColumn.fit(name, values)
    return NumericColumn.fit(name, values, scaling)
