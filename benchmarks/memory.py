"""Bytes per node of the moons step, counted by tracemalloc.

As a program it is one contestant: it reads the samples from its input and prints {nodes, kept, peak}. Counted is what
Python allocates from the start of the forward pass, thus the nodes with their data, gradients, partials and links,
and the leaves of the inputs, but not the 337 parameters, which are there before.
kept: what is left after `backward()` when only the loss is held and the collector has run.
peak: the most there ever was until then, thus with the topological sort.
nodes: all Values reached from the loss but the parameters; micrograd makes nodes of constants too.
Read next: `chain.py`.
"""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from typing import Any

from .moons import engine, total_loss


def count_nodes(root: Any, known: list[Any]) -> int:
    """How many Values, each counted once, `root` was computed from, itself included and the known ones not."""
    # A Value of ours wraps a constant anew whenever `_prev` is read: `operands` shows what is really there.
    seen, stack = {id(v) for v in known}, [root]
    count = 0
    while stack:
        v = stack.pop()
        if id(v) not in seen:
            seen.add(id(v))
            count += 1
            operands = v.operands if hasattr(v, "operands") else v._prev
            stack += [x for x in operands if not isinstance(x, float)]
    return count


def main(name: str) -> None:
    data = json.load(sys.stdin)
    Value, model = engine(name)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    loss = total_loss(Value, model, data)
    model.zero_grad()
    loss.backward()
    _, peak = tracemalloc.get_traced_memory()
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    nodes = count_nodes(loss, model.parameters())
    print(json.dumps({"nodes": nodes, "kept": (kept - before) / nodes, "peak": (peak - before) / nodes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
