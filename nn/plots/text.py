"""Names that users give, as pictures show them: whole or visibly shortened, and never taken for a formula.

It owns what becomes of a text before matplotlib gets it; it must not know what is drawn. matplotlib reads `$...$` as
mathematics and a leading underscore in a legend as "leave this out": here a name is only a name.
Read next: `style.py`.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

__all__ = ["PLAIN", "legend", "letters", "name_axes", "number", "shortened", "wrapped"]

PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}
"""What a matplotlib text with a user's name in it is made with."""

ELLIPSIS = "…"
LETTER = 7.5  # points along an axis for a letter of its name, which leaves some room at the ends


def shortened(name: object, limit: int = 24) -> str:
    r"""A name in one line of at most `limit` characters, with an ellipsis for what is left out.

    Args:
        name: Any text, or what has one.
        limit: The largest number of characters, at least 2.

    Example:
        >>> shortened("one\ntwo"), shortened("a very long name", 8), shortened("$x$")
        ('one two', 'a very…', '$x$')
    """
    text = " ".join("".join([_visible(character) for character in str(name)[: 20 * limit]]).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def wrapped(name: object, width: int = 14, lines: int = 2) -> str:
    r"""A name in at most `lines` lines of `width` characters, with an ellipsis for what is left out.

    Args:
        name: Any text, or what has one.
        width: The largest number of characters in a line.
        lines: The largest number of lines.

    Example:
        >>> wrapped("malignant melanoma of the skin", 12)
        'malignant\nmelanoma of…'
    """
    found = textwrap.wrap(shortened(name, 20 * width * lines), width)
    if len(found) > lines:
        found[lines - 1] = shortened(found[lines - 1] + " " + found[lines] + ELLIPSIS, width)
        if not found[lines - 1].endswith(ELLIPSIS):
            found[lines - 1] = found[lines - 1][: width - 1] + ELLIPSIS
    return "\n".join(found[:lines])


def _visible(character: str) -> str:
    """The character; a space for a line end or tab, and the replacement character for what no font can show."""
    if character in "\n\r\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in ("Cc", "Cs", "Cn") else character


def number(x: float, digits: int = 3) -> str:
    """A number in so many digits at most, with a minus sign as long as a plus.

    Example:
        >>> [number(x) for x in (0.123456, -2.0, 1e-7, 123456.0)]
        ['0.123', '−2', '1e−07', '1.23e+05']
    """
    return f"{x:.{digits}g}".replace("-", "\N{MINUS SIGN}")


def letters(ax: Axes) -> tuple[int, int]:
    """About how many letters of a label there is room for along the horizontal and the vertical axis, at least 10."""
    extent = ax.get_window_extent()
    across, up = (int(length * 72 / ax.figure.dpi / LETTER) for length in (extent.width, extent.height))
    return max(10, across), max(10, up)


def name_axes(ax: Axes, x: object, y: object) -> None:
    """Name the two axes; names that are longer than the axes are shortened.

    Example:
        >>> from nn.plots.style import new_figure
        >>> ax = new_figure(4, 3).subplots()
        >>> name_axes(ax, "$x", "a very long name for so small a figure")
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('$x', 'a very long name for…')
    """
    across, up = letters(ax)
    ax.set_xlabel(shortened(x, across), **PLAIN)
    ax.set_ylabel(shortened(y, up), **PLAIN)


def legend(ax: Axes, handles: Sequence[Any], names: Sequence[object], **options: Any) -> Legend:
    """A legend with these names for these lines and markers, one each, whatever the names hold.

    Args:
        ax: Where the legend goes.
        handles: What matplotlib draws a sample of.
        names: What each is called; shortened to 40 characters.
        options: Of `Axes.legend`.

    Example:
        >>> from nn.plots.style import new_figure
        >>> ax = new_figure(4, 3).subplots()
        >>> [text.get_text() for text in legend(ax, ax.plot([1, 2]), ["_hidden $x"]).get_texts()]
        ['_hidden $x']
    """
    box = ax.legend(list(handles), ["name"] * len(names), **{"frameon": False, **options})
    for text, name in zip(box.get_texts(), names, strict=True):
        text.set(**PLAIN)
        text.set_text(shortened(name, 40))
    return box
