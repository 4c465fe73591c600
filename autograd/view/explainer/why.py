"""Why an operation passes the gradient on as it does, and what holds at its kinks: one plain sentence each.

This file owns these sentences and when a point is at a kink of the table; it must not know graphs or formats.
Read next: `kinks.py`, which tells the conventions with the names of the operands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ...engine import Op

__all__ = ["conventions", "reason"]

SUM = "A sum passes the gradient on to every operand unchanged: it grows by 1 where an operand does."
PRODUCT = "In a product each operand is scaled by the others: they say how much a change of it counts."
SAME = "The slope of the curve at this point: for small changes, how many times as much the result changes."
SQUASH = "A squashing curve: steep in the middle, flat at both ends, where it passes hardly any gradient on."
GATE = "A gate: on one side the gradient passes unchanged, on the other nothing does."
LEAKY = "A gate that leaks: on one side the gradient passes unchanged, on the other a part of it."
STEPS = "Flat between its jumps: a small change of the operand changes nothing, so no gradient passes."
PICK = "The operand that was picked gets the whole gradient, the others get none; ties share it equally."
GROWTH = "An exponential grows at a rate proportional to itself."
SHRINK = "A logarithm counts relative change: the smaller the operand, the more a given change of it matters."
LENGTH = "A length grows fastest along its largest component: each gets its share of the direction."
SMOOTH = "A smooth gate: it changes gradually from passing nothing on to passing everything."

REASONS = {
    SUM: ("add", "sum", "pos"),
    "A difference passes the gradient on to the first operand unchanged, and to the second with the sign turned.": (
        "sub",
    ),
    "The sign is turned, and nothing else.": ("neg",),
    "A mean passes an equal part of the gradient on to every operand.": ("mean",),
    PRODUCT: ("mul", "prod"),
    "A weighted sum: a weight is scaled by its input, an input by its weight, and the bias counts once.": ("dot",),
    "The numerator is scaled by 1 / denominator; a larger denominator makes the quotient smaller.": ("div",),
    "The larger the operand, the smaller its reciprocal.": ("reciprocal",),
    "The power rule: the exponent comes down as a factor; by the exponent it is an exponential.": ("pow",),
    "The power rule: the exponent comes down as a factor.": ("square",),
    "A root is steep near 0 and flat far away.": ("sqrt", "cbrt"),
    GROWTH: ("exp", "expm1", "exp2"),
    SHRINK: ("log", "log1p", "log2", "log10"),
    SQUASH: ("tanh", "sigmoid", "softsign", "atan", "erf", "erfc"),
    GATE: ("relu", "clip", "hard_sigmoid", "hard_tanh"),
    LEAKY: ("leaky_relu", "prelu", "elu", "celu", "selu"),
    SMOOTH: ("silu", "mish", "gelu", "gelu_tanh", "softplus", "log_sigmoid"),
    STEPS: ("sign", "floor", "ceil", "round", "step"),
    "The slope is 1 to the right of 0 and -1 to the left.": ("abs",),
    "The chosen operand gets the whole gradient; the other one and the condition get none.": ("where",),
    PICK: ("max", "min", "maximum", "minimum"),
    "A smooth maximum: each operand gets its softmax share of the gradient.": ("logsumexp", "logaddexp"),
    LENGTH: ("norm", "hypot"),
    SAME: ("sin", "cos", "tan", "asin", "acos", "sinh", "cosh", "asinh", "acosh", "atanh"),
    "An angle changes with a step across the direction of the point, less if the point is far away.": ("atan2",),
    "By the logit it is prediction less target: the error itself.": ("binary_cross_entropy_with_logits",),
}
SENTENCES = {name: sentence for sentence, ops in REASONS.items() for name in ops}

Numbers = Sequence[float]
KINKS: dict[str, Callable[[float, Numbers], bool]] = {  # y, xs: whether the point is there; by the table's words
    "x = 0": lambda y, xs: xs[0] == 0,
    "x = 1": lambda y, xs: xs[0] == 1,
    "x = ±1": lambda y, xs: abs(xs[0]) == 1,
    "x = ±3": lambda y, xs: abs(xs[0]) == 3,
    "a < 0": lambda y, xs: xs[0] < 0,
    "a = 0": lambda y, xs: xs[0] == 0,
    "b = 0": lambda y, xs: xs[1] == 0,
    "a = b = 0": lambda y, xs: not any(xs),
    "all x = 0": lambda y, xs: not any(xs),
    "x = y = 0": lambda y, xs: not any(xs),
    "x < 0, y = 0": lambda y, xs: xs[0] == 0 and xs[1] < 0,  # atan2(y, x)
    "ties": lambda y, xs: sum([x == y for x in xs]) > 1,
    "x = low, x = high": lambda y, xs: xs[0] in xs[1:],
    "whole x": lambda y, xs: xs[0] == math.floor(xs[0]) if math.isfinite(xs[0]) else False,
    "x halfway between whole numbers": lambda y, xs: math.isfinite(xs[0]) and xs[0] % 1 == 0.5,
    "where the condition changes": lambda y, xs: xs[0] == 0,
}


def reason(op: Op) -> str:
    """Why the local derivatives of an operation are what they are.

    Example:
        >>> from autograd import relu
        >>> reason(relu)
        'A gate: on one side the gradient passes unchanged, on the other nothing does.'
    """
    return SENTENCES.get(op.name, SAME)


def conventions(op: Op, y: float, xs: Numbers) -> list[tuple[str, str]]:
    """The kinks that the point lies at, each with the convention that holds there, in the table's words.

    A kink in words that are unknown here, as an operation of your own may have, is told at every point.

    Example:
        >>> from autograd import relu
        >>> conventions(relu, 0.0, [0.0]), conventions(relu, 1.0, [1.0])
        ([('x = 0', 'the derivative is 0')], [])
    """
    return [(where, told) for where, told in op.kinks.items() if KINKS.get(where, _always)(y, xs)]


def _always(y: float, xs: Numbers) -> bool:
    return True
