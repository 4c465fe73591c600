"""The legend below a picture: a sample of every kind of thing in it, and what it stands for.

This module owns the legend's words and places, and must not know how samples are painted.
Only what is in the picture is explained, since a legend is read by those who do not know it yet.
Read next: `paint.py`, which paints samples as it paints the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import style
from .scene import Scene
from .text import cells

__all__ = ["LEGEND_ROW", "SAMPLE", "Entry", "legend"]

LEGEND_ROW = 22.0
SAMPLE = 26.0  # the width of a sample
GAP = 18.0  # between an entry and the next one
NARROWEST = 420.0  # below a small picture, lines are as long as this

KINDS = {
    "leaf": "leaf: given, not computed",
    "result": "result of an operation",
    "output": "output",
    "op": "operation",
    "constant": "constant number",
    "group": "many nodes in one box",
    "more": "nodes left out",
}
TEXTS = {
    "grad": "∂output/∂(this node); — before backward()",
    "position": "at an arrow: first, second operand",
    "count": "on an arrow: so many operands at once",
    "partial": "on an arrow: local partial ∂result/∂operand",
}
SAMPLES = {"op": "+", "constant": "3", "grad": "grad", "position": "1 2", "count": "×9", "partial": "0.50"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line's part: its place (the left end, the middle height), what is shown, and the words beside it.

    Attributes:
        x, y: The place, from the legend's corner.
        kind: The kind of shape that is shown; "highlight"; or "text" for a text alone.
        sample: The text in the shape, or alone.
        words: What it stands for.
    """

    x: float
    y: float
    kind: str
    sample: str
    words: str

    @property
    def end(self) -> float:
        """The right end of the words."""
        return self.x + SAMPLE + 8 + cells(self.words) * style.CELL * style.SMALL_SIZE


def legend(scene: Scene, width: float) -> tuple[Entry, ...]:
    """The entries of the legend of a scene, in lines that are about as wide as its picture.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> from autograd.view.scene import scene
        >>> [entry.kind for entry in legend(scene(read_graph(-Value(1.0))), 500.0)]
        ['leaf', 'output', 'op', 'text']
    """
    found: list[tuple[str, str, str]] = []
    kinds: set[str] = {shape.kind for shape in scene.shapes}
    kinds |= {"output" for shape in scene.shapes if shape.asked}
    found += [(kind, SAMPLES.get(kind, ""), words) for kind, words in KINDS.items() if kind in kinds]
    rows = {row for shape in scene.shapes for row, _ in shape.rows}
    rows |= {"position" for arrow in scene.arrows if arrow.text}
    found += [("text", SAMPLES[row], words) for row, words in TEXTS.items() if row in rows]
    if scene.look.highlight.nodes:
        found.append(("highlight", "", "pointed out"))
    entries: list[Entry] = []
    x = y = 0.0
    for kind, sample, words in found:
        entry = Entry(x, y, kind, sample, words)
        if x and entry.end > max(width, NARROWEST):
            entry = Entry(0.0, y := y + LEGEND_ROW, kind, sample, words)
        entries.append(entry)
        x = entry.end + GAP
    return tuple(entries)
