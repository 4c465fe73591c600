"""A network as a diagram: units in columns, a line for every weight.

It owns the drawing; where units stand is settled by `autograd.layout_network`, for every kind of picture the same.
It must not know how the weights were learnt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import autograd
from autograd import ShapeError

from ..module import Module
from ..modules import Neuron
from ..pipeline import Pipeline
from .chain import layers_of, neurons_of
from .style import BLUE, INK, MUTED, VERMILLION, axes_or_new
from .text import PLAIN, legend, number, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["network_diagram"]

FILLS = ("#DCEBF5", "#FFFFFF", "#FCE8C2")  # of inputs, hidden units and outputs
THINNEST = 0.4  # of the line of a weight of 0, in points
MANY = 150  # more lines than these are drawn thinner
LEGEND = 34.0  # the height of the legend, in points
HEADING = 7.0  # the widest heading of a column, in units of the size of its letters
NAME_WIDTH = 7.0  # of a character of a name, in the layout's pixels


def network_diagram(
    model: Module | Pipeline,
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
        model: A network whose layers follow one another, such as MLP, a layer or a neuron; or a `Pipeline` with one.
        inputs: Names of the inputs: one for each, or none; of a pipeline, none for its features.
        outputs: Names of the units of the last layer: one for each, or none; of a pipeline, none for its classes, of
            two classes the second.
        title: A line above the picture.
        limit: Columns with more units show the first and the last ones, and how many are left out; at least 3.
        ax: Where to draw; new Axes if None.

    Returns:
        The Axes, with one line for each weight between units that are shown.

    Raises:
        TypeError: If a layer is not a dense one.
        ShapeError: If its layers do not fit each other, or the number of names is not that of the units.
        ValueError: If limit < 3.

    Example:
        >>> from nn.modules import MLP
        >>> from nn.plots import network_diagram, new_figure
        >>> ax = network_diagram(MLP(3, [4, 4, 1], seed=0), ax=new_figure(8, 4).subplots())
        >>> len(ax.get_lines()), len(ax.patches)
        (32, 12)
    """
    if isinstance(model, Pipeline):
        inputs = inputs if len(inputs) else model.preprocessing.feature_names
        classes = model.target.class_names
        outputs = outputs if len(outputs) else classes[1:] if len(classes) == 2 else classes
        model = model.network
    layers = _columns(model)
    sizes = [len(layers[0][0].w), *map(len, layers)]
    for what, names, size in (("inputs", inputs, sizes[0]), ("outputs", outputs, sizes[-1])):
        if len(names) and len(names) != size:
            raise ShapeError(f"{what} has {len(names)} names, the network has {size}: name each of them, or none")
    activations = ["", *[layer.activation for layer in layers_of(model)]]
    layout = autograd.layout_network(sizes, limit)  # loaded on first use
    ax = axes_or_new(ax, min(14.0, 3.2 + 1.9 * len(layers)), max(3.4, 1.4 + layout.height / 110))
    reach = [NAME_WIDTH * max([len(shortened(name)) for name in names], default=0) + 30 for names in (inputs, outputs)]
    scale = _scale(ax, layout.width + sum(reach), layout.height)
    step = (layout.width - 2 * layout.radius) / len(layers)
    letters = max(4.0, min(10.0, scale * step / HEADING))
    above = (5.5 if title else 3.6) * letters / scale
    ax.set(xlim=(-reach[0], layout.width + reach[1]), ylim=(layout.height + LEGEND / scale, -above), aspect="equal")
    ax.set_axis_off()
    _paint_weights(ax, layers, layout)
    for column in range(len(sizes)):
        names = inputs if column == 0 else outputs if column == len(layers) else ()
        _paint_units(ax, layout, column, names, letters)
        _write_heading(ax, layout, column, activations[column], letters)
    if title:
        ax.text(layout.width / 2, -3.8 * letters / scale, shortened(title, 70), ha="center", va="bottom",
                fontsize=1.2 * letters, **PLAIN)  # fmt: skip
    return ax


def _scale(ax: Axes, width: float, height: float) -> float:
    """About how many points a pixel of the layout will take; the legend and the headings have their room besides."""
    extent = ax.get_window_extent()
    across, down = (0.95 * x * 72 / ax.figure.dpi for x in (extent.width, extent.height))
    return float(max(0.05, min(across / width, (down - LEGEND - 40) / height)))


