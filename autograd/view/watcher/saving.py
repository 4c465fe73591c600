"""What was seen of a training as a file: a page, an animation, a picture.

This module owns which ending of a name means what, and must not know how any of these is made.
Read next: `player.py`, `film.py`, `picture.py`, which make them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ...files import put
from ..render import svg_to_png
from .film import film
from .picture import frame_svg
from .player import page
from .records import Record

__all__ = ["save"]


def save(record: Record, path: os.PathLike[str] | str) -> str:
    """Write a record that has a frame at least, whole or not at all, and return the path.

    Args:
        record: What was seen.
        path: Ends in `.html`, `.gif`, `.png` or `.svg`.

    Raises:
        ValueError: If it ends otherwise.
        OSError: If it cannot be written; a file that was there before is as it was.
    """
    place, last = os.fspath(path), record.whole(record.frames.last)
    makers: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: page(record).html, ".gif": lambda: film(record),
        ".png": lambda: svg_to_png(frame_svg(record, last)), ".svg": lambda: frame_svg(record, last),
    }  # fmt: skip
    suffix = Path(place).suffix.lower()
    if suffix not in makers:
        raise ValueError(f"cannot save {place!r:.80}: its name must end in {', '.join(makers)}")
    put(place, makers[suffix]())
    return place
