"""What a file held: a table, its columns apart from the target.

It owns the form of both; it must not know files or how they are read.
Read next: `view.py`, what a table looks like, `loading.py`, which makes tables, and `preprocessing/rows.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .view import as_html, as_text, column_as_text, sizes

__all__ = ["Column", "Table"]


@dataclass(frozen=True, repr=False)
class Column:
    """One column of a table; of many values, its `repr` shows the first.

    Attributes:
        name: Its name in the header; "column 1" and so on where there is none.
        kind: "numeric" or "text".
        values: Finite floats, or texts without the space around them; None where a value is missing.
    """

    name: str
    kind: str
    values: tuple[float | None, ...] | tuple[str | None, ...]

    def __repr__(self) -> str:
        return column_as_text(self)


@dataclass(frozen=True, repr=False)
class Table:
    """What a file held; prints as an overview of its columns, and shows itself as one in a notebook.

    Attributes:
        path: The file.
        columns: The inputs, in the order of the file (of the model, from `load_inputs`).
        target: The column to predict, without missing values; None from `load_inputs`.
        ignored: The columns that are not used, by name, and why.
        header: Whether the first line named the columns.
        delimiter: What stood between values; " " for any white space.
        encoding: How the bytes were read.

    Example:
        >>> size = Column("size", "numeric", (1.0, None, 2.5, 0.5))
        >>> colour = Column("colour", "text", ("red", "blue", "red", "red"))
        >>> table = Table("fruit.csv", (size,), colour, {"id": "left out as asked"}, True, ",", "utf-8")
        >>> table
        Table('fruit.csv': 4 rows, 1 input, target 'colour')
        >>> print(table)
        fruit.csv: 4 rows, 1 input
        column           kind     missing  values        row 0  row 1  row 2
        --------------------------------------------------------------------
        size             numeric  1        0.5 to 2.5    1             2.5
        colour (target)  text              2 categories  red    blue   red
        not used: id left out as asked
    """

    path: str
    columns: tuple[Column, ...]
    target: Column | None
    ignored: Mapping[str, str]
    header: bool
    delimiter: str
    encoding: str

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each input."""
        return tuple(column.name for column in self.columns)

    @property
    def rows(self) -> list[tuple[float | str | None, ...]]:
        """The inputs of each sample: what `preprocessing.split` and `Preprocessing.fit` take."""
        return list(zip(*[column.values for column in self.columns], strict=True))

    def __repr__(self) -> str:
        target = f", target {self.target.name!r}" if self.target else ""
        return f"Table({self.path!r}: {', '.join(sizes(self))}{target})"

    def __str__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)
