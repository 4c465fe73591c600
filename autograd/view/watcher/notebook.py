"""A training in a notebook: one output, whose picture is replaced in place, and by the page at the end.

This module owns the output, and must not know how training goes on.
Read next: `observing.py`, which says when.
"""

from __future__ import annotations

import importlib
import sys
from html import escape
from typing import Any

from ..embedding import data_url
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
        said = told(frame.row, record.unit)
        self._show({"text/html": _image(frame_svg(record, frame), said), "text/plain": said})

    def displayed(self, record: Record, frame: Frame) -> None:
        """Bring the picture up to date: what the training shows of itself below it is as new."""
        self.show(record, frame)

    def finish(self, record: Record) -> None:
        """Replace the picture by the page that can be scrubbed."""
        self._show(page(record)._repr_mimebundle_())

    def _show(self, bundle: dict[str, Any]) -> None:
        display: Any = importlib.import_module("IPython.display").display  # heavy, and only a notebook has it
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def _image(svg: str, said: str) -> str:
    """A picture that shrinks to the width of its output; JupyterLab leaves one of the kind SVG as wide as it is."""
    return f'<img alt="{escape(said)}" src="{data_url(svg)}" style="max-width:100%;height:auto">'


def is_notebook() -> bool:
    """Whether this code runs in the kernel of a notebook."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
