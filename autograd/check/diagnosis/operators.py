"""The catalogue: mistakes in values, in operands and in which operands an operator takes.

This file owns these entries; it must not know how one is found.
Read next: `values.py`, which finds them.
"""

from __future__ import annotations

from .mistakes import Mistake

__all__ = ["OPERATORS", "UNEXPLAINED"]

VALUES = "forward pass: a Value computes what the plain numbers would"
REFLECTED = "reflected operators: for `2 - a` Python calls `a.__rsub__(2)`; the operands stay in the written order"

OPERATORS = (
    Mistake(
        "operand-changed",
        "`{op}` changes the data of its operand",
        "an operation makes a new node and leaves its operands as they are",
        ("what does the input hold after the operation?", "the forward part of `{op}`.",
         "compute into a new object: `out = Value(self.data ... other.data)`, never `self.data += ...`."),
    ),
    Mistake(
        "sum-over-set",
        "a sum over a list in which an operand stands twice counts it once",
        VALUES + "; an operand that stands twice counts twice",
        ("what is sum([a, a, b])?", "where `sum` collects its operands: is that a set?",
         "keep the operands in a tuple or a list, duplicates included."),
    ),
    Mistake(
        "rsub-reversed",
        "`number - a` is computed as `a - number`",
        REFLECTED,
        ("what is 5 - 2, and what do you get?", "`__rsub__`.", "`def __rsub__(self, other): return other + (-self)`"),
    ),
    Mistake(
        "rtruediv-reversed",
        "`number / a` is computed as `a / number`",
        REFLECTED,
        ("what is 5 / 2, and what do you get?", "`__rtruediv__`.",
         "`def __rtruediv__(self, other): return other * self**-1`"),
    ),
    Mistake(
        "rpow-reversed",
        "`number ** a` is computed as `a ** number`",
        REFLECTED,
        ("what is 3 ** 2, and what do you get?", "`__rpow__`.",
         "`def __rpow__(self, other): return Value(other) ** self`"),
    ),
    Mistake(
        "wrong-value",
        "`{op}` computes a wrong value",
        VALUES,
        ("compare with the same line in plain numbers.", "the forward part of `{op}`.",
         "compute `{symbol}` of the operands' data, as Python or `math` does."),
    ),
    Mistake(
        "called-not-stored",
        "the backward step of `{op}` is called when the node is made, in place of being stored for later",
        "a closure is a function that waits: it runs in the backward pass, when the gradient has arrived",
        ("at which moment does the function run?", "the line that attaches the inner function to the node.",
         "without the parentheses: `out._backward = _backward`."),
    ),
    Mistake(
        "constants-not-lifted",
        "a plain number as an operand fails",
        "numbers in expressions are constants: nodes without a gradient of interest",
        ("of which type is the other operand?", "the operators, before they read `other.data`.",
         "make a Value of it first: `other = other if isinstance(other, Value) else Value(other)`."),
    ),
    Mistake(
        "reflected-missing",
        "a plain number on the left of the operator fails",
        REFLECTED,
        ("which method does Python look for when the left operand is an int?", "`{method}` is missing or fails.",
         "add the reflected methods: `__radd__`, `__rsub__`, `__rmul__`, `__rtruediv__`, as "
         "`def __radd__(self, other): return self + other`."),
        "complete",
    ),
)  # fmt: skip

UNEXPLAINED = Mistake(
    "unexplained",
    "something is wrong that no known mistake explains",
    "checking by hand: the smallest program that goes wrong says most",
    ("follow the program by hand, line by line. Which is the first number that is not yours?",
     "what this program does that smaller ones, which are right, do not.",
     "there is none: this mistake is not in the catalogue."),
)  # fmt: skip
