r"""Numbers and names as pictures show them: rounded sensibly, shortened visibly, free of control characters.

This module owns what text may appear in a picture and how wide it is, and must not know any file format.
Escaping belongs to the writers, `svg.py` and `dot.py`, since each format has rules of its own.
Read next: `graph.py`, what there is to draw.
"""

from __future__ import annotations

import math
import unicodedata

__all__ = ["cells", "is_plain", "number_text", "printable", "short_number", "shortened", "visible"]

DASH = "—"
ELLIPSIS = "…"
WIDE = 2.1  # cells: ideographs take two, emoji a little more
TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # the text behind them around
DIRECTIONS = {code: f"\\u{code:04x}" for code in TURNING}
VISIBLE = {"\n": "↵", "\r": "␍", "\t": "⇥"}
PLAIN_BEYOND_LATIN = frozenset("—–…×−±·↵⇥√∂∑∏∞≤≥≠≈∈→←↑↓′″“”‘’⋮⋯")


def number_text(x: float | None) -> str:
    """A number with four decimals; in scientific form where these would show too little or too much.

    Args:
        x: The number; None means that there is none.

    Returns:
        At most 11 characters, and never `-0.0000`.

    Example:
        >>> [number_text(x) for x in (2, -0.0, 1 / 3, 1.5e-7, -2e9, math.nan, None)]
        ['2.0000', '0.0000', '0.3333', '1.500e-07', '-2.000e+09', 'nan', '—']
    """
    if x is None:
        return DASH
    if x == 0:
        return "0.0000"
    if not math.isfinite(x):
        return str(x)
    return f"{x:.4f}" if 1e-3 <= abs(x) < 1e6 else f"{x:.3e}"


def short_number(x: float) -> str:
    """A constant as one would write it: no zeros at the end.

    Example:
        >>> [short_number(x) for x in (2.0, -0.5, 1 / 3, 1e-9, -0.0)]
        ['2', '-0.5', '0.3333', '1e-09', '0']
    """
    return f"{x:.4g}" if x else "0"


def printable(text: object) -> str:
    r"""The text with line ends, tabs and other control characters replaced by visible ones.

    What remains is legal in XML, whose documents may not contain most control characters in any form.

    Example:
        >>> printable("one\ntwo\x1b")
        'one↵two\\x1b'
    """
    return "".join([_visible(character) for character in str(text)])


def visible(text: object) -> str:
    r"""The text with everything visible that would change how other text is shown.

    Example:
        >>> visible("a\u202eb\x1b[31m")
        'a\\u202eb\\x1b[31m'
    """
    return printable(text).translate(DIRECTIONS)


def _visible(character: str) -> str:
    if character in VISIBLE:
        return VISIBLE[character]
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
    if category == "Cs" or ord(character) & 0xFFFE == 0xFFFE:  # surrogates and noncharacters
        return "\N{REPLACEMENT CHARACTER}"
    return character


def shortened(text: str, limit: float = 24) -> str:
    """The beginning of a text that is wider than `limit` cells, with an ellipsis for the rest.

    Example:
        >>> shortened("a" * 100, 8)
        'aaaaaaa…'
    """
    if len(text) <= 4 * limit and cells(text) <= limit:
        return text
    kept, width = "", 1.0
    for character in text[: int(4 * limit)]:
        width += cells(character)
        if width > limit:
            break
        kept += character
    return kept.rstrip("\N{ZERO WIDTH JOINER}") + ELLIPSIS


def cells(text: str) -> float:
    """The width of a text in a monospace font, in characters.

    Example:
        >>> cells("data"), cells("数据")
        (4, 4.2)
    """
    return sum([_cells(character) for character in text])


def _cells(character: str) -> float:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # accents, joiners
        return 0
    return WIDE if unicodedata.east_asian_width(character) in "WF" or character >= "\U0001f000" else 1


def is_plain(text: str) -> bool:
    """Whether any monospace font gives each character of the text one cell: Latin, Greek, Cyrillic and some signs."""
    return all(c < "\u0300" or "\u0370" <= c < "\u0530" or c in PLAIN_BEYOND_LATIN for c in text)
