"""Explanations as plain text, for terminals.

This file owns line breaks, alignment and the plain form of every piece; it must not know what is explained.
Read next: `as_markdown.py`, the same document for a web page of text.
"""

from __future__ import annotations

from collections.abc import Sequence

from .document import Block, Derivative, Equation, Line, Paragraph, Piece, Table, Title
from .terminal import columns, padded

__all__ = ["equation_lines", "line_text", "piece_text", "text_lines", "wrapped"]

GAP = "  "
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def piece_text(piece: Piece) -> str:
    """A piece as text.

    Example:
        >>> piece_text(Derivative("y", "a", 2))
        '∂y/∂a⁽²⁾'
    """
    if isinstance(piece, Derivative):
        use = f"⁽{str(piece.use).translate(SUPERSCRIPT)}⁾" if piece.use else ""
        return f"∂{piece.result}/∂{piece.operand}{use}"
    return piece if isinstance(piece, str) else piece.text


def line_text(line: Line) -> str:
    """A line as text."""
    return "".join([piece_text(piece) for piece in line])


def text_lines(blocks: Sequence[Block], width: int) -> list[str]:
    """The lines of a document, none wider than `width` unless a single word is."""
    lines: list[str] = []
    for block in blocks:
        if lines:
            lines.append("")
        if isinstance(block, Title):
            lines += wrapped(line_text(block.line), width)
            lines.append("─" * min(max(columns(line) for line in lines), width))
        elif isinstance(block, Paragraph):
            lines += wrapped(line_text(block.line), width)
        elif isinstance(block, Equation):
            lines += equation_lines(block, width)
        else:
            lines += _table(block, width)
    return lines


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text broken at spaces; lines after the first begin with `indent`."""
    start = " " * (len(text) - len(text.lstrip(" ")))
    lines: list[str] = []
    line = start
    for word in text[len(start) :].split(" "):
        longer = f"{line} {word}" if line.strip(" ") else line + word
        if line.strip(" ") and columns(longer) > width:
            lines.append(line)
            longer = indent + word
        line = longer
    return [*lines, line]


def equation_lines(block: Equation, width: int) -> list[str]:
    """An equation, its parts below each other."""
    left = line_text(block.left)
    margin = GAP + " " * columns(left)
    if len(margin) > width // 2:  # a long name leaves no room beside it
        margin = GAP * 2
        lines = wrapped(GAP + left, width, GAP * 2)
    else:
        lines = []
    for i, part in enumerate(block.parts):
        start = GAP + left if not lines and i == 0 else margin
        sign = f"{block.first} " if i == 0 and block.first != "=" else " ="
        lines += _broken(f"{start}{sign} {line_text(part)}", width, " " * len(margin) + "   ")
    return lines


def _broken(text: str, width: int, indent: str) -> list[str]:
    """A line of a formula, broken in front of `·` and `+`."""
    if columns(text) <= width:
        return [text]
    parts = text.replace(" · ", "\0· ").replace(" + ", "\0+ ").split("\0")
    lines, line = [], parts[0]
    for part in parts[1:]:
        if columns(f"{line} {part}") > width:
            lines.append(line)
            line = indent + part
        else:
            line = f"{line} {part}"
    return [*lines, line]


def _table(block: Table, width: int) -> list[str]:
    rows = [list(block.header), *[[line_text(cell) for cell in row] for row in block.rows]]
    widths = [max([columns(row[i]) for row in rows]) for i in range(len(block.header))]
    if sum(widths) + len(GAP) * len(widths) > width:
        return _records(rows, width)
    lines = []
    for row in rows:
        cells = [padded(cell, widths[i], i in block.right) for i, cell in enumerate(row)]
        lines.append((GAP + GAP.join(cells)).rstrip())
    return lines


def _records(rows: list[list[str]], width: int) -> list[str]:
    """A table that is too wide: each row as lines of its own."""
    head = max([columns(name) for name in rows[0][1:]], default=0)
    lines = []
    for row in rows[1:]:
        lines += wrapped(GAP + row[0], width, GAP * 2)
        for name, cell in zip(rows[0][1:], row[1:], strict=True):
            if cell:
                indent = GAP * 2 + " " * head + GAP
                lines += wrapped(GAP * 2 + padded(name, head) + GAP + cell, width, indent)
    return lines
