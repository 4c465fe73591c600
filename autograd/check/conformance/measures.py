"""What is measured on a class where values and gradients of a program alone do not show it.

This file owns these measurements, each from a dialect to plain facts; it must not know what the facts should be.
Read next: `worker.py`, which runs them.
"""

from __future__ import annotations

import gc
import operator
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from .dialect import Dialect

__all__ = ["MEASURES", "Facts"]

Facts = dict[str, Any]

NO_NUMBERS: dict[str, Any] = {"text": "three", "none": None, "list": [1.0, 2.0], "complex": 1j, "dict": {}}
REPETITIONS = 5  # of a measurement of time, of which the best counts


def leaves(dialect: Dialect, numbers: list[float]) -> Facts:
    """The data of leaves that are made of these numbers."""
    return {"data": [dialect.data(dialect.leaf(x)) for x in numbers]}


def whole_numbers(dialect: Dialect) -> Facts:
    """Numbers of the type int as data and on the right of operators."""
    a = dialect.leaf(2)
    b = dialect.apply("add", (dialect.apply("mul", (a, 3)), 1))
    y = dialect.apply("add", (dialect.apply("mul", (b, 2)), -4))
    dialect.backward(y)
    return {"value": dialect.data(y), "gradient": dialect.gradient(a)}


def training(dialect: Dialect) -> Facts:
    """Five steps of gradient descent on (w·2 + b − 3)², with new leaves if their data cannot be written."""
    w, b = dialect.leaf(0.5), dialect.leaf(-1.0)
    for _ in range(5):
        product = dialect.apply("mul", (w, dialect.leaf(2.0)))
        error = dialect.apply("add", (dialect.apply("add", (product, b)), dialect.leaf(-3.0)))
        loss = dialect.apply("mul", (error, error))
        dialect.zero((w, b))
        dialect.backward(loss)
        w, b = (stepped(dialect, v, dialect.data(v) - 0.05 * dialect.gradient(v)) for v in (w, b))
    return {"w": dialect.data(w), "b": dialect.data(b)}


def stepped(dialect: Dialect, v: Any, x: float) -> Any:
    """The leaf with other data, or another leaf."""
    try:
        dialect.set_data(v, x)
    except (AttributeError, TypeError):  # frozen: a class may be written that way
        return dialect.leaf(x)
    return v


def unchanged(dialect: Dialect) -> Facts:
    """The data of all numbers after a backward pass."""
    a, b = dialect.leaf(2.0), dialect.leaf(-3.0)
    c = dialect.apply("mul", (a, b))
    d = dialect.apply("add", (c, a))
    dialect.backward(d)
    return {"data": [dialect.data(v) for v in (a, b, c, d)]}


def interior(dialect: Dialect) -> Facts:
    """The gradients of an intermediate result and of the result."""
    a, b = dialect.leaf(2.0), dialect.leaf(-3.0)
    c = dialect.apply("mul", (a, b))
    d = dialect.apply("mul", (c, c))
    dialect.backward(d)
    return {"c": dialect.gradient(c), "d": dialect.gradient(d)}


def chain(dialect: Dialect, n: int) -> Facts:
    """The sum y = y + a, n times, and its gradient; the graph is freed before this returns."""
    a = dialect.leaf(0.5)
    y = summed(dialect, a, n)
    dialect.backward(y)
    return {"value": dialect.data(y), "gradient": dialect.gradient(a)}


def memory(dialect: Dialect, n: int) -> Facts:
    """Bytes per node that a graph of n additions keeps, and at the peak of its backward pass."""
    gc.collect()
    tracemalloc.start()
    try:
        a = dialect.leaf(0.5)
        before, _ = tracemalloc.get_traced_memory()
        y = summed(dialect, a, n)
        kept, _ = tracemalloc.get_traced_memory()
        dialect.backward(y)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return {"kept": (kept - before) / n, "peak": (peak - before) / n}


def seconds(dialect: Dialect, n: int) -> Facts:
    """Seconds per node, forward and backward, the best of several runs."""
    forward, backward = [], []
    for _ in range(REPETITIONS):
        a = dialect.leaf(0.5)
        start = time.perf_counter()
        y = summed(dialect, a, n)
        between = time.perf_counter()
        dialect.backward(y)
        end = time.perf_counter()
        forward.append(between - start)
        backward.append(end - between)
    return {"forward": min(forward) / n, "backward": min(backward) / n}


def freeing(dialect: Dialect, n: int) -> Facts:
    """How many nodes of two dropped graphs are left: before a full collection and after it.

    Of one graph a backward pass was run, of the other one not.
    """
    gc.collect()
    gc.disable()
    try:
        before = alive(dialect)
        a = dialect.leaf(0.5)
        y = summed(dialect, a, n)
        dialect.backward(y)
        y = summed(dialect, a, n)
        del a, y
        left = alive(dialect) - before
        gc.collect()
        collected = alive(dialect) - before
    finally:
        gc.enable()
    return {"nodes": 2 * n + 1, "left": left, "collected": collected}


def alive(dialect: Dialect) -> int:
    """How many values of the class there are."""
    value_class = dialect.value_class
    return len([None for thing in gc.get_objects() if type(thing) is value_class])


def refused_data(dialect: Dialect, thing: str) -> Facts:
    """What is made of something that is no number, as text; "" if it is refused."""
    try:
        v = dialect.value_class(NO_NUMBERS[thing])
    except Exception:
        return {"made": ""}
    return {"made": f"a {type(v).__name__} is made"}


def refused_operand(dialect: Dialect, thing: str) -> Facts:
    """What a + thing and a * thing give, as text; "" if both are refused."""
    a = dialect.leaf(2.0)
    for op, sign in (("add", "+"), ("mul", "*")):
        try:
            v = dialect.apply(op, (a, NO_NUMBERS[thing]))
        except Exception:
            continue
        return {"made": f"a {sign} ... gives a {type(v).__name__}"}
    return {"made": ""}


def summed(dialect: Dialect, a: Any, n: int) -> Any:
    """The sum a + a + ... with n additions, by the operator itself where there is one."""
    add: Callable[[Any, Any], Any] = operator.add
    if not hasattr(dialect.value_class, "__add__"):
        add = lambda x, y: dialect.apply("add", (x, y))  # noqa: E731  (the loop is timed: no branch in it)
    y = a
    for _ in range(n):
        y = add(y, a)
    return y


MEASURES: dict[str, Callable[..., Facts]] = {
    "chain": chain, "freeing": freeing, "interior": interior, "leaves": leaves, "memory": memory,
    "refused_data": refused_data,
    "refused_operand": refused_operand, "time": seconds, "training": training, "unchanged": unchanged,
    "whole_numbers": whole_numbers,
}  # fmt: skip
