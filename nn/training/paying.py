"""Whether compiling pays: the work that is ahead in scalar Values, against that of making a plan.

It owns the measure of a graph and the limit; it must not know how plans are made.
Read next: `compiled.py`, which asks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd import Value

__all__ = ["USUAL", "WORTHWHILE", "graph_size", "same_chance"]

WORTHWHILE = 5_000_000
"""Nodes and their operands, over all samples and epochs, that take longer eagerly than compiling does: two seconds."""

USUAL = 10_000
"""So large is the graph of a sample at most, where there is so little to do that it is not looked at."""


def graph_size(root: Any) -> int:
    """How many nodes and operands the graph of a result has: the same in every run, as times are not.

    Args:
        root: The result; what is no Value has none.

    Example:
        >>> x = Value(2.0)
        >>> graph_size(x * x + x)  # three nodes, two of them with two operands
        7
    """
    size, waiting, visited = 0, [root] if isinstance(root, Value) else [], set[Value]()
    while waiting:
        node = waiting.pop()
        if node not in visited:
            visited.add(node)
            size += 1 + len(node._prev)
            waiting += node._prev
    return size


@contextmanager
def same_chance(*generators: random.Random) -> Iterator[None]:
    """Afterwards the generators, and those of `random` and numpy, are as they were: what was drawn does not count."""
    import numpy as np

    before = [(generator, generator.getstate()) for generator in generators]
    state, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpys)
        for generator, its in before:
            generator.setstate(its)
