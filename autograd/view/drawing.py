"""`draw`: a computation, or whatever can draw itself, as a picture.

This module owns the public function and what it accepts, and must not know how anything is laid out or painted.
What has a method `graph()` draws itself: that is how a network comes out as one, though `nn` is unknown here.
Read next: `graph.py`, how a computation is read, and `look.py`, the options of a picture.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Literal

from ..engine import Value
from .dot import scene_dot
from .graph import Graph, read_graph
from .highlight import find_highlight
from .layout import place, upright
from .look import PLAIN, Direction, Look, Numbers
from .paint import paint
from .picture import Picture
from .render import graphviz_placement
from .shapes import Scene, scene
from .themes import recoloured, theme as named_theme

__all__ = ["draw", "graph_svg"]


def draw(
    y: Any, *, format: str = "svg", limit: int = 500, direction: Direction = "LR", numbers: Numbers = None,
    show: tuple[str, ...] = ("label", "data", "grad", "op"), theme: Literal["light", "dark", "print"] = "light",
    highlight: Any = None, legend: bool = False,
) -> Picture:  # fmt: skip
    """A picture of the computation of y: every number with its label, its gradient, and the operation that made it.

    Boxes are Values: blue ones the leaves, the orange one y. Circles are operations. A gradient that was never
    computed is shown as "—". Where the order of the operands matters, they are numbered.

    Args:
        y: A Value, or a list of Values; or an object with a method `graph()` that returns a picture, as a network.
        format: How it shows itself in a notebook, and what `.render()` writes: "svg" or "png".
        limit: At most so many nodes are drawn: those nearest to y. The picture says how many there are.
        direction: "LR", from left to right, or "TB", from top to bottom.
        numbers: A format as ".2f", or a function from a number to its text; default: four decimals.
        show: What is shown: any of "label", "data", "grad", "op", "partials" (the local partial of each operand, on
            its edge) and "modules" (where they are known).
        theme: "light", "dark", or "print": black on white, for paper.
        highlight: What is pointed out: a pair (x, y) for all paths from x to y, a list of Values, or a module for
            its parameters.
        legend: Whether a legend stands below the picture.

    Returns:
        A `graphviz.Digraph` that shows itself in a notebook without Graphviz on the machine: `.svg`, `.source`
        (DOT), `.save("graph.svg")`, `.save("graph.png")`, `.pipe("png")`.

    Raises:
        TypeError: If y is none of these, or an option has the wrong type.
        ValueError: If limit < 1, an option has a value that means nothing, or y is an empty list.

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
    if format not in ("svg", "png"):
        raise ValueError(f"format = {format!r}: a notebook shows 'svg' or 'png'; .save(path) knows more formats")
    look = Look(direction, numbers, tuple(show), theme, legend)
    if isinstance(y, Value) or (isinstance(y, (list, tuple)) and all(isinstance(v, Value) for v in y)):
        y = read_graph(y, limit)
    elif hasattr(y, "graph"):
        y = y.graph()
    if isinstance(y, Picture):
        y.format = format
        return y
    if not isinstance(y, Graph):
        raise TypeError(f"draw takes a Value, a list of Values, or what has a graph() method, not {type(y).__name__}")
    drawn = scene(y, replace(look, highlight=find_highlight(y, highlight)))
    body = recoloured("".join(scene_dot(drawn)), named_theme(theme)).splitlines(keepends=True)
    return Picture.of(body, partial(_svg, drawn), format)


def graph_svg(graph: Graph, look: Look = PLAIN) -> str:
    """A graph as an SVG document, for pages that go on from the picture of it.

    Every shape is a group with the index of its node in `data-node`, and every edge one with those of its edges in
    `data-edge`, of its ends in `data-source` and `data-target`, and the position of the operand in `data-position`.

    Example:
        >>> from autograd import Value
        >>> svg = graph_svg(read_graph(Value(2.0).tanh()), Look(numbers=".1f"))
        >>> '<g class="value leaf v0" data-node="0">' in svg
        True
    """
    return _svg(scene(graph, look))


def _svg(drawn: Scene) -> str:
    source = "".join(["digraph {\n", *scene_dot(drawn), "}\n"])
    painted = paint(drawn, upright(drawn, graphviz_placement(drawn, source) or place(drawn)))
    return recoloured(painted, named_theme(drawn.look.theme))
