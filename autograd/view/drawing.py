"""`draw`: a computation, or whatever can draw itself, as a picture.

This module owns the public function and what it accepts, and must not know how anything is laid out or painted.
What has a method `graph()` draws itself: that is how a network comes out as one, though `nn` is unknown here.
Read next: `graph.py`, how a computation is read, and `look.py`, the options of a picture.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..engine import Value
from .dot import scene_dot
from .flat import flatten
from .graph import Graph, outputs_of, read_graph
from .groups import By as Collapse, collapse as collapse_graph
from .highlight import find_highlight
from .layout import place
from .look import PLAIN, Direction, Look, Numbers
from .origins import PartsUsed
from .paint import paint
from .picture import Picture
from .render import graphviz_placement
from .scene import Scene, scene
from .themes import LIGHT, Theme, recoloured, theme as named_theme
from .tracing import Traced
from .upright import upright
from .wrap import in_rows

__all__ = ["draw", "graph_svg"]

LIMIT = 500  # nodes


def draw(
    y: Any, *, format: str = "svg", limit: int = LIMIT, direction: Direction = "LR", numbers: Numbers = None,
    show: Collection[str] = ("label", "data", "grad", "op"), theme: str = "light", depth: int | None = None,
    around: Value | None = None, collapse: Collapse | None = None, modules: Any = None, highlight: Any = None,
    legend: bool = False,
) -> Picture:  # fmt: skip
    """A picture of the computation of y: every number with its label, its gradient, and the operation that made it.

    Boxes are Values: round ones the leaves, the one with a double border y. Circles are operations. A gradient that
    was never computed is shown as "—". Where the order of the operands matters, they are numbered.

    Args:
        y: A Value, a list of Values, or what `trace` returned; or an object with a method `graph()` that returns a
            picture, as a network: of these options, only format and theme are for it, and others are refused.
        format: How it shows itself in a notebook, and what `.render()` writes: "svg" or "png".
        limit: At most so many nodes are drawn: those nearest to y. The picture says how many there are.
        direction: "LR", from left to right, or "TB", from top to bottom.
        numbers: How numbers are written: a format as ".2f", or a function from a number to its text; default: four
            decimals.
        show: What is shown: any of "label", "data", "grad", "op" (without it, arrows go from operands to results),
            "partials" (the local partial for each operand, on its arrow) and "modules" (of a trace, or of `modules`).
        theme: "light", "dark", or "print": black on white, for paper.
        depth: Only what is at most so many operations away from y, or from `around`; default: no such bound.
        around: A Value of the computation: its neighbourhood is drawn, 2 operations deep if depth is not given.
        collapse: What is put into one box each: "module" (as a neuron), "layer", or "blocks" (numbers at about the
            same depth); default: nothing.
        modules: A model whose modules are to be known, by their parameters; a trace knows them without.
        highlight: What is pointed out: a pair (x, y) for all paths from x to y, a list of Values, or a module for
            its parameters.
        legend: Whether a legend stands below the picture, in SVG and PNG.

    Returns:
        A `graphviz.Digraph` that shows itself in a notebook without Graphviz on the machine: `.svg`, `.source`
        (DOT), `.save("graph.svg")`, `.save("graph.png")`, `.pipe("png")`.

    Raises:
        TypeError: If y is none of these, as a model without a method `graph()`, of which a trace can be drawn, or an
            option has the wrong type.
        ValueError: If limit < 1, depth < 0, y is an empty list, around is no part of the computation, nothing of
            highlight is in the picture, an option has a value that means nothing, two do not go together, or y draws
            itself and cannot follow one.

    Cost: One pass over the graph of y, whatever its depth; rendering depends on `limit` alone.

    Example:
        >>> from autograd import Value
        >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
        >>> y = (w * x).tanh()
        >>> y.backward()
        >>> picture = draw(y)
        >>> "tanh" in picture.svg, ">w</text>" in picture.svg
        (True, True)

        Two decimals, the local partials on the arrows, and every path from w to y pointed out:

        >>> picture = draw(y, numbers=".2f", show=("label", "data", "partials"), highlight=(w, y), legend=True)
        >>> '<text class="partial"' in picture.svg
        True
    """
    if format not in ("svg", "png"):
        raise ValueError(f"format = {format!r:.60}: a notebook shows 'svg' or 'png'; .save(path) knows more formats")
    look = Look(direction, numbers, show, theme, legend)
    if _is_computation(y):
        y = _read(y, limit, depth, around, collapse, modules)
    else:
        y = _drawn_by_itself(y)
        plain = frozenset(show) == frozenset(PLAIN.show)
        own = {"limit": None if limit == LIMIT else limit, "depth": depth, "around": around, "collapse": collapse,
               "modules": modules}  # fmt: skip
        if isinstance(y, Picture):
            own |= {"direction": None if direction == PLAIN.direction else direction, "numbers": numbers,
                    "show": None if plain else show, "highlight": highlight, "legend": legend or None}  # fmt: skip
        _check_none([name for name, value in own.items() if value is not None])
    if isinstance(y, Picture):
        return _themed(y, named_theme(theme), format)
    drawn = scene(y, replace(look, highlight=find_highlight(y, highlight)))
    body = recoloured("".join(scene_dot(drawn)), named_theme(theme)).splitlines(keepends=True)
    return Picture.of(body, partial(_svg, drawn), format)


def _is_computation(y: Any) -> bool:
    return isinstance(y, (Value, Traced)) or (isinstance(y, (list, tuple)) and all(isinstance(v, Value) for v in y))


def _read(
    y: Any, limit: int, depth: int | None, around: Value | None, by: Collapse | None, modules: Any,
) -> Graph:  # fmt: skip
    """The graph of a computation, or of the part of it that is asked for."""
    for name, number in (("limit", limit), ("depth", depth)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise TypeError(f"{name} = {number!r:.60}: it is a whole number")
    trace = y if isinstance(y, Traced) else None
    outputs = y if trace is None else trace.outputs
    if by is None:
        origins = trace if modules is None else PartsUsed(modules, flatten(outputs_of(outputs)))
        return read_graph(outputs, limit, depth=depth, around=around, trace=origins)
    if depth is not None or around is not None:
        raise ValueError(
            f"collapse = {by!r:.60} shows the whole computation, and depth= and around= a part of it: leave out one"
        )
    return collapse_graph(outputs, by, trace=trace, modules=modules, limit=limit)


def _drawn_by_itself(thing: Any) -> Picture | Graph:
    """What is drawn already, or draws itself."""
    drawn = thing if isinstance(thing, (Picture, Graph)) or not hasattr(thing, "graph") else thing.graph()
    if isinstance(drawn, (Picture, Graph)):
        return drawn
    name = type(thing).__name__
    if hasattr(thing, "named_parameters") or hasattr(thing, "parameters"):
        raise TypeError(
            f"draw knows no picture of {name} itself, which has no method graph(). Remedy: draw what it computes, "
            "draw(trace(model, x)), or in boxes, draw(trace(model, x), collapse='module')"
        )
    raise TypeError(f"draw takes a Value, a list of Values, or what has a graph() method, not {name}")


def _check_none(options: Sequence[str]) -> None:
    """That no option is given which a picture that is drawn by something itself could not follow."""
    if options:
        raise ValueError(
            f"{', '.join(options)}: for a computation, not for what draws itself. Remedy: draw what a model computes, "
            f"draw(model(x), {options[0]}=...)"
        )


def _themed(picture: Picture, theme: Theme, format: str) -> Picture:
    """A copy of a finished picture, in other colours if so asked."""
    if theme is not LIGHT:
        return picture.in_theme(theme, format)
    copied = picture.copy()
    copied.format = format
    return copied


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
    placement = upright(drawn, graphviz_placement(drawn, source) or place(drawn))
    return recoloured(paint(drawn, in_rows(drawn, placement)), named_theme(drawn.look.theme))
