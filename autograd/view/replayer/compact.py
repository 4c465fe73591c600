r"""A picture written shorter: the same shapes with fewer characters, for pages whose weight is limited.

This module owns what may be left out of our own SVG without a visible change, and must not know what is drawn.
In large pictures, attributes that are often the same are written once, as the rules of classes: `picture.js` puts them
back, since colours of the page's theme are found by attributes.
Read next: `replay.py`, whose page holds the picture.
"""

from __future__ import annotations

import re

from .bundle import bundle_arrows

__all__ = ["class_rules", "compact"]

TAG = re.compile(r"<([a-z]+)((?: [\w:-]+=\"[^\"]*\")*)(/?)>")
ATTRIBUTE = re.compile(r" ([\w:-]+)=\"([^\"]*)\"")
TITLE = re.compile(r"(<g [^>]*>)\s*<title>[^<]*</title>")
HEAD = re.compile(r"<svg [^>]*>")
RULES = re.compile(r"<svg [^>]*><style>([^<]*)</style>")
NUMBER = re.compile(r"-?\d+\.\d+")
NAME = re.compile(r"\b(?:v|op|c|g)\d+$")  # of a shape: `data-node` tells it, too
HEADING = re.compile(r"M([\d.]+),([\d.]+) V([\d.]+) a([\d.]+),.* h([\d.]+) a.*")  # of a box, as `paint.py` writes it
GEOMETRY = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "width", "height", "d", "points"}
KNOWN = {"data-source", "data-position"}  # what the data of a page tells of each edge, as it does its target
STYLE = {"fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight"}
STYLED = {"text", "rect", "path", "polygon", "circle", "line"}
SEEN = 2.0  # pixels
TINY = 20  # lengths below keep a decimal in any case, since corners consist of them


def compact(svg: str, large: bool = False) -> str:
    """An SVG document of `svg.py` in fewer characters; it looks the same, and loses the tooltips of its shapes.

    Args:
        svg: The document.
        large: Whether coordinates are rounded to whole pixels, and styles are written as classes.

    Example:
        >>> svg = '<svg width="9"><g class="v0"><title>t</title><text x="41.26" fill="#000000">b</text></g></svg>'
        >>> compact(svg)
        '<svg width="9"><g class="v0"><text x="41.3" fill="#000000">b</text></g></svg>'
        >>> compact(svg, large=True)
        '<svg width="9"><style>.s0{fill:#000000}</style><g class=""><text x="41" class="s0">b</text></g></svg>'
    """
    classes: dict[str, str] = {}

    def shorter(found: re.Match[str]) -> str:
        tag, attributes, end = found.groups()
        kept = {name: value for name, value in ATTRIBUTE.findall(attributes) if name not in KNOWN}
        if "data-edge" in kept:
            kept.pop("data-target", None)
        if large and "d" in kept:
            kept["d"] = HEADING.sub(_heading, kept["d"])
        for name in kept.keys() & GEOMETRY:
            kept[name] = _rounded(kept[name], 0 if large else 1)
        if large and tag in STYLED:
            rule = ";".join([f"{name}:{_unit(name, kept.pop(name))}" for name in list(kept) if name in STYLE])
            named = classes.setdefault(rule, f"s{len(classes)}")
            kept["class"] = f"{kept['class']} {named}" if "class" in kept else named
        elif large and "class" in kept:
            kept["class"] = NAME.sub("", kept["class"]).strip()
        attributes = "".join([f' {name}="{value}"' for name, value in kept.items()])
        return f"<{tag}{attributes}{end}>"

    bare = TITLE.sub(r"\1", svg).replace(">\n<", "><")
    written = TAG.sub(shorter, bare)
    written = bundle_arrows(written) if large else written
    rules = "".join([f".{name}{{{rule}}}" for rule, name in classes.items()])
    return HEAD.sub(lambda head: f"{head[0]}<style>{rules}</style>", written, count=1) if large else written


def class_rules(svg: str) -> str:
    """The rules of the classes that `compact` has made; "" if it made none.

    Example:
        >>> class_rules('<svg width="9"><style>.s0{fill:#000000}</style></svg>')
        '.s0{fill:#000000}'
    """
    found = RULES.match(svg)
    return found[1] if found else ""


def _heading(found: re.Match[str]) -> str:
    """What is behind the first row of a box; corners of less than two pixels are not seen to be round."""
    left, bottom, top, radius, width = map(float, found.groups())
    round_ = round(radius)
    left, right, end = round(left), round(left + width + 2 * radius), round(bottom)
    if radius < SEEN:
        return f"M{left} {end}V{round(top - radius)}H{right}V{end}z"
    corner = f"a{round_} {round_} 0 0 1 {round_}"
    return f"M{left} {end}V{round(top)}{corner}-{round_}H{right - round_}{corner} {round_}V{end}z"


def _unit(name: str, value: str) -> str:
    """In a rule, unlike in an attribute, the size of letters has a unit."""
    return f"{value}px" if name == "font-size" else value


def _rounded(value: str, decimals: int) -> str:
    def shorter(found: re.Match[str]) -> str:
        x = float(found[0])
        return f"{x:.{decimals if abs(x) >= TINY else 1}f}".removesuffix(".0")

    return NUMBER.sub(shorter, value)
