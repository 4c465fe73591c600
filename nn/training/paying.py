"""Whether compiling pays: the work that is ahead in scalar Values, against that of making a plan.

It owns the measure of a graph and the comparison; it must not know how plans are made.
Read next: `compiled.py`, which asks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd import Value

__all__ = ["USUAL", "graph_size", "pays", "same_chance"]

COMPILING, TRACING, SAMPLE = 1_500_000, 300, 300
"""What compiling takes, what more for each node or operand of the graph, and what a sample takes besides its graph, in
the time of a node or an operand that is computed eagerly, a quarter of a microsecond: measured, and rounded up."""

USUAL = 10_000
"""So large is the graph of a sample at most, where there is so little to do that it is not looked at."""


def pays(size: int, samples: int) -> bool:
    """Whether it takes longer to compute that many samples eagerly than to compile first.

    Args:
        size: Of the graph of a sample.
        samples: How often one is computed, over all epochs.

    Example:
        >>> pays(size=250, samples=150 * 10), pays(size=250, samples=150 * 50)  # iris, 10 and 50 epochs
        (False, True)
    """
    return samples * (size + SAMPLE) > COMPILING + size * TRACING


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
