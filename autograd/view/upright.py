"""Which way up a picture stands, and which of two parallel arrows is which.

This module owns that choice, which no layout makes for us, and must not know who placed the shapes.
People read operands from the top down, or from left to right.
Read next: `wrap.py`, for pictures that are too wide.
"""

from __future__ import annotations

from .layout import Placement, Route
from .scene import Scene
from .svg import Point

__all__ = ["upright"]


def upright(scene: Scene, placement: Placement) -> Placement:
    """The placement or its mirror image: whichever has more operands in order, the first on top (or at the left).

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> from autograd.view.layout import place
        >>> from autograd.view.scene import scene
        >>> drawn = scene(read_graph(Value(1.0) - Value(2.0)))
        >>> (_, first), (_, second), *_ = upright(drawn, place(drawn)).centres
        >>> first < second
        True
    """
    side = 1 if scene.direction == "LR" else 0
    previous: dict[int, float] = {}
    balance = 0
    for arrow in scene.arrows:
        here = placement.centres[arrow.source][side]
        before = previous.get(arrow.target, here)
        balance += (here > before) - (here < before)
        previous[arrow.target] = here
    centres, routes = placement.centres, placement.routes
    if balance < 0:

        def mirrored(point: Point) -> Point:
            return (point[0], -point[1]) if side else (-point[0], point[1])

        centres = tuple(map(mirrored, centres))
        routes = tuple([Route(tuple(map(mirrored, route.curve)), mirrored(route.tip)) for route in routes])
    return Placement(centres, _parallels_in_order(scene, routes, side))


def _parallels_in_order(scene: Scene, routes: tuple[Route, ...], side: int) -> tuple[Route, ...]:
    """The routes with those between the same two shapes exchanged until the first operand's is on top."""
    parallel: dict[tuple[int, int], list[int]] = {}
    for k, arrow in enumerate(scene.arrows):
        parallel.setdefault((arrow.source, arrow.target), []).append(k)
    ordered = list(routes)
    for ks in parallel.values():
        found = sorted([routes[k] for k in ks], key=lambda route: route.curve[-1][side])
        for k, route in zip(ks, found, strict=True):
            ordered[k] = route
    return tuple(ordered)
