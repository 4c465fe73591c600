"""Chains of cubic Bézier curves: cut in two, and made of straight lines with round corners.

This module owns that geometry, and must not know which arrows or rows there are.
A chain is a start, then two control points and an end for each curve.
Read next: `wrap.py`, whose arrows are made of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .svg import Point

__all__ = ["CORNER", "rounded", "split"]

CORNER = 6.0  # the radius of a round corner


def split(curve: Sequence[Point], x: float) -> tuple[list[Point], list[Point]]:
    """A chain of cubic Bézier curves that runs to the right, cut in two at x.

    Example:
        >>> left, right = split([(0.0, 0.0), (1.0, 0.0), (2.0, 3.0), (3.0, 3.0)], 1.5)
        >>> [round(coordinate, 6) for coordinate in left[-1]], left[-1] == right[0]
        ([1.5, 1.5], True)
    """
    pieces = [curve[i : i + 4] for i in range(0, len(curve) - 1, 3)]
    number = next((n for n, piece in enumerate(pieces) if piece[3][0] >= x), len(pieces) - 1)
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _halves(pieces[number], middle)[0][3][0] < x else (low, middle)
    left, right = _halves(pieces[number], low)
    return [*curve[: 3 * number], *left], [*right, *curve[3 * number + 4 :]]


def _halves(piece: Sequence[Point], t: float) -> tuple[list[Point], list[Point]]:
    """A cubic Bézier curve cut at the parameter t (de Casteljau)."""
    left, right, points = [piece[0]], [piece[-1]], list(piece)
    while len(points) > 1:
        points = [(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(points)]
        left.append(points[0])
        right.append(points[-1])
    return left, right[::-1]


def rounded(way: Sequence[Point]) -> list[Point]:
    """The Bézier curves of a way of straight lines with round corners, without its first point.

    Example:
        >>> len(rounded([(0.0, 0.0), (50.0, 0.0), (50.0, 50.0)]))
        9
    """
    curve: list[Point] = []
    here = way[0]
    for corner, following in zip(way[1:], [*way[2:], None], strict=True):
        if following is None:
            return [*curve, here, corner, corner]
        enter, leave = _towards(corner, here), _towards(corner, following)
        curve += [here, enter, enter, corner, corner, leave]
        here = leave
    return curve


def _towards(corner: Point, point: Point) -> Point:
    """The place at most a corner's radius away from it, on the way to a point."""
    dx, dy = point[0] - corner[0], point[1] - corner[1]
    share = min(CORNER / (abs(dx) + abs(dy) or 1.0), 0.5)
    return corner[0] + share * dx, corner[1] + share * dy
