"""Why believe a gradient: finite differences that know their own error, and a verdict of three kinds.

This package owns the comparison of gradients with differences; it must not know `nn`, views or the compiler.
Read next: `gradcheck.py`, the functions to call.
"""

from .gradcheck import assert_gradients, gradcheck, gradcheck_module, gradcheck_pair
from .result import GradcheckResult, GradientError, Row

__all__ = [
    "GradcheckResult",
    "GradientError",
    "Row",
    "assert_gradients",
    "gradcheck",
    "gradcheck_module",
    "gradcheck_pair",
]
