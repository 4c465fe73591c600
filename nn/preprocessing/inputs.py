"""What is done to raw rows before a network sees them: the columns together, fitted, applied and stored.

It owns what is kept of all columns together; it must not know how a single column is encoded or rows are written.
Read next: `rows.py`, the forms of rows, `columns.py`, which encodes one, and `pipeline.py`, which keeps this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from ..lookup import look_up
from ..tables.header import column_names as distinct
from .columns import NumericColumn, TextColumn, column_from_json
from .rows import as_rows, by_column, column_names
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
        >>> Preprocessing.fit([{"size": 1.0, "colour": "red"}, {"size": 3.0, "colour": "blue"}]) == preprocessing
        True
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
        """The name of each number that the network takes; one that comes again gets a number."""
        return tuple(distinct([name for column in self.columns for name in column.feature_names]))

    @classmethod
    def fit(cls, rows: Any, names: Sequence[str] | None = None, scaling: str = "standardize") -> Preprocessing:
        """Learn from the training part.

        Args:
            rows: The raw rows of the training part: lists, dicts with the names of the columns, an array, a `Table` or
                a DataFrame of pandas. They hold finite numbers and texts, one kind in each column; None or nan where
                a value is missing.
            names: The name of each column; of dicts and tables, which columns to use and in what order. None for all
                columns, which are called "x1", "x2" and so on if rows are lists.
            scaling: What is done to numbers: "standardize" to mean 0 and deviation 1, "minmax" to [0, 1], "none".

        Raises:
            ShapeError: If there are no rows, or not all have the same length, that of names, or rows is one row.
            TypeError: If rows is no list at all, or names is one text.
            ValueError: If a column mixes numbers and texts, has no value at all, or has an infinite one, or spans
                more or less than a float can tell; if a dict lacks a column or has one more than the first; if a name
                is given twice; if there is no such scaling (the nearest is suggested).
        """
        rows = as_rows(rows)
        names = column_names(rows, names) if len(rows) else []
        if not names:
            raise ShapeError("preprocessing needs at least one row of at least one column to learn from, got none")
        look_up("scaling", scaling, SCALINGS)
        columns = zip(names, by_column(rows, names), strict=True)
        return cls(tuple(_fit_column(name, values, scaling) for name, values in columns))

    def transform(self, rows: Any) -> NDArray[np.float64]:
        """The rows as a network takes them.

        Args:
            rows: Raw rows in any form that `fit` takes: lists in the order of the training part, or dicts, a table or
                a DataFrame, whose columns are found by name; more columns than needed are left aside.

        Returns:
            An array of finite floats, samples x features.

        Raises:
            ShapeError: If a row has another number of columns, or rows is one row.
            TypeError: If rows is no list at all, as the name of a file.
            ValueError: If a column is missing, there is a text in a numeric column or a number in one of texts, or an
                infinite number.
        """
        import numpy as np

        columns = zip(self.columns, by_column(as_rows(rows), self.names), strict=True)
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


def _fit_column(name: str, values: Sequence[Any], scaling: str) -> NumericColumn | TextColumn:
    if any(isinstance(value, str) for value in values):
        return TextColumn.fit(name, values)
    return NumericColumn.fit(name, values, scaling)
