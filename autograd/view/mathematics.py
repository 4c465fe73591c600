"""Derivative rules and operations as people write them: MathML for pages, text for terminals.

This module owns which rule belongs to which operand, and how an operation is printed with its operands; it must not
know any rule. What it cannot read, as the LaTeX of a user's operation may be, comes out as text, never as markup.
Read next: `formula.py`, which reads the LaTeX, `notation.py`, which shows it, and `../functions.py`, where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..engine import Op
from ..functions import OPS
from . import notation
from .formula import Unreadable, read
from .text import printable

__all__ = ["Rule", "arithmetic", "mathml", "plain", "rule"]

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
INDEX = re.compile(r"(?<![A-Za-z\\])i(?![A-Za-z])")
PLACE = re.compile(r"\{(\d+)\}")
SIGNED = re.compile(r"[-−+]")
COMPOUND = re.compile(r"[\s+*/^×·−=<>,;]|(?<!^)-")
EXPONENT = re.compile(r"e[-+](?=\d+$)")
FEW = 4  # more operands, or pairs of them, are shortened


@dataclass(frozen=True, slots=True)
class Rule:
    """The derivative rule of one operand.

    Attributes:
        latex: As the table says it; "" where it says nothing.
        mathml: A `<math>` element.
        text: One line for terminals.
    """

    latex: str
    mathml: str
    text: str


def rule(op: Op, position: int, count: int) -> Rule:
    """The local derivative ∂y/∂(operand), as students know it.

    Args:
        op: The operation.
        position: Which operand, from 0.
        count: The number of operands.

    Returns:
        The rule, of a, b, x and the result y as the table names them; of any number of operands, those that belong to
        this one. An operation without a rule has "∂y/∂x".

    Example:
        >>> from autograd import OPS
        >>> from autograd.view.mathematics import rule
        >>> by_name = {op.name: op for op in OPS}
        >>> rule(by_name["tanh"], 0, 1).text
        '1 − tanh² x = 1 / cosh² x'
        >>> [rule(by_name["dot"], k, 5).text for k in range(5)]
        ['x₁', 'x₂', 'w₁', 'w₂', '1']
    """
    latex = _latex(op, position, count)
    shown = latex.strip() or r"\frac{\partial y}{\partial x}"
    return Rule(latex, mathml(shown), plain(shown))


def _latex(op: Op, position: int, count: int) -> str:
    """The entry of `op.latex` for an operand; see `Op` for how they are shared out."""
    rules = tuple(op.latex)
    if not rules:
        return ""
    if op.arity is not None:
        return rules[min(position, len(rules) - 1)]
    share = (count - 1) // (len(rules) - 1) if len(rules) > 1 else 0
    which, place = divmod(position, share) if share else (len(rules) - 1, position)
    return INDEX.sub(lambda _: f"{{{place + 1}}}", rules[min(which, len(rules) - 1)])


def mathml(latex: str) -> str:
    r"""A `<math>` element for LaTeX of the table's kind; anything else is shown as the text that it is.

    Example:
        >>> from autograd.view.mathematics import mathml
        >>> mathml("2x").partition(">")[2]
        '<mrow><mn>2</mn><mi>x</mi></mrow></math>'
    """
    try:
        inner = notation.markup(read(latex))
    except Unreadable:
        inner = f"<mtext>{escape(printable(latex))}</mtext>"
    return f'<math xmlns="{NAMESPACE}" displaystyle="true">{inner}</math>'


def plain(latex: str) -> str:
    r"""One line of text for LaTeX of the table's kind; anything else is shown as it is.

    Example:
        >>> from autograd.view.mathematics import plain
        >>> plain(r"\frac{2}{\sqrt\pi} e^{-x^2}"), plain(r"\unknown{x}")
        ('(2 / √π) e^(−x²)', '\\unknown{x}')
    """
    try:
        return notation.text(read(latex))
    except Unreadable:
        return printable(latex)


def arithmetic(op: Op, operands: Sequence[str]) -> str:
    """The operation as it is written with these operands.

    Args:
        op: The operation.
        operands: Texts of numbers or names.

    Returns:
        One line, with brackets where they are needed; many operands are shortened.

    Example:
        >>> from autograd import OPS
        >>> from autograd.view.mathematics import arithmetic
        >>> by_name = {op.name: op for op in OPS}
        >>> arithmetic(by_name["mul"], ["2.0", "-3.0"]), arithmetic(by_name["pow"], ["-2.0", "3.0"])
        ('2.0 × (-3.0)', '(-2.0)^3.0')
        >>> arithmetic(by_name["tanh"], ["0.8814"]), arithmetic(by_name["dot"], ["w1", "w2", "-3.0", "x2", "b"])
        ('tanh(0.8814)', 'w1·(-3.0) + w2·x2 + b')
    """
    shown = [printable(x) for x in operands]
    if op in OPS and op.name in SEQUENCES:
        return SEQUENCES[op.name](shown)
    if op.code in TEMPLATES and len(shown) == len(PLACE.findall(op.code)):
        form, brackets = TEMPLATES[op.code]
        return form.format(*[bracket(x) for bracket, x in zip(brackets, shown, strict=True)])
    if op.code and len(shown) > max([int(k) for k in PLACE.findall(op.code)], default=len(shown)):
        return PLACE.sub(lambda place: _single(shown[int(place[1])]), printable(op.code))
    return f"{printable(op.name)}({', '.join(_few(shown))})"


# --- brackets and lists ---------------------------------------------------------------------------------------


def _first(x: str) -> str:
    """An operand that nothing stands before: in brackets if it has an operator inside."""
    return f"({x})" if COMPOUND.search(EXPONENT.sub("e", x)) and not _is_closed(x) else x


def _single(x: str) -> str:
    """An operand after an operator, or of a power: in brackets if it has a sign, too."""
    return f"({x})" if SIGNED.match(x) else _first(x)


def _is_closed(x: str) -> bool:
    """Whether the text is one pair of brackets, or a name with one: no bracket closes before the end."""
    depth = 0
    if not re.match(r"\w*\(", x):
        return False
    for i, character in enumerate(x):
        depth += (character == "(") - (character == ")")
        if depth == 0 and "(" in x[: i + 1]:
            return i == len(x) - 1
    return False


def _few(texts: Sequence[str]) -> list[str]:
    """The first texts and the last one, with an ellipsis for those between."""
    return [*texts] if len(texts) <= FEW else [*texts[: FEW - 2], "…", texts[-1]]


def _terms(texts: Sequence[str]) -> str:
    return " + ".join(_few([_single(x) if i else _first(x) for i, x in enumerate(texts)]))


def _mean(texts: Sequence[str]) -> str:
    return f"({_terms(texts)}) / {len(texts)}"


def _product(texts: Sequence[str]) -> str:
    return " × ".join(_few([_single(x) if i else _first(x) for i, x in enumerate(texts)]))


def _weighted_sum(texts: Sequence[str]) -> str:
    half = len(texts) // 2
    pairs = [f"{_single(w)}·{_single(x)}" for w, x in zip(texts[:half], texts[half:-1], strict=True)]
    if half:
        pairs[0] = f"{_first(texts[0])}·{_single(texts[half])}"
    return " + ".join([*_few(pairs), _single(texts[-1]) if pairs else texts[-1]])


SEQUENCES = {"sum": _terms, "mean": _mean, "prod": _product, "dot": _weighted_sum}
TEMPLATES = {
    "{0} + {1}": ("{} + {}", (_first, _single)),
    "{0} - {1}": ("{} - {}", (_first, _single)),
    "{0} * {1}": ("{} × {}", (_first, _single)),
    "{0} / {1}": ("{} / {}", (_first, _single)),
    "{0} ** {1}": ("{}^{}", (_single, _single)),
    "-{0}": ("-{}", (_single,)),
    "+{0}": ("+{}", (_single,)),
}
