"""The catalogue: mistakes in the local partials of powers, exponentials, logarithms of other bases, and quotients.

This file owns these entries; it must not know how one is found.
Read next: `partials_anywhere.py`, mistakes that any operation may make.
"""

from __future__ import annotations

import math

from .mistakes import Mistake
from .partials_common import PLACE, SOLUTION, local

__all__ = ["IN_POWERS"]


IN_POWERS = (
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
        "the factor in the derivative of `**` is off by one",
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
)  # fmt: skip
