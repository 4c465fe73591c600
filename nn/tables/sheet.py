"""The texts of a file by column, and a column of them as numbers or texts.

It owns the order of the steps from a file to columns, and the errors of single values; it must not know which columns
are inputs and which is the target. Read next: `loading.py`, which chooses among the columns.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from typing import NoReturn, TypeAlias

from .cells import best_numbers, is_text, missing_forms, plain_floats
from .dialect import SAMPLE, delimiter_of, without_separator_line
from .errors import TableError, quoted
from .header import column_names, has_header
from .reading import read_text
from .records import read_records
from .table import Column

__all__ = ["Path", "Sheet", "read_sheet"]

Path: TypeAlias = str | PathLike[str]


@dataclass(frozen=True)
class Sheet:
    """The texts of a file by column, without the space around them.

    Attributes:
        path, header, delimiter, encoding: As in `Table`.
        given: What the header says, before names are made up.
        names: The name of each column.
        cells: The texts of each column.
        lines: The line that each row begins in, from 1 on.
        missing: What stands for a missing value, as given and in small letters.
    """

    path: str
    header: bool
    delimiter: str
    encoding: str
    given: Sequence[str]
    names: Sequence[str]
    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    missing: frozenset[str]

    def fail(self, message: str, line: int | None = None) -> NoReturn:
        """Raise the error, with the place in front."""
        place = f"{self.path}, line {line}" if line else self.path
        raise TableError(f"{place}: {message}")

    def without_empty_end(self) -> Sheet:
        """The same without the rows of empty values at the end, which spreadsheets leave behind."""
        n = len(self.lines)
        while n > 1 and not any(column[n - 1] for column in self.cells):
            n -= 1
        return replace(self, cells=[column[:n] for column in self.cells], lines=self.lines[:n])

    def column(self, j: int, kind: str | None) -> Column:
        """A column as numbers or texts; `kind` None to find out."""
        cells = self.cells[j]
        if kind == "text":
            return self._texts(j)
        if floats := plain_floats(cells, self.missing):
            return Column(self.names[j], "numeric", floats)
        numbers, strays = best_numbers(cells, self.missing, self.delimiter)
        if kind is None and is_text(cells, strays, self.missing):
            return self._texts(j)
        wrong = strays | {cell for cell, number in numbers.items() if not math.isfinite(number)}
        if wrong:
            i = next(i for i, cell in enumerate(cells) if cell in wrong)
            self.fail(self._complaint(j, i, kind) if cells[i] in strays else self._overflow(j, i), self.lines[i])
        return Column(self.names[j], "numeric", tuple([numbers.get(cell) for cell in cells]))

    def _texts(self, j: int) -> Column:
        texts = tuple(None if cell.casefold() in self.missing else cell for cell in self.cells[j])
        return Column(self.names[j], "text", texts)

    def _complaint(self, j: int, i: int, kind: str | None) -> str:
        """What to say of a text among numbers."""
        remedy = "correct it"
        if kind is None:
            remedy += ", add it to missing= if it means that, or name the column in text="
        if i == 0 and not self.header:
            remedy += "; or give header=True, if this line names the columns"
        return f"column {self.names[j]!r}: {quoted(self.cells[j][i])} is no number, and the column is numeric: {remedy}"

    def _overflow(self, j: int, i: int) -> str:
        """What to say of a number that is not finite."""
        return (
            f"column {self.names[j]!r}: {quoted(self.cells[j][i])} is infinite or too large for a float: correct it, "
            "or leave it empty if it is not known"
        )


def read_sheet(
    path: Path,
    delimiter: str | None,
    encoding: str | None,
    header: bool | None,
    missing: Collection[str],
    expected: frozenset[str] = frozenset(),
) -> Sheet:
    """Read the file into texts by column; a first line that holds an expected name is a header.

    Raises:
        TableError: If the file cannot be read, or is no table with at least one row.
        TypeError: If missing is one text, path no name of a file, header no bool, or delimiter or encoding no text.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path must be the name of a file, as 'data.csv', got {path!r:.60}")
    if not isinstance(header, bool | None):
        raise TypeError(f"header must be True, False or None, got {header!r:.60}")
    where = str(fspath(path))
    absent = missing_forms(missing)
    content, encoding = read_text(where, encoding)
    content, named = without_separator_line(content)
    delimiter = delimiter_of(where, content, named if delimiter is None else delimiter)
    rows, lines = read_records(where, content, delimiter)
    first = [cell.strip() for cell in rows[0]]
    if header is None:
        header = not expected.isdisjoint(first) or has_header(first, rows[1 : SAMPLE + 1], absent, delimiter)
    if header and len(rows) == 1:
        raise TableError(
            f"{where}, line {lines[0]}: the file has a header and no rows: add a row for each sample, or give "
            "header=False"
        )
    if header:
        rows, lines = rows[1:], lines[1:]
    cells = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    given = first if header else [""] * len(first)
    return Sheet(where, header, delimiter, encoding, given, column_names(given), cells, lines, absent)
