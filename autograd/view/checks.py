"""What a number that a user gives must be, and how it is said if it is not.

This module owns the words of these errors, and must not know what the numbers are for.
Read next: `replayer/replay.py` and `explainer/explanation.py`, which ask.
"""

from __future__ import annotations

from typing import Any

__all__ = ["check_whole"]


def check_whole(name: str, x: Any, thing: str) -> None:
    """Raise unless x is a whole number >= 1.

    Args:
        name: The name of the argument.
        x: The argument.
        thing: What it counts, in the singular.

    Raises:
        TypeError: If x is no int; True and False are none here.
        ValueError: If x < 1.

    Example:
        >>> check_whole("limit", 6.5, "node")
        Traceback (most recent call last):
        TypeError: limit = 6.5: it is a whole number, as limit=5
    """
    if not isinstance(x, int) or isinstance(x, bool):
        raise TypeError(f"{name} = {x!r:.60}: it is a whole number, as {name}=5")
    if x < 1:
        raise ValueError(f"{name} = {x}: at least one {thing} must be shown")
