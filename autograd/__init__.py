"""Scalar reverse-mode automatic differentiation: `Value`s that remember how they were computed.

This file re-exports the public names and holds nothing else but a look for HIPS autograd, whose import name is
the same; it must import nothing heavy. Read next: `engine.py`.
"""

import os
import warnings

from . import copying  # which attaches copy and pickle to Value
from .derivatives import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from .engine import Op, Value, no_grad
from .errors import (
    AutogradError, DivisionByZeroError, DomainError, NotFiniteWarning, PathsWarning, ShapeError, StaleGraphError,
    TraceError,
)  # fmt: skip
from .functions import (
    OPS, acos, acosh, asin, asinh, atan, atan2, atanh, binary_cross_entropy_with_logits, cbrt, ceil, celu, clip, cos,
    cosh, cross_entropy_with_logits, dot, elu, erf, erfc, exp, exp2, expm1, floor, gelu, hard_sigmoid, hard_tanh,
    hypot, leaky_relu, log, log10, log1p, log2, log_sigmoid, log_softmax, logaddexp, logsumexp, maximum, mean,
    minimum, mish, norm, prelu, prod, reciprocal, relu, selu, sigmoid, sign, silu, sin, sinh, softmax, softplus,
    softsign, sqrt, square, step, swish, tan, tanh, where,
)  # fmt: skip
from .functions import abs as abs, max as max, min as min, pow as pow, round as round, sum as sum  # not in __all__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .check import assert_gradients, gradcheck, gradcheck_module, gradcheck_nodes, gradcheck_pair
    from .compiler.compiled import compile as compile
    from .view import draw, draw_network, explain, layout_network, print_tree, replay, watch

__version__ = "0.1.0"

__all__ = [
    "AutogradError", "DivisionByZeroError", "DomainError", "NotFiniteWarning", "OPS", "Op", "PathsWarning",
    "ShapeError", "StaleGraphError", "TraceError", "Value",
    "acos", "acosh", "asin", "asinh", "assert_gradients", "atan", "atan2", "atanh",
    "binary_cross_entropy_with_logits", "cbrt", "ceil", "celu", "clip", "cos", "cosh", "cross_entropy_with_logits",
    "dot", "draw", "draw_network", "elu", "erf", "erfc", "exp", "exp2", "explain", "expm1", "floor", "gelu", "grad",
    "gradcheck", "gradcheck_module", "gradcheck_nodes", "gradcheck_pair", "gradients", "hard_sigmoid", "hard_tanh",
    "hessian", "hvp", "hypot", "jacobian", "jvp", "layout_network", "leaky_relu", "log", "log10", "log1p", "log2",
    "log_sigmoid", "log_softmax", "logaddexp", "logsumexp", "maximum", "mean", "minimum", "mish", "no_grad", "norm",
    "prelu", "print_tree", "prod", "reciprocal", "relu", "replay", "selu", "sigmoid", "sign", "silu", "sin", "sinh",
    "softmax", "softplus", "softsign", "sqrt", "square", "step", "swish", "tan", "tanh", "value_and_grad", "vjp",
    "watch", "where",
]  # fmt: skip

# Names that are loaded on first use, so that `import autograd` stays light.
_LAZY = {
    "assert_gradients": "check",
    "compile": "compiler.compiled",
    "draw": "view",
    "draw_network": "view",
    "explain": "view",
    "gradcheck": "check",
    "gradcheck_module": "check",
    "gradcheck_nodes": "check",
    "gradcheck_pair": "check",
    "layout_network": "view",
    "print_tree": "view",
    "replay": "view",
    "watch": "view",
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
