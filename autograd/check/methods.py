"""The methods by which `gradcheck_pair` finds a derivative to compare with, beside finite differences of floats.

This file owns the verdict on a derivative that is known to nearly all digits; it must not know how it is found.
Read next: `exact.py`, the complex step and differences with many digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from .control import controlled
from .judgement import CANNOT_TELL, CORRECT, WRONG, Judgement
from .verdict import RESOLVED, total_error, within
from .windows import Window

__all__ = ["METHODS", "judge_by"]

METHODS = {"differences": "", "complex": "complex_step", "mpmath": "precise"}
"""The function of `exact` for each method; differences need none."""

UNFIT = {
    "complex": "the complex step gives no derivative here: the function is undefined, not real, or not analytic as abs",
    "mpmath": "differences with many digits give no derivative here: the function is undefined or not smooth, or a "
    "part of it is computed with floats",
}


def judge_by(
    method: str, f: Callable[[Sequence[Any]], Any], data: Sequence[float], i: int, claimed: float
) -> Judgement:
    """The verdict on a claimed derivative by coordinate i, by another method than differences.

    Args:
        method: "complex" or "mpmath".
        f: The function of all inputs.
        data: The inputs.
        i: Which of them to differentiate by.
        claimed: The derivative to be checked.

    Example:
        >>> import cmath, math
        >>> from autograd.check.methods import judge_by
        >>> judge_by("complex", lambda xs: cmath.sin(xs[0]), [1.0], 0, math.cos(1.0)).verdict
        'correct'
    """
    method_of_exact = getattr(import_module(".exact", __package__), METHODS[method])  # not loaded unless asked for
    derivative, error = method_of_exact(f, data, i)
    if not math.isfinite(derivative + error):
        return Judgement(derivative, math.inf, CANNOT_TELL, UNFIT[method])
    window = Window(0.0, derivative, error)

    def compare(claim: float) -> Judgement:
        verdict = CORRECT if within(window, claim) else WRONG
        return Judgement(derivative, total_error(window), verdict, "", total_error(window))

    judgement = compare(claimed)
    if judgement.verdict == WRONG:
        return judgement
    return controlled(judgement, claimed, RESOLVED * abs(derivative), compare)
