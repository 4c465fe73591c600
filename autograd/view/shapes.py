"""Boxes, circles and arrows with their sizes: what a graph looks like before it has a place.

This module owns which shape stands for which node, and must not know where shapes go or in which format.
All pictures of graphs are made from these: DOT, Graphviz's layout, our own layout, and the SVG.
Read next: `dot.py`, which tells Graphviz, and `paint.py`, which paints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from . import style
from .graph import Edge, Graph, Group, Node
from .look import PLAIN, Direction, Look
from .text import cells, number_text, printable, shortened

__all__ = ["Arrow", "Scene", "Shape", "scene"]

COMMUTATIVE = {  # of these the order of the operands does not matter
    "add", "mul", "maximum", "minimum", "max", "min", "sum", "mean", "prod", "dot", "norm", "hypot", "logaddexp",
    "logsumexp",
}  # fmt: skip
PARALLEL = 3  # up to so many edges between the same two nodes are drawn one by one
AT_TIP = 2  # up to so many operands have their number at the tip of the arrow, where more would not find room
TITLE_LIMIT = 300
NUMBER_CELLS = 13  # "data" or "grad", a space, and a number of usual length
LONGEST_NUMBER = 11  # cells, of what `number_text` writes

Kind = Literal["leaf", "result", "output", "op", "constant", "more", "group", "tag"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Something to place.

    Attributes:
        name: Its name in DOT.
        kind: What it stands for; "output" is a result that was asked for, "tag" a text on an edge.
        node: The index of its node in the graph; None for a tag.
        rows: Its text: pairs of what a row is ("label", "data", "grad", "op", ...) and what it says.
        title: All there is to say about it, for tooltips and screen readers.
        width, height: Its size in pixels.
        highlighted: Whether it is pointed out.
    """

    name: str
    kind: Kind
    node: int | None
    rows: tuple[tuple[str, str], ...]
    title: str
    width: float
    height: float
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the shape `source` to the shape `target`, by index.

    Attributes:
        source, target: The shapes.
        text: What stands at its tip.
        edges: The edges of the graph that it stands for; none between an operation and its result.
        ends: The nodes at its ends: those of its edges.
        positions: Which operands it brings, from 0.
        open: Whether it ends without a tip, at a tag from which another arrow goes on.
        highlighted: Whether it is pointed out.
    """

    source: int
    target: int
    text: str = ""
    edges: tuple[int, ...] = ()
    ends: tuple[int, int] = (0, 0)
    positions: tuple[int, ...] = ()
    open: bool = False
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything in the picture; `note` is a line above it, and `look` what was asked for."""

    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    direction: Direction
    title: str
    note: str
    look: Look = PLAIN


def scene(graph: Graph, look: Look = PLAIN) -> Scene:
    """The shapes and arrows for a graph.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> a = Value(3.0, label="a")
        >>> picture = scene(read_graph(a + a))
        >>> [(shape.name, shape.rows[0]) for shape in picture.shapes]
        [('v0', ('label', 'a')), ('v1', ('data', '6.0000')), ('op1', ('op', '+'))]
        >>> [(arrow.source, arrow.target) for arrow in picture.arrows]
        [(0, 2), (0, 2), (2, 1)]
    """
    outputs = set(graph.outputs)
    shapes = [_shape(i, node, i in outputs, look) for i, node in enumerate(graph.nodes)]
    ops: dict[int, int] = {}
    if "op" in look.show:
        for i, node in enumerate(graph.nodes):
            if node.kind == "result":
                ops[i] = len(shapes)
                shapes.append(_op_shape(i, node, i in look.highlight.nodes))
    arrows = _arrows(graph, look, ops, shapes)
    lit = {graph.edges[k].target for k in look.highlight.edges}
    arrows += [Arrow(op, i, ends=(i, i), highlighted=i in lit) for i, op in ops.items()]
    note = graph.note
    if graph.left_out:
        note += " · " if note else ""
        note += f"{graph.total - graph.left_out:,} of {graph.total:,} nodes shown; limit= and depth= say how many"
    title = "Computation of " + (", ".join([_name(graph.nodes[i]) for i in graph.outputs[:5]]) or "a value")
    title = shortened(printable(title), TITLE_LIMIT)
    return Scene(tuple(shapes), tuple(arrows), look.direction, title, note, look)


def _arrows(graph: Graph, look: Look, ops: dict[int, int], shapes: list[Shape]) -> list[Arrow]:
    """The arrows from operands; where one carries a text, two, with the text as a shape of its own between them."""
    between: dict[tuple[int, int], list[int]] = {}
    counts: dict[int, int] = {}
    for k, edge in enumerate(graph.edges):
        between.setdefault((edge.source, edge.target), []).append(k)
        counts[edge.target] = counts.get(edge.target, 0) + 1
    arrows: list[Arrow] = []
    for (source, target), found in between.items():
        numbered = counts[target] > 1 and graph.nodes[target].op_name not in COMMUTATIVE
        for ks in [found] if len(found) > PARALLEL else [[k] for k in found]:
            edges = [graph.edges[k] for k in ks]
            positions = tuple([edge.position for edge in edges if edge.position is not None])
            lit = not look.highlight.edges.isdisjoint(ks)
            number = str(positions[0] + 1) if numbered and len(positions) == 1 else ""
            tip = number if counts[target] <= AT_TIP and "partials" not in look.show else ""
            end, whole = ops.get(target, target), (tuple(ks), (source, target), positions)
            if rows := _tag_rows(edges, "" if tip else number, look):
                arrows.append(Arrow(source, len(shapes), "", *whole, open=True, highlighted=lit))
                arrows.append(Arrow(len(shapes), end, "", *whole, highlighted=lit))
                shapes.append(_tag(f"e{ks[0]}", rows))
            else:
                arrows.append(Arrow(source, end, tip, *whole, highlighted=lit))
    return arrows


