"""The weights of the first layer as images: what each unit looks for in an image.

It owns that picture; it must not know how the weights were learnt.
Read next: `network.py`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd import ShapeError

from ..module import Module
from .chain import layers_of, neurons_of
from .style import INK, axes_or_new, shades
from .text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["weight_images"]

MARKED = 1600  # pixels: of so many at most, the larger negative ones carry a minus sign


def weight_images(
    model: Module, shape: tuple[int, int] | None = None, *, limit: int = 36, ax: Axes | None = None
) -> Axes:
    """The weights of each unit of the first layer as an image: blue positive, vermillion negative, white 0.

    Args:
        model: A network, a layer or a neuron; its inputs are the pixels, row by row.
        shape: Rows and columns of the image; None if it is a square.
        limit: Only the first so many units are drawn; the title says so.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes. Its image holds all units, in rows, with empty pixels between them.

    Raises:
        TypeError: If the first layer is not a dense one.
        ShapeError: If the shape does not fit the number of weights, or there is none and it is no square.
        ValueError: If limit < 1.

    Example:
        >>> from nn.modules import Neuron
        >>> from nn.plots import new_figure, weight_images
        >>> neuron = Neuron(4, weights=[1, 2, -3, 4])
        >>> ax = weight_images(neuron, ax=new_figure(6, 4).subplots())
        >>> ax.images[0].get_array().tolist(), ax.images[0].get_clim()
        ([[1.0, 2.0], [-3.0, 4.0]], (-4.0, 4.0))
    """
    import numpy as np

    neurons = neurons_of(layers_of(model)[0])
    if limit < 1:
        raise ValueError(f"limit = {limit}: at least one unit is drawn")
    rows, columns = _shape(len(neurons[0].w), shape)
    shown = neurons[:limit]
    across = math.ceil(math.sqrt(len(shown) * 1.5 * rows / columns))  # on paper, half as wide again as high
    down = math.ceil(len(shown) / across)
    across = math.ceil(len(shown) / down)  # rows of the same length where that is possible
    picture = np.ma.masked_array(np.zeros((down * (rows + 1) - 1, across * (columns + 1) - 1)), mask=True)
    for k, neuron in enumerate(shown):
        top, left = k // across * (rows + 1), k % across * (columns + 1)
        picture[top : top + rows, left : left + columns] = np.reshape([w.data for w in neuron.w], (rows, columns))
    ax = axes_or_new(ax, 7.0, 5.0)
    _paint(ax, np.ma.masked_invalid(picture))
    for k in range(len(shown)):
        top, left = k // across * (rows + 1), k % across * (columns + 1)
        ax.add_patch(_frame(left, top, columns, rows))
    left_out = "" if len(shown) == len(neurons) else f"the first {len(shown)} of "
    ax.set_title(f"weights of {left_out}{len(neurons)} unit{'' if len(neurons) == 1 else 's'}", fontsize=11)
    return ax


def _shape(weights: int, shape: tuple[int, int] | None) -> tuple[int, int]:
    side = math.isqrt(weights)
    rows, columns = shape or (side, side)
    if rows * columns != weights or rows < 1:
        what = f"shape = {shape}" if shape else "without a shape"
        remedy = "rows times columns must be that number" if shape else "they are no square: give shape=(rows, columns)"
        raise ShapeError(f"{what}: a unit has {weights} weights; {remedy}")
    return rows, columns


def _paint(ax: Axes, picture: Any) -> None:
    import numpy as np

    finite = picture.compressed()
    largest = float(np.abs(finite).max()) if len(finite) else 0.0
    reach = largest or 1.0
    image = ax.imshow(picture, cmap=shades().reversed(), vmin=-reach, vmax=reach, interpolation="nearest")
    if picture.size <= MARKED:
        ys, xs = np.nonzero((picture < -reach / 4).filled(False))
        pixel = ax.get_window_extent().width / picture.shape[1] * 72 / ax.figure.dpi
        ax.scatter(xs, ys, marker="_", s=max(4.0, min(400.0, (0.35 * pixel) ** 2)), color=INK, linewidth=1.0)
    ticks = [-reach, 0.0, reach] if largest else [0.0]
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8, ticks=ticks)
    bar.ax.set_yticklabels([number(tick) for tick in ticks])
    bar.set_label("weight (− marks the larger negative ones)" if picture.size <= MARKED else "weight")
    ax.set_axis_off()


def _frame(left: float, top: float, columns: int, rows: int) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left - 0.5, top - 0.5), columns, rows, fill=False, edgecolor="0.4", linewidth=0.8, clip_on=False)
