"""A chain of n nodes, y = y * w and y = y + b in turns: is the cost of a node the same whatever the length?

As a program it prints the seconds per node of forward, backward and the freeing of the graph.
Read next: `imports.py`.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

from .measure import seconds

LENGTHS = (10**3, 10**4, 10**5, 10**6)
NODES = 200_000  # a shorter chain is repeated until that many nodes were made


def chain(Value: Any, n: int) -> None:
    """Forward and backward over n nodes; the graph is dropped on return."""
    y, w, b = Value(1.0), Value(1.000001), Value(0.000001)
    for _ in range(n // 2):
        y = y * w
        y = y + b
    y.backward()


def main(name: str, collector: str, length: str) -> None:
    if name == "ours":
        from autograd import Value
    else:
        from micrograd.engine import Value
    n = int(length)
    chain(Value, 100)  # the interpreter specialises the code
    if collector == "off":
        gc.disable()
    repeats = max(1, NODES // n)
    try:
        print(sum(seconds(lambda: chain(Value, n)) for _ in range(repeats)) / repeats / n)
    except RecursionError:
        print("null")


if __name__ == "__main__":
    main(*sys.argv[1:])