def _tag_rows(edges: Sequence[Edge], number: str, look: Look) -> tuple[tuple[str, str], ...]:
    rows = [("position", number)] if number else []
    if (count := sum([edge.count for edge in edges])) > 1:
        rows.append(("count", f"×{count:,}"))
    partials = {edge.partial for edge in edges}
    if "partials" in look.show and len(partials) == 1 and (partial := partials.pop()) is not None:
        rows.append(("partial", look.number(partial)))
        if number:
            rows[0] = ("position", f"{number}:")  # "2 -1.0" would read as a difference
    return tuple(rows)


def _tag(name: str, rows: tuple[tuple[str, str], ...]) -> Shape:
    text = " ".join([text for _, text in rows])
    return Shape(name, "tag", None, rows, text, _width(text, style.SMALL_SIZE) + 6, style.SMALL_SIZE + 4)


def _name(node: Node) -> str:
    return node.label or number_text(node.data)


def _shape(i: int, node: Node, is_output: bool, look: Look) -> Shape:
    lit = i in look.highlight.nodes
    if node.kind == "more":
        text = f"… {node.hidden:,} more"
        return Shape(
            f"more{i}",
            "more",
            i,
            (("more", text),),
            f"{node.hidden:,} edges to nodes left out",
            _width(text) + 22,
            22.0,
        )
    if node.kind == "constant":
        text = look.constant(node.data)
        width = max(_width(text) + 14, 26.0)
        return Shape(f"c{i}", "constant", i, (("constant", text),), f"constant {node.data!r}", width, 22.0, lit)
    if node.group is not None:
        return _group_shape(i, node.group)
    kind: Kind = "leaf" if node.kind == "leaf" else "output" if is_output else "result"
    rows = _value_rows(node, look)
    numbers = [_width(f"{row} {text}") for row, text in rows if row in ("data", "grad")]
    widest = max([_width(text) for _, text in rows] + numbers, default=0.0)
    if numbers:
        widest = max(widest, _width("x" * (5 + LONGEST_NUMBER if look.room else NUMBER_CELLS)))
    width = max(widest + 2 * style.PADDING, 22.0)
    height = max(len(rows) * style.ROW + (8 if kind == "output" else 4), 22.0)  # an output has a second border
    return Shape(f"v{i}", kind, i, rows, _value_title(node), width, height, lit)


def _group_shape(i: int, group: Group) -> Shape:
    """A box that stands for many nodes: what it is, how large, and how many parameters are in it."""
    name, title = shortened(printable(group.name)), shortened(printable(group.title))
    rows = [("label", name)] if name else []
    if title and title != name:
        rows.append(("module", title))
    rows.append(("size", _count(group.nodes, "node")))
    if group.parameters:
        kind = ("parameter", "parameters") if title else ("leaf", "leaves")
        rows.append(("size", _count(group.parameters, *kind)))
    width = max([_width(text) for _, text in rows]) + 2 * style.PADDING + 8
    said = " ".join([text for row, text in rows if row != "size"]) + ": "
    said += ", ".join([text for row, text in rows if row == "size"])
    said += f", {_count(group.inputs, 'input')}, {_count(group.outputs, 'output')}"
    return Shape(f"g{i}", "group", i, tuple(rows), said, width, len(rows) * style.ROW + 4)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _value_rows(node: Node, look: Look) -> tuple[tuple[str, str], ...]:
    rows = []
    if "label" in look.show and node.label:
        rows.append(("label", shortened(printable(node.label))))
    if "modules" in look.show and node.module:
        rows.append(("module", shortened(printable(node.module))))
    if "data" in look.show:
        rows.append(("data", look.number(node.data)))
    if "grad" in look.show:
        rows.append(("grad", look.number(node.grad)))
    return tuple(rows)


def _value_title(node: Node) -> str:
    grad = "not computed" if node.grad is None else repr(node.grad)
    title = f"data {node.data!r}, grad {grad}"
    if node.module:
        title += f", of {shortened(printable(node.module), TITLE_LIMIT)}"
    if node.source is not None:
        title += f", line {node.source.line}: {shortened(printable(node.source.text), TITLE_LIMIT)}"
    if node.label:
        title += f", label {shortened(printable(node.label), TITLE_LIMIT)}"
        if len(node.label) > TITLE_LIMIT:
            title += f" ({len(node.label):,} characters)"
    return title


def _op_shape(i: int, node: Node, lit: bool) -> Shape:
    symbol = shortened(printable(node.op))
    width = style.OP_SIZE if len(symbol) <= 2 else max(style.OP_SIZE, _width(symbol) + 16)
    title = shortened(printable(node.op_name or node.op), TITLE_LIMIT)
    return Shape(f"op{i}", "op", i, (("op", symbol),), title, width, style.OP_SIZE, lit)


def _width(text: str, size: float = style.FONT_SIZE) -> float:
    return cells(text) * style.CELL * size
