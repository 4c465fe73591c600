"""Boxes and circles with their sizes: what a node of a graph looks like before it has a place.

This module owns which shape stands for which node, and must not know where shapes go or in which format.
Read next: `scene.py`, which joins shapes by arrows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import style
from .graph import Group, Node
from .look import Look
from .text import cells, printable, shortened

__all__ = ["TITLE_LIMIT", "Shape", "node_shape", "op_shape", "tag_shape"]

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
        asked: Whether what was asked for is in it, for a group.
    """

    name: str
    kind: Kind
    node: int | None
    rows: tuple[tuple[str, str], ...]
    title: str
    width: float
    height: float
    highlighted: bool = False
    asked: bool = False


def node_shape(i: int, node: Node, is_output: bool, look: Look) -> Shape:
    """The shape of node i.

    Example:
        >>> node_shape(0, Node("leaf", "x", 2.0), False, Look(show=("label", "data"))).rows
        (('label', 'x'), ('data', '2.0000'))
    """
    lit = i in look.highlight.nodes
    if node.kind == "more":
        text = f"… {node.hidden:,} more"
        title = f"{node.hidden:,} edges to nodes left out"
        return Shape(f"more{i}", "more", i, (("more", text),), title, _width(text) + 22, 22.0)
    if node.kind == "constant":
        text = look.constant(node.data)
        width = max(_width(text) + 14, 26.0)
        return Shape(f"c{i}", "constant", i, (("constant", text),), f"constant {node.data!r}", width, 22.0, lit)
    if node.group is not None:
        return _group_shape(i, node.group, is_output)
    kind: Kind = "leaf" if node.kind == "leaf" else "output" if is_output else "result"
    rows = _value_rows(node, look)
    numbers = [_width(f"{row} {text}") for row, text in rows if row in ("data", "grad")]
    widest = max([_width(text) for _, text in rows] + numbers, default=0.0)
    if numbers:
        widest = max(widest, _width("x" * (5 + LONGEST_NUMBER if look.room else NUMBER_CELLS)))
    width = max(widest + 2 * style.PADDING, 22.0)
    height = max(len(rows) * style.ROW + (8 if kind == "output" else 4), 22.0)  # an output has a second border
    return Shape(f"v{i}", kind, i, rows, _value_title(node), width, height, lit)


def _group_shape(i: int, group: Group, asked: bool) -> Shape:
    """A box that stands for many nodes: what it is, what goes in and out, how large, how many parameters are in it."""
    name, title = shortened(printable(group.name)), shortened(printable(group.title))
    rows = [("label", name)] if name else []
    if title and title != name:
        rows.append(("module", title))
    sizes = [_count(group.nodes, "node")]
    if group.parameters:
        kind = ("parameter", "parameters") if title else ("leaf", "leaves")
        sizes.append(_count(group.parameters, *kind))
    said = f"{' '.join([text for _, text in rows])}: {', '.join(sizes)}"
    said += f", {_count(group.inputs, 'input')}, {_count(group.outputs, 'output')}"
    said += ", with the output" if asked else ""
    rows += [("size", text) for text in (_in_and_out(group), *sizes)]
    width = max([_width(text) for _, text in rows]) + 2 * style.PADDING + 8
    height = len(rows) * style.ROW + (8 if asked else 4)  # for a second border, as an output has
    return Shape(f"g{i}", "group", i, tuple(rows), said, width, height, asked=asked)


def _in_and_out(group: Group) -> str:
    """What goes through a box; inputs that are plain numbers are constants, which are in it."""
    outputs = f"{group.outputs:,} out"
    return f"{group.inputs:,} in → {outputs}" if group.inputs else outputs


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


def op_shape(i: int, node: Node, lit: bool) -> Shape:
    """The shape of the operation that made node i."""
    symbol = shortened(printable(node.op))
    width = style.OP_SIZE if len(symbol) <= 2 else max(style.OP_SIZE, _width(symbol) + 16)
    title = shortened(printable(node.op_name or node.op), TITLE_LIMIT)
    return Shape(f"op{i}", "op", i, (("op", symbol),), title, width, style.OP_SIZE, lit)


def tag_shape(name: str, rows: tuple[tuple[str, str], ...]) -> Shape:
    """The shape of a text on an edge."""
    text = " ".join([text for _, text in rows])
    return Shape(name, "tag", None, rows, text, _width(text, style.SMALL_SIZE) + 6, style.SMALL_SIZE + 4)


def _width(text: str, size: float = style.FONT_SIZE) -> float:
    return cells(text) * style.CELL * size
