"""Text for terminals: how wide it is, and what is written where a character cannot be encoded.

This file owns columns and encodings; it must not know what is written.
Read next: `tree.py` and `explainer/as_text.py`, which write for terminals.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from typing import TextIO

from ..text import cells

__all__ = ["ascii_text", "columns", "encodable", "padded", "print_lines", "screen_width"]

NARROWEST = 20
WRITTEN_OUT = {
    "∂": "d", "·": "*", "−": "-", "×": "*", "→": "->", "↑": "^", "↓": "v", "…": "...", "—": "-", "–": "-", "±": "+-",
    "∞": "inf", "≈": "~", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt", "∑": "sum", "∏": "prod", "′": "'", "│": "|",
    "├": "|", "└": "`", "─": "-", "α": "alpha", "λ": "lambda", "σ": "sigma", "π": "pi", "Φ": "Phi", "φ": "phi",
    **{raised: f"^{digit}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{lowered: f"_{digit}" for digit, lowered in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
ASCII = str.maketrans(WRITTEN_OUT)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes.

    Example:
        >>> columns("data"), columns("数据")
        (4, 4)
    """
    return sum([int(cells(character)) for character in text])


def padded(text: str, width: int, right: bool = False) -> str:
    """The text with spaces up to a width; at its left if it belongs to the right."""
    space = " " * (width - columns(text))
    return space + text if right else text + space


def screen_width(width: int | None, narrowest: int = NARROWEST) -> int:
    """The width to write for: the given one, else that of the terminal.

    Raises:
        ValueError: If it is given and below `narrowest`.
    """
    if width is None:
        return max(shutil.get_terminal_size().columns, narrowest)
    if width < narrowest:
        raise ValueError(f"width = {width}: at least {narrowest} columns are needed")
    return width


def encodable(text: str, stream: TextIO) -> bool:
    """Whether the stream's encoding has every character of the text; a stream that names none takes all."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeError, LookupError):
        return False
    return True


USES = re.compile("⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def ascii_text(text: str) -> str:
    r"""The text in ASCII: signs written out, other characters by their numbers.

    Example:
        >>> ascii_text("∂y/∂x · 2 — ä")
        'dy/dx * 2 - \\xe4'
    """
    text = USES.sub(lambda found: f"({found[1].translate(DIGITS)})", text)
    return text.translate(ASCII).encode("ascii", "backslashreplace").decode()


def print_lines(lines: Iterable[str], file: TextIO | None = None) -> None:
    """Write lines to a stream, by default standard output."""
    stream = sys.stdout if file is None else file
    stream.write("".join([line + "\n" for line in lines]))
