"""What stands between the values of a line, and the cutting of lines by it.

It owns the delimiter and the use of the standard library's `csv`; it must not know what the values mean.
Read next: `records.py`, which cuts the whole file.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable
from typing import Any

from .errors import TableError

__all__ = ["SAMPLE", "cut", "delimiter_of"]

SAMPLE = 50
"""How many lines delimiter and header are told from."""


def delimiter_of(path: str, content: str, told: str | None) -> str:
    """The delimiter: the one told, checked, or the one found if None.

    Raises:
        TableError: If what was told cannot be a delimiter.
    """
    delimiter = _find_delimiter(content) if told is None else told
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise TableError(f"{path}: {delimiter!r} cannot be the delimiter: give one character, as in delimiter=';'")
    return delimiter


def cut(content: str, delimiter: str, strict: bool) -> Any:
    """A `csv.reader` of the lines; " " is any white space, and strict refuses quotes that are out of place."""
    lines: Iterable[str] = (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", content))
    if delimiter == " ":
        lines, delimiter = map(_tabbed, lines), "\t"
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _tabbed(line: str) -> str:
    """The line with one tab for each run of white space that is not quoted."""
    return re.sub(r'("(?:[^"]|"")*")|\s+', lambda match: match[1] or "\t", line.strip()) + "\n"


def _find_delimiter(content: str) -> str:
    """The delimiter by the first lines. A comma comes last: there may be decimal commas between semicolons."""
    candidates = "\t;|,"
    widths = {delimiter: _widths(content, delimiter) for delimiter in candidates}
    for delimiter, found in widths.items():
        if len(set(found)) == 1 and found[0] > 1:
            return delimiter
    n_cut = {delimiter: sum(width > 1 for width in found) for delimiter, found in widths.items()}
    if any(n_cut.values()):  # rows of different lengths: an error that names the line will follow
        return max(",;\t|", key=lambda delimiter: n_cut[delimiter])
    spaced = _widths(content, " ")
    return " " if len(set(spaced)) == 1 and spaced[0] > 1 else ","


def _widths(content: str, delimiter: str) -> list[int]:
    """How many values the first lines have if cut by the delimiter; blank lines are left out."""
    try:
        rows = itertools.islice(cut(content, delimiter, strict=False), SAMPLE)
        return [len(row) for row in rows if row not in ([], [""])]
    except csv.Error:  # a quote that is never closed
        return []
