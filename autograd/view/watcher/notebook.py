"""A training in a notebook: one output, whose picture is replaced in place, and by the page at the end.

This module owns the output, and must not know how training goes on.
Read next: `observing.py`, which says when.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from .picture import frame_svg
from .player import page
from .records import Frame, Record, Row, told

__all__ = ["Notebook", "is_notebook"]


class Notebook:
    """The output of the cell that is running."""

    def __init__(self) -> None:
        self._handle: Any = None

    def step(self, record: Record, row: Row) -> None:
        """Nothing: the picture is replaced when it is due."""

    def show(self, record: Record, frame: Frame) -> None:
        """Replace the picture by that of a frame."""
        self._show({"image/svg+xml": frame_svg(record, frame), "text/plain": told(frame.row, record.unit)})

    def finish(self, record: Record) -> None:
        """Replace the picture by the page that can be scrubbed."""
        self._show(page(record)._repr_mimebundle_())

    def _show(self, bundle: dict[str, Any]) -> None:
        display: Any = importlib.import_module("IPython.display").display  # heavy, and only a notebook has it
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def is_notebook() -> bool:
    """Whether this code runs in the kernel of a notebook."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
