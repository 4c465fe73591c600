"""The rule of a factor and the arithmetic of a node, as pieces of an explanation.

This file owns how the table's formulas and numbers get into explanations; it must not know how they are converted.
Read next: `chain.py`, which puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...engine import Op, Value
from ..text import number_text, short_number
from .document import Code, Formula
from .names import visible

__all__ = ["computed", "factor_number", "formula", "operand_text", "sign_safe"]

SHOWN = 8  # operands of a sum or a dot product; of more, the first and the last ones


def formula(op: Op, position: int, count: int) -> Formula:
    """The local derivative by one operand, as the table states it."""
    text = visible((op.latex or ("",))[min(position, len(op.latex) - 1)])
    return Formula(text, text, "")


def computed(v: Value, write: Callable[[Value | float], str]) -> Code:
    """What a node computes, with each operand as `write` gives it."""
    op, operands = v.op, v.operands
    if op is None:
        return Code("")
    if len(operands) > SHOWN:
        texts = [write(x) for x in [*operands[: SHOWN - 3], *operands[-2:]]]
        return Code(f"{visible(op.name)}({', '.join([*texts[: SHOWN - 3], '…', *texts[SHOWN - 3 :]])})")
    return Code(arithmetic(op, [write(x) for x in operands]))


def arithmetic(op: Op, operands: Sequence[str]) -> str:
    template = op.code or visible(op.name) + "(" + ", ".join(["{}"] * len(operands)) + ")"
    return template.format(*operands)


def operand_text(names: dict[Value, str]) -> Callable[[Value | float], str]:
    """How operands are written: by name, or as the number that they are."""

    def write(x: Value | float) -> str:
        if isinstance(x, Value):
            return names.get(x) or sign_safe(number_text(x.data))
        return sign_safe(short_number(x))

    return write


def factor_number(x: float) -> str:
    """A number that stands in a product or a sum: a negative one in brackets."""
    return sign_safe(number_text(x))


def sign_safe(text: str) -> str:
    """A number's text, in brackets if it begins with a sign."""
    return f"({text})" if text.startswith("-") else text
