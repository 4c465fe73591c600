"""A moment of a training as one SVG: curves, decision boundary, weights and gradients, two panels to a row.

This module owns the order and the place of the panels; it must not know where and when the picture is shown.
Read next: `curves.py`, `boundary.py` and `network.py`, the panels.
"""

from __future__ import annotations

from .. import style
from ..svg import Canvas
from ..text import shortened
from .boundary import paint_boundary
from .curves import HEIGHT, WIDTH, curve_panels
from .network import paint_network
from .records import Frame, Record, told

__all__ = ["frame_svg", "panel_kinds", "panels"]

HEAD = 44.0  # for the name and the figures
GAP = 10.0
NOT_TOLD = ("learning_rate",)


def panels(record: Record, frame: Frame) -> list[tuple[str, Canvas]]:
    """The panels of a moment: each its kind and its shapes, on paper of `WIDTH` x `HEIGHT`.

    Axes and scales are those of the whole training, so that moments can be compared; but gradients, which become
    smaller and smaller, have a scale of their own in each.

    Args:
        record: What is known of the training.
        frame: The moment.
    """
    painted: list[tuple[str, Canvas]] = []
    for curves in curve_panels(list(record.rows), record.unit):
        canvas = Canvas(curves.heading)
        curves.paint(canvas, frame.row.step)
        painted.append(("curves", canvas))
    if record.plane is not None and frame.grid is not None:
        canvas = Canvas("Decision boundary")
        paint_boundary(canvas, record.plane, frame.grid)
        painted.append(("boundary", canvas))
    if record.wires is not None:
        widest = max([f.widest for f in record.frames], default=0.0)
        for kind, numbers, most in (("weights", frame.weights, widest), ("gradients", frame.gradients, None)):
            canvas = Canvas(kind.capitalize())
            paint_network(canvas, record.wires, numbers, kind.capitalize(), most)
            painted.append((kind, canvas))
    return painted


def panel_kinds(record: Record) -> list[str]:
    """The kind of each panel of the last moment."""
    return [kind for kind, _ in panels(record, record.whole(record.frames.last))]


def frame_svg(record: Record, frame: Frame) -> str:
    """The moment as an SVG document.

    Args:
        record: What is known of the training; its curves are drawn up to the moment, and pale after it.
        frame: The moment.
    """
    painted = panels(record, frame)
    columns = 1 if len(painted) == 1 else 2
    width = columns * WIDTH + (columns - 1) * GAP + 2 * style.MARGIN
    whole = Canvas(f"{record.name}, {told(frame.row, record.unit)}")
    letters = int((width - 2 * style.MARGIN) / (style.CELL * style.FONT_SIZE))
    whole.text(style.MARGIN, 18, shortened(record.name, letters * 0.8), anchor="start", bold=True, size=15.0)
    figures = told(frame.row, record.unit, [name for name in frame.row.figures if name not in NOT_TOLD])
    whole.text(style.MARGIN, 37, shortened(figures, letters), anchor="start", fill=style.MUTED)
    for index, (kind, canvas) in enumerate(painted):
        row, column = divmod(index, columns)
        alone = columns == 2 and column == 0 and index + 1 == len(painted)
        x, y = style.MARGIN + (column + alone / 2) * (WIDTH + GAP), HEAD + 10 + row * (HEIGHT + GAP)
        with whole.group(f"panel {kind}", canvas.title, transform=f"translate({x:g} {y:g})"):
            whole.parts += canvas.parts
    height = HEAD + 10 + -(-len(painted) // columns) * (HEIGHT + GAP) + 4
    for i, remark in enumerate(record.remarks):
        whole.text(style.MARGIN, height + 6 + 15 * i, shortened(remark, letters * 1.1), anchor="start",
                   size=style.SMALL_SIZE, fill=style.MUTED)  # fmt: skip
    return whole.document(width, height + 15 * len(record.remarks) + (6 if record.remarks else 0))
