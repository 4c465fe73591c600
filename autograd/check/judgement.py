"""The three verdicts, and what is said of one derivative.

This file owns their names; it must not know how one is reached.
Read next: `verdict.py`, which reaches them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["CANNOT_TELL", "CORRECT", "WRONG", "Judgement"]

CORRECT, WRONG, CANNOT_TELL = "correct", "wrong", "cannot tell"


class Judgement(NamedTuple):
    """The verdict on one derivative.

    Attributes:
        numeric: The derivative by finite differences, nan if there is none.
        error: The estimate of its error, inf if there is none.
        verdict: "correct", "wrong" or "cannot tell".
        reason: Why, or what to know about it; "" if there is nothing to say.
        resolution: The smallest change of a correct derivative that was tried and rejected, upwards and downwards;
            the error where the derivative is wrong, inf where nothing can be told.
    """

    numeric: float
    error: float
    verdict: str
    reason: str = ""
    resolution: float = math.inf
