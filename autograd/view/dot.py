r"""A scene as DOT, Graphviz's language.

This module owns DOT's syntax and how user text is kept from being read as such, and must not know who renders it.
Labels are records rather than HTML-like tables, which the WebAssembly build of Graphviz cannot read.
Read next: `render.py`, which has it laid out.
"""

from __future__ import annotations

import re
from collections import Counter

from . import style
from .scene import Arrow, Scene
from .shapes import Shape
from .text import printable

__all__ = ["quoted", "record_field", "scene_dot"]

LARGE = 60  # shapes; from here on, Graphviz's network simplex gets a limit: without one, 240 shapes took minutes
GROUP_GAP = 2.5  # between columns of boxes, which have many arrows
INCH = 72.0  # Graphviz counts sizes in inches, and places in points: a point is our pixel
FILLS = {
    "leaf": style.LEAF_FILL, "result": style.RESULT_FILL, "output": style.OUTPUT_FILL,
    "op": style.OP_FILL, "constant": style.CONSTANT_FILL, "more": style.PAPER, "group": style.GROUP_FILL,
    "tag": style.PAPER,
}  # fmt: skip
BORDERS = {"leaf": style.BLUE, "op": style.BLUE, "output": style.AMBER}


def quoted(text: str) -> str:
    r"""A DOT string that is shown as `text`, whatever it holds.

    DOT would replace `\N` by the node's name, `\n` by a line end and `&lt;` by `<`.

    Example:
        >>> print(quoted('say "\\N" & <b>'))
        "say \"\\N\" &amp; <b>"
    """
    escaped = printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def record_field(text: str) -> str:
    r"""`text` as a field of a record's label, where braces, bars, angles and spaces mean something too.

    Example:
        >>> print(record_field("a|b {c}"))
        a\|b\ \{c\}
    """
    kept = re.sub("^ | $|(?<= ) ", "\N{NO-BREAK SPACE}", text)  # Graphviz trims a field's other spaces
    escaped = quoted(kept)[1:-1]
    return "".join(["\\" + c if c in "{}|<> " else c for c in escaped])


def scene_dot(scene: Scene) -> list[str]:
    """The statements of a `digraph` that draws the scene."""
    boxes = any(shape.kind == "group" for shape in scene.shapes)
    gap = style.RANK_GAP * (GROUP_GAP if boxes else 1.0)
    lines = [
        f"\tgraph [rankdir={scene.direction} nodesep={style.NODE_GAP / INCH:.3f} ranksep={gap / INCH:.3f} "
        f'bgcolor="{style.PAPER}" fontcolor="{style.INK}" fontname={style.DOT_FONT} fontsize={style.FONT_SIZE:g}]\n',
        f'\tnode [shape=box style="filled,rounded" fixedsize=true fontname={style.DOT_FONT} '
        f'fontsize={style.FONT_SIZE:g} fontcolor="{style.INK}" color="{style.LINE}" margin=0]\n',
        f'\tedge [color="{style.MUTED}" fontcolor="{style.MUTED}" arrowsize=0.6 labeldistance=1.8 '
        f"fontname={style.DOT_FONT} fontsize={style.SMALL_SIZE:g}]\n",
    ]
    if len(scene.shapes) > LARGE:
        lines.append("\tgraph [nslimit=1 nslimit1=1]\n")
    if boxes:
        lines.append("\tgraph [ordering=out]\n")  # neurons stand in the order of their layer
    if scene.note:
        lines.append(f"\tgraph [label={quoted(scene.note)} labelloc=t]\n")
    lines += [_node(shape, scene.direction) for shape in scene.shapes]
    lines += [f"\t{scene.shapes[i].name} [ordering=in]\n" for i in _orderly(scene)]
    return lines + [_edge(arrow, scene) for arrow in scene.arrows]


def _orderly(scene: Scene) -> list[int]:
    """Operations whose operands are used nowhere else: these can stand in order without any crossing of arrows."""
    uses = Counter([arrow.source for arrow in scene.arrows])
    operands: dict[int, list[int]] = {}
    for arrow in scene.arrows:
        operands.setdefault(arrow.target, []).append(arrow.source)
    for sources in operands.values():  # behind a tag is the operand
        sources[:] = [operands[i][0] if scene.shapes[i].kind == "tag" else i for i in sources]
    return [i for i, found in operands.items() if len(found) > 1 and all(uses[source] == 1 for source in found)]


def _edge(arrow: Arrow, scene: Scene) -> str:
    source, target = scene.shapes[arrow.source], scene.shapes[arrow.target]
    settings = []
    if arrow.text:
        settings.append(f"headlabel={quoted(arrow.text)}")
    if source.kind != "constant":  # these stand aside, and an operation stays beside its result
        settings.append(f"weight={4 if source.kind in ('op', 'tag') else 2}")
    if arrow.open:
        settings.append("arrowsize=0")  # for a text in its middle, an edge consists of two
    if arrow.highlighted:
        settings.append(f'color="{style.HIGHLIGHT}" penwidth=3')
    leaves, enters = (":e", ":w") if scene.direction == "LR" else (":s", ":n")
    if target.kind == "op":
        enters = ""  # a circle is entered from wherever an arrow comes
    written = f" [{' '.join(settings)}]" if settings else ""
    return f"\t{source.name}{leaves} -> {target.name}{enters}{written}\n"


def _node(shape: Shape, direction: str) -> str:
    size = f'width={shape.width / INCH:.4f} height={shape.height / INCH:.4f} fillcolor="{FILLS[shape.kind]}"'
    if shape.highlighted:
        size += f' color="{style.HIGHLIGHT}" penwidth=3'
    elif shape.asked:
        size += f' color="{style.AMBER}"'
    elif shape.kind in BORDERS:
        size += f' color="{BORDERS[shape.kind]}"'
    texts = [f"{row} {text}" if row in ("data", "grad") else text for row, text in shape.rows]
    if shape.kind == "op":
        return f"\t{shape.name} [label={quoted(texts[0])} shape=ellipse style=filled {size}]\n"
    if shape.kind == "tag":
        look = f"shape=plaintext fontsize={style.SMALL_SIZE:g}"
        return f"\t{shape.name} [label={quoted(' '.join(texts))} {look} {size}]\n"
    if len(texts) == 1 or not texts:
        return f"\t{shape.name} [label={quoted(''.join(texts))} {size}]\n"
    inside = "|".join([record_field(text) for text in texts])
    stacked = inside if direction == "LR" else "{" + inside + "}"
    return f'\t{shape.name} [label="{stacked}" shape=record {size}]\n'
