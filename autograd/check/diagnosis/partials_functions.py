"""The catalogue: mistakes in the local partials of functions, such as tanh and exp.

This file owns these entries; it must not know how one is found.
Read next: `partials_powers.py`, powers and quotients.
"""

from __future__ import annotations

import math

from .mistakes import Mistake, Way
from .partials_common import LOCAL, PLACE, SOLUTION, local

__all__ = ["IN_FUNCTIONS"]


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


IN_FUNCTIONS = (
    Mistake(
        "relu-mask-by-grad",
        "`relu` lets a gradient through by the sign of the gradient",
        "a local partial belongs to the point of the forward pass: it does not know what arrives later",
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
        "relu-value-for-mask",
        "`relu` multiplies the gradient by its value",
        "a local partial is the slope of the function at the point of the forward pass",
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
)  # fmt: skip
