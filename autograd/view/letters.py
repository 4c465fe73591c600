"""The letters of the table's rules: which stand for which operand or for the result, and rules ready to be filled in.

This file owns what a letter means; it must not know the names of nodes, nor how a formula with names is shown.
The table says x, or a and b, and y; a graph may have nodes of the same names, so rules are shown with the graph's own.
Read next: `mathematics.py`, which finds the rule of an operand, and `formula.py`, the tree that it is read into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..engine import Op
from . import formula as tree, notation
from .mathematics import NAMESPACE, rule

__all__ = ["COUNT", "LETTER", "MARK", "RESULT", "Template", "key_of", "marked", "meant", "template"]

LETTERS = {  # of the operands, where the table does not call them x, or a and b
    "atan2": ("y", "x"), "binary_cross_entropy_with_logits": ("z", "t"), "clip": ("x", "low", "high"),
    "where": ("c", "x", "y"), "leaky_relu": ("x", "α"), "prelu": ("x", "α"), "elu": ("x", "α"), "celu": ("x", "α"),
}  # fmt: skip
LETTER = re.compile(r"\\text\{[^}]*\}|\\mathrm\{(low|high)\}|\\(alpha)(?![A-Za-z])|([xw])_\{(\d+)\}"
                    r"|(?<![A-Za-z\\])([a-z])(?![A-Za-z])")  # fmt: skip
MARK = 0xE000  # a private character stands for the first letter while a formula is written, the next one for the next
RESULT, COUNT = -1, -2  # what letters mean that stand for no operand


@dataclass(frozen=True, slots=True)
class Template:
    """A rule with private characters in place of its letters.

    Attributes:
        mathml: A `<math>` element, in which each letter is an `<mi>`; "" where the table says nothing.
        text: One line.
        places: For the characters from U+E000 on, which operand each stands for; -1 for the result.
    """

    mathml: str
    text: str
    places: tuple[int, ...]


def template(op: Op, position: int, count: int) -> Template:
    r"""The rule of one operand, to be filled in with names or numbers.

    Args:
        op: The operation.
        position: Which operand, from 0.
        count: The number of operands.

    Returns:
        The rule; one that cannot be read is the text that it is, without places.

    Example:
        >>> from autograd import OPS
        >>> from autograd.view.letters import template
        >>> by_name = {op.name: op for op in OPS}
        >>> found = template(by_name["mul"], 0, 2)
        >>> found.places, found.text == "\ue000"
        ((1,), True)
        >>> template(by_name["mean"], 0, 3).text
        '1 / 3'
    """
    known = rule(op, position, count)
    if not known.latex:
        return Template("", "", ())
    try:
        items = tree.read(known.latex).items
    except tree.Unreadable:
        return Template(known.mathml, known.text, ())
    meanings = {key: meant(op, count, key) for key in map(key_of, LETTER.finditer(known.latex))}
    operands = {key: place for key, place in meanings.items() if place is not None and place != COUNT}
    marks = {key: chr(MARK + i) for i, key in enumerate(operands)}
    marks.update({key: str(count) for key, place in meanings.items() if place == COUNT})
    read = marked(tree.Row(items), marks)
    math = f'<math xmlns="{NAMESPACE}" displaystyle="true">{notation.markup(read)}</math>'
    return Template(math, notation.text(read), tuple(operands.values()))


def key_of(found: re.Match[str]) -> str:
    """The letter that was found in LaTeX, as formulas have it; "" for what is no letter."""
    low, alpha, sequence, number, letter = found.groups()
    return low or ("α" if alpha else f"{sequence}{number}" if number else letter or "")


def meant(op: Op, count: int, key: str) -> int | None:
    """Which operand a letter of a rule stands for, or `RESULT`, `COUNT`; None for nothing of these."""
    if op.arity is None and key[1:].isdigit():
        place = int(key[1:]) - 1 + (count // 2 if op.name == "dot" and key[0] == "x" else 0)
        return place if place < count else None
    if op.arity is None:
        return {"y": RESULT, "n": COUNT}.get(key)
    letters = LETTERS.get(op.name, ("x",) if op.arity == 1 else ("a", "b"))
    if key in letters:
        return letters.index(key)
    return RESULT if key == "y" else None


def marked(formula: tree.Formula, marks: dict[str, str]) -> tree.Formula:
    """The formula with other texts in place of letters; formulas are at most 16 groups deep."""

    def inner(part: tree.Formula) -> tree.Formula:
        return marked(part, marks)

    match formula:
        case tree.Name(text) if text in marks:
            return tree.Name(marks[text])
        case tree.Scripts(tree.Name(letter), tree.Name(number), above) if letter + number in marks:
            base = tree.Name(marks[letter + number])
            return tree.Scripts(base, None, inner(above)) if above else base
        case tree.Scripts(base, below, above):
            return tree.Scripts(inner(base), below and inner(below), above and inner(above))
        case tree.Row(items):
            return tree.Row(tuple([inner(item) for item in items]))
        case tree.Fence(left, body, right):
            return tree.Fence(left, tree.Row(tuple([inner(item) for item in body.items])), right)
        case tree.Fraction(top, bottom):
            return tree.Fraction(inner(top), inner(bottom))
        case tree.Root(body, index):
            return tree.Root(inner(body), index)
        case _:
            return formula
