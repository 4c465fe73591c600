"""The rule of a factor and the arithmetic of a node, with the names of the nodes in place of the table's letters.

This file owns how nodes are written into a rule; it must not know which letter means what.
Read next: `../letters.py`, which does, and `chain.py`, which puts rules together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from ...engine import Op, Value, power
from .. import formula as tree, notation
from ..letters import LETTER, MARK, RESULT, key_of, marked, meant
from ..mathematics import arithmetic, rule
from ..text import number_text, short_number, shortened, visible
from .as_html import name_mathml
from .as_latex import escaped, name_latex
from .document import Code, Formula

__all__ = ["computed", "factor_number", "named_rule", "operand_text", "places"]

MARKED = re.compile("<mi>([\ue000-\uf8ff])</mi>")
LONGEST, WIDEST = 60, 240  # cells: of a rule that cannot be read, of arithmetic
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
WHOLE = ("mean", "dot")  # which need to know how many operands there are
MANY, ENDS = 12, 3  # operands: more are written by their ends, of which so many are seen at most
NONE = Formula("—", r"\text{---}", "<mtext>—</mtext>")


def named_rule(v: Value, position: int, named: dict[Value, str]) -> Formula:
    """The local derivative of a node by one operand, as the table states it.

    Args:
        v: The node.
        position: Which operand, from 0.
        named: The names of nodes; one without a name stands as its number.

    Example:
        >>> w, x = Value(2.0), Value(3.0)
        >>> y = w * x
        >>> named_rule(y, 0, {w: "w", x: "x", y: "y"}).text
        'x'
        >>> named_rule(y.tanh(), 0, {y: "z"}).text
        '1 − tanh² z = 1 / cosh² z'
    """
    op = v.op
    latex = (
        ""
        if op is None
        else (_calculated(v) if op is power and not position else "") or rule(op, position, len(v.operands)).latex
    )
    if op is None or not latex:
        return NONE
    nodes = {key: x for key in map(key_of, LETTER.finditer(latex)) if (x := _meant(op, v, key)) is not None}
    try:
        items = tree.read(latex).items
    except tree.Unreadable:
        text = shortened(visible(latex), LONGEST)
        return Formula(text, f"\\texttt{{{escaped(text)}}}", f"<mtext>{escape(text)}</mtext>")
    read = marked(tree.Row(items), {key: chr(MARK + i) for i, key in enumerate(nodes)})
    write = _writer(named, alone=len(items) == 1 and isinstance(items[0], (tree.Name, tree.Scripts)))
    marks = list(nodes.values())

    def latex_of(found: re.Match[str]) -> str:
        x = nodes.get(key_of(found))
        if x is None:
            return found[0]
        shown = name_latex(named[x]) if isinstance(x, Value) and x in named else write(x)
        return shown if len(shown) == 1 else f"{{{shown}}}"  # one argument, as the letter was: in \frac1x and x^2

    def mathml_of(found: re.Match[str]) -> str:
        x = marks[ord(found[1]) - MARK]
        return name_mathml(named[x]) if isinstance(x, Value) and x in named else f"<mn>{write(x)}</mn>"

    text = notation.text(read).translate({MARK + i: write(x) for i, x in enumerate(marks)})
    return Formula(text, LETTER.sub(latex_of, latex), MARKED.sub(mathml_of, notation.markup(read)))


def _calculated(v: Value) -> str:
    """The rule of a power by its base, with what can be calculated of it where the exponent is constant; else ""."""
    exponent = v.operands[-1]
    if isinstance(exponent, Value):
        return ""
    factor, less = short_number(exponent), short_number(exponent - 1)
    if not (DECIMAL.fullmatch(factor) and DECIMAL.fullmatch(less)):
        return ""
    if exponent in (0, 1):
        return factor
    return f"{factor} a" if exponent == 2 else f"{factor} a^{{{less}}}"


def _meant(op: Op, v: Value, key: str) -> Value | float | None:
    """What a letter of the rules of an operation stands for; None if it is neither an operand nor the result."""
    place = meant(op, len(v.operands), key)
    if place is None or place >= 0:
        return None if place is None else v.operands[place]
    return v if place == RESULT else float(len(v.operands))


def _writer(named: dict[Value, str], alone: bool) -> Callable[[Value | float], str]:
    """A node in a rule: by name, else as a number, a negative one in brackets unless it is the whole rule."""

    def write(x: Value | float) -> str:
        if isinstance(x, Value) and x in named:
            return named[x]
        number = number_text(x.data) if isinstance(x, Value) else short_number(x)
        return number if alone or not number.startswith("-") else f"({number})"

    return write


def computed(v: Value, write: Callable[[Value | float], str]) -> Code:
    """What a node computes, with each operand as `write` gives it."""
    if v.op is None:
        return Code("")
    operands = v.operands
    seen = places(v.op, len(operands))
    texts = [write(operands[i]) for i in seen]
    if len(seen) < len(operands) and v.op.name not in WHOLE:
        return Code(shortened(visible(arithmetic(v.op, texts)), WIDEST))  # as shortened as with all operands
    written = dict(zip(seen, texts, strict=True))
    texts = [written.get(i, "") for i in range(len(operands))]
    return Code(shortened(visible(arithmetic(v.op, texts)), WIDEST))


def places(op: Op, count: int) -> Sequence[int]:
    """The operands that may be seen where an operation is written: of very many, those at the ends."""
    if count <= MANY or op.code:
        return range(count)
    middle = range(count // 2 - ENDS, count // 2 + ENDS) if op.name == "dot" else ()
    return [*range(ENDS), *middle, *range(count - ENDS, count)]


def operand_text(named: dict[Value, str], otherwise: str = "") -> Callable[[Value | float], str]:
    """How operands of arithmetic are written: by name, otherwise by that text, or as the number that they are."""

    def write(x: Value | float) -> str:
        if isinstance(x, Value):
            return named.get(x) or otherwise or number_text(x.data)
        return short_number(x)

    return write


def factor_number(x: float) -> str:
    """A number in a product or a sum: a negative one in brackets."""
    text = number_text(x)
    return f"({text})" if text.startswith("-") else text
