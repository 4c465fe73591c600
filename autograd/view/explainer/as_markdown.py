"""Explanations as Markdown, with the tables that GitHub renders.

This file owns Markdown's syntax and how user text is kept from being read as such; it must not know what is explained.
Read next: `as_html.py`, the same document with formulas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .as_text import equation_lines, piece_text
from .document import Block, Line, Paragraph, Table, Title

__all__ = ["markdown", "plain"]

SIGNS = r"[\\`*_{}\[\]<>#|~&$@^!]"
LISTS = r"^[-+=](?=\s|$)|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]"  # what begins an item of a list
ADDRESSES = r":(?=\S)|(?<=www)\."  # also names of emoji between colons
SPECIAL = re.compile(f"({SIGNS}|{LISTS}|{ADDRESSES})", re.IGNORECASE)
ENDLESS = 10**9  # columns: lines of code are not broken


def markdown(blocks: Sequence[Block]) -> str:
    r"""The document as Markdown: paragraphs, tables, and equations as blocks of code.

    Example:
        >>> print(markdown([Paragraph(("a < b",))]), end="")
        a \< b
    """
    return "\n\n".join([_block(block) for block in blocks]) + "\n"


def plain(text: str) -> str:
    r"""Text that Markdown shows as it is: signs that could mean something stand behind a backslash.

    Example:
        >>> print(plain("1. a|b <script> 0.5"))
        1\. a\|b \<script\> 0.5
    """
    return SPECIAL.sub(r"\\\1", text)


def _block(block: Block) -> str:
    if isinstance(block, Title):
        return f"#### {_line(block.line)}"
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Table):
        return _table(block)
    return "\n".join(["  " + line for line in equation_lines(block, ENDLESS)])  # two more: a block of code


def _line(line: Line) -> str:
    """A line, with the spaces that Markdown would drop or join kept."""
    return plain(" ".join("".join([piece_text(piece) for piece in line]).split()))


def _table(block: Table) -> str:
    rules = ["---:" if i in block.right else "---" for i in range(len(block.header))]
    rows = [list(block.header), rules, *[[_line(cell) for cell in row] for row in block.rows]]
    return "\n".join([f"| {' | '.join(row)} |" for row in rows])
