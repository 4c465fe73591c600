"""What things are called in other people's engines, and looking for them on a class and in a module.

This file owns the usual names and the look-ups; it must not know what is done with what is found.
Read next: `dialect.py`, which speaks to a class by these names.
"""

from __future__ import annotations

import builtins
import inspect
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from numbers import Real
from types import ModuleType
from typing import Any

__all__ = [
    "BACKWARD", "DATA", "GRADIENT", "OPERATORS", "REFLECTED", "ZERO", "Operation", "attributes", "free", "has",
    "is_real", "operation", "reads_as", "real", "required",
]  # fmt: skip

# What is looked for, the usual name first.
DATA = ("data", "value", "val", "v", "x", "number", "num", "primal", "_data", "_value", "_val")
GRADIENT = ("grad", "gradient", "derivative", "deriv", "der", "adjoint", "adj", "g", "d", "dv", "dx", "bar",
            "sensitivity", "_grad", "_gradient", "_derivative")  # fmt: skip
BACKWARD = ("backward", "backprop", "backpropagate", "backward_pass", "run_backward", "back", "propagate",
            "compute_gradients", "compute_grad", "differentiate")  # fmt: skip
ZERO = ("zero_grad", "zero_gradient", "zero_gradients", "zero_derivative", "reset_grad", "clear_grad")

# The operators of Python: name in the table -> the special method, its reflection, and the operator that calls them.
OPERATORS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "add": ("__add__", "__radd__", operator.add),
    "sub": ("__sub__", "__rsub__", operator.sub),
    "mul": ("__mul__", "__rmul__", operator.mul),
    "div": ("__truediv__", "__rtruediv__", operator.truediv),
    "pow": ("__pow__", "__rpow__", operator.pow),
    "neg": ("__neg__", "", operator.neg),
    "pos": ("__pos__", "", operator.pos),
    "abs": ("__abs__", "", operator.abs),
}
REFLECTED = {f"r{name}": reflection for name, (_, reflection, _) in OPERATORS.items() if reflection}

# Operations of a sequence of operands, called with one list; of them `sum` may also be Python's own, over `+`.
OF_A_SEQUENCE = frozenset({"sum", "mean", "prod", "max", "min", "norm", "logsumexp"})

# Other names that a function of the table is known by. Functions that go by one name for several things (gelu,
# leaky_relu) are asked for by their own name only.
ALIASES = {
    "add": ("plus",), "sub": ("subtract", "minus"), "mul": ("multiply", "times"), "div": ("divide", "truediv"),
    "pow": ("power",), "neg": ("negative", "negate"), "abs": ("absolute", "fabs"),
    "log": ("ln",), "sigmoid": ("logistic", "sigma", "sigm"), "relu": ("ReLU", "rectify"),
    "acos": ("arccos",), "asin": ("arcsin",), "atan": ("arctan",), "acosh": ("arccosh",), "asinh": ("arcsinh",),
    "atanh": ("arctanh",), "atan2": ("arctan2",), "square": ("sqr", "squared"), "reciprocal": ("inverse", "inv"),
    "silu": ("swish",), "swish": ("silu",), "log_sigmoid": ("logsigmoid",), "prod": ("product",),
}  # fmt: skip

# Functions of these modules take numbers, not values: that a student imported them offers nothing.
OF_NUMBERS = frozenset({"builtins", "math", "cmath", "operator", "random", "statistics", "numpy"})


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is called.

    Attributes:
        call: Takes the operands as one sequence; the first one is a value of the class, but for operators.
        form: How it is written, with `{all}` for the operands, or `{first}` and `{rest}`; "" if as an operator.
        lifts: Whether the first operand has to be a value of the class.
    """

    call: Callable[[Sequence[Any]], Any]
    form: str = ""
    lifts: bool = False


def operation(op: str, value_class: type, modules: Sequence[ModuleType]) -> Operation | None:
    """How a class, or one of the modules, does the operation of that name in the table; None if it does not."""
    if op in OPERATORS and has(value_class, OPERATORS[op][0]):
        return Operation(partial(_spread, OPERATORS[op][2]))
    names = (op, *ALIASES.get(op, ()))
    if op in OF_A_SEQUENCE:
        return _of_a_sequence(op, names, value_class, modules)
    for name in names:
        if has(value_class, name):
            form = f"{{first}}.{name}({{rest}})"
            return Operation(partial(_method, name), form, lifts=True)
    for name in names:
        function = free(name, modules)
        if function is not None:
            return Operation(partial(_spread, function), f"{name}({{all}})", lifts=True)
    return None


def _of_a_sequence(op: str, names: Sequence[str], value_class: type, modules: Sequence[ModuleType]) -> Operation | None:
    for name in names:
        function, form = free(name, modules), f"{name}([{{all}}])"
        if function is None:
            function, form = _static(value_class, name), f"{value_class.__name__}.{form}"
        if function is not None:
            return Operation(partial(_listed, function), form)
    if op == "sum" and operation("add", value_class, modules) and has(value_class, REFLECTED["radd"]):
        return Operation(builtins.sum, "sum([{all}])")  # which begins with 0 + the first
    return None


def _method(name: str, operands: Sequence[Any]) -> Any:
    return getattr(operands[0], name)(*operands[1:])


def _spread(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    return function(*operands)


def _listed(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    return function(list(operands))


def has(value_class: type, name: str) -> bool:
    """Whether the class has a method of that name; those that a subclass of float inherits give plain floats."""
    method = getattr(value_class, name, None)
    return callable(method) and method is not getattr(float, name, None)


def free(name: str, modules: Sequence[ModuleType]) -> Callable[..., Any] | None:
    """The function of that name in the modules; not one of numbers, as a `math.exp` that was imported there."""
    for module in modules:
        function = vars(module).get(name)
        package = str(getattr(function, "__module__", "")).partition(".")[0]
        if callable(function) and package not in OF_NUMBERS and type(function).__name__ != "ufunc":
            found: Callable[..., Any] = function
            return found
    return None


def real(x: Any) -> float:
    """A real number of any kind, a numpy scalar or an array of one element, as a float; TypeError for anything else."""
    if isinstance(x, Real):
        return float(x)
    if hasattr(x, "item") and getattr(x, "size", 2) == 1 and isinstance(item := x.item(), Real):
        return float(item)
    raise TypeError(f"a number was expected, found {type(x).__name__}")


def is_real(x: Any) -> bool:
    """Whether it can be read as a real number."""
    try:
        real(x)
    except Exception:  # of somebody's own __float__ or item
        return False
    return True


def reads_as(x: Any, number: float) -> bool:
    """Whether it can be read as that number."""
    return is_real(x) and real(x) == number


def attributes(v: Any) -> dict[str, Any]:
    """The attributes of an object that are no methods, by name; those that raise are left out."""
    found: dict[str, Any] = {}
    for name in dir(v):
        if name.startswith("__"):
            continue
        try:
            attribute = getattr(v, name)
        except Exception:  # a property that is not ready yet
            continue
        if not callable(attribute) or isinstance(attribute, type(v)):
            found[name] = attribute
    return found


def required(method: Callable[..., Any]) -> int:
    """How many arguments a method of the class cannot be called without, `self` counted."""
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return 1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return max(1, sum(p.default is p.empty and p.kind in positional for p in parameters))


def _static(value_class: type, name: str) -> Callable[..., Any] | None:
    found = inspect.getattr_static(value_class, name, None)
    return getattr(value_class, name) if isinstance(found, (staticmethod, classmethod)) else None
