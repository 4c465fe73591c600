"""The settings of the marker `gradcheck`, read and refused with the remedy.

This file owns what the marker takes; it must not know what is done with it.
Read next: `marked.py`, the tests that are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from .points import Interval, intervals

__all__ = ["Point", "Settings"]

Point = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one marker.

    Attributes:
        points: How many random points, or the points themselves.
        seed: Of the random points.
        domains: Where inputs are drawn from, by name.
        df: The derivative that somebody wrote; None if the function computes with Values.
        checked: Further settings, those of `gradcheck` or, with df, of `gradcheck_pair`.
    """

    points: int | tuple[Point, ...] = 10
    seed: int = 0
    domains: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    df: Callable[..., Any] | None = None
    checked: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, marker: pytest.Mark, inputs: Sequence[str]) -> Settings:
        """Those of a mark on a test with these inputs; ValueError or TypeError if they make no sense."""
        if marker.args:
            raise TypeError("the settings of the marker gradcheck have names, as in gradcheck(points=20, seed=1)")
        given = dict(marker.kwargs)
        df = given.pop("df", None)
        if df is not None and not callable(df):
            raise TypeError(f"df is a function, as in df=lambda x: 2 * x; got {df!r}")
        points = given.pop("points", 10)
        if isinstance(points, bool) or not isinstance(points, (int, list, tuple)):
            raise TypeError(f"points is a number of points, or a list of them; got {points!r}")
        if not isinstance(points, int):
            points = tuple(_as_point(point, inputs) for point in points)
        if not points or (isinstance(points, int) and points < 0):
            raise ValueError("points asks for no point at all: write points=10, or a list of points")
        domains = _domains(given.pop("domain", {}), inputs)
        return cls(points, given.pop("seed", 0), domains, df, given)


def _as_point(point: object, inputs: Sequence[str]) -> Point:
    found = point if isinstance(point, tuple) else (point,)
    if len(found) != len(inputs):
        raise ValueError(f"a point has {len(inputs)} numbers, for {', '.join(inputs)}; got {point!r}")
    return found


def _domains(domain: object, inputs: Sequence[str]) -> dict[str, list[Interval]]:
    if isinstance(domain, str):
        return dict.fromkeys(inputs, intervals(domain))
    if not isinstance(domain, Mapping) or not set(domain) <= set(inputs):
        raise ValueError(f"domain is a text like '(0, inf)', or one for each of {', '.join(inputs)}; got {domain!r}")
    return {name: intervals(text) for name, text in domain.items()}
