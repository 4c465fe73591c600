"""What stands between the values of a line, and the cutting of lines by it.

It owns the delimiter and the use of the standard library's `csv`; it must not know what the values mean.
Read next: `records.py`, which cuts the whole file.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from typing import Any

from .errors import TableError

__all__ = ["SAMPLE", "cut", "delimiter_of", "lines_of", "without_separator_line"]

SAMPLE = 50
"""How many lines delimiter and header are told from."""


def delimiter_of(path: str, content: str, told: str | None) -> str:
    """The delimiter: the one told, checked, or the one found if None.

    Raises:
        TableError: If what was told cannot be a delimiter.
        TypeError: If it is no text.
    """
    if not isinstance(told, str | None):
        raise TypeError(f"delimiter must be a text of one character, as ';', or None, got {told!r:.60}")
    delimiter = _find_delimiter(content) if told is None else told
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise TableError(f"{path}: {delimiter!r} cannot be the delimiter: give one character, as in delimiter=';'")
    return delimiter


def without_separator_line(content: str) -> tuple[str, str | None]:
    """The text with a first line as Excel's `sep=;` made blank, and the delimiter that it names; None without one.

    Example:
        >>> content, delimiter = without_separator_line("sep=;" + chr(10) + "a;b")
        >>> content.splitlines(), delimiter
        (['', 'a;b'], ';')
    """
    named = re.match(r'"?sep=([^\r\n])"?[^\S\r\n]*(?=[\r\n])', content, re.IGNORECASE)
    return (content[named.end() :], named[1]) if named else (content, None)


def lines_of(content: str) -> Iterator[str]:
    """The lines with their ends, those of Unix, Windows and the old Mac."""
    return (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", content))


def cut(content: str, delimiter: str, strict: bool) -> Any:
    """A `csv.reader` of the lines; " " is any white space, and strict refuses quotes that are out of place."""
    if delimiter == " ":
        return csv.reader(_tabbed(content), delimiter="\t", strict=strict)
    if strict and '"' in content:  # a strict reader takes space after a closing quote for a slip
        content = _without_space_around_quoted(content, delimiter)
    return csv.reader(lines_of(content), delimiter=delimiter, skipinitialspace=True, strict=strict)


def _without_space_around_quoted(content: str, delimiter: str) -> str:
    """The text without the space before and after quoted values; each is found whole, so that none within counts."""
    ends = rf"\r\n{re.escape(delimiter)}"
    quoted = rf'(?<![^{ends}])[^\S{ends}]*("(?:[^"]|"")*+")(?:[^\S{ends}]+(?=[{ends}]|\Z))?'
    return re.sub(quoted, r"\1", content)


def _tabbed(content: str) -> Iterator[str]:
    """The lines with one tab for each run of white space that is not quoted, and none at their ends."""
    quoted = r'(?<!\S)"(?:[^"]|"")*+"'  # which may go on in the next line
    for match in re.finditer(rf'(?:{quoted}|[^\r\n"]++|")*+(?:\r\n?|\n|\Z)', content):
        if '"' in match[0]:
            row = re.sub(rf"({quoted})|\s+", lambda part: part[1] or "\t", match[0].strip())
        else:
            row = "\t".join(match[0].split())
        yield from lines_of(row + "\n")


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
        return [len(row) for row in rows if len(row) > 1 or "".join(row).strip()]
    except csv.Error:  # a quote that is never closed
        return []
