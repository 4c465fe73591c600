"""What a command prints: lines and tables of text.

It owns the columns, and streams whose reader has left; it must not know what is printed.
Read next: `train.py`, `show.py` and `predict.py`, which print.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO

from ..readable import Cell, number

__all__ = ["patient_streams", "table"]


def table(header: Sequence[str], rows: Sequence[Sequence[Cell]], left: int = 1) -> str:
    """Rows of cells below each other.

    Args:
        header: What stands above each column.
        rows: The cells.
        left: The first so many columns are aligned to the left, the others, numbers, to the right.

    Example:
        >>> print(table(["name", "samples"], [["iris", 150], ["digits", 1797]]))
        name    samples
        iris        150
        digits    1,797
    """
    cells = [[number(cell) for cell in row] for row in [header, *rows]]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(_padded(cell, widths[i], i < left) for i, cell in enumerate(row)).rstrip() for row in cells
    )


def _width(text: str) -> int:
    """The columns that a text takes in a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _padded(cell: str, width: int, left: bool) -> str:
    padding = " " * (width - _width(cell))
    return cell + padding if left else padding + cell


@contextmanager
def patient_streams(stdout: TextIO, stderr: TextIO) -> Iterator[None]:
    """While the block runs, what is written for a reader who has left, as `head` does, goes nowhere.

    Training goes on then, and its files are written.
    """
    with redirect_stdout(_Patient(stdout)), redirect_stderr(_Patient(stderr)):
        yield


class _Patient:
    """A stream that outlives its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._without_reader():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._without_reader():
            self._stream.flush()

    @contextmanager
    def _without_reader(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            with suppress(OSError, ValueError):  # what is still in the buffer, too, goes nowhere, also at exit
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            if error.errno not in (errno.EPIPE, errno.EINVAL):  # EINVAL: a closed pipe on Windows
                raise
