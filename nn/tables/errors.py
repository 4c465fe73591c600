"""The error of a file that is no table, and how it shows the place, names and values.

It owns these words; it must not know how files are read.
Read next: `reading.py`, the first that raises it.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["TableError", "listed", "quoted"]


class TableError(ValueError):
    """A file that is no table, or not the table that is needed; the message names file, line, column and remedy."""


def quoted(text: str) -> str:
    """The text for a message: on one line, and short."""
    return repr(text) if len(text) <= 40 else repr(text[:37] + "...")


def listed(names: Sequence[str]) -> str:
    """The names for a message, the first ten of them."""
    return ", ".join(map(quoted, names[:10])) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
