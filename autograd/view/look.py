"""`Look`: how a picture of a graph shall look, as one value that is checked when it is made.

This module owns the options that all pictures of graphs share, and must not know how they are carried out.
Numbers are written here in the way that was asked for.
Read next: `shapes.py`, which follows a `Look`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

from .highlight import NOTHING, Highlight
from .text import number_text, printable, short_number, shortened
from .themes import theme

__all__ = ["PLAIN", "SHOWN", "Direction", "Look", "Numbers"]

Direction = Literal["LR", "TB"]
Numbers = str | Callable[[float], str] | None

SHOWN = ("label", "data", "grad", "op", "partials", "modules")
NUMBER_LIMIT = 16  # cells, for what a format of one's own returns


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture of a graph looks.

    Attributes:
        direction: "LR", from left to right, or "TB", from top to bottom.
        numbers: A format as ".2f", or a function from a number to its text; None means `number_text`.
        show: What is shown, of "label", "data", "grad", "op", "partials" (on the edges) and "modules".
        theme: "light", "dark" or "print".
        legend: Whether a legend stands below.
        highlight: The nodes and edges that are pointed out.
        room: Whether boxes have room for any number that `number_text` writes, so that numbers can change in them.

    Raises:
        TypeError: If an option has the wrong type.
        ValueError: If it has a value that means nothing.

    Example:
        >>> look = Look(numbers=".2f")
        >>> look.number(2 / 3), look.number(None), look.constant(2.0)
        ('0.67', '—', '2.00')
    """

    direction: Direction = "LR"
    numbers: Numbers = None
    show: Collection[str] = ("label", "data", "grad", "op")
    theme: str = "light"
    legend: bool = False
    highlight: Highlight = NOTHING
    room: bool = False

    def __post_init__(self) -> None:
        if self.direction not in ("LR", "TB"):
            raise ValueError(f"direction = {self.direction!r:.60}: it is 'LR' (left to right) or 'TB' (top to bottom)")
        theme(self.theme)
        _check_show(self.show)
        if isinstance(self.numbers, str):
            _check_format(self.numbers)
        elif self.numbers is not None and not callable(self.numbers):
            raise TypeError(
                f"numbers = {self.numbers!r:.60}: it is a format as '.2f', or a function from a number to its text"
            )

    def number(self, x: float | None) -> str:
        """A number as it is asked for; "—" for None."""
        if x is None or self.numbers is None:
            return number_text(x)
        text = format(x, self.numbers) if isinstance(self.numbers, str) else self.numbers(x)
        if not isinstance(text, str):
            raise TypeError(f"numbers({x!r}) returned {text!r:.60}: the function must return a str")
        return shortened(printable(text), NUMBER_LIMIT)

    def constant(self, x: float) -> str:
        """A number that stands in the program itself."""
        return short_number(x) if self.numbers is None else self.number(x)


def _check_show(show: Any) -> None:
    if isinstance(show, str) or not isinstance(show, (tuple, list, set, frozenset)):
        raise TypeError(f"show = {show!r:.60}: it is a tuple, as ('label', 'data')")
    for part in show:
        if part not in SHOWN:
            raise ValueError(f"show names {part!r:.60}: what can be shown is {', '.join(map(repr, SHOWN))}")


def _check_format(numbers: str) -> None:
    try:
        format(1.0, numbers)
    except ValueError:
        raise ValueError(f"numbers = {numbers!r:.60} is no format of a number: write it as '.2f' or '.3g'") from None


PLAIN = Look()
