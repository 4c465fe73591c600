"""The loss over two weights, as a landscape of contour lines, and the path that a descent takes through it.

It owns that picture; it must not know which loss it is or who descended.
Read next: `layers.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import DomainError, ShapeError, Value, no_grad

from .style import BLACK, VERMILLION, axes_or_new
from .text import legend, name_axes, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["loss_surface"]

LEVELS = 14


def loss_surface(
    loss: Callable[[Any, Any], Any],
    path: Sequence[Sequence[float]] = (),
    *,
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None,
    names: tuple[str, str] = ("w₁", "w₂"),
    resolution: int = 80,
    ax: Axes | None = None,
) -> Axes:
    """The loss over two weights, dark where it is high, and the steps of a descent.

    The areas between contour lines are about equally large, whatever the loss there: a flat valley shows.

    Args:
        loss: Maps two Values, the weights, to one.
        path: The pairs of weights that the descent went through, from its start to its end; empty for none.
        limits: ((lowest, highest) w₁, (lowest, highest) w₂); None for what holds the path with a margin.
        names: What the weights are called.
        resolution: The loss is computed at resolution x resolution points, at least 2 x 2.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes: its first line is the path.

    Raises:
        ShapeError: If the path does not consist of pairs.
        ValueError: If there are neither limits nor a path of two different points, or the loss is finite nowhere.

    Example:
        >>> from autograd import value_and_grad
        >>> from nn.plots import loss_surface, new_figure
        >>> def loss(a, b):
        ...     return (a - 1) ** 2 + 4 * (b + 0.5) ** 2
        >>> slope, w = value_and_grad(loss, argnums=(0, 1)), (-2.0, 1.0)
        >>> path = [w]
        >>> for _ in range(20):
        ...     _, (da, db) = slope(*w)
        ...     w = w[0] - 0.1 * da.data, w[1] - 0.1 * db.data
        ...     path.append(w)
        >>> ax = loss_surface(loss, path, ax=new_figure(6, 5).subplots())
        >>> ax.get_lines()[0].get_xydata()[[0, -1]].round(2).tolist()
        [[-2.0, 1.0], [0.97, -0.5]]
    """
    import numpy as np

    points = np.array([[float(w) for w in pair] for pair in path]) if len(path) else np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ShapeError(f"a path consists of pairs of finite weights (w₁, w₂), not of {path[0]!r:.60} and its like")
    (left, right), (bottom, top) = limits or _around(points)
    if not (left < right and bottom < top):
        raise ValueError(f"limits = {((left, right), (bottom, top))}: of each pair, the first must be the smaller")
    ax = axes_or_new(ax, 6.8, 5.2)
    x, y = np.linspace(left, right, resolution), np.linspace(bottom, top, resolution)
    heights = np.ma.masked_invalid([[_height(loss, a, b) for a in x.tolist()] for b in y.tolist()])
    if heights.mask.all():
        raise ValueError(
            f"the loss is finite nowhere between the limits {((left, right), (bottom, top))}: choose others"
        )
    _paint_heights(ax, x, y, heights)
    if len(points):
        _paint_path(ax, points)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    name_axes(ax, names[0], names[1])
    return ax


def _height(loss: Callable[[Any, Any], Any], a: float, b: float) -> float:
    """The loss at a point, nan where it is undefined."""
    with no_grad():
        try:
            return float(loss(Value(a), Value(b)))
        except DomainError:
            return float("nan")


def _around(points: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits that hold the path: it takes the middle 5/7, or less of the direction in which it hardly moves."""
    import numpy as np

    extent = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    if not extent > 0:
        raise ValueError("there is no path of different points to draw the loss around: give limits=((l, r), (b, t))")
    spans = np.maximum(np.ptp(points, axis=0), extent / 2)
    middles = (points.min(axis=0) + points.max(axis=0)) / 2
    (left, bottom), (right, top) = middles - 0.7 * spans, middles + 0.7 * spans
    return (float(left), float(right)), (float(bottom), float(top))


def _paint_heights(ax: Axes, x: Any, y: Any, heights: Any) -> None:
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm, ListedColormap

    levels = _levels(heights.compressed())
    ax.set_facecolor("0.85")  # where the loss is undefined
    blues = ListedColormap(colormaps["Blues"](np.linspace(0.0, 0.62, 256)))  # no darker: the path is drawn on them
    if len(levels) < 3:
        ax.contourf(x, y, heights, levels=[levels[0] - 1.0, levels[0] + 1.0], colors=[blues(0.5)])
        ax.set_title(f"the loss is {number(float(heights.mean()))} everywhere")
        return
    areas = ax.contourf(x, y, heights, levels=levels, cmap=blues, norm=BoundaryNorm(levels, 256))
    ax.contour(x, y, heights, levels=levels, colors="black", linewidths=0.5, alpha=0.45)
    bar = ax.figure.colorbar(areas, ax=ax, label="loss", spacing="uniform", ticks=levels[::2])
    apart = float(np.abs(levels).max() / np.ptp(levels))  # how much larger the losses are than what tells them apart
    digits = 3 + max(0, math.ceil(math.log10(apart)))
    bar.ax.set_yticklabels([number(level, digits) for level in levels[::2]])
    bar.ax.minorticks_off()


def _levels(values: Any) -> Any:
    """Losses, each round, that part the plane into areas of about the same size, smaller ones near the lowest."""
    import numpy as np

    found = np.quantile(values, np.linspace(0, 1, LEVELS + 1) ** 1.3)
    extent = float(found[-1] - found[0])
    if extent <= 1e-12 * float(np.abs(found).max()):
        return found[:1]
    base = 0.0 if abs(found[0]) < extent else float(found[0])
    steps = found - base
    smallest = np.maximum(np.abs(steps), extent * 1e-6 if steps[1] > extent * 1e-6 else np.abs(steps[1]) + 1e-300)
    unit = 10.0 ** (np.floor(np.log10(smallest)) - 1)  # two digits
    rounded = np.round(steps / unit) * unit
    rounded[0], rounded[-1] = np.floor(steps[0] / unit[0]) * unit[0], np.ceil(steps[-1] / unit[-1]) * unit[-1]
    return np.unique(base + rounded)


def _paint_path(ax: Axes, points: Any) -> None:
    many = len(points) > 60  # marks would run into each other
    (line,) = ax.plot(*points.T, color=VERMILLION, linewidth=1.6, marker=None if many else ".", markersize=7, zorder=3)
    (start,) = ax.plot(
        *points[0], marker="o", markersize=9, color=BLACK, markerfacecolor="white", linestyle="", zorder=4
    )
    (end,) = ax.plot(
        *points[-1], marker="*", markersize=13, color=BLACK, markeredgecolor="white", linestyle="", zorder=4
    )
    steps = len(points) - 1
    names = [f"{steps} step{'' if steps == 1 else 's'}", "start", "end"]
    legend(ax, [line, start, end], names, frameon=True, framealpha=0.9, edgecolor="none")
