"""Colours, markers and axes of every plot, in one place.

It owns what plots look like; it must not know what is drawn. The hues are Okabe and Ito's, which colour-blind
readers tell apart; whatever differs by colour differs by marker, dashes, place or text as well.
Read next: `curves.py`, the shortest of the plots.

References:
    M. Okabe and K. Ito, Color Universal Design, 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

__all__ = [
    "BLACK", "BLUE", "COLOURS", "DASHES", "GREEN", "INK", "MARKERS", "MUTED", "PURPLE", "SKY", "VERMILLION",
    "axes_or_new", "dots", "new_figure", "panels_or_new", "shades", "tidy",
]  # fmt: skip

# Lines and marks on white: contrast 5.2, 3.9, 3.4, 3.1 and 21. Okabe and Ito's other three are too pale for that.
BLUE, VERMILLION, GREEN, PURPLE, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
SKY = "#56B4E9"  # for areas only
COLOURS = (BLUE, VERMILLION, GREEN, BLACK, PURPLE)
MARKERS = "o^sDvPX<>p"
DASHES = ("-", "--", "-.", ":", (0, (6, 1.5, 1, 1.5, 1, 1.5)))

INK, MUTED = "#1B1F24", "#57606A"


def new_figure(width: float, height: float) -> Figure:
    """A figure to save, of so many inches: not pyplot's, and so without display and with nothing to close.

    Example:
        >>> new_figure(6, 4).get_size_inches().tolist()
        [6.0, 4.0]
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=150, layout="constrained")
    _space_panels(figure)
    return figure


def _space_panels(figure: Figure) -> None:
    engine: Any = figure.get_layout_engine()
    engine.set(wspace=0.06)


def axes_or_new(ax: Axes | None, width: float = 6.4, height: float = 4.4) -> Axes:
    """The Axes that were given, or those of a new figure of pyplot's, which notebooks show."""
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    return ax


def panels_or_new(ax: Sequence[Axes] | None, count: int, width: float = 10.0, height: float = 4.0) -> Any:
    """An array of `count` Axes: those that were given, or side by side in a new figure of pyplot's.

    Raises:
        ValueError: If `ax` does not hold `count` Axes.
    """
    import numpy as np

    if ax is None:
        from matplotlib import pyplot

        figure, made = pyplot.subplots(1, count, figsize=(width, height), layout="constrained")
        _space_panels(figure)
        return made
    given = np.array(ax, dtype=object).ravel()
    if len(given) != count:
        raise ValueError(
            f"ax holds {len(given)} Axes, and this plot has {count} panels: subplots(1, {count}) makes them"
        )
    return given


def tidy(ax: Axes, grid: str = "both") -> None:
    """A faint grid behind what is drawn, and no frame at the top and on the right."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    ax.grid(visible=True, axis=grid, alpha=0.25, linewidth=0.8)  # type: ignore[arg-type]


def dots(samples: int) -> float:
    """The area of a sample's mark, in points²: smaller where there are many."""
    return float(max(6.0, min(70.0, 34.0 * (300 / max(samples, 1)) ** 0.5)))


def shades() -> Colormap:
    """From blue over white to vermillion: for scores of two classes; reversed, for weights, whose plus is blue."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signs", [BLUE, "white", VERMILLION])
