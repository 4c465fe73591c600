"""`print_tree`: a computation as a tree of text, for terminals.

This file owns the tree's branches, columns and limits; it must not know formulas.
Read next: `terminal.py`, widths and encodings.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple, TextIO

from ...engine import NO_GRADIENT, Value, toposort
from ..text import number_text, short_number, shortened, visible
from .as_text import wrapped
from .names import Namer, label_of
from .terminal import ascii_text, columns, encodable, padded, print_lines, screen_width
from .traced import output_of

__all__ = ["print_tree", "tree_text"]

NUMBERS = 24  # columns: two numbers, each with the widest that number_text gives and a space
NAME = 8  # columns that a node's name has at least, however deep it stands
LINES = 200
NARROWEST, ROOMY = 40, 60


class _Line(NamedTuple):
    tree: str
    data: str = ""
    grad: str = ""


class _Below(NamedTuple):
    """An operand that waits to be printed."""

    operand: Value | float
    branch: str  # what stands in front of it
    deeper: str  # what stands in front of its own operands
    level: int


def print_tree(y: Any, *, file: TextIO | None = None, width: int | None = None, depth: int | None = None,
               lines: int = LINES) -> None:  # fmt: skip
    """Print the computation of y as a tree: y first, below each result its operands, in order.

    A node that is used several times is printed once; after that "↑" refers to it. Where the tree becomes deeper than
    the terminal is wide, "↓" says that it goes on further below. Signs that the stream's encoding does not have
    are written in ASCII. A gradient is "—" before `backward()`.

    Args:
        y: A Value, or what `trace` returned.
        file: A stream; by default standard output.
        width: In columns; by default that of the terminal.
        depth: How many operations below y are shown; by default all.
        lines: At most so many lines; a last one says how much is left out.

    Raises:
        TypeError: If y is neither.
        ValueError: If width < 40, depth < 0 or lines < 1.

    Cost: One pass over the computation of y, of any depth, to count; then what is printed.

    Example:
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> print_tree(a * b + a, width=60)
                       data        grad
        (+)         -4.0000           —
        ├─ (*)      -6.0000           —
        │  ├─ a      2.0000           —
        │  └─ b     -3.0000           —
        └─ ↑ as above: a
    """
    stream = sys.stdout if file is None else file
    text = tree_text(y, width=width, depth=depth, lines=lines)
    print_lines(text.split("\n") if encodable(text, stream) else map(ascii_text, text.split("\n")), stream)


def tree_text(y: Any, *, width: int | None = None, depth: int | None = None, lines: int = LINES) -> str:
    """What `print_tree` prints, without the last line end and with all signs."""
    root, width = output_of(y, "print_tree"), screen_width(width, NARROWEST)
    if depth is not None and depth < 0:
        raise ValueError(f"depth = {depth}: 0 shows y alone")
    if lines < 1:
        raise ValueError(f"lines = {lines}: at least one line is needed")
    order = toposort(root)
    tree = _Tree(order, width, depth)
    written = list(islice(tree.lines(root), lines))
    size = max([columns(line.tree) for line in written if line.data])  # a reference may stand below the numbers
    text = ["".join([padded("", size), padded("data", 12, True), padded("grad", 12, True)])]
    for line in written:
        text.append((padded(line.tree, size) + padded(line.data, 12, True) + padded(line.grad, 12, True)).rstrip())
    left_out = len(order) - len(tree.printed)
    if left_out:
        text += wrapped(
            f"… {left_out:,} of {len(order):,} values left out; depth= and lines= say how many are shown", width
        )
    return "\n".join(text)


class _Tree:
    """Walks from y down, with a stack of its own."""

    def __init__(self, order: list[Value], width: int, depth: int | None) -> None:
        self.widest, self.depth = width - NUMBERS, depth
        self.other, self.last, self.line_down = ("├─ ", "└─ ", "│  ") if width >= ROOMY else ("├ ", "└ ", "│ ")
        self.namer = Namer()
        self.printed: set[Value] = set()
        uses: dict[Value, int] = {}
        for v in order:
            for x in v.operands:
                if isinstance(x, Value):
                    uses[x] = uses.get(x, 0) + 1
        self.shared = {v for v, n in uses.items() if n > 1}

    def lines(self, root: Value) -> Iterator[_Line]:
        waiting: deque[Value] = deque([root])
        levels = {root: 0}
        while waiting:
            start = waiting.popleft()
            stack = [_Below(start, "", "", levels[start])]
            if start in self.printed:  # it was announced by "↓"
                self.printed.remove(start)
                yield _Line("")
            while stack:
                below = stack.pop()
                v = below.operand
                if not isinstance(v, Value):
                    yield _Line(below.branch + short_number(v))
                    continue
                if v in self.printed:
                    yield _Line(shortened(f"{below.branch}↑ as above: {self.namer(v)}", self.widest + NUMBERS))
                    continue
                self.printed.add(v)
                room = v is start or columns(below.deeper) + len(self.last) + self.widest_below(v) <= self.widest
                deep = self.depth is not None and below.level >= self.depth
                sign = "" if v.op is None or (room and not deep) else " …" if deep else " ↓"
                if sign == " ↓":
                    waiting.append(v)
                    levels[v] = below.level
                yield self.line(v, below.branch, sign)
                if not sign:
                    stack += self.below(v, below)

    def below(self, v: Value, place: _Below) -> list[_Below]:
        """The operands of a node, the last one first."""
        front, level = place.deeper, place.level + 1
        found = [_Below(x, front + self.other, front + self.line_down, level) for x in v.operands]
        if found:
            found[-1] = _Below(v.operands[-1], front + self.last, front + " " * len(self.last), level)
        return found[::-1]

    def widest_below(self, v: Value) -> int:
        """The columns that the names of the operands need; of long ones, half of those that there are."""
        found = NAME
        for x in v.operands:
            if isinstance(x, Value):
                label = label_of(x) or ("u1 " if x in self.shared else "")
                found = max(found, columns(label) + columns(_symbol(x, self.widest)))
        return min(found, max(self.widest // 2, NAME))

    def line(self, v: Value, branch: str, sign: str) -> _Line:
        """One node: its name, its operation, its numbers."""
        symbol = "" if sign == " ↓" else _symbol(v, self.widest)
        needed = v in self.shared or v in self.namer.found or sign == " ↓" or label_of(v) or not symbol
        name = " ".join([part for part in (self.namer(v) if needed else "", symbol) if part])
        room = self.widest - columns(branch) - columns(sign)
        grad = None if v.grad is NO_GRADIENT else v.grad
        return _Line(branch + shortened(name, room) + sign, number_text(v.data), number_text(grad))


def _symbol(v: Value, widest: int) -> str:
    """The operation of a node in brackets, cut only where it is wider than the tree may be."""
    return "" if v.op is None else f"({shortened(visible(v.op.symbol), widest - 2)})"
