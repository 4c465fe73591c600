"""Cases of numbers at the edge: zero, infinity, nan, overflow, underflow, kinks, and where functions end.

This file owns those cases; it must not know how they are run. Where the mathematics has no number, an exception is as
good as what IEEE 754 says; a wrong finite number is not. Read next: `refused.py`, what is no number.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any

from ...programs import Observation
from ..case import Case, ProgramCase
from ..sketch import of, written

__all__ = ["edges"]


def edges() -> tuple[Case, ...]:
    """The cases of numbers at the edge."""
    title = "The gradient of a leaf by itself is 1."
    leaf = case("a leaf alone", title, *[written("leaf", lambda a: a, x) for x in (3.0, -0.5, 0.0)])
    return (leaf, *undefined(), *kinks(), *powers(), *extremes())


def case(name: str, title: str, *programs: Any, **more: Any) -> Case:
    """A case of this group, in which small numbers are compared as exactly as large ones."""
    return ProgramCase(f"edges/{name}", "robust", title, programs, **{"floor": 0.0, **more})


def undefined() -> tuple[Case, ...]:
    """Where there is no number: an exception, or the value of IEEE 754 and any gradient."""

    def either(name: str, value: float, function: Any, *inputs: float) -> Case:
        title = f"{name} raises an error, or is {value:g}."
        right = (Observation((*inputs, value), ()),)
        return case(name, title, written(name, function, *inputs), right=right, may_raise=True)

    return (
        either("log(0)", -inf, lambda a: of("log", a), 0.0),
        either("log(-1)", nan, lambda a: of("log", a), -1.0),
        either("sqrt(-1)", nan, lambda a: of("sqrt", a), -1.0),
        either("1 / 0", inf, lambda a, b: a / b, 1.0, 0.0),
        either("0 / 0", nan, lambda a, b: a / b, 0.0, 0.0),
        either("(-2) ** 0.5", nan, lambda a: a**0.5, -2.0),
        either("exp(1000)", inf, lambda a: of("exp", a), 1000.0),
        either("1e200 ** 2", inf, lambda a: a**2.0, 1e200),
    )


def kinks() -> tuple[Case, ...]:
    """Where a derivative jumps, every number between its one-sided limits is right."""
    return (
        case("relu(0)", "relu(0) is 0, and its gradient lies between 0 and 1.",
             written("relu(0)", lambda a: of("relu", a), 0.0), kink=(0.0, 1.0)),
        case("relu(-0.0)", "relu(-0.0) is 0, and its gradient lies between 0 and 1.",
             written("relu(-0)", lambda a: of("relu", a), -0.0), kink=(0.0, 1.0)),
        case("abs(0)", "abs(0) is 0, and its gradient lies between -1 and 1.",
             written("abs(0)", lambda a: of("abs", a), 0.0), kink=(-1.0, 1.0)),
    )  # fmt: skip


def powers() -> tuple[Case, ...]:
    """Powers of and with zero."""

    def power(base: float, exponent: float) -> Any:
        return written(f"({base:g}) ** {exponent:g}", lambda a: a**exponent, base)

    return (
        case("x ** 0", "x ** 0 is 1 and has the gradient 0.", power(3.0, 0.0), power(-2.0, 0.0)),
        case("0 ** 0", "0 ** 0 is 1 and has the gradient 0.", power(0.0, 0.0)),
        case("0 ** 1", "0 ** 1 is 0 and has the gradient 1.", power(0.0, 1.0)),
        case("(-2) ** -1", "A negative base has negative whole powers.", power(-2.0, -1.0), power(-2.0, -2.0)),
    )


def extremes() -> tuple[Case, ...]:
    """Very large and very small numbers, infinity and nan."""

    def function(op: str, x: float) -> Any:
        return written(f"{op}({x:g})", lambda a: of(op, a), x)

    huge = "Numbers near the largest float overflow to infinity, not to an error."
    tiny = "Numbers near the smallest float keep their gradients."
    return (
        case("1e200 * 1e200", huge, written("product", lambda a, b: a * b, 1e200, 1e200)),
        case("1e308 + 1e308", huge, written("sum", lambda a, b: a + b, 1e308, 1e308)),
        case("1e-200 * 1e-200", tiny, written("product", lambda a, b: a * b, 1e-200, 1e-200)),
        case("1e-100 / 1e-150", tiny, written("quotient", lambda a, b: a / b, 1e-100, 1e-150)),
        case("tanh(1000)", "tanh is 1 and -1 in its tails, with the gradient 0.", function("tanh", 1000.0),
             function("tanh", -1000.0)),
        case("sigmoid(1000)", "sigmoid is 1 and 0 in its tails, with the gradient 0.",
             function("sigmoid", 1000.0), function("sigmoid", -1000.0), floor=1e-300),
        case("exp(-1000)", "exp(-1000) is 0, with the gradient 0.", function("exp", -1000.0)),
        case("log(1e-300)", "log of a small number has a large gradient.", function("log", 1e-300)),
        case("infinity", "Infinity is a number to compute with.", written("inf", lambda a, b: a + b, inf, 1.0),
             written("-inf", lambda a, b: a * b, -inf, 2.0)),
        case("nan", "nan travels through operations and is not made a number.",
             written("nan", lambda a, b: a + b, nan, 1.0), written("nan", lambda a, b: a * b, nan, 2.0)),
        case("0.0 * a", "A factor 0 gives the other one the gradient 0.",
             written("zero", lambda a, b: a * b, 0.0, 3.0)),
    )  # fmt: skip
