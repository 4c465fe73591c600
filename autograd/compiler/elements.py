"""Elements: an array in an optimizer's rule, where what changes nothing is left out.

A rule is one formula for all settings: with momentum 0 it has `0 * velocity + 1 * gradient`. For floats that costs
nothing to speak of, for arrays a pass over memory each. This file owns leaving out `+ 0`, `* 1` and `* 0`; it must not
know any rule. Where a number is inf or nan already, `* 0` may give 0 for nan. Read next: `bound.py`.

    >>> import numpy as np
    >>> g = Elements(np.array([1.0, 2.0]))
    >>> (0.0 * g + 1.0 * g) is g
    True
    >>> (2 * g - 1).array
    array([1., 3.])
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Elements", "array_of"]


def array_of(x: Any) -> Any:
    """The array of Elements; a number as it is."""
    return x.array if isinstance(x, Elements) else x


def _applied(function: Callable[..., Any], neutral: float | None = None) -> tuple[Any, Any]:
    """A method of an operation and its reflected one; a neutral number on the right is left out."""

    def method(self: Elements, other: Any = None) -> Any:
        if other.__class__ is Elements:
            return Elements(function(self.array, other.array))
        if other.__class__ is not np.ndarray and other == neutral and self.is_float:
            return self
        return Elements(function(self.array, other))

    return method, lambda self, other: Elements(function(array_of(other), self.array))


class Elements:
    """An array that leaves out what changes nothing."""

    __slots__ = ("array", "is_float")
    __array_ufunc__ = None  # so that an array on the left leaves the operation to it

    def __init__(self, array: NDArray[Any]) -> None:
        self.array, self.is_float = array, array.dtype != np.bool_

    def __mul__(self, other: Any) -> Any:
        if other.__class__ is Elements:
            return Elements(self.array * other.array)
        if other.__class__ is not np.ndarray and (other == 0 or (other == 1 and self.is_float)):
            return self if other else 0.0
        return Elements(self.array * other)

    __rmul__ = __mul__
    __add__, _ = _applied(operator.add, 0)
    __radd__ = __add__
    __sub__, __rsub__ = _applied(operator.sub, 0)
    __truediv__, __rtruediv__ = _applied(operator.truediv, 1)
    __pow__, __rpow__ = _applied(operator.pow, 1)
    __lt__, __le__, __gt__, __ge__ = (_applied(f)[0] for f in (operator.lt, operator.le, operator.gt, operator.ge))
    __eq__, __ne__ = (_applied(f)[0] for f in (operator.eq, operator.ne))
    __hash__ = None  # type: ignore[assignment]

    def __neg__(self) -> Elements:
        return Elements(-self.array)

    def __abs__(self) -> Elements:
        return Elements(abs(self.array))
