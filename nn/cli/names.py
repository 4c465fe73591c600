r"""Names that users gave, as they are shown: on one line, of bearable length, and harmless.

It owns what becomes of signs that would clear a screen, break a line or reverse the words beside them; it must not
know where names are shown. Read next: `text.py` and `report.py`.
"""

from __future__ import annotations

import unicodedata

__all__ = ["CLOSE", "OPEN", "isolated", "name", "visible"]

OPEN, CLOSE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""What stands around a name that is written from right to left, so that it cannot move the words around it."""

DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST = 60


def visible(text: str, keep: str = "") -> str:
    r"""The text with escapes in place of what is not to be seen: control signs, line ends, signs of direction.

    Args:
        text: Any text.
        keep: The signs that stay as they are.

    Example:
        >>> print(visible("a\x1b[2Jb\u202ec\n"))
        a\x1b[2Jb\u202ec\n
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c.encode("unicode_escape").decode() if _hidden(c) and c not in keep else c for c in text)


def _hidden(c: str) -> bool:
    """Whether it is no sign to read; the last two of every 65,536 and U+FDD0 to U+FDEF are no characters."""
    none = ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF
    return none or c in DIRECTIONS or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")


def name(text: str, longest: int = LONGEST) -> str:
    """The name of a class, a column or a file, visible; of a long one, beginning and end.

    Args:
        text: Any text.
        longest: How many signs it may have.

    Example:
        >>> name("herb"), name("a" * 90 + "z", 12)
        ('herb', 'aaaaaa…aaaaz')
    """
    shown = visible(text[: 4 * longest] + text[-4 * longest :] if len(text) > 8 * longest else text)
    if len(shown) <= longest:
        return shown
    return shown[: longest // 2] + "…" + shown[len(shown) - longest + longest // 2 + 1 :]


def isolated(text: str, longest: int = LONGEST) -> str:
    """The name for a sentence: `name`, isolated if it is written from right to left."""
    shown = name(text, longest)
    leftward = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in shown)
    return f"{OPEN}{shown}{CLOSE}" if leftward else shown
