"""The settings that the checks have in common, refused before anything runs if they make no sense.

This file owns their names, ranges and messages; it must not know what is done with them.
Read next: `gradcheck.py`, the functions that take them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What to check of a function, beside the function itself.

    Args:
        order: 1 for the gradient, 2 for the second derivatives too.
        subset: How many inputs to check, chosen at random; None for all.
        directions: How many random directions over all inputs to check.
        seed: Of what is random.
        hints: How much a diagnosis tells: 1 what is seen, 2 where to look, 3 the solution too.

    Raises:
        TypeError: If subset or directions is no whole number.
        ValueError: If order, subset, directions or hints is out of range, or nothing is left to check.
    """

    order: int = 1
    subset: int | None = None
    directions: int = 0
    seed: int = 0
    hints: int = 1

    def __post_init__(self) -> None:
        for name, allowed in (("order", (1, 2)), ("hints", (1, 2, 3))):
            value = getattr(self, name)
            if not whole(value) or value not in allowed:
                raise ValueError(f"{name} is one of {', '.join(map(str, allowed))}, not {value!r}")
        for name, value in (("subset", self.subset), ("directions", self.directions)):
            if value is None and name == "subset":
                continue
            if not whole(value):
                raise TypeError(f"{name} is a whole number, how many of them to check, not {value!r}")
            if value is not None and value < 0:
                raise ValueError(f"{name} is how many of them to check, 0 or more, not {value}")
        if self.subset == 0 and self.directions == 0:
            raise ValueError("subset=0 leaves nothing to check: ask for directions too, as in directions=5")


def whole(x: object) -> bool:
    """Whether x is an int and not a bool."""
    return isinstance(x, int) and not isinstance(x, bool)
