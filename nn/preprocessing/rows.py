"""Raw rows as people give them, lists, dicts by name or a table; and as lists in one order of columns.

It owns the forms that rows may have and the names of their columns; it must not know what the columns hold.
Read next: `inputs.py`, which learns from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import ShapeError

from ..tables import Table
from .values import check_names, shown

__all__ = ["as_rows", "by_column", "column_names"]


def as_rows(rows: Any) -> Any:
    """The rows as a sequence of lists or dicts; those of a table and of a DataFrame of pandas are dicts.

    Raises:
        TypeError: If they are no list at all, as the name of a file or None.
        ShapeError: If there is one row in place of a list of them.
    """
    if isinstance(rows, Table):
        return [dict(zip(rows.names, row, strict=True)) for row in rows.rows]
    if isinstance(rows, Mapping):
        raise ShapeError(f"rows must be a list of rows, got one row, the dict {shown(rows)}: write [row]")
    if hasattr(rows, "to_dict"):
        return rows.to_dict("records")
    if isinstance(rows, str):
        raise TypeError(
            f"rows must be a list of rows, got the text {shown(rows)}: if it is a file, read it by load_csv(path), or "
            "by nn.tables.load_inputs(path, pipeline.preprocessing.kinds) to predict"
        )
    if not (hasattr(rows, "__len__") and hasattr(rows, "__iter__")):
        raise TypeError(f"rows must be a list of rows, an array or a Table, got {shown(rows)}")
    return rows


def column_names(rows: Any, names: Sequence[str] | None) -> list[str]:
    """The name of each column: of dicts those that are asked for, else all of the first; of lists "x1" and so on.

    Args:
        rows: What `as_rows` gave, at least one.
        names: The names as they were asked for, or None.

    Raises:
        TypeError: If names is one text.
        ShapeError: If there are not as many names as values in a list, or the first row is none.
        ValueError: If a name comes twice, or a later dict has a name that the first has not.
    """
    told = None if names is None else check_names("names", names)
    if isinstance(rows[0], Mapping):
        told = _names_of_dicts(rows) if told is None else told
    else:
        _check_row(rows[0], 0)
        told = [f"x{i + 1}" for i in range(len(rows[0]))] if told is None else told
        if len(told) != len(rows[0]):
            raise ShapeError(
                f"names has {len(told)} name{'s' * (len(told) != 1)}, {shown(told)}, and a row has {len(rows[0])} "
                "values: name each column once"
            )
    if len(set(told)) < len(told):
        twice = next(name for name in told if told.count(name) > 1)
        raise ValueError(f"two columns are named {twice!r}: rename one")
    return told


def by_column(rows: Any, names: Sequence[str]) -> list[Sequence[Any]]:
    """The values of each column, in the order of the names.

    Args:
        rows: What `as_rows` gave. Names in a dict that are not asked for are left aside.
        names: The names of the columns.

    Raises:
        ShapeError: If a row has another number of values, or is no row.
        ValueError: If a dict lacks a column.
    """
    width = len(names)
    if any(isinstance(row, Mapping) for row in rows):
        rows = [_values(row, names, i) if isinstance(row, Mapping) else row for i, row in enumerate(rows)]
    for i, row in enumerate(rows):
        _check_row(row, i, width)
    if len(rows) == 0:
        return [()] * width
    plain = rows.tolist() if hasattr(rows, "tolist") else rows  # Python's numbers in place of numpy's
    return list(zip(*plain, strict=True))


def _names_of_dicts(rows: Sequence[Any]) -> list[str]:
    """The names in the first row, of which the later ones must not have more."""
    first = rows[0]
    for i, row in enumerate(rows):
        more = [name for name in row if name not in first] if isinstance(row, Mapping) else []
        if more:
            raise ValueError(
                f"sample {i} has a column {more[0]!r}, which sample 0 has not: give each row the same columns, with "
                "None for what is missing, or say in names which ones to use"
            )
    return [str(name) for name in first]


def _check_row(row: Any, i: int, width: int | None = None) -> None:
    """That it is a row, of that width if there is one."""
    if not hasattr(row, "__len__") or isinstance(row, str):
        values = "values" if width is None else f"{width} value{'s' * (width != 1)}"
        raise ShapeError(
            f"sample {i} must be a row of {values}, got {shown(row)}: for one row write [row], for one column "
            "[[x] for x in column]"
        )
    if width is not None and len(row) != width:
        raise ShapeError(f"sample {i} has {len(row)} values, expected {width}")


def _values(row: Mapping[str, Any], names: Sequence[str], i: int) -> list[Any]:
    for name in names:
        if name not in row:
            raise ValueError(
                f"sample {i} has no column {name!r}; its columns are {', '.join(map(repr, row))!s:.200}: add it, as "
                "None if it is not known"
            )
    return [row[name] for name in names]
