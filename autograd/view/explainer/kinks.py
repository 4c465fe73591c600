"""The kinks that a point lies at, told with the names of the operands.

This file owns which of a table's words stand for operands, and what is not said of constants; it must not know formats.
Read next: `why.py`, which knows where the kinks are.
"""

from __future__ import annotations

import re

from ...engine import Value, floats
from ...functions import OPS
from ..letters import meant
from ..text import number_text, short_number, visible
from .document import Line, Name, Piece
from .why import conventions

__all__ = ["kink_lines"]

WORD = re.compile(r"(?<![A-Za-zλ])(low|high|alpha|[a-z])(?![A-Za-z])")
ARTICLE = re.compile(r"\ba (?=[a-z])")  # "a jump": no operand


def kink_lines(v: Value, named: dict[Value, str]) -> list[Line]:
    """A sentence for each kink of the table that a node lies at; of operations of your own, in their own words.

    What is said of an operand alone is left out where that is a constant: nobody can move it away from there.

    Args:
        v: The node.
        named: The names of its operands.

    Example:
        >>> x = Value(-3.0, label="x")
        >>> kink_lines(x**2, {x: "x"})
        []
        >>> from .as_text import line_text
        >>> line_text(kink_lines((x + 3).relu(), {})[0])
        'This point is special. At 0.0000 = 0: the derivative is 0.'
    """
    op = v.op
    if op is None:
        return []
    lines: list[Line] = []
    for where, told in conventions(op, v.data, floats(v.operands)):
        if op not in OPS:
            lines.append((f"This point is special. At {visible(where)}: {visible(told)}.",))
        elif found := _of_constants(v, where, told):
            place, said = found
            lines.append(("This point is special. At ", *_named(v, place, named), ": ", *_named(v, said, named), "."))
    return lines


def _of_constants(v: Value, where: str, told: str) -> tuple[str, str] | None:
    """The words of the table, less what concerns constants; None if nothing is left."""
    constant = [not isinstance(x, Value) for x in v.operands]
    name = "" if v.op is None else v.op.name
    if not any(constant):
        return where, told
    if name == "pow":
        return _of_power(where, v.operands[1]) if constant[1] else BASES.get(where)
    if name == "where" and constant[0]:
        return None
    *equal, number = where.split(" = ")
    moved = [x for x in equal if (place := _place(v, x)) is None or not constant[place]]
    return (" = ".join([*moved, number]) if moved and len(equal) > 1 and "," not in where else where), told


BASES = {  # of a constant base
    "a < 0": ("a < 0", "there is no derivative by b: nan"),
    "a = 0": ("b >= 0", "a power of 0; the derivative by b is 0, at b = 0 the one-sided limit -inf"),
}


def _of_power(where: str, exponent: Value | float) -> tuple[str, str] | None:
    """Of a constant exponent: a whole one has nothing special at all."""
    whole = not isinstance(exponent, Value) and exponent % 1 == 0
    return None if whole or where != "a = 0" else (where, "the derivative is the limit from the right")


def _named(v: Value, words: str, named: dict[Value, str]) -> Line:
    """The words with the names of operands, or their numbers, in place of the table's letters."""
    pieces: list[Piece] = []
    after = 0
    for found in WORD.finditer(words):
        place = _place(v, "α" if found[1] == "alpha" else found[1])
        if place is not None and not ARTICLE.match(words, found.start()):
            pieces += [words[after : found.start()], _piece(v.operands[place], named)]
            after = found.end()
    return tuple([piece for piece in [*pieces, words[after:]] if piece])


def _place(v: Value, letter: str) -> int | None:
    """Which operand a letter stands for."""
    place = None if v.op is None else meant(v.op, len(v.operands), letter)
    return place if place is not None and place >= 0 else None


def _piece(x: Value | float, named: dict[Value, str]) -> Piece:
    if isinstance(x, Value):
        return Name(named[x]) if x in named else number_text(x.data)
    return short_number(x)
