"""Values as flat arrays of numbers: read, written and lent, each in one step that no signal can divide.

A model's parameters are Values, of which a program knows numbers only. This file owns the way between; it must not
know programs. `exhaust` runs an iterator to its end within one call of C: Python looks for Ctrl-C between calls, so
that what is written by `exhaust(map(...))` is written as a whole or not at all.
Read next: `steady.py`; `../calls/checking.py` lends the Values numbers to run a sample eagerly.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...engine import NO_GRADIENT, Value, toposort

__all__ = ["add_gradients", "data_of", "exhaust", "lending", "pulled", "write_data", "write_gradients"]

T = TypeVar("T")

_lent = threading.RLock()  # held while Values have numbers that are not their own

exhaust: Callable[[Iterable[Any]], None] = deque[Any](maxlen=0).extend
get_data, get_grad = attrgetter("data"), attrgetter("grad")
set_data: Any = vars(Value)["data"].__set__
set_grad: Any = vars(Value)["grad"].__set__


def data_of(values: Sequence[Value]) -> NDArray[np.float64]:
    """The numbers that the Values hold."""
    with _lent:
        return np.fromiter([v.data for v in values], np.float64, len(values))  # faster than a map


def write_data(values: Sequence[Value], numbers: NDArray[np.floating[Any]]) -> Iterable[None]:
    """What gives the Values these numbers, for `exhaust`."""
    return map(setattr, values, repeat("data"), numbers.tolist())


def write_gradients(values: Sequence[Value], gradients: NDArray[np.floating[Any]]) -> Iterable[None]:
    """What gives the Values these gradients, for `exhaust`."""
    return map(setattr, values, repeat("grad"), gradients.tolist())


def add_gradients(values: Sequence[Value], gradients: NDArray[np.floating[Any]]) -> Iterable[None]:
    """What adds these gradients to those of the Values, for `exhaust`."""
    return write_gradients(values, gradients + np.fromiter([v.grad for v in values], np.float64, len(values)))


def lending(values: Sequence[Value], numbers: NDArray[np.floating[Any]], call: Callable[[], T]) -> T:
    """The result of `call` while the Values hold these numbers; afterwards they have their own, and their gradients."""
    with _lent:
        data, grads = list(map(get_data, values)), list(map(get_grad, values))
        back = chain(map(set_data, values, data), map(set_grad, values, grads))
        try:
            exhaust(write_data(values, numbers))
            return call()
        finally:
            exhaust(back)


def pulled(result: Value, values: Sequence[Value]) -> NDArray[np.float64]:
    """The gradient of a result by the Values; that of every other leaf is left as it was."""
    leaves = [*values, *(v for v in toposort(result) if v.op is None)]
    back = map(set_grad, leaves, list(map(get_grad, leaves)))
    try:
        exhaust(map(set_grad, values, repeat(NO_GRADIENT)))
        result.backward()
        return np.fromiter(map(get_grad, values), np.float64, len(values))
    finally:
        exhaust(back)
