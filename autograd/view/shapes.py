"""Boxes, circles and arrows with their sizes: what a graph looks like before it has a place.

This module owns which shape stands for which node, and must not know where shapes go or in which format.
All pictures of graphs are made from these: DOT, Graphviz's layout, our own layout, and the SVG.
Read next: `dot.py`, which tells Graphviz, and `paint.py`, which paints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import style
from .graph import Graph, Node
from .text import cells, number_text, printable, short_number, shortened

__all__ = ["Arrow", "Scene", "Shape", "scene"]

COMMUTATIVE = {  # of these the order of the operands does not matter
    "add", "mul", "maximum", "minimum", "max", "min", "sum", "mean", "prod", "dot", "norm", "hypot", "logaddexp",
    "logsumexp",
}  # fmt: skip
PARALLEL = 3  # up to so many edges between the same two nodes are drawn one by one
TITLE_LIMIT = 300
NUMBER_CELLS = 13  # "data" or "grad", a space, and a number of usual length


@dataclass(frozen=True, slots=True)
class Shape:
    """Something to place.

    Attributes:
        name: Its name in DOT.
        kind: What it stands for; "output" is a result that was asked for.
        lines: Its text: for a Value the label (or ""), the data and the gradient; one line for anything else.
        title: All there is to say about it, for tooltips and screen readers.
        width, height: Its size in pixels.
    """

    name: str
    kind: Literal["leaf", "result", "output", "op", "constant", "more"]
    lines: tuple[str, ...]
    title: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the shape `source` to the shape `target`, by index; `text` stands at its tip."""

    source: int
    target: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything in the picture; `note` is a line above it."""

    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    direction: Literal["LR", "TB"]
    title: str
    note: str


def scene(graph: Graph, direction: Literal["LR", "TB"] = "LR") -> Scene:
    """The shapes and arrows for a graph.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> a = Value(3.0, label="a")
        >>> picture = scene(read_graph(a + a))
        >>> [(shape.name, shape.lines) for shape in picture.shapes]
        [('v0', ('a', '3.0000', '—')), ('v1', ('', '6.0000', '—')), ('op1', ('+',))]
        >>> [(arrow.source, arrow.target) for arrow in picture.arrows]
        [(0, 2), (0, 2), (2, 1)]
    """
    outputs = set(graph.outputs)
    shapes = [_shape(i, node, i in outputs) for i, node in enumerate(graph.nodes)]
    ops: dict[int, int] = {}
    for i, node in enumerate(graph.nodes):
        if node.kind == "result":
            ops[i] = len(shapes)
            shapes.append(_op_shape(i, node))
    between: dict[tuple[int, int], list[int | None]] = {}
    for edge in graph.edges:
        between.setdefault((edge.source, ops.get(edge.target, edge.target)), []).append(edge.position)
    ordered = {ops[i] for i, node in enumerate(graph.nodes) if i in ops and node.op_name not in COMMUTATIVE}
    counts: dict[int, int] = {}
    for (_, target), positions in between.items():
        counts[target] = counts.get(target, 0) + len(positions)
    arrows: list[Arrow] = []
    for (source, target), positions in between.items():
        numbered = target in ordered and counts[target] > 1
        if len(positions) > PARALLEL:
            arrows.append(Arrow(source, target, f"×{len(positions)}"))
        else:
            arrows += [Arrow(source, target, str(p + 1) if numbered and p is not None else "") for p in positions]
    arrows += [Arrow(op, i) for i, op in ops.items()]
    note = ""
    if graph.shown < graph.total:
        note = f"{graph.shown:,} of {graph.total:,} nodes shown; draw(y, limit=...) shows more"
    title = "Computation of " + (", ".join([_name(graph.nodes[i]) for i in graph.outputs[:5]]) or "a value")
    return Scene(tuple(shapes), tuple(arrows), direction, shortened(printable(title), TITLE_LIMIT), note)


def _name(node: Node) -> str:
    return node.label or number_text(node.data)


def _shape(i: int, node: Node, is_output: bool) -> Shape:
    if node.kind == "more":
        text = f"… {node.hidden:,} more"
        return Shape(f"more{i}", "more", (text,), f"{node.hidden:,} edges to nodes left out", _width(text) + 10, 22.0)
    if node.kind == "constant":
        text = short_number(node.data)
        return Shape(f"c{i}", "constant", (text,), f"constant {node.data!r}", max(_width(text) + 14, 26.0), 22.0)
    label = shortened(printable(node.label))
    lines = (label, number_text(node.data), number_text(node.grad))
    rows = 3 if label else 2
    width = _width("x" * NUMBER_CELLS)
    width = max(width, _width(label), *[_width("data " + line) for line in lines[1:]]) + 2 * style.PADDING
    grad = "not computed" if node.grad is None else repr(node.grad)
    title = f"data {node.data!r}, grad {grad}"
    if node.label:
        title += f", label {shortened(printable(node.label), TITLE_LIMIT)}"
        if len(node.label) > TITLE_LIMIT:
            title += f" ({len(node.label):,} characters)"
    kind: Literal["leaf", "result", "output"] = "leaf" if node.kind == "leaf" else "output" if is_output else "result"
    return Shape(f"v{i}", kind, lines, title, width, rows * style.ROW + 4)


def _op_shape(i: int, node: Node) -> Shape:
    symbol = shortened(printable(node.op))
    width = style.OP_SIZE if len(symbol) <= 2 else max(style.OP_SIZE, _width(symbol) + 16)
    title = shortened(printable(node.op_name or node.op), TITLE_LIMIT)
    return Shape(f"op{i}", "op", (symbol,), title, width, style.OP_SIZE)


def _width(text: str) -> float:
    return cells(text) * style.CELL * style.FONT_SIZE
