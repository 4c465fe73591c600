"""Where a training is shown: in the notebook that runs it, in a terminal, or as lines of a log.

This module owns the choice, and must not know how any of them shows it.
Read next: `notebook.py` and `terminal.py`.
"""

from __future__ import annotations

import sys
from typing import Protocol

from .notebook import Notebook, is_notebook
from .records import Frame, Record, Row
from .terminal import terminal_or_log

__all__ = ["Screen", "screen_of"]


class Screen(Protocol):
    """What shows a training."""

    def step(self, record: Record, row: Row) -> None:
        """Called at each step."""

    def show(self, record: Record, frame: Frame) -> None:
        """Called when a picture is due."""

    def displayed(self, record: Record, frame: Frame) -> None:
        """Called when the training is about to show itself, and is not over."""

    def finish(self, record: Record) -> None:
        """Called once at the end."""


def screen_of() -> Screen:
    """The one that suits where this process runs."""
    return Notebook() if is_notebook() else terminal_or_log(sys.stderr)
