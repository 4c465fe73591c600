"""What an explanation consists of, before it is text, Markdown, LaTeX or HTML.

This file owns the pieces and blocks that every writer knows; it must not know any format, nor what is explained.
Read next: `as_text.py`, the first of the writers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Block", "Code", "Derivative", "Equation", "Formula", "Line", "Name", "Paragraph", "Piece", "Table", "Title"]


class Name(NamedTuple):
    """The name of a node, as it stands in a formula."""

    text: str


class Derivative(NamedTuple):
    """∂result/∂operand; `use` tells apart the uses of an operand that stands in several places, from 1; else 0."""

    result: str
    operand: str
    use: int = 0


class Formula(NamedTuple):
    """Mathematics in three forms."""

    text: str
    latex: str
    mathml: str


class Code(NamedTuple):
    """Arithmetic, or a line of a program."""

    text: str


Piece = str | Name | Derivative | Formula | Code
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The first line."""

    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two."""

    line: Line


@dataclass(frozen=True, slots=True)
class Equation:
    """`left = parts[0] = parts[1] = ...`, one below the other, aligned at the signs, of which `first` is the first."""

    left: Line
    parts: tuple[Line, ...]
    first: str = "="


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; the columns named in `right` hold numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    right: frozenset[int] = frozenset()


Block = Title | Paragraph | Equation | Table
