"""A training in a terminal: one line with sparklines, redrawn in place; few plain lines where output is no terminal.

This module owns what is written to the stream of errors, and must not know how training goes on.
The line stands below the line of the cursor, where a progress bar may be: each redraws its own.
Read next: `observing.py`, which says when.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from typing import Any

from ..text import cells, number_text, visible
from .records import Frame, Record, Row
from .spans import share

__all__ = ["Log", "Terminal", "sparkline", "terminal_or_log"]

BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-~=+*#"
LENGTH = 16
NOT_TOLD = ("learning_rate",)
CLEAR_LINE, CLEAR_BELOW, UP = "\r\x1b[K", "\r\x1b[J", "\x1b[A\r"


def sparkline(numbers: Sequence[float], blocks: str = BLOCKS, length: int = LENGTH) -> str:
    """Numbers as a row of blocks, low to high; a gap is a number that is not finite.

    Args:
        numbers: At least one.
        blocks: The signs, from low to high.
        length: At most so many; longer rows are sampled evenly, the last number always being among them.

    Example:
        >>> sparkline([4, 3, 2, math.nan, 1])
        '█▆▃ ▁'
    """
    if len(numbers) > length:
        numbers = [numbers[round(i * (len(numbers) - 1) / (length - 1))] for i in range(length)]
    found = [x for x in numbers if math.isfinite(x)]
    low, high = min(found, default=0.0), max(found, default=0.0)
    last = len(blocks) - 1
    return "".join([blocks[round(share(x, low, high) * last)] if math.isfinite(x) else " " for x in numbers])


def line(record: Record, width: int, blocks: str = BLOCKS) -> str:
    """The newest step, and the figures with their sparklines, as many as have room."""
    rows = list(record.rows)
    last = rows[-1]
    told = f"{record.unit} {last.step}"
    for name, figure in last.figures.items():
        if name not in NOT_TOLD:
            curve = sparkline([row.figures.get(name, math.nan) for row in rows], blocks)
            part = f"  {visible(name.replace('validation_', 'val_'))} {curve} {number_text(figure)}"
            if cells(told + part) > width:
                break
            told += part
    return told[:width]


class Terminal:
    """The line in a terminal.

    Args:
        stream: A terminal.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.blocks = BLOCKS if _can_show(stream, BLOCKS) else ASCII

    def step(self, record: Record, row: Row) -> None:
        """Nothing: the line is redrawn when it is due."""

    def show(self, record: Record, frame: Frame) -> None:
        """Redraw the line below that of the cursor, and go back there."""
        self._write("\n" + CLEAR_LINE + self._line(record) + UP)

    def displayed(self, record: Record, frame: Frame) -> None:
        """Nothing: the line is redrawn when it is due."""

    def finish(self, record: Record) -> None:
        """Leave the line as it is at the end, and go to the next."""
        self._write(CLEAR_BELOW + self._line(record) + "\n")

    def _line(self, record: Record) -> str:
        return line(record, _width(self.stream) - 1, self.blocks)

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


class Log:
    """Plain lines, for files and pipes: of the steps 1, 2, 4, 8, ..., or the next that is seen, and of the last."""

    def __init__(self, stream: Any) -> None:
        self.stream, self._next, self._told = stream, 1, 0

    def step(self, record: Record, row: Row) -> None:
        """Tell a step if it is twice as far as the one before that was told."""
        if row.step >= self._next:
            self._next = 1 << row.step.bit_length()
            self._tell(row, record.unit)

    def show(self, record: Record, frame: Frame) -> None:
        """Nothing: lines of a file cannot be redrawn."""

    def displayed(self, record: Record, frame: Frame) -> None:
        """Nothing: lines of a file cannot be redrawn."""

    def finish(self, record: Record) -> None:
        """Tell the last step."""
        row = record.rows.last
        if self._told < row.step:
            self._tell(row, record.unit)

    def _tell(self, row: Row, unit: str) -> None:
        self._told = row.step
        told = [f"{unit} {row.step}"]
        told += [f"{visible(name)} {number_text(x)}" for name, x in row.figures.items() if name not in NOT_TOLD]
        _write_line("  ".join(told), self.stream)


def _write_line(text: str, stream: Any) -> None:
    """Write a line where a progress bar of tqdm's, as `fit` has one, may be on the line of the cursor."""
    write: Any = getattr(getattr(sys.modules.get("tqdm"), "tqdm", None), "write", None)
    if write is not None:
        write(text, file=stream)  # takes the bars away and puts them back
    else:
        stream.write(text + "\n")
    stream.flush()


def terminal_or_log(stream: Any) -> Terminal | Log:
    """What suits a stream."""
    is_terminal = getattr(stream, "isatty", bool)() and os.environ.get("TERM") != "dumb"
    return Terminal(stream) if is_terminal else Log(stream)


def _width(stream: Any) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):
        return 80


def _can_show(stream: Any, text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
