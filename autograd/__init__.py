"""Scalar reverse-mode automatic differentiation: `Value`s that remember how they were computed.

This file re-exports the public names and holds nothing else but a look for HIPS autograd, whose import name is
the same; it must import nothing heavy. Read next: `engine.py`.
"""

import os
import warnings

from .engine import Op, Value, no_grad
from .errors import AutogradError, DivisionByZeroError, DomainError, ShapeError, StaleGraphError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .check import assert_gradients, gradcheck, gradcheck_module
    from .view import draw

__version__ = "0.1.0"

__all__ = [
    "AutogradError",
    "DivisionByZeroError",
    "DomainError",
    "Op",
    "ShapeError",
    "StaleGraphError",
    "Value",
    "assert_gradients",
    "draw",
    "gradcheck",
    "gradcheck_module",
    "no_grad",
]

# Names that are loaded on first use, so that `import autograd` stays light.
_LAZY = {
    "assert_gradients": "check",
    "draw": "view",
    "gradcheck": "check",
    "gradcheck_module": "check",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})


# HIPS autograd is the distribution `autograd` on PyPI. Files of it beside ours mean that both are installed.
if any(os.path.exists(os.path.join(os.path.dirname(__file__), name)) for name in ("tracer.py", "numpy/__init__.py")):
    warnings.warn(
        "HIPS autograd (the distribution `autograd`) is installed in the same place as scalar-autograd, and its "
        "`import autograd` now finds this package. Keep one of them per environment. To keep scalar-autograd: "
        "`pip uninstall autograd`, then `pip install --force-reinstall scalar-autograd`.",
        stacklevel=2,
    )
