"""The rows of a file: the values of each, and the line that it begins in.

It owns which lines are rows and that all have the same length; it must not know what the values mean.
Read next: `header.py`, which looks at the first row.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TypeAlias

from .dialect import cut, lines_of
from .errors import TableError, quoted

__all__ = ["read_records"]

Record: TypeAlias = tuple[list[str], int]


def read_records(path: str, content: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The rows, and the line that each begins in. Blank lines are left out, at the end also rows of empty values.

    Args:
        path: The file, for errors.
        content: Its text.
        delimiter: One character; " " for any white space.

    Raises:
        TableError: If there are no rows, they differ in length, or a quote is not closed.

    Example:
        >>> lines = ["weight,colour", "", "1.5,red", ","]
        >>> read_records("fruit.csv", chr(10).join(lines), ",")
        ([['weight', 'colour'], ['1.5', 'red'], ['', '']], [1, 3, 4])
    """
    records = _cut_all(path, content, delimiter)
    if not any(cell.strip() for row, _ in records for cell in row):
        raise TableError(f"{path}: the file has no values: give one with a row for each sample")
    rows, lines = [row for row, _ in records], [line for _, line in records]
    _check_widths(path, rows, lines)
    return rows, lines


def _cut_all(path: str, content: str, delimiter: str) -> list[Record]:
    """The values of each row and the line that it begins in."""
    reader = cut(content, delimiter, strict=True)
    lines = list(lines_of(content))
    records: list[Record] = []
    begin = 1
    try:
        for row in reader:
            if len(row) > 1 or (row and lines[begin - 1].strip()):  # the value of a row may be "", quoted
                records.append((row, begin))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            f'{path}, line {begin}: {error}: is a quote (") not closed, or one within a quoted value not doubled?'
        ) from None
    return records


def _check_widths(path: str, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    """That all rows have as many values as the first."""
    width = len(rows[0])
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            raise TableError(
                f"{path}, line {line}: {len(row)} value{'s' * (len(row) != 1)}, but line {lines[0]} has {width} (the "
                f"last is {quoted(row[-1])}): add or remove values, quote those that hold the delimiter, or give the "
                "delimiter"
            )
