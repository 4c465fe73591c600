"""The rules of the table as expressions: what a rule computes, written down instead of computed.

This package owns the third reading of a rule, on symbols instead of floats or Values; it must not know for whom it is,
a language, an array library or a page. Nothing is simplified: an expression gives bit for bit what the rule gives.
Read next: `terms.py`, what there is in an expression; `reading.py`, how a rule is read; `symbols.py`, what it runs on.
"""

from .primitives import primitive
from .reading import forward_expression, partial_expressions
from .terms import (
    Apply,
    Both,
    Choice,
    Comparison,
    Condition,
    Either,
    Expression,
    Number,
    Operand,
    Part,
    Result,
    Terms,
    Undefined,
    Untraceable,
    in_order,
    parts,
)

__all__ = [
    "Apply", "Both", "Choice", "Comparison", "Condition", "Either", "Expression", "Number", "Operand", "Part", "Result",
    "Terms", "Undefined", "Untraceable", "forward_expression", "in_order", "partial_expressions", "parts",
    "primitive",
]  # fmt: skip
