"""What a command prints: lines and tables of text.

It owns the columns, and streams whose reader has left; it must not know what is printed.
Read next: `train.py`, `show.py` and `predict.py`, which print.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO

from ..readable import Cell, number
from .names import CLOSE, OPEN, visible

__all__ = ["patient_streams", "say", "table"]


def say(text: str) -> None:
    """Print lines at once; control signs that a name brought along are escaped."""
    print(visible(text, keep="\n" + OPEN + CLOSE), flush=True)


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
    cells = [[visible(number(cell), keep=OPEN + CLOSE) for cell in row] for row in [header, *rows]]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(_padded(cell, widths[i], i < left) for i, cell in enumerate(row)).rstrip() for row in cells
    )


def _width(text: str) -> int:
    """The columns that a text takes in a terminal: wide characters take two, combining and formatting ones none."""
    shown = [c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"]
    return len(shown) + sum(unicodedata.east_asian_width(c) in "WF" for c in shown)


def _padded(cell: str, width: int, left: bool) -> str:
    padding = " " * (width - _width(cell))
    return cell + padding if left else padding + cell


@contextmanager
def patient_streams(stdout: TextIO | None, stderr: TextIO | None) -> Iterator[None]:
    """While the block runs, what is written for nobody goes nowhere, and what a stream cannot encode is escaped.

    Nobody reads a pipe that `head` has left, or a stream that is closed from the start, which is None in Python.
    Training goes on then, and its files are written.

    Args:
        stdout: Standard output; a full disk is an error.
        stderr: Standard error, where that could not be told.
    """
    with ExitStack() as stack:
        # A stream that is closed leaves its number free, which the next file that is opened would get.
        out, err = (stream or stack.enter_context(open(os.devnull, "w")) for stream in (stdout, stderr))
        stack.enter_context(redirect_stdout(_Patient(out, patience=(errno.EPIPE, errno.EINVAL))))
        stack.enter_context(redirect_stderr(_Patient(err)))
        yield


class _Patient:
    """A stream that outlives its reader, and takes every text."""

    def __init__(self, stream: TextIO, patience: Sequence[int] | None = None) -> None:
        self._stream = stream
        self._patience = patience  # the errors that mean that nobody reads; None: all (EINVAL is a pipe on Windows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._without_reader():
            self._stream.write(text.encode(self._encoding, "backslashreplace").decode(self._encoding))
        return len(text)

    @property
    def _encoding(self) -> str:
        return getattr(self._stream, "encoding", None) or "utf-8"

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
            if self._patience is not None and error.errno not in self._patience:
                raise
