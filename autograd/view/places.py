"""Where a line of code stands, as people call it: the name of a file, or a cell of a notebook.

This file owns what is shown of the path of a file; it must not know what stands in the line.
Read next: `tracing.py`, which notes the lines.
"""

from __future__ import annotations

import re

from .text import printable

__all__ = ["file_shown"]

CELL = re.compile(r"(^|/)ipykernel_\d+/\d+\.py$|^<ipython-input-[^>]*>$")  # as Jupyter and IPython name a cell's code


def file_shown(file: str) -> str:
    r"""The last part of a path, as where files lie is nobody's business; of the code of a cell, that it is one.

    Example:
        >>> file_shown("/tmp/ipykernel_123/1715765060.py"), file_shown("<ipython-input-3-0a1b2c>")
        ('a notebook cell', 'a notebook cell')
        >>> file_shown("src\\model.py"), file_shown("<stdin>")
        ('model.py', '<stdin>')
    """
    path = file.replace("\\", "/")
    return "a notebook cell" if CELL.search(path) else printable(path.rpartition("/")[2])
