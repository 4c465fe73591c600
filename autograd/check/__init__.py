"""Why believe a gradient: differences that know their own error, mistakes called by name, engines examined.

This package owns what holds derivatives against facts; it must not know `nn`, views or the compiler.
Read next: `gradcheck.py`, the functions to call; `diagnosis`, what is probably wrong; `conformance`, which examines
somebody's own `Value` class.
"""

import sys

# `python -m autograd.check` lets the current folder come first, where somebody's random.py may lie; while Python looks
# for what to run, argv begins with "-m". The examined class is imported elsewhere: see `conformance/session.py`.
if sys.argv[:1] == ["-m"] and sys.path and "autograd.check" in sys.orig_argv:
    del sys.path[0]

from .gradcheck import assert_gradients, gradcheck, gradcheck_module, gradcheck_pair
from .nodes import gradcheck_nodes
from .result import GradcheckResult, GradientError, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .conformance import Report, examine
    from .diagnosis import Diagnosis, diagnose

__all__ = [
    "Diagnosis",
    "GradcheckResult",
    "GradientError",
    "Report",
    "Row",
    "assert_gradients",
    "diagnose",
    "examine",
    "gradcheck",
    "gradcheck_module",
    "gradcheck_nodes",
    "gradcheck_pair",
]

# Names that are loaded on first use: a check that finds nothing wrong needs none of them.
_LAZY = {"Diagnosis": "diagnosis", "Report": "conformance", "diagnose": "diagnosis", "examine": "conformance"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
