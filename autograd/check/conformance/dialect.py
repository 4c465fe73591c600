"""How somebody's `Value` class is spoken to: its names for data, gradient, backward and functions, found by looking.

This file owns those names and the calls made through them; it must not know what is right or wrong to answer.
Read next: `case.py`, what is asked in this language.
"""

from __future__ import annotations

import builtins
import inspect
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from operator import methodcaller
from types import ModuleType
from typing import Any

from ...errors import AutogradError

__all__ = ["Dialect", "NotAValueClass", "real"]

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

PROBE, FACTOR = 2.8125, -0.625  # numbers that no attribute holds by chance, and that are exact in binary

# Functions of these modules take numbers, not values: that a student imported them offers nothing.
OF_NUMBERS = frozenset({"builtins", "math", "cmath", "operator", "random", "statistics"})


class NotAValueClass(AutogradError, TypeError):  # noqa: N818  (it says what the class is)
    """A class that cannot be examined: the message says what was looked for and what is there instead."""


class Dialect:
    """How a class is spoken to: by the attribute and function names that were found on it.

    Args:
        value_class: The class. It is made into a leaf by `value_class(number)`.
        module: Where free functions (`exp(v)`, `backward(v)`) may live, besides the module that defines the class.

    Attributes:
        value_class: The class.
        names: What was found, by role: "leaf", "data", "gradient", "backward", "zero".

    Raises:
        NotAValueClass: If no leaf can be made, or no attribute with the data or the gradient, or nothing that runs the
            backward pass is found.

    Example:
        >>> from autograd import Value
        >>> from autograd.check.conformance import Dialect
        >>> dialect = Dialect(Value)
        >>> dialect.names["data"], dialect.names["gradient"], dialect.names["backward"]
        ('.data', '.grad', '.backward()')
        >>> a = dialect.leaf(3.0)
        >>> dialect.backward(dialect.apply("sub", (2.0, a)))
        >>> dialect.gradient(a), dialect.offers("tanh"), dialect.offers("sine")
        (-1.0, True, False)
    """

    def __init__(self, value_class: type, module: ModuleType | None = None) -> None:
        self.value_class = value_class
        own = sys.modules.get(getattr(value_class, "__module__", ""))
        self._modules = [m for m in dict.fromkeys((module, own)) if m is not None]
        self._functions: dict[str, Callable[[Sequence[Any]], Any] | None] = {}
        leaf = self._first_leaf()
        self._data = self._found_data(leaf)
        self._backward, backward = self._found_backward()
        self._gradient = self._found_gradient(leaf)
        self._zero = next((name for name in ZERO if callable(getattr(value_class, name, None))), "")
        self.names = {
            "leaf": f"{value_class.__name__}(x)",
            "data": f".{self._data}",
            "gradient": f".{self._gradient}",
            "backward": backward,
            "zero": f".{self._zero}()" if self._zero else f".{self._gradient} = 0.0",
        }

    def leaf(self, x: float) -> Any:
        """A leaf of the class that holds the number."""
        return self.value_class(x)

    def apply(self, op: str, operands: Sequence[Any]) -> Any:
        """The operation of that name in the table, applied to values of the class and plain floats.

        Raises:
            NotImplementedError: If the class does not offer it. What the class itself raises comes as it is.
        """
        function = self._function(op)
        if function is None:
            raise NotImplementedError(f"{self.value_class.__name__} offers no {op}")
        return function(operands)

    def offers(self, op: str) -> bool:
        """Whether there is an operator, a method or a free function for it; `radd` ... are the reflected operators."""
        if op in REFLECTED:
            return self._has(REFLECTED[op])
        return self._function(op) is not None

    def data(self, v: Any) -> float:
        """The data of a value of the class, as a float; TypeError or AttributeError if it is none."""
        return self._number(getattr(v, self._data))

    def gradient(self, v: Any) -> float:
        """The gradient of a value of the class, as a float; None and an absent attribute are read as 0."""
        gradient = getattr(v, self._gradient, None)
        return 0.0 if gradient is None else self._number(gradient)

    def backward(self, v: Any) -> None:
        """Run the backward pass from that value."""
        self._backward(v)

    def set_data(self, v: Any, x: float) -> None:
        """Write another number into the data of a value."""
        setattr(v, self._data, x)

    def zero(self, values: Iterable[Any]) -> None:
        """Set the gradients of the values to zero, by the class's own means if it has one."""
        for v in values:
            if self._zero:
                getattr(v, self._zero)()
            else:
                setattr(v, self._gradient, 0.0)

    def _number(self, x: Any) -> float:
        if isinstance(x, self.value_class):  # a gradient that is itself a value
            x = getattr(x, self._data)
        return real(x)

    # --- looking for attributes ------------------------------------------------------------------------------

    def _first_leaf(self) -> Any:
        name = getattr(self.value_class, "__name__", repr(self.value_class))
        if not isinstance(self.value_class, type):
            raise NotAValueClass(f"{name} is no class, but of the type {type(self.value_class).__name__}")
        try:
            return self.value_class(PROBE)
        except Exception as error:
            raise NotAValueClass(
                f"{name}({PROBE}) cannot be made: {_line(error)}; a leaf is made by {name}(number)"
            ) from None

    def _found_data(self, leaf: Any) -> str:
        attributes = _attributes(leaf)
        for name in (*DATA, *attributes):
            if name in attributes and _reads_as(attributes[name], PROBE):
                return name
        for name in DATA:  # a class whose leaves do not hold what they are made of: that is for the cases to find
            if name in attributes and _is_real(attributes[name]):
                return name
        raise self._lacks(f"the number of {self.value_class.__name__}({PROBE})", DATA, attributes)

    def _found_backward(self) -> tuple[Callable[[Any], Any], str]:
        for name in BACKWARD:
            method = getattr(self.value_class, name, None)
            if callable(method):
                seeds = (1.0,) * (_required(method) - 1)
                return methodcaller(name, *seeds), f".{name}({', '.join(map(str, seeds))})"
        for name in BACKWARD:
            function = self._free(name)
            if function is not None:
                return function, f"{name}(v)"
        raise self._lacks("the backward pass", BACKWARD, dict.fromkeys(_own_names(self.value_class)))

    def _found_gradient(self, leaf: Any) -> str:
        attributes = _attributes(leaf)
        for name in GRADIENT:
            value = attributes.get(name, self)  # self: absent, which None is not
            if name != self._data and (value is None or _reads_as(value, 0.0) or isinstance(value, self.value_class)):
                return name
        changed = self._changed_by_backward()
        if changed:
            return changed
        raise self._lacks("the gradient", GRADIENT, attributes)

    def _changed_by_backward(self) -> str:
        """The attribute of a factor that a backward pass of a product wrote to; "" if there is none."""
        try:
            a, b = self.leaf(PROBE), self.leaf(FACTOR)
            before = _attributes(a)
            self.backward(a * b)
            after = _attributes(a)
        except Exception:
            return ""
        written = [name for name, value in after.items() if name not in before or before[name] is not value]
        numbers = [name for name in written if _is_real(after[name]) and name != self._data]
        return next((name for name in numbers if _reads_as(after[name], FACTOR)), numbers[0] if numbers else "")

    def _lacks(self, what: str, names: Sequence[str], there: Iterable[str]) -> NotAValueClass:
        sought = ", ".join(f".{name}" for name in names[:6])
        public = [name for name in there if not name.startswith("__")]
        shown = ", ".join(f".{name}" for name in public[:12]) or "nothing"
        return NotAValueClass(
            f"{self.value_class.__name__} has no attribute for {what}: looked for {sought} ..., found {shown:.300}"
        )

    # --- looking for operations ------------------------------------------------------------------------------

    def _function(self, op: str) -> Callable[[Sequence[Any]], Any] | None:
        if op not in self._functions:
            self._functions[op] = self._found_function(op)
        return self._functions[op]

    def _found_function(self, op: str) -> Callable[[Sequence[Any]], Any] | None:
        if op in OPERATORS and self._has(OPERATORS[op][0]):
            python = OPERATORS[op][2]
            return lambda operands: python(*operands)
        names = (op, *ALIASES.get(op, ()))
        if op in OF_A_SEQUENCE:
            return self._found_of_a_sequence(op, names)
        for name in names:
            if self._has(name):
                return lambda operands: getattr(self._lifted(operands[0]), name)(*operands[1:])
        for name in names:
            free = self._free(name)
            if free is not None:
                return lambda operands: free(self._lifted(operands[0]), *operands[1:])
        return None

    def _found_of_a_sequence(self, op: str, names: Sequence[str]) -> Callable[[Sequence[Any]], Any] | None:
        for name in names:
            function = self._free(name) or _static(self.value_class, name)
            if function is not None:
                return lambda operands: function(list(operands))
        if op == "sum" and self.offers("add") and self.offers("radd"):
            return lambda operands: builtins.sum(operands)  # which begins with 0 + the first
        return None

    def _lifted(self, x: Any) -> Any:
        return x if isinstance(x, self.value_class) else self.leaf(x)

    def _has(self, name: str) -> bool:
        """Whether the class has a method of that name; those that a subclass of float inherits give plain floats."""
        method = getattr(self.value_class, name, None)
        return callable(method) and method is not getattr(float, name, None)

    def _free(self, name: str) -> Callable[..., Any] | None:
        """The function of that name in the modules; not one of numbers, as a `math.exp` that was imported there."""
        for module in self._modules:
            function = vars(module).get(name)
            package = str(getattr(function, "__module__", "")).partition(".")[0]
            if callable(function) and package not in OF_NUMBERS | {"numpy"} and type(function).__name__ != "ufunc":
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


def _is_real(x: Any) -> bool:
    try:
        real(x)
    except Exception:  # of somebody's own __float__ or item
        return False
    return True


def _reads_as(x: Any, number: float) -> bool:
    return _is_real(x) and real(x) == number


def _attributes(v: Any) -> dict[str, Any]:
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


def _own_names(value_class: type) -> list[str]:
    return [name for name in dir(value_class) if not name.startswith("__")]


def _static(value_class: type, name: str) -> Callable[..., Any] | None:
    found = inspect.getattr_static(value_class, name, None)
    return getattr(value_class, name) if isinstance(found, (staticmethod, classmethod)) else None


def _required(method: Callable[..., Any]) -> int:
    """How many arguments a method of the class cannot be called without, `self` counted."""
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return 1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return max(1, sum(p.default is p.empty and p.kind in positional for p in parameters))


def _line(error: BaseException) -> str:
    """An error in one short line; also one whose text cannot be had."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text:.160}" if text else type(error).__name__