def _columns(model: Module) -> list[list[Neuron]]:
    """The neurons of each layer, checked to follow one another."""
    columns = [neurons_of(layer) for layer in layers_of(model)]
    for before, neurons in pairwise(columns):
        if len(neurons[0].w) != len(before):
            raise ShapeError(
                f"the layers do not follow one another: {len(before)} units, then units with {len(neurons[0].w)} "
                "inputs; draw one layer at a time"
            )
    return columns


def _paint_weights(ax: Axes, layers: Sequence[Sequence[Neuron]], layout: Any) -> None:
    """The lines, large weights over small ones."""
    from matplotlib.lines import Line2D

    found = [
        (start, end, layer[j].w[i].data)
        for k, layer in enumerate(layers)
        for i, start in layout.units[k]
        for j, end in layout.units[k + 1]
    ]
    largest = max([_magnitude(weight) for *_, weight in found], default=0.0)
    thickest = 3.2 if len(found) <= MANY else 1.6
    for (x1, y1), (x2, y2), weight in sorted(found, key=lambda line: _magnitude(line[2])):
        share = _magnitude(weight) / (largest or 1.0)
        ax.plot([x1, x2], [y1, y2], linewidth=THINNEST + (thickest - THINNEST) * share, alpha=0.25 + 0.75 * share,
                zorder=1, **_sign(weight))  # fmt: skip
    samples = [Line2D([], [], linewidth=2, **_sign(sign)) for sign in (1, -1)]
    names = ["positive weight", f"negative weight (thickest line: {number(largest)})"]
    narrow = ax.get_window_extent().width * 72 / ax.figure.dpi < 360
    legend(ax, samples, names, loc="lower center", bbox_to_anchor=(0.5, 0.0), borderaxespad=0.0,
           ncols=1 if narrow else 2, handlelength=3.4, fontsize=9)  # fmt: skip


def _magnitude(weight: float) -> float:
    return abs(weight) if math.isfinite(weight) else 0.0


def _sign(weight: float) -> dict[str, Any]:
    if not math.isfinite(weight):
        return {"color": MUTED, "linestyle": ":"}
    return {"color": VERMILLION, "linestyle": (0, (4, 2.2))} if weight < 0 else {"color": BLUE, "linestyle": "-"}


def _write_heading(ax: Axes, layout: Any, column: int, activation: str, size: float) -> None:
    """Above a column, what it is, and below that its number of units and its activation."""
    x, last = layout.units[column][0][1][0], len(layout.sizes) - 1
    words = "input" if column == 0 else "output" if column == last else f"layer {column}"
    detail = f"{layout.sizes[column]} {shortened(activation, 9)}".rstrip()
    looks = {"textcoords": "offset points", "ha": "center", "va": "bottom", **PLAIN}
    ax.annotate(words, (x, 0), (0, 1.9 * size), fontsize=size, fontweight="bold", color=INK, **looks)
    ax.annotate(detail, (x, 0), (0, 0.5 * size), fontsize=0.85 * size, color=MUTED, **looks)


def _paint_units(ax: Axes, layout: Any, column: int, names: Sequence[str], size: float) -> None:
    from matplotlib.patches import Circle

    last = len(layout.sizes) - 1
    fill = FILLS[0] if column == 0 else FILLS[2] if column == last else FILLS[1]
    side = -1 if column == 0 else 1
    for index, (x, y) in layout.units[column]:
        ax.add_patch(Circle((x, y), layout.radius, facecolor=fill, edgecolor=INK, linewidth=1, zorder=2))
        if len(names):
            ax.text(x + side * (layout.radius + 8), y, shortened(names[index]), ha="right" if side < 0 else "left",
                    va="center", fontsize=0.9 * size, color=INK, **PLAIN)  # fmt: skip
    if gap := layout.gaps[column]:
        hidden = layout.sizes[column] - len(layout.units[column])
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        ax.text(gap[0], gap[1], f"⋮ {hidden} more", ha="center", va="center", fontsize=0.85 * size, color=MUTED,
                zorder=3, bbox=box)  # fmt: skip
