"""The arrows of a large picture as two paths: one of all lines, one of all tips.

This module owns how arrows are written together and which edge each is for, and must not know what is drawn.
An arrow costs its coordinates and nothing else: whole pixels, each relative to the one before.
Read next: `opening.js`, which makes the arrows of them again, each with its own group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["bundle_arrows"]

ARROW = re.compile(
    r'<g class="edge(?P<result> result)?" data-(?:edge|target)="(?P<numbers>[\d ]+)">'
    r'<path d="M(?P<line>[-\d.,C ]+)" (?P<stroke>[^>]*)/><polygon points="(?P<tip>[-\d., ]+)" (?P<fill>[^>]*)/></g>'
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Pixel = tuple[int, int]


def bundle_arrows(svg: str) -> str:
    """The SVG of `compact` with its arrows in two paths, where the first arrow was.

    The first has the edges in `data-edges`: "0-3 4,5 r6" are the edges 0 to 3, the edges 4 and 5 as one arrow, and
    the arrow from the operation of node 6 to its result. Arrows that look unlike the first, or carry a text, stay.

    Example:
        >>> svg = (
        ...     '<g class="edge" data-edge="3"><path d="M0,0 C5,0 9,4 9,9" class="s1"/>'
        ...     '<polygon points="9,16 6,9 12,9" class="s2"/></g>'
        ... )
        >>> print(bundle_arrows(svg).replace("><", ">|<").replace("|", chr(10)))
        <path data-edges="3" d="M0 0c5 0 9 4 9 9" class="s1"/>
        <path d="M9 16l-3-7 6 0z" class="s2"/>
    """
    first = ARROW.search(svg)
    if first is None:
        return svg
    looks = first["stroke"], first["fill"]
    edges: list[str] = []
    lines: list[str] = []
    tips: list[str] = []

    def taken(found: re.Match[str]) -> str:
        if (found["stroke"], found["fill"]) != looks:
            return found[0]
        edges.append("r" * bool(found["result"]) + found["numbers"].replace(" ", ","))
        lines.append(_line(_pixels(found["line"])))
        start, *others = _pixels(found["tip"])
        tips.append(f"M{_joined([start])}l{_joined(_steps([start, *others]))}z")
        return ""

    rest = ARROW.sub(taken, svg[first.start() :])
    all_lines = f'<path data-edges="{_ranges(edges)}" d="{"".join(lines)}" {looks[0]}/>'
    return f'{svg[: first.start()]}{all_lines}<path d="{"".join(tips)}" {looks[1]}/>{rest}'


def _ranges(edges: Sequence[str]) -> str:
    """Numbers in a row as the first and the last of them, with a hyphen.

    Example:
        >>> _ranges(["0", "1", "2", "3,4", "r5", "r6"])
        '0-2 3,4 r5-6'
    """
    ranges: list[list[str]] = []
    for edge in edges:
        last = ranges[-1][-1] if ranges else ""
        kind, number = ("r", edge[1:]) if edge[0] == "r" else ("", edge)
        if number.isdigit() and last == f"{kind}{int(number) - 1}":
            ranges[-1] = [ranges[-1][0], edge]
        else:
            ranges.append([edge])
    return " ".join(["-".join([some[0], *[last.removeprefix("r") for last in some[1:]]]) for some in ranges])


def _pixels(text: str) -> list[Pixel]:
    numbers = [round(float(number)) for number in NUMBER.findall(text)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _steps(points: Sequence[Pixel]) -> list[Pixel]:
    return [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]


def _line(points: Sequence[Pixel]) -> str:
    """A chain of cubic curves; those that are straight as lines, those of no length not at all."""
    written, last = [f"M{_joined(points[:1])}"], ""
    for i in range(0, len(points) - 3, 3):
        (x, y), *others = points[i : i + 4]
        first, second, end = [(to_x - x, to_y - y) for to_x, to_y in others]
        if first == second == end == (0, 0):
            continue
        kind, numbers = "c", _joined([first, second, end])
        if _straight(first, second, end):
            kind, numbers = _straight_line(end)
        written.append(numbers if kind == last and numbers[0] == "-" else f"{' ' if kind == last else kind}{numbers}")
        last = kind
    return "".join(written)


def _straight_line(end: Pixel) -> tuple[str, str]:
    if not end[1]:
        return "h", str(end[0])
    return ("l", _joined([end])) if end[0] else ("v", str(end[1]))


def _straight(first: Pixel, second: Pixel, end: Pixel) -> bool:
    """Whether a curve is the line from its start to its end, and runs along it without turning back."""
    across = [x * end[1] - y * end[0] for x, y in (first, second)]
    along = [x * end[0] + y * end[1] for x, y in (first, second, end)]
    return across == [0, 0] and 0 <= along[0] <= along[2] and 0 <= along[1] <= along[2]


def _joined(points: Sequence[Pixel]) -> str:
    """Numbers with a sign between them: the minus of the next, or else a space."""
    return " ".join([str(number) for point in points for number in point]).replace(" -", "-")
