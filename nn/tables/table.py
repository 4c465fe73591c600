"""What a file held: a table, its columns apart from the target.

It owns the form of both; it must not know files or how they are read.
Read next: `loading.py`, which makes tables, and `preprocessing/inputs.py`, which takes their rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Column", "Table"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name in the header; "column 1" and so on where there is none.
        kind: "numeric" or "text".
        values: Finite floats, or texts without the space around them; None where a value is missing.
    """

    name: str
    kind: str
    values: tuple[float | None, ...] | tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """What a file held.

    Attributes:
        path: The file.
        columns: The inputs, in the order of the file (of the model, from `load_inputs`).
        target: The column to predict, without missing values; None from `load_inputs`.
        ignored: The columns that are not used, by name, and why.
        header: Whether the first line named the columns.
        delimiter: What stood between values; " " for any white space.
        encoding: How the bytes were read.
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
