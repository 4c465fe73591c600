"""The catalogue: mistakes that any operation may make, in its local partials or in the chain rule.

This file owns these entries; it must not know how one is found.
Read next: `partials.py`, the order of all of them.
"""

from __future__ import annotations

from .mistakes import Mistake, Way
from .partials_common import CHAIN, LOCAL, PLACE, SOLUTION, local

__all__ = ["ANYWHERE"]


ANYWHERE = (
    Mistake(
        "swapped-operands",
        "the two operands of `{op}` receive each other's derivative",
        LOCAL,
        ("is the derivative of `a {symbol} b` by a the same as that by b?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.partials[1 - s.i], "the partial by the other operand",
                  "mul", "div", "pow", "maximum", "minimum"),
        ),
    ),
    Mistake(
        "sign",
        "the sign of the derivative of `{op}` is wrong",
        LOCAL,
        ("if the operand grows a little, does the result grow or shrink?", PLACE, SOLUTION),
        ways=(local(lambda s: -s.partial, "the negative of {rule}"),),
    ),
    Mistake(
        "factor-two",
        "the derivative of `{op}` is wrong by a factor of 2",
        LOCAL,
        ("move the operand by 0.001 and watch the result: by how much does it move?", PLACE, SOLUTION),
        ways=(
            local(lambda s: 2 * s.partial, "twice {rule}"),
            local(lambda s: 0.5 * s.partial, "half of {rule}"),
        ),
    ),
    Mistake(
        "inexact-constant",
        "the derivative of `{op}` is nearly right: a number in it has too few digits",
        "constants such as π, e and ln 2 have no end of digits; a float keeps about 16 of them",
        ("which constants stand in your rule, and how many of their digits?", PLACE,
         "take constants from `math`, not from memory: `math.pi`, `math.e`, `math.log(2)`, `math.sqrt(2)`; where the "
         "rule has no such constant, look for a small number that was added and forgotten."),
    ),
    Mistake(
        "missing-chain-factor",
        "`{op}` hands on its local partial without the gradient that has arrived",
        CHAIN,
        ("if the result counts four times in what comes after, how often does the operand count?", PLACE,
         "multiply by the gradient of the result. In the style of closures:\n{line}"),
        ways=(Way(lambda s: s.partial, "{rule} without the arrived gradient"),),
    ),
    Mistake(
        "added-chain-factor",
        "`{op}` adds the arrived gradient to its local partial, in place of multiplying by it",
        CHAIN,
        ("rates of change of nested functions: do they add or multiply?", PLACE,
         "multiply by the gradient of the result. In the style of closures:\n{line}"),
        ways=(Way(lambda s: s.partial + s.arrived, "{rule} plus the arrived gradient, not times it,"),),
    ),
    Mistake(
        "derivative-zero",
        "no gradient reaches the {operand} of `{op}`",
        "every operand that the result depends on receives its part",
        ("move the operand a little: does the result move?", PLACE + " Is it there, and is the operand recorded?",
         "record the operand, and give it its part. In the style of closures:\n{line}"),
        ways=(Way(lambda s: 0.0, "0"),),
    ),
    Mistake(
        "derivative-one",
        "`{op}` hands the arrived gradient on unchanged: its own derivative is left out",
        CHAIN,
        ("what would have to be true of an operation that passes gradients on unchanged?", PLACE, SOLUTION),
        ways=(local(lambda s: 1.0, "1"),),
    ),
    Mistake(
        "reciprocal",
        "the derivative of `{op}` is upside down",
        LOCAL,
        ("is what you have the derivative of the result by the operand, or of the operand by the result?", PLACE,
         SOLUTION),
        ways=(local(lambda s: 1 / s.partial, "one over {rule}"),),
    ),
    Mistake(
        "chain-factor-squared",
        "`{op}` multiplies by the arrived gradient twice",
        CHAIN,
        ("how often does the gradient of the result belong into the product?", PLACE,
         "multiply by the gradient of the result once. In the style of closures:\n{line}"),
        ways=(Way(lambda s: s.partial * s.arrived**2, "{rule} times the square of the arrived gradient"),),
    ),
    Mistake(
        "function-for-derivative",
        "the derivative of `{op}` is the function itself",
        LOCAL,
        ("for which function is the derivative equal to the function?", PLACE, SOLUTION),
        ways=(local(lambda s: s.y, "y"),),
    ),
    Mistake(
        "operand-for-derivative",
        "the derivative of `{op}` is an operand's data",
        LOCAL,
        ("what does the local partial depend on?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.xs[s.i], "the data of the operand"),
            local(lambda s: s.xs[1 - s.i], "the data of the other operand", "add", "sub", "div", "pow"),
        ),
    ),
)  # fmt: skip
