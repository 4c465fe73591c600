"""A network as a diagram: units in columns, a line for every weight.

It owns the drawing; where units stand is settled by `autograd.layout_network`, for every kind of picture the same.
It must not know how the weights were learnt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import ShapeError, layout_network

from ..modules import Layer, Module
from .style import BLUE, INK, MUTED, VERMILLION, axes_or_new
from .text import PLAIN, legend, number, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["network_diagram"]

FILLS = ("#DCEBF5", "#FFFFFF", "#FCE8C2")  # of inputs, hidden units and outputs
WIDTHS = (0.4, 3.2)  # of the lines of the smallest and the largest weight, in points
NAME_WIDTH = 7.0  # of a character of a name, in the layout's pixels


def network_diagram(
    model: Module,
    *,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    title: str = "",
    limit: int = 16,
    ax: Axes | None = None,
) -> Axes:
    """A network of fully connected layers: circles for units, lines for weights.

    A line's width shows the weight's magnitude; its colour and its dashes show the sign (blue and solid: positive,
    vermillion and dashed: negative).

    Args:
        model: A network whose layers follow one another, such as MLP, or a layer.
        inputs: Names of the inputs: one for each, or none.
        outputs: Names of the units of the last layer: one for each, or none.
        title: A line above the picture.
        limit: Columns with more units show the first and the last ones, and how many are left out; at least 3.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes, with one line for each weight between units that are shown.

    Raises:
        TypeError: If the model has no layers of neurons.
        ShapeError: If its layers do not fit each other, or the number of names is not that of the units.
        ValueError: If limit < 3.

    Example:
        >>> from nn.modules import MLP
        >>> from nn.plots import network_diagram, new_figure
        >>> ax = network_diagram(MLP(3, [4, 4, 1], seed=0), ax=new_figure(8, 4).subplots())
        >>> len(ax.get_lines()), len(ax.patches)
        (32, 12)
    """
    layers = _layers(model)
    sizes = [len(layers[0].neurons[0].w), *[len(layer.neurons) for layer in layers]]
    for what, names, size in (("inputs", inputs, sizes[0]), ("outputs", outputs, sizes[-1])):
        if len(names) and len(names) != size:
            raise ShapeError(f"{what} has {len(names)} names, the network has {size}: name each of them, or none")
    layout = layout_network(sizes, limit)
    ax = axes_or_new(ax, 3.2 + 1.9 * len(layers), max(3.4, 1.4 + layout.height / 110))
    _paint_weights(ax, layers, layout)
    for column in range(len(sizes)):
        names = inputs if column == 0 else outputs if column == len(layers) else ()
        _paint_column(ax, layout, column, names, layers[column - 1].activation if column else "")
    reach = [NAME_WIDTH * max([len(shortened(name)) for name in names], default=0) for names in (inputs, outputs)]
    ax.set(xlim=(-reach[0] - 30, layout.width + reach[1] + 30), ylim=(layout.height + 6, -58), aspect="equal")
    ax.set_axis_off()
    if title:
        ax.set_title(shortened(title, 70), **PLAIN)
    return ax


def _layers(model: Module) -> list[Layer]:
    layers = [module for module in model.modules() if isinstance(module, Layer)] if isinstance(model, Module) else []
    if not layers:
        raise TypeError(f"expected a network with layers of neurons, such as MLP, not {model!r:.60}")
    for before, layer in pairwise(layers):
        if len(layer.neurons[0].w) != len(before.neurons):
            raise ShapeError(f"the layers do not follow one another: {before!r}, then {layer!r}; draw one at a time")
    return layers


def _paint_weights(ax: Axes, layers: Sequence[Layer], layout: Any) -> None:
    """The lines, large weights over small ones."""
    from matplotlib.lines import Line2D

    found = [
        (start, end, layer.neurons[j].w[i].data)
        for k, layer in enumerate(layers)
        for i, start in layout.units[k]
        for j, end in layout.units[k + 1]
    ]
    magnitudes = [abs(weight) for *_, weight in found if math.isfinite(weight)]
    largest = max(magnitudes, default=0.0)
    for (x1, y1), (x2, y2), weight in sorted(found, key=lambda line: abs(line[2]) if math.isfinite(line[2]) else 0.0):
        share = abs(weight) / largest if largest and math.isfinite(weight) else 0.0
        ax.plot([x1, x2], [y1, y2], linewidth=WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * share,
                alpha=0.25 + 0.75 * share, zorder=1, **_sign(weight))  # fmt: skip
    samples = [Line2D([], [], linewidth=2, **_sign(sign)) for sign in (1, -1)]
    names = [f"positive weight, up to {number(largest)}", "negative weight"]
    legend(ax, samples, names, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, handlelength=3.4, fontsize=9)


def _sign(weight: float) -> dict[str, Any]:
    if not math.isfinite(weight):
        return {"color": MUTED, "linestyle": ":"}
    return {"color": VERMILLION, "linestyle": (0, (4, 2.2))} if weight < 0 else {"color": BLUE, "linestyle": "-"}


def _paint_column(ax: Axes, layout: Any, column: int, names: Sequence[str], activation: str) -> None:
    from matplotlib.patches import Circle

    last = len(layout.sizes) - 1
    x = layout.units[column][0][1][0]
    heading = "input" if column == 0 else "output" if column == last else f"layer {column}"
    ax.text(x, -36, heading, ha="center", va="bottom", fontsize=10, fontweight="bold", color=INK)
    size = f"{layout.sizes[column]} {shortened(activation, 14)}".rstrip()
    ax.text(x, -16, size, ha="center", va="bottom", fontsize=8.5, color=MUTED, **PLAIN)
    fill = FILLS[0] if column == 0 else FILLS[2] if column == last else FILLS[1]
    for index, (_, y) in layout.units[column]:
        ax.add_patch(Circle((x, y), layout.radius, facecolor=fill, edgecolor=INK, linewidth=1, zorder=2))
        if len(names):
            side = -1 if column == 0 else 1
            ax.text(x + side * (layout.radius + 8), y, shortened(names[index]), ha="right" if side < 0 else "left",
                    va="center", fontsize=9, color=INK, **PLAIN)  # fmt: skip
    if gap := layout.gaps[column]:
        hidden = layout.sizes[column] - len(layout.units[column])
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        ax.text(x, gap[1], f"⋮ {hidden} more", ha="center", va="center", fontsize=8.5, color=MUTED, zorder=3, bbox=box)
