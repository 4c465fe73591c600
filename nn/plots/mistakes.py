"""The samples that a network gets wrong, as images, with what they are and what it said.

It owns that picture; it must not know networks.
Read next: `outcomes.py`, which counts mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from .style import INK, axes_or_new
from .text import PLAIN, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["mistakes"]


def mistakes(
    images: Any, y_true: Any, y_pred: Any, *, class_names: Sequence[str] = (), shape: tuple[int, int] | None = None,
    limit: int = 24, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The images whose class was predicted wrongly: below each what it is, an arrow, and what was said.

    Args:
        images: The samples: a row of pixels for each, row by row; dark for large numbers.
        y_true: The class of each, as index.
        y_pred: The predicted ones.
        class_names: What the classes are called; their indices if there are none.
        shape: Rows and columns of an image; None if it is a square.
        limit: Only the first so many mistakes are drawn; the title says so.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes. Its image holds all mistakes, in rows, with empty pixels between them.

    Raises:
        ShapeError: If there are not as many classes or predictions as images, or the shape does not fit the pixels.
        ValueError: If limit < 1.

    Example:
        >>> from nn.plots import mistakes, new_figure
        >>> ax = mistakes([[0, 1, 1, 0], [1, 0, 0, 1]], [0, 1], [0, 0], ax=new_figure(6, 4).subplots())
        >>> ax.get_title(), [text.get_text() for text in ax.texts]
        ('1 of 2 is wrong', ['1 → 0'])
    """
    import numpy as np

    pixels, true, said = np.asarray(images, dtype=float), list(y_true), list(y_pred)
    if not len(pixels) == len(true) == len(said):
        raise ShapeError(f"{len(pixels)} images, {len(true)} classes and {len(said)} predictions: there is one each")
    if limit < 1:
        raise ValueError(f"limit = {limit}: at least one image is drawn")
    rows, columns = _shape(pixels.shape[-1], shape)
    wrong = [i for i, (a, b) in enumerate(zip(true, said, strict=True)) if a != b]
    shown = wrong[:limit]
    ax = axes_or_new(ax, 8.0, 4.6)
    ax.set_axis_off()
    of_them = f", the first {len(shown)} of them" if len(shown) < len(wrong) else ""
    ax.set_title(f"{len(wrong)} of {len(true)} {'is' if len(wrong) == 1 else 'are'} wrong{of_them}", fontsize=11)
    if not shown:
        return ax
    across = min(len(shown), 8)
    gap = max(2, rows // 3)  # room for a line of text
    down = math.ceil(len(shown) / across)
    high, wide = rows + gap, columns + max(1, columns // 4)
    picture = np.ma.masked_array(np.zeros((down * high, across * wide)), mask=True)
    for k, i in enumerate(shown):
        top, left = k // across * high, k % across * wide
        picture[top : top + rows, left : left + columns] = pixels[i].reshape(rows, columns)
        words = " → ".join(_name(y, class_names) for y in (true[i], said[i]))
        place = (left + (columns - 1) / 2, top + rows - 0.3)
        ax.text(*place, words, ha="center", va="top", fontsize=10, color=INK, **PLAIN)
    ax.imshow(picture, cmap="Greys", interpolation="nearest")
    return ax


def _shape(pixels: int, shape: tuple[int, int] | None) -> tuple[int, int]:
    side = math.isqrt(pixels)
    rows, columns = shape or (side, side)
    if rows * columns != pixels or rows < 1:
        raise ShapeError(f"an image has {pixels} pixels, which are not {rows} rows of {columns}: give its shape")
    return rows, columns


def _name(y: Any, names: Sequence[str]) -> str:
    return shortened(names[int(y)], 10) if names else str(y)
