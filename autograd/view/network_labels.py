"""Places for the numbers on the lines of a network, so that none covers another.

This module owns the search for a free place along a line, and must not know what the number is.
Read next: `network_paint.py`, which writes the numbers there.
"""

from __future__ import annotations

from collections.abc import Sequence

from .svg import Point

__all__ = ["HEIGHT", "label_places"]

HEIGHT = 16.0
GAP = 1.0  # between two numbers
STEPS = 40  # places that are tried along the part of a line that is free


def label_places(
    lines: Sequence[tuple[Point, Point]], halves: Sequence[float], clearance: float, *, apart: bool
) -> list[Point] | None:  # fmt: skip
    """A place on each line for its number.

    Args:
        lines: The start and the end of each line, between the same two columns.
        halves: Half the width of each number.
        clearance: How far from both ends of its line a number must stay, along x.
        apart: Whether a number must not lie on any line but its own.

    Returns:
        The middle of each number; None if there is no room for all of them.

    Example:
        >>> label_places([((0, 0), (190, 0)), ((0, 44), (190, 0))], [25, 25], 20, apart=True)
        [(75.0, 0.0), (75.0, 26.63157894736842)]
        >>> label_places([((0, 0), (60, 0))], [25], 20, apart=True) is None
        True
    """
    starts, ends = ({line[side] for line in lines} for side in (0, 1))
    wish = 0.4 if len(starts) >= len(ends) else 0.6  # nearer to the larger column, where the lines are apart
    by_start = list(range(len(lines)))
    by_end = sorted(by_start, key=lambda line: lines[line][1][1])
    for order in (by_start, by_end):
        for share in (wish, 0.5, 1 - wish, 0.0, 1.0):
            if found := _placed(lines, halves, clearance, order, share, apart):
                return [found[line] for line in by_start]
    return None


def _placed(
    lines: Sequence[tuple[Point, Point]], halves: Sequence[float], clearance: float, order: Sequence[int],
    wish: float, apart: bool,
) -> dict[int, Point] | None:  # fmt: skip
    """Each number in turn at the free place nearest to a share of its line; None if one of them finds none."""
    placed: dict[int, Point] = {}
    for line in order:
        (x1, y1), (x2, y2) = lines[line]
        for share in _shares((clearance + halves[line]) / (x2 - x1), wish):
            x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
            if apart and any(_meets(lines[other], x, y, halves[line]) for other in order if other != line):
                continue
            if all(
                abs(x - other_x) >= halves[line] + halves[other] + GAP or abs(y - other_y) >= HEIGHT + GAP
                for other, (other_x, other_y) in placed.items()
            ):
                placed[line] = x, y
                break
        else:
            return None
    return placed


def _meets(line: tuple[Point, Point], x: float, y: float, half: float) -> bool:
    """Whether a line crosses the box of a number."""
    (x1, y1), (x2, y2) = line
    slope = (y2 - y1) / (x2 - x1)
    left, right = y1 + slope * (x - half - x1), y1 + slope * (x + half - x1)
    return min(left, right) < y + HEIGHT / 2 and max(left, right) > y - HEIGHT / 2


def _shares(first: float, wish: float) -> list[float]:
    """Shares of a line from `first` to 1 - first, those near to the wish first."""
    steps = [first + (1 - 2 * first) * step / STEPS for step in range(STEPS + 1)] if first <= 0.5 else []
    return sorted(steps, key=lambda share: abs(share - wish))
