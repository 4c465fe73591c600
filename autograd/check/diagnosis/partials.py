"""The catalogue: mistakes in the local partial of one operation, and in its product with the arrived gradient.

This file owns these entries, the more particular ones first; it must not know how one is found.
Read next: `rules.py`, the right rules in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .mistakes import Mistake, Way
from .model import At

__all__ = ["BY_KEY", "PARTIALS"]

LOCAL = "local derivatives: every operation knows the derivative of its result by each of its operands"
CHAIN = "chain rule: an operand receives the local partial times the gradient that has arrived at the result"
SOLUTION = """\
the local partial of `{op}` by its {operand} is {rule}. In the style of closures:
{line}
An engine with stored local gradients stores {rule}."""
PLACE = "in the backward step of `{op}`, the line for the {operand}."


def local(partial: Callable[[At], float], text: str, *ops: str, position: int | None = None) -> Way:
    """A wrong local partial, in the right place of the chain rule."""
    return Way(partial, text, ops, position, local=True)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


PARTIALS = (
    Mistake(
        "relu-mask-by-grad",
        "`relu` lets a gradient through by the sign of the gradient, not of its input",
        "relu passes a gradient on where its input was positive, whatever the gradient is",
        ("what should relu' be for a positive input when the arriving gradient is negative?", PLACE,
         "the mask asks the data: `self.grad += (out.data > 0) * out.grad`."),
        ways=(
            Way(lambda s: s.arrived if s.arrived > 0 else 0.0, "1 if the gradient > 0", ("relu",)),
            Way(lambda s: s.arrived if s.arrived > 0 and s.x > 0 else 0.0, "1 if x and the gradient > 0", ("relu",)),
        ),
    ),
    Mistake(
        "relu-mask-missing",
        "`relu` passes every gradient on, also where its input was negative",
        "relu is flat for negative inputs: its derivative there is 0",
        ("what is the slope of relu at -2?", PLACE,
         "where the input was not positive nothing arrives: `self.grad += (out.data > 0) * out.grad`."),
        ways=(local(lambda s: 1.0, "1", "relu"),),
    ),
    Mistake(
        "relu-mask-reversed",
        "`relu` passes the gradient on where its input was negative, and stops it where it was positive",
        "relu has the slope 1 for positive inputs and 0 for negative ones",
        ("draw relu. Where is it flat?", PLACE, "the comparison is the other way round: `(out.data > 0) * out.grad`."),
        ways=(local(lambda s: 0.0 if s.x > 0 else 1.0, "0 if x > 0 else 1", "relu"),),
    ),
    Mistake(
        "tanh-without-square",
        "the square is missing in the derivative of `tanh`",
        LOCAL,
        ("at 0 both forms are 1. What should the slope of tanh be far on the left, where y is nearly -1?", PLACE,
         SOLUTION),
        ways=(local(lambda s: 1 - s.y, "1 - y", "tanh"),),
    ),
    Mistake(
        "tanh-sign-inside",
        "a sign inside the derivative of `{op}` is wrong",
        LOCAL,
        ("tanh gets flatter as y nears 1, and the sigmoid too. Does your rule say so?", PLACE, SOLUTION),
        ways=(
            local(lambda s: 1 + s.y**2, "1 + y²", "tanh"),
            local(lambda s: 1 - s.y**2, "1 - y²", "tan"),
            local(lambda s: 1 / (1 - s.x**2), "1/(1 - x²)", "atan"),
            local(lambda s: 1 / (1 + s.x**2), "1/(1 + x²)", "atanh"),
        ),
    ),
    Mistake(
        "tanh-sigmoid-swapped",
        "the derivative of `{op}` is that of the other S-shaped function",
        LOCAL,
        ("tanh and the sigmoid look alike, but what are their slopes at 0?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.y * (1 - s.y), "y(1 - y)", "tanh"),
            local(lambda s: 1 - s.y**2, "1 - y²", "sigmoid"),
        ),
    ),
    Mistake(
        "sigmoid-half",
        "a factor of the derivative of `sigmoid` is missing",
        LOCAL,
        ("the slope of the sigmoid is nearly 0 on the far left and on the far right. Does your rule say so?", PLACE,
         SOLUTION),
        ways=(local(lambda s: s.y, "y", "sigmoid"), local(lambda s: 1 - s.y, "1 - y", "sigmoid")),
    ),
    Mistake(
        "sigmoid-plus",
        "a sign inside the derivative of `sigmoid` is wrong",
        LOCAL,
        ("the sigmoid gets flatter as y nears 1. Does your rule say so?", PLACE, SOLUTION),
        ways=(local(lambda s: s.y * (1 + s.y), "y(1 + y)", "sigmoid"),),
    ),
    Mistake(
        "exp-as-power",
        "the power rule is applied to `{op}`, whose exponent is the variable",
        "the power rule is for x^n with a constant n; in e^x the exponent varies",
        ("what stands still in e^x: the base or the exponent?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.x * math.exp(s.x - 1), "x·e^(x-1)", "exp"),
            local(lambda s: s.x * 2 ** (s.x - 1), "x·2^(x-1)", "exp2"),
            local(lambda s: s.xs[1] * s.xs[0] ** (s.xs[1] - 1), "b·a^(b-1)", "pow", position=1),
        ),
    ),
    Mistake(
        "relu-value-for-mask",
        "`relu` multiplies by its value, where only the sign of the input matters",
        "relu has the slope 1 for all positive inputs, whatever their size",
        ("how steep is relu at 5, and how steep at 50?", PLACE,
         "the mask is 0 or 1: `self.grad += (out.data > 0) * out.grad`."),
        ways=(local(lambda s: s.y, "y", "relu"), local(lambda s: s.x, "x", "relu")),
    ),
    Mistake(
        "exp-log-swapped",
        "the derivative of `{op}` belongs to the inverse function",
        LOCAL,
        ("which function is its own derivative: the exponential or the logarithm?", PLACE, SOLUTION),
        ways=(
            local(lambda s: 1 / s.x, "1/x", "exp", "expm1"),
            local(lambda s: math.exp(s.x), "e^x", "log"),
            local(lambda s: s.y, "y", "log"),
            local(lambda s: math.log(s.x), "ln x", "exp"),
        ),
    ),
    Mistake(
        "input-for-output",
        "the derivative of `{op}` is computed from the input, but the rule is in terms of the result",
        LOCAL + "; some rules are short when written with the result y in place of the input x",
        ("in the rule that you copied, does the letter stand for the input or for the result?", PLACE, SOLUTION),
        ways=(
            local(lambda s: 1 - s.x**2, "1 - x²", "tanh"),
            local(lambda s: s.x * (1 - s.x), "x(1 - x)", "sigmoid"),
            local(lambda s: s.x, "x", "exp"),
            local(lambda s: 1 + s.x**2, "1 + x²", "tan"),
            local(lambda s: 1 / (2 * s.x), "1/(2x)", "sqrt"),
            local(lambda s: s.x * math.log(2), "x·ln 2", "exp2"),
            local(lambda s: s.x + 1, "x + 1", "expm1"),
            local(lambda s: 1 / (3 * s.x**2), "1/(3x²)", "cbrt"),
            local(lambda s: _sigmoid(s.x) * (1 - s.x), "s(1 - x)", "sigmoid"),
        ),
    ),
    Mistake(
        "output-for-input",
        "the derivative of `{op}` is computed from the result, but the rule is in terms of the input",
        LOCAL + "; a rule such as 1/x means the input x",
        ("in the rule that you copied, does the letter stand for the input or for the result?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.y, "y", "mul"),
            local(lambda s: 1 / s.y, "1/y", "log"),
            local(lambda s: math.cos(s.y), "cos y", "sin"),
            local(lambda s: -math.sin(s.y), "-sin y", "cos"),
            local(lambda s: 2 * s.y, "2y", "square"),
            local(lambda s: -1 / s.y**2, "-1/y²", "reciprocal"),
            local(lambda s: 1 / (s.y * math.log(2)), "1/(y·ln 2)", "log2"),
            local(lambda s: 1 / (s.y * math.log(10)), "1/(y·ln 10)", "log10"),
            local(lambda s: 1 / (1 + s.y), "1/(1 + y)", "log1p"),
            local(lambda s: 1 / (1 + s.y**2), "1/(1 + y²)", "atan"),
            local(lambda s: s.xs[1] * s.y ** (s.xs[1] - 1), "b·y^(b-1)", "pow", position=0),
            local(lambda s: math.cosh(s.y), "cosh y", "sinh"),
            local(lambda s: math.sinh(s.y), "sinh y", "cosh"),
        ),
    ),
    Mistake(
        "sin-cos-swapped",
        "the derivative of `{op}` is the function itself",
        LOCAL,
        ("where does the curve of the function have its top? What is the slope there?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.y, "y", "sin", "cos", "sinh", "cosh"),
            local(lambda s: -s.y, "-y", "sin", "cos", "sinh", "cosh"),
        ),
    ),
    Mistake(
        "pow-exponent-off-by-one",
        "the exponent in the derivative of `**` is off by one",
        "power rule",
        ("what is the derivative of x³ at 2: 6, 12 or 24?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.xs[1] * s.y, "b·a^b", "pow", position=0),
            local(lambda s: s.xs[1] * s.xs[0] ** (s.xs[1] - 2), "b·a^(b-2)", "pow", position=0),
            local(lambda s: s.xs[1] * s.xs[0] ** (s.xs[1] + 1), "b·a^(b+1)", "pow", position=0),
            local(lambda s: 2 * s.x**2, "2x²", "square"),
        ),
    ),
    Mistake(
        "pow-factor-missing",
        "the exponent does not come down as a factor in the derivative of `**`",
        "power rule",
        ("what is the derivative of x³ at 1: 1 or 3?", PLACE, SOLUTION),
        ways=(local(lambda s: s.xs[0] ** (s.xs[1] - 1), "a^(b-1)", "pow", position=0),),
    ),
    Mistake(
        "pow-factor-off-by-one",
        "the factor in the derivative of `**` is off by one: it is the exponent itself",
        "power rule",
        ("what is the derivative of x³ at 1: 2, 3 or 4?", PLACE, SOLUTION),
        ways=(
            local(lambda s: (s.xs[1] - 1) * s.xs[0] ** (s.xs[1] - 1), "(b-1)·a^(b-1)", "pow", position=0),
            local(lambda s: (s.xs[1] + 1) * s.xs[0] ** (s.xs[1] - 1), "(b+1)·a^(b-1)", "pow", position=0),
        ),
    ),
    Mistake(
        "base-factor-missing",
        "the logarithm of the base is missing in the derivative of `{op}`",
        "exponentials and logarithms of other bases than e: a factor ln(base) comes in",
        ("for which base would your rule be right?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.y, "y", "exp2"),
            local(lambda s: 1 / s.x, "1/x", "log2", "log10"),
            local(lambda s: s.y, "y", "pow", position=1),
            local(lambda s: s.y * math.log(s.xs[1]), "y·ln b", "pow", position=1),
            local(lambda s: math.log(s.xs[0]), "ln a", "pow", position=1),
        ),
    ),
    Mistake(
        "base-factor-inverted",
        "the logarithm of the base stands on the wrong side of the fraction in the derivative of `{op}`",
        "exponentials and logarithms of other bases than e: a factor ln(base) comes in",
        ("which grows faster at 0: 2^x or e^x?", PLACE, SOLUTION),
        ways=(
            local(lambda s: s.y / math.log(2), "y/ln 2", "exp2"),
            local(lambda s: math.log(2) / s.x, "ln 2/x", "log2"),
            local(lambda s: math.log(10) / s.x, "ln 10/x", "log10"),
            local(lambda s: s.y / math.log(s.xs[0]), "y/ln a", "pow", position=1),
        ),
    ),
    Mistake(
        "div-without-square",
        "the divisor is not squared in the derivative of `/` by it",
        "quotient rule",
        ("is the derivative of 1/b by b the same as -1/b?", PLACE, SOLUTION),
        ways=(
            local(lambda s: -s.xs[0] / s.xs[1], "-a/b", "div", position=1),
            local(lambda s: s.xs[0] / s.xs[1], "a/b", "div", position=1),
            local(lambda s: -1 / s.x, "-1/x", "reciprocal"),
        ),
    ),
    Mistake(
        "div-without-numerator",
        "the numerator is missing in the derivative of `/` by the divisor",
        "quotient rule",
        ("if a doubles, what happens to the slope of a/b as b changes?", PLACE, SOLUTION),
        ways=(
            local(lambda s: -1 / s.xs[1] ** 2, "-1/b²", "div", position=1),
            local(lambda s: 1 / s.xs[1] ** 2, "1/b²", "div", position=1),
        ),
    ),
    Mistake(
        "root-missing",
        "the square root is missing in the derivative of `{op}`",
        LOCAL,
        ("check your rule close to the edge of the domain: how steep is the curve there?", PLACE, SOLUTION),
        ways=(
            local(lambda s: 1 / (1 - s.x**2), "1/(1 - x²)", "asin"),
            local(lambda s: -1 / (1 - s.x**2), "-1/(1 - x²)", "acos"),
            local(lambda s: 1 / (s.x**2 + 1), "1/(x² + 1)", "asinh"),
            local(lambda s: 1 / (s.x**2 - 1), "1/(x² - 1)", "acosh"),
        ),
    ),
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

BY_KEY = {mistake.key: mistake for mistake in PARTIALS}
