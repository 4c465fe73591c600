"""`draw`: a computation, or whatever can draw itself, as a picture.

This module owns the public function and what it accepts, and must not know how anything is laid out or painted.
What has a method `graph()` draws itself: that is how a network comes out as one, though `nn` is unknown here.
Read next: `graph.py`, how a computation is read.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from ..engine import Value
from .dot import scene_dot
from .graph import Graph, read_graph
from .layout import place, upright
from .paint import paint
from .picture import Picture
from .render import graphviz_placement
from .shapes import Scene, scene

__all__ = ["draw"]


def draw(y: Any, *, format: str = "svg", limit: int = 500, direction: Literal["LR", "TB"] = "LR") -> Picture:
    """A picture of the computation of y: every number with its label, its gradient, and the operation that made it.

    Boxes are Values: blue ones the leaves, the orange one y. Circles are operations. A gradient that was never
    computed is shown as "—". Where the order of the operands matters, they are numbered.

    Args:
        y: A Value, or a list of Values; or an object with a method `graph()` that returns a picture, as a network.
        format: How it shows itself in a notebook, and what `.render()` writes: "svg" or "png".
        limit: At most so many nodes are drawn: those nearest to y. The picture says how many there are.
        direction: "LR", from left to right, or "TB", from top to bottom.

    Returns:
        A `graphviz.Digraph` that shows itself in a notebook without Graphviz on the machine: `.svg`, `.source`
        (DOT), `.save("graph.svg")`, `.save("graph.png")`, `.pipe("png")`.

    Raises:
        TypeError: If y is none of these.
        ValueError: If limit < 1, the direction or the format is unknown, or y is an empty list.

    Cost: One pass over the graph of y, whatever its depth; rendering depends on `limit` alone.

    Example:
        >>> from autograd import Value
        >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
        >>> y = (w * x).tanh()
        >>> y.backward()
        >>> picture = draw(y)
        >>> "tanh" in picture.svg, ">w</text>" in picture.svg
        (True, True)
    """
    if direction not in ("LR", "TB"):
        raise ValueError(f"direction = {direction!r}: it is 'LR' (left to right) or 'TB' (top to bottom)")
    if format not in ("svg", "png"):
        raise ValueError(f"format = {format!r}: a notebook shows 'svg' or 'png'; .save(path) knows more formats")
    if isinstance(y, Value) or (isinstance(y, (list, tuple)) and all(isinstance(v, Value) for v in y)):
        y = read_graph(y, limit)
    elif hasattr(y, "graph"):
        y = y.graph()
    if isinstance(y, Picture):
        y.format = format
        return y
    if not isinstance(y, Graph):
        raise TypeError(f"draw takes a Value, a list of Values, or what has a graph() method, not {type(y).__name__}")
    drawn = scene(y, direction)
    body = scene_dot(drawn)
    return Picture.of(body, partial(_svg, drawn, "".join(["digraph {\n", *body, "}\n"])), format)


def _svg(drawn: Scene, source: str) -> str:
    return paint(drawn, upright(drawn, graphviz_placement(drawn, source) or place(drawn)))
