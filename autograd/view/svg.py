"""A small SVG writer: the few shapes that our pictures consist of, and the one place where their text is escaped.

This module owns SVG syntax, and must not know graphs or networks.
It writes no links, scripts, style sheets, external references or ids, so that several pictures live on one page.
Read next: `paint.py` and `network_paint.py`, which draw with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

from .style import CELL, FONT, FONT_SIZE, INK, PAPER
from .text import cells, is_plain, printable

__all__ = ["Canvas", "Point"]

Point = tuple[float, float]


class Canvas:
    """Shapes in the order in which they are painted.

    Args:
        title: What the picture is, for screen readers and as a tooltip.

    Example:
        >>> canvas = Canvas("one circle")
        >>> canvas.circle((5, 5), 4, fill="#FFFFFF")
        >>> canvas.document(10, 10).count("<circle")
        1
    """

    def __init__(self, title: str) -> None:
        self.title = printable(title)
        self.parts: list[str] = []

    def element(self, tag: str, content: str = "", **attributes: Any) -> None:
        """An element; `stroke_width=2` becomes `stroke-width="2"`, and attributes that are None are left out."""
        start = f"<{tag}{_attributes(attributes)}"
        self.parts.append(f"{start}>{_escaped(content)}</{tag}>" if content else f"{start}/>")

    @contextmanager
    def group(self, kind: str, title: str = "", **attributes: Any) -> Iterator[None]:
        """The shapes of one thing; `title` is its description, and `data_node=3` becomes `data-node="3"`."""
        self.parts.append(f'<g class="{_escaped(kind)}"{_attributes(attributes)}>')
        if title:
            self.element("title", printable(title))
        yield
        self.parts.append("</g>")

    @contextmanager
    def moved(self, x: float, y: float) -> Iterator[None]:
        """What is painted here has its origin at (x, y): a picture within the picture."""
        self.parts.append(f'<g transform="translate({_shown(x)},{_shown(y)})">')
        yield
        self.parts.append("</g>")

    def rectangle(self, x: float, y: float, width: float, height: float, **attributes: Any) -> None:
        """A rectangle; `rx` rounds its corners."""
        self.element("rect", x=x, y=y, width=width, height=height, **attributes)

    def circle(self, centre: Point, radius: float, **attributes: Any) -> None:
        """A circle."""
        self.element("circle", cx=centre[0], cy=centre[1], r=radius, **attributes)

    def line(self, start: Point, end: Point, **attributes: Any) -> None:
        """A straight line."""
        (x1, y1), (x2, y2) = start, end
        self.element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)

    def curve(self, points: Sequence[Point], **attributes: Any) -> None:
        """A chain of cubic Bézier curves: a start, then two control points and an end for each."""
        written = [f"{_shown(x)},{_shown(y)}" for x, y in points]
        self.element("path", d=f"M{written[0]} C{' '.join(written[1:])}", fill="none", **attributes)

    def polygon(self, points: Sequence[Point], **attributes: Any) -> None:
        """A closed polygon."""
        self.element("polygon", points=" ".join([f"{_shown(x)},{_shown(y)}" for x, y in points]), **attributes)

    def text(
        self, x: float, y: float, content: str, *, anchor: str = "middle", size: float = FONT_SIZE,
        fill: str = INK, bold: bool = False, kind: str | None = None,
    ) -> None:  # fmt: skip
        """A line of text whose middle height is at `y`; `kind` becomes its class."""
        content = printable(content)
        # The advance of other scripts' characters is the font's affair: there the width is prescribed.
        length = None if is_plain(content) else cells(content) * CELL * size
        spaces: dict[str, str] = {} if content == " ".join(content.split()) else {"xml:space": "preserve"}
        self.element(
            "text", content, **{"class": kind}, x=x, y=y + 0.35 * size, text_anchor=anchor, font_size=size, fill=fill,
            font_weight="bold" if bold else None,
            textLength=length, lengthAdjust=None if length is None else "spacingAndGlyphs", **spaces,
        )  # fmt: skip

    def document(self, width: float, height: float) -> str:
        """The whole file, on paper of the given size."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_shown(width)}" height="{_shown(height)}" '
            f'viewBox="0 0 {_shown(width)} {_shown(height)}" role="img" aria-label="{_escaped(self.title)}" '
            f'font-family="{FONT}" style="max-width:100%;height:auto">'  # a wide one shrinks with its page
        )
        paper = f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>'
        return "\n".join([head, f"<title>{_escaped(self.title)}</title>", paper, *self.parts, "</svg>\n"])


def _escaped(text: str) -> str:
    """Text without markup, and without quotation marks: none of it can be taken for an attribute."""
    return escape(text, {'"': "&quot;"})


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join([
        f' {name.replace("_", "-")}="{_escaped(_shown(value))}"'
        for name, value in attributes.items() if value is not None
    ])  # fmt: skip


def _shown(value: Any) -> str:
    """Coordinates to a hundredth of a pixel, anything else as it is."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
