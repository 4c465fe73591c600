"""A picture written shorter: the same shapes with fewer characters, for pages whose weight is limited.

This module owns what may be left out of our own SVG without a visible change, and must not know what is drawn.
Attributes that are inherited move to a group around everything where most elements agree; coordinates are rounded.
Read next: `replay.py`, whose page holds the picture.
"""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["compact"]

TAG = re.compile(r"<([a-z]+)((?: [\w:-]+=\"[^\"]*\")*)(/?)>")
ATTRIBUTE = re.compile(r" ([\w:-]+)=\"([^\"]*)\"")
TITLE = re.compile(r"(<g [^>]*>)\s*<title>[^<]*</title>")
GEOMETRY = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "width", "height", "d", "points"}
DECIMALS = re.compile(r"-?\d+\.\d+")
HEAD = re.compile(r"(<svg [^>]*>(?:<title>[^<]*</title>)?)(.*)", re.DOTALL)
TINY = 20  # lengths below keep a decimal in any case, since corners consist of them
KNOWN = {"data-source", "data-position"}  # what the data of a page tells of each edge, too
INHERITED = {"font-size": "text", "text-anchor": "text", "fill": ""}  # and the elements that they matter to: "" is all
SHAPES = {"text", "rect", "path", "polygon", "circle", "line"}


def compact(svg: str, decimals: int = 1) -> str:
    """An SVG document of `svg.py` in fewer characters; it looks the same, and loses the tooltips of its shapes.

    Args:
        svg: The document.
        decimals: How many decimals of a pixel coordinates keep: 1, or 0 where a picture is large.

    Example:
        >>> compact('<svg width="9"><g class="a"><title>t</title><text x="1.234" fill="#000000">b</text></g></svg>')
        '<svg width="9"><g fill="#000000"><g class="a"><text x="1.2">b</text></g></g></svg>'
    """
    svg = TITLE.sub(r"\1", svg).replace(">\n<", "><")
    tags = [(tag, dict(ATTRIBUTE.findall(attributes))) for tag, attributes, _ in TAG.findall(svg) if tag in SHAPES]
    common = {}
    for name, only in INHERITED.items():
        values = [attributes.get(name) for tag, attributes in tags if only in ("", tag)]
        if values and None not in values:  # an element without it would inherit what it did not have before
            common[name] = Counter(values).most_common(1)[0][0]

    def shorter(found: re.Match[str]) -> str:
        tag, attributes, end = found.groups()
        kept = [
            f' {name}="{_rounded(value, decimals) if name in GEOMETRY else value}"'
            for name, value in ATTRIBUTE.findall(attributes)
            if name not in KNOWN and not (tag in SHAPES and common.get(name) == value and INHERITED[name] in ("", tag))
        ]
        return f"<{tag}{''.join(kept)}{end}>"

    around = "".join([f' {name}="{value}"' for name, value in common.items()])
    start, body = HEAD.fullmatch(TAG.sub(shorter, svg.strip()).removesuffix("</svg>")).groups()  # type: ignore[union-attr]
    return f"{start}<g{around}>{body}</g></svg>"


def _rounded(value: str, decimals: int) -> str:
    def shorter(found: re.Match[str]) -> str:
        x = float(found[0])
        return f"{x:.{decimals if abs(x) >= TINY else 1}f}".removesuffix(".0")

    return DECIMALS.sub(shorter, value)
