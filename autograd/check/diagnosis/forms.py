"""How engines compose one operation of others: `a - b` as `a + (-b)`, `a / b` as `a * b ** -1`, the sigmoid by `exp`.

This file owns these forms, all of them right; it must not know of mistakes. Read next: `model.py`, which applies them.

With everything right a form cannot be told from the operation itself. It matters when something is wrong: then it says
which other operations a mistake reaches.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .model import Form, Key, Model

__all__ = ["FORMS", "ORDER", "REVERSED"]


def _add(m: Model, a: Any, b: Any) -> Any:
    return m.apply("add", (a, b))


def _mul(m: Model, a: Any, b: Any) -> Any:
    return m.apply("mul", (a, b))


def _div(m: Model, a: Any, b: Any) -> Any:
    return m.apply("div", (a, b))


def _neg(m: Model, a: Any) -> Any:
    return -a if isinstance(a, float) else m.apply("neg", (a,))


def _pow(m: Model, a: Any, b: Any) -> Any:
    return m.apply("pow", (a, b))


def _exp(m: Model, a: Any) -> Any:
    return m.apply("exp", (a,))


def _log(m: Model, a: Any) -> Any:
    return m.apply("log", (a,))


def _sigmoid_of(m: Model, x: Any) -> Any:
    return _div(m, 1.0, _add(m, _exp(m, _neg(m, x)), 1.0))


def _tanh_of_exp_2x(m: Model, x: Any) -> Any:
    e = _exp(m, _mul(m, x, 2.0))
    return _div(m, _add(m, e, -1.0), _add(m, e, 1.0))


def _tanh_of_differences(m: Model, x: Any) -> Any:
    e = _exp(m, _mul(m, x, 2.0))
    return _div(m, m.apply("sub", (e, 1.0)), _add(m, e, 1.0))


def _tanh_of_two_exps(m: Model, x: Any) -> Any:
    p, n = _exp(m, x), _exp(m, _neg(m, x))
    return _div(m, m.apply("sub", (p, n)), _add(m, p, n))


def _sum_from_zero(m: Model, *xs: Any) -> Any:
    total: Any = 0.0
    for x in xs:
        total = _add(m, total, x)
    return total


def _sum_from_the_first(m: Model, *xs: Any) -> Any:
    total = xs[0]
    for x in xs[1:]:
        total = _add(m, total, x)
    return total


REVERSED: Mapping[Key, tuple[Form, ...]] = {  # the operands of a reflected operator the wrong way round
    ("sub", "cv"): (lambda m, c, a: m.apply("sub", (a, c)), lambda m, c, a: m.node("sub", (a, c))),
    ("div", "cv"): (lambda m, c, a: m.apply("div", (a, c)), lambda m, c, a: m.node("div", (a, c))),
    ("pow", "cv"): (lambda m, c, a: m.apply("pow", (a, c)), lambda m, c, a: m.node("pow", (a, c))),
}

# In the order in which operations build on each other.
FORMS: Mapping[Key, tuple[Form, ...]] = {
    ("add", "cv"): (lambda m, c, a: _add(m, a, c),),
    ("mul", "cv"): (lambda m, c, a: _mul(m, a, c),),
    ("neg", "v"): (
        lambda m, x: _mul(m, x, -1.0),
        lambda m, x: _mul(m, -1.0, x),
        lambda m, x: m.node("sub", (0.0, x)),
    ),
    ("exp", "v"): (lambda m, x: m.node("pow", (math.e, x)),),
    ("pow", "vv"): (lambda m, a, b: _exp(m, _mul(m, b, _log(m, a))), lambda m, a, b: _exp(m, _mul(m, _log(m, a), b))),
    ("pow", "vc"): (lambda m, a, c: _exp(m, _mul(m, _log(m, a), c)), lambda m, a, c: _exp(m, _mul(m, c, _log(m, a)))),
    ("pow", "cv"): (
        lambda m, c, a: _exp(m, _mul(m, a, math.log(c))),
        lambda m, c, a: _exp(m, _mul(m, math.log(c), a)),
        lambda m, c, a: m.node("pow", (m.leaf(c), a)),
    ),
    ("reciprocal", "v"): (lambda m, x: _pow(m, x, -1.0), lambda m, x: _div(m, 1.0, x)),
    ("sub", "vv"): (lambda m, a, b: _add(m, a, _neg(m, b)), lambda m, a, b: _add(m, _neg(m, b), a)),
    ("sub", "vc"): (lambda m, a, c: _add(m, a, -c),),
    ("sub", "cv"): (
        lambda m, c, a: _add(m, _neg(m, a), c),
        lambda m, c, a: _add(m, c, _neg(m, a)),
        lambda m, c, a: _neg(m, m.apply("sub", (a, c))),
    ),
    ("div", "vv"): (
        lambda m, a, b: _mul(m, a, _pow(m, b, -1.0)),
        lambda m, a, b: _mul(m, a, m.apply("reciprocal", (b,))),
        lambda m, a, b: _mul(m, _pow(m, b, -1.0), a),
    ),
    ("div", "vc"): (lambda m, a, c: _mul(m, a, 1.0 / c),),
    ("div", "cv"): (
        lambda m, c, a: _mul(m, _pow(m, a, -1.0), c),
        lambda m, c, a: _mul(m, c, _pow(m, a, -1.0)),
        lambda m, c, a: _mul(m, m.apply("reciprocal", (a,)), c),
    ),
    ("sqrt", "v"): (lambda m, x: _pow(m, x, 0.5),),
    ("square", "v"): (lambda m, x: _mul(m, x, x), lambda m, x: _pow(m, x, 2.0)),
    ("sigmoid", "v"): (
        _sigmoid_of,
        lambda m, x: _div(m, 1.0, _add(m, 1.0, _exp(m, _neg(m, x)))),
        lambda m, x: _pow(m, _add(m, _exp(m, _neg(m, x)), 1.0), -1.0),
        lambda m, x: _div(m, _exp(m, x), _add(m, _exp(m, x), 1.0)),
    ),
    ("tanh", "v"): (
        _tanh_of_exp_2x,
        _tanh_of_differences,
        _tanh_of_two_exps,
        lambda m, x: _add(m, _mul(m, m.apply("sigmoid", (_mul(m, x, 2.0),)), 2.0), -1.0),
    ),
    ("exp2", "v"): (lambda m, x: _exp(m, _mul(m, x, math.log(2.0))),),
    ("log2", "v"): (lambda m, x: _div(m, _log(m, x), math.log(2.0)),),
    ("log10", "v"): (lambda m, x: _div(m, _log(m, x), math.log(10.0)),),
    ("log1p", "v"): (lambda m, x: _log(m, _add(m, x, 1.0)),),
    ("expm1", "v"): (lambda m, x: _add(m, _exp(m, x), -1.0),),
    ("tan", "v"): (lambda m, x: _div(m, m.apply("sin", (x,)), m.apply("cos", (x,))),),
    ("softplus", "v"): (lambda m, x: _log(m, _add(m, _exp(m, x), 1.0)),),
    ("silu", "v"): (lambda m, x: _mul(m, x, m.apply("sigmoid", (x,))),),
    ("sinh", "v"): (
        lambda m, x: _mul(m, m.apply("sub", (_exp(m, x), _exp(m, _neg(m, x)))), 0.5),
        lambda m, x: _div(m, m.apply("sub", (_exp(m, x), _exp(m, _neg(m, x)))), 2.0),
    ),
    ("cosh", "v"): (
        lambda m, x: _mul(m, _add(m, _exp(m, x), _exp(m, _neg(m, x))), 0.5),
        lambda m, x: _div(m, _add(m, _exp(m, x), _exp(m, _neg(m, x))), 2.0),
    ),
    ("sum", "n"): (_sum_from_zero, _sum_from_the_first),
}

# Operations before those that are composed of them.
ORDER = ("mul", "add", "neg", "pow", "exp", "log", "reciprocal", "sub", "div", "sqrt", "square", "sin", "cos",
         "sigmoid", "tanh", "relu", "abs")  # fmt: skip
