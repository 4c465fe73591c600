"""Formulas as they are shown: as MathML for pages, which browsers know by themselves, and as text for terminals.

This module owns spaces, brackets and elements, and must not know LaTeX. Text in a formula is escaped here.
Read next: `formula.py`, the tree that is shown.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise

from .formula import Fence, Formula, Fraction, Name, Root, Row, Scripts, Sign, Space, Words

__all__ = ["markup", "text"]

RELATIONS = frozenset("=<>≤≥≠∈")
LARGE = frozenset("∑∏")
UNDER = {"i": "ᵢ", "j": "ⱼ", "k": "ₖ", "n": "ₙ"} | dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))
PARTIAL = Name("∂")
OVER = {"′": "′", "n": "ⁿ"} | dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
NARROW = '<mspace width="0.1667em"/>'
PRIME = '<mo lspace="0" rspace="0">′</mo>'


def is_prefix(before: Formula | None) -> bool:
    """Whether a sign after `before` is that of a number, as in -x, and not an operator, as in a - x."""
    return before is None or isinstance(before, Sign | Words | Space)


def is_applied(item: Formula) -> bool:
    """Whether it is a function of what follows, as in tanh² x."""
    base = item.base if isinstance(item, Scripts) else item
    return isinstance(base, Name) and base.is_function


def is_factor(item: Formula | None) -> bool:
    """Whether it is multiplied by the factor beside it."""
    return isinstance(item, Name | Fence | Fraction | Root | Scripts | Row)


# --- MathML ---------------------------------------------------------------------------------------------------


def markup(formula: Formula) -> str:
    """The formula as elements of MathML.

    Example:
        >>> from autograd.view.formula import Fraction, Name
        >>> from autograd.view.notation import markup
        >>> markup(Fraction(Name("1"), Name("x")))
        '<mfrac><mn>1</mn><mi>x</mi></mfrac>'
    """
    match formula:
        case Name("′"):
            return PRIME
        case Name(name):
            return f"<mn>{name}</mn>" if formula.is_number else f"<mi>{escape(name)}</mi>"
        case Sign(sign):
            return f"<mo>{escape(sign)}</mo>"
        case Words(words):
            return f"<mtext>{escape(words).replace(' ', chr(160))}</mtext>"  # other spaces are dropped at the ends
        case Space():
            return '<mspace width="1em"/>'
        case Row(items):
            return f"<mrow>{_side_by_side(items)}</mrow>"
        case Fence(left, inner, right):
            return f"<mrow>{_fence(left, 'prefix')}{markup(inner)}{_fence(right, 'postfix')}</mrow>"
        case Fraction(top, bottom):
            return f"<mfrac>{markup(top)}{markup(bottom)}</mfrac>"
        case Root(inner, index):
            return f"<mroot>{markup(inner)}<mn>{index}</mn></mroot>" if index else f"<msqrt>{markup(inner)}</msqrt>"
        case Scripts(base, below, above):
            return _scripts(base, below, above)


def _fence(sign: str, form: str) -> str:
    return f'<mo fence="true" stretchy="true" form="{form}">{sign}</mo>'


def _side_by_side(items: tuple[Formula, ...]) -> str:
    elements = []
    for before, item in pairwise([None, *items]):
        if is_factor(before) and is_factor(item) and _is_apart(before, item):
            elements.append(NARROW)
        if isinstance(item, Sign) and item.text in "+−" and is_prefix(before):
            elements.append(f'<mo form="prefix">{item.text}</mo>')
        elif item is not None:
            elements.append(markup(item))
    return "".join(elements)


def _is_apart(before: Formula | None, item: Formula | None) -> bool:
    """Whether two factors need a space, as in x ln a and ln a, where 2x and σ(x) need none."""
    if before is None or item is None or (is_applied(before) and isinstance(item, Fence)):
        return False
    if isinstance(before, Scripts):  # browsers leave a space after a superscript
        return False
    return is_applied(before) or is_applied(item) or isinstance(before, Fraction)


def _scripts(base: Formula, below: Formula | None, above: Formula | None) -> str:
    parts = "".join([markup(part) for part in (base, below, above) if part is not None])
    if isinstance(base, Sign) and base.text in LARGE:
        kind = "munderover" if below and above else "munder" if below else "mover"
    else:
        kind = "msubsup" if below and above else "msub" if below else "msup"
    return f"<{kind}>{parts}</{kind}>"


# --- text -----------------------------------------------------------------------------------------------------


def text(formula: Formula) -> str:
    r"""The formula in one line of text.

    Example:
        >>> from autograd.view.formula import read
        >>> from autograd.view.notation import text
        >>> text(read(r"1 - \tanh^2 x")), text(read(r"-\frac{1}{\sqrt{1 - x^2}}")), text(read("e^{-x^2}"))
        ('1 − tanh² x', '−1 / √(1 − x²)', 'e^(−x²)')
    """
    match formula:
        case Name(shown) | Sign(shown) | Words(shown):
            return shown
        case Space():
            return " "
        case Row(items):
            return _line(items)
        case Fence(left, inner, right):
            return left + text(inner) + right
        case Fraction(top, bottom):
            return f"{_operand(top)} / {_operand(bottom)}"
        case Root(inner, index):
            return "".join([OVER[digit] for digit in index]) + "√" + _operand(inner)
        case Scripts(base, below, above):
            return _atom(base) + _script(below, "_", UNDER) + _script(above, "^", OVER)


def _line(items: tuple[Formula, ...]) -> str:
    shown = ""
    for i, item in enumerate(items):
        before = items[i - 1] if i else None
        after = items[i + 1] if i + 1 < len(items) else None
        alone = not is_factor(before) and not is_factor(after)
        piece = text(item) if alone or not isinstance(item, Fraction) else f"({text(item)})"
        if _is_relation(item) or (isinstance(item, Sign) and item.text in "+−×·" and not is_prefix(before)):
            piece = f" {piece} "
        elif is_factor(before) and is_factor(item) and _is_spaced(before, item):
            piece = f" {piece}"
        shown += piece
    return shown


def _is_relation(item: Formula) -> bool:
    return isinstance(item, Sign) and item.text in RELATIONS


def _is_spaced(before: Formula | None, item: Formula | None) -> bool:
    """Whether two factors stand apart: not so a digit and a letter, a function and its brackets, ∂ and its letter."""
    if before is None or before == PARTIAL or (is_applied(before) and isinstance(item, Fence)):
        return False
    letter = item.base if isinstance(item, Scripts) else item
    is_letter = isinstance(letter, Name) and len(letter.text) == 1 and not letter.is_function and not letter.is_number
    return not (is_letter and isinstance(before, Name) and before.is_number and len(before.text) == 1)


def _atom(formula: Formula) -> str:
    """The text in brackets unless it is one sign, one name or in brackets already."""
    return text(formula) if isinstance(formula, Name | Sign | Fence) else f"({text(formula)})"


def _operand(formula: Formula) -> str:
    """The text of what is divided or rooted: in brackets unless it is one thing, as x², √x or cosh² x."""
    if isinstance(formula, Row) and len(formula.items) == 2:
        first = formula.items[0]
        return text(formula) if is_applied(first) or first == PARTIAL else _atom(formula)
    return text(formula) if isinstance(formula, Scripts | Root) else _atom(formula)


def _script(formula: Formula | None, sign: str, raised: dict[str, str]) -> str:
    if formula is None:
        return ""
    if isinstance(formula, Name) and all(character in raised for character in formula.text):
        return "".join([raised[character] for character in formula.text])
    is_indexed = isinstance(formula, Scripts) and formula.above is None
    return sign + (text(formula) if is_indexed else _atom(formula).replace(" ", ""))
