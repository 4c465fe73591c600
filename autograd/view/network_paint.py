"""A network painted as SVG.

This module owns how units and weights look, and must not know where their numbers come from.
Sign is shown by colour and by dashes, magnitude by width, so that it can be read without colours.
Read next: `svg.py`, the writer, and `network_dot.py`, the same picture for those who go on in Graphviz.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from . import style
from .network_labels import HEIGHT, label_places
from .network_layout import RADIUS, Network
from .svg import Canvas, Point
from .text import cells, number_text, shortened

__all__ = ["brief", "line_style", "network_svg", "shown_lines"]

MAX_WIDTH = 4.5  # of the line of the largest weight
MIN_WIDTH = 0.6
NUMBERED = 8  # up to so many lines between two columns carry their number
DASHES = "7 4"
NAME_GAP = 10.0
HEADING = 36.0  # above the first row
LEGEND = 40.0  # below the last
KEY_LENGTH = 34.0  # of a sample line in the legend


def network_svg(network: Network) -> str:
    """The picture as an SVG document."""
    layout, title = network.layout, shortened(network.title, 90)
    shape = "-".join(map(str, layout.sizes))
    canvas = Canvas(f"{network.title or 'Network'} ({shape})")
    legend = _legend(network)
    left, right = (style.MARGIN + max(_name_width(network, column), 36.0) for column in (0, len(network.weights)))
    width = max(left + layout.width + right, *[_width(t, s) + 2 * style.MARGIN for t, s in
                                               ((title, 15.0), (legend, style.SMALL_SIZE))])  # fmt: skip
    left += (width - left - layout.width - right) / 2
    top = style.MARGIN + HEADING + (28.0 if title else 0.0)
    height = top + layout.height + LEGEND
    if title:
        canvas.text(width / 2, style.MARGIN + 12, title, size=15.0, bold=True)
    with canvas.group("weights"):
        _paint_weights(canvas, network, left, top)
    for column in range(len(layout.sizes)):
        _paint_column(canvas, network, column, left, top)
    _paint_legend(canvas, legend, width / 2, height - style.MARGIN - 5)
    return canvas.document(width, height)


def _width(text: str, size: float) -> float:
    return cells(text) * style.CELL * size


def _name_width(network: Network, column: int) -> float:
    """How far the names beside the first or the last column reach out."""
    widest = max([_width(shortened(name), style.FONT_SIZE) for name in network.names(column)], default=0.0)
    return widest + NAME_GAP if widest else 0.0


class Line(NamedTuple):
    """The line of one weight between units that are shown.

    Attributes:
        layer: The index of the layer.
        before: The index of the unit that it comes from.
        unit: The index of the unit that it goes to.
        start: Their centres.
        end: Their centres.
        number: What is shown of it: the weight, or its gradient.
    """

    layer: int
    before: int
    unit: int
    start: Point
    end: Point
    number: float


def shown_lines(network: Network) -> Iterator[Line]:
    """The lines between the units that are shown."""
    columns = network.layout.units
    for k, layer in enumerate(network.numbers):
        for i, start in columns[k]:
            for j, end in columns[k + 1]:
                yield Line(k, i, j, start, end, layer[j][i])


def line_style(number: float, largest: float) -> tuple[str, float, float]:
    """Colour, width and opacity of the line for a weight or a gradient."""
    if not math.isfinite(number):
        return style.MUTED, MAX_WIDTH, 1.0
    share = abs(number) / largest if largest else 0.0
    colour = style.VERMILLION if number < 0 else style.BLUE
    return colour, MIN_WIDTH + (MAX_WIDTH - MIN_WIDTH) * share, 0.2 + 0.8 * share


def _paint_weights(canvas: Canvas, network: Network, left: float, top: float) -> None:
    largest = network.largest
    lines = [
        line._replace(start=_moved(line.start, left, top), end=_moved(line.end, left, top))
        for line in shown_lines(network)
    ]
    for line in sorted(lines, key=lambda line: abs(line.number)):  # large ones over small ones
        colour, width, opacity = line_style(line.number, largest)
        with canvas.group("weight", _line_title(network, line)):
            canvas.line(
                line.start, line.end, stroke=colour, stroke_width=width, stroke_opacity=opacity,
                stroke_dasharray=DASHES if line.number < 0 else None,
            )  # fmt: skip
    _paint_numbers(canvas, network, lines)


def _moved(point: Point, left: float, top: float) -> Point:
    return left + point[0], top + point[1]


def _line_title(network: Network, line: Line) -> str:
    weight = network.weights[line.layer][line.unit][line.before]
    title = f"{network.unit(line.layer, line.before)} → {network.unit(line.layer + 1, line.unit)}: "
    title += f"weight {number_text(weight)}"
    return f"{title}, gradient {number_text(line.number)}" if network.gradients else title


def _paint_numbers(canvas: Canvas, network: Network, lines: Sequence[Line]) -> None:
    """The numbers of the lines between two columns, where they are few: all as exact as there is room for."""
    columns = [[line for line in lines if line.layer == layer] for layer in range(len(network.weights))]
    few = [column for column in columns if len(column) <= NUMBERED]
    for text, apart in ((number_text, True), (_line_text, True), (_line_text, False)):
        labels = [_labels(column, text, apart) for column in few]
        if all(found is not None for found in labels):
            break
    for column, found in zip(few, labels, strict=True):
        for line, (shown, half, (x, y)) in zip(column, found or (), strict=found is not None):
            canvas.rectangle(x - half, y - HEIGHT / 2, 2 * half, HEIGHT, rx=4, fill=style.PAPER, fill_opacity=0.9)
            canvas.text(x, y, shown, size=style.SMALL_SIZE, fill=_sign_ink(line.number))


def _labels(
    lines: Sequence[Line], text: Callable[[float], str], apart: bool
) -> list[tuple[str, float, Point]] | None:  # fmt: skip
    """For each line its number, half the width of that, and its middle; None if there is no room for all of them."""
    texts = [text(line.number) for line in lines]
    halves = [_width(shown, style.SMALL_SIZE) / 2 + 3 for shown in texts]
    places = label_places([(line.start, line.end) for line in lines], halves, RADIUS + 2, apart=apart)
    return None if places is None else list(zip(texts, halves, places, strict=True))


def _sign_ink(weight: float) -> str:
    return style.GRADIENT_INK if weight < 0 else style.BLUE


def _paint_column(canvas: Canvas, network: Network, column: int, left: float, top: float) -> None:
    layout, last = network.layout, len(network.weights)
    x = left + layout.units[column][0][1][0]
    size = str(layout.sizes[column])
    if column and network.activations:
        size += " " + network.activations[column - 1]
    heading = "input" if column == 0 else "output" if column == last else f"layer {column}"
    canvas.text(x, top - 26, heading, bold=True)
    canvas.text(x, top - 11, shortened(size), size=style.SMALL_SIZE, fill=style.MUTED)
    names = network.names(column)
    for index, (_, y) in layout.units[column]:
        bias = network.biases[column - 1][index] if column and network.biases[column - 1] else None
        title = network.unit(column, index) + ("" if bias is None else f": bias {number_text(bias)}")
        with canvas.group("unit", title):
            fill = style.LEAF_FILL if column == 0 else style.OUTPUT_FILL if column == last else style.PAPER
            canvas.circle((x, top + y), RADIUS, fill=fill, stroke=style.INK, stroke_width=1.2)
            if bias is not None:
                canvas.text(x, top + y, brief(bias), size=9.0)
            if names:
                side = -1 if column == 0 else 1
                canvas.text(x + side * (RADIUS + NAME_GAP), top + y, shortened(names[index]),
                            anchor="end" if side < 0 else "start")  # fmt: skip
    if gap := layout.gaps[column]:
        hidden = layout.sizes[column] - len(layout.units[column])
        y = top + gap[1]
        with canvas.group("more", f"{hidden} more units"):
            for step in (-8, 0, 8):
                canvas.circle((x, y + step - 7), 1.8, fill=style.MUTED)
            half = _width(f"{hidden} more", style.SMALL_SIZE) / 2 + 3
            canvas.rectangle(x - half, y + 7, 2 * half, 14, rx=4, fill=style.PAPER)
            canvas.text(x, y + 14, f"{hidden} more", size=style.SMALL_SIZE, fill=style.MUTED)


def brief(number: float) -> str:
    """A number in the five characters that a circle holds."""
    for text in (f"{number:.2f}", f"{number:.1f}", f"{number:.0f}", _scientific(number)):
        if len(text) <= 5:
            return text.replace("-0.00", "0.00")
    return "±…"


def _line_text(number: float) -> str:
    """A number in five characters or six, that of a small gradient too."""
    return _scientific(number) if 0 < abs(number) < 5e-3 else brief(number)


def _scientific(number: float) -> str:
    return f"{number:.0e}".replace("e+0", "e").replace("e-0", "e-")


def _legend(network: Network) -> str:
    """The words of the legend, with room for its two sample lines."""
    what = "gradient" if network.gradients else "weight"
    words = f"      positive {what}        negative {what} · width: magnitude, up to {number_text(network.largest)}"
    return words + (" · number: bias" if any(network.biases) else "")


def _paint_legend(canvas: Canvas, legend: str, middle: float, y: float) -> None:
    size = style.SMALL_SIZE
    start = middle - _width(legend, size) / 2
    canvas.text(start, y, legend, anchor="start", size=size, fill=style.MUTED)
    for words, colour, dashes in ((" positive", style.BLUE, None), (" negative", style.VERMILLION, DASHES)):
        end = start + _width(legend[: legend.index(words)], size)
        canvas.line((end - KEY_LENGTH, y), (end, y), stroke=colour, stroke_width=2.5, stroke_dasharray=dashes)
