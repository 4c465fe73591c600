"""How somebody's `Value` class is spoken to: its names for data, gradient, backward and functions, found by looking.

This file owns those names and the calls made through them; it must not know what is right or wrong to answer.
Read next: `case.py`, what is asked in this language.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from operator import methodcaller
from types import ModuleType
from typing import Any

from ...errors import AutogradError
from .lookups import (
    BACKWARD,
    DATA,
    GRADIENT,
    REFLECTED,
    ZERO,
    Operation,
    attributes,
    free,
    has,
    is_real,
    operation,
    reads_as,
    real,
    required,
)

__all__ = ["Dialect", "NotAValueClass"]

PROBE, FACTOR = 2.8125, -0.625  # numbers that no attribute holds by chance, and that are exact in binary
OTHER_PROBE = 41.0  # which stays what it is when it is rounded


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
        self._operations: dict[str, Operation | None] = {}
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
        found = self._operation(op)
        if found is None:
            raise NotImplementedError(f"{self.value_class.__name__} offers no {op}")
        if found.lifts and not isinstance(operands[0], self.value_class):
            operands = (self.leaf(operands[0]), *operands[1:])
        return found.call(operands)

    def offers(self, op: str) -> bool:
        """Whether there is an operator, a method or a free function for it; `radd` ... are the reflected operators."""
        if op in REFLECTED:
            return has(self.value_class, REFLECTED[op])
        return self._operation(op) is not None

    def form(self, op: str) -> str:
        """How the operation is written, as `"{first}.exp({rest})"`; "" if as an operator, or if it is not offered."""
        found = self._operation(op)
        return found.form if found else ""

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
        there = attributes(leaf)
        for name in (*DATA, *there):
            if name in there and reads_as(there[name], PROBE):
                return name
        # A class whose leaves hold something else, as a rounded number: that is for the cases to find.
        other = attributes(self.leaf(OTHER_PROBE))
        numbers = [name for name in there if is_real(there[name]) and is_real(other.get(name))]
        changed = [name for name in numbers if real(there[name]) != real(other[name])]
        for name in (*[name for name in DATA if name in numbers], *changed):
            return name
        raise self._lacks(f"the number of {self.value_class.__name__}({PROBE})", DATA, there)

    def _found_backward(self) -> tuple[Callable[[Any], Any], str]:
        for name in BACKWARD:
            method = getattr(self.value_class, name, None)
            if callable(method):
                seeds = (1.0,) * (required(method) - 1)
                return methodcaller(name, *seeds), f".{name}({', '.join(map(str, seeds))})"
        for name in BACKWARD:
            function = free(name, self._modules)
            if function is not None:
                return function, f"{name}(v)"
        raise self._lacks("the backward pass", BACKWARD, dict.fromkeys(_own_names(self.value_class)))

    def _found_gradient(self, leaf: Any) -> str:
        there = attributes(leaf)
        for name in GRADIENT:
            value = there.get(name, self)  # self: absent, which None is not
            if name != self._data and (value is None or reads_as(value, 0.0) or isinstance(value, self.value_class)):
                return name
        changed = self._changed_by_backward()
        if changed:
            return changed
        raise self._lacks("the gradient", GRADIENT, there)

    def _changed_by_backward(self) -> str:
        """The attribute of a factor that a backward pass of a product wrote to; "" if there is none."""
        try:
            a, b = self.leaf(PROBE), self.leaf(FACTOR)
            before = attributes(a)
            self.backward(self.apply("mul", (a, b)))
            after = attributes(a)
        except Exception:
            return ""
        written = [name for name, value in after.items() if name not in before or before[name] is not value]
        numbers = [name for name in written if is_real(after[name]) and name != self._data]
        return next((name for name in numbers if reads_as(after[name], FACTOR)), numbers[0] if numbers else "")

    def _lacks(self, what: str, names: Sequence[str], there: Iterable[str]) -> NotAValueClass:
        sought = ", ".join(f".{name}" for name in names[:6])
        public = [name for name in there if not name.startswith("__")]
        shown = ", ".join(f".{name}" for name in public[:12]) or "nothing"
        return NotAValueClass(
            f"{self.value_class.__name__} has no attribute for {what}: looked for {sought} ..., found {shown:.300}"
        )

    def _operation(self, op: str) -> Operation | None:
        if op not in self._operations:
            self._operations[op] = operation(op, self.value_class, self._modules)
        return self._operations[op]


def _own_names(value_class: type) -> list[str]:
    return [name for name in dir(value_class) if not name.startswith("__")]


def _line(error: BaseException) -> str:
    """An error in one short line; also one whose text cannot be had."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text:.160}" if text else type(error).__name__
