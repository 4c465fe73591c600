"""What compiling costs: tracing and planning for each node, and the first call.

As a program it measures one of them in a process of its own and prints JSON; the collector is off while a plan is made.
Read next: `compile_sizes.py`.
"""

from __future__ import annotations

import gc
import itertools
import json
import random
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

WIDTH = 30


def recurrent(steps: int) -> tuple[Callable[..., Any], Any, list[float], float]:
    """A layer of 30 units that is applied again and again: all its nodes are in groups."""
    from autograd import Value

    rng = random.Random(5)
    rows = [[Value(rng.gauss(0, 0.2)) for _ in range(WIDTH + 1)] for _ in range(WIDTH)]

    def f(rows: Any, x: Any, y: Any) -> Any:
        for _ in range(steps):
            x = [sum((w * v for w, v in zip(row, x, strict=False)), row[-1]).tanh() for row in rows]
        return (sum(x) - y) ** 2

    return f, rows, [rng.random() for _ in range(WIDTH)], 0.5


def chain(steps: int) -> tuple[Callable[..., Any], Any, list[float], float]:
    """A chain: nothing to group."""
    from autograd import Value

    def f(params: Any, x: Any, y: Any) -> Any:
        v, (a, b) = x[0], params
        for _ in range(steps):
            v = (v * a).sin() + b
        return (v - y) ** 2

    return f, [Value(0.9), Value(0.1)], [0.5], 0.5


KINDS = {"layers": (recurrent, 2 * WIDTH**2 + WIDTH), "chain": (chain, 3)}


def plan(kind: str, size: str, memory: str) -> None:
    """Print nodes, seconds of each stage, and the bytes at the peak (`memory` is "count", "resident" or "no")."""
    import numpy as np

    from autograd.compiler.group.group import group
    from autograd.compiler.rewrite.fuse import fuse
    from autograd.compiler.rewrite.simplify import simplify
    from autograd.compiler.trace.tracing import trace

    make, nodes_a_step = KINDS[kind]
    for warm in (3, max(1, int(size) // nodes_a_step)):  # the first imports what it needs
        f, params, x, y = make(warm)
        gc.collect()
        gc.disable()
        if memory == "no":  # a virtual machine gets its memory when it is first touched, at 14 µs a page, and keeps it
            np.ones(40 * int(size))
        if memory == "count":
            tracemalloc.start()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        clock = [time.perf_counter()]
        tape = trace(f, params, x, y).tape
        nodes = len(tape)
        clock.append(time.perf_counter())
        tape = simplify(tape)
        clock.append(time.perf_counter())
        tape = fuse(tape)
        clock.append(time.perf_counter())
        program = group(tape)
        clock.append(time.perf_counter())
        peak = (
            tracemalloc.get_traced_memory()[1] if memory == "count"
            else 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        )  # fmt: skip
        tracemalloc.stop()
    stages = [after - earlier for earlier, after in itertools.pairwise(clock)]
    print(json.dumps({"nodes": nodes, "stages": stages, "bytes": peak, "steps": len(program.steps)}))


def first(executor: str) -> None:
    """Print the seconds of the first call for the digits network, autograd being imported, and of the second one."""
    import autograd
    from autograd import Value

    from .compile_mlp import BATCH, DIGITS, problem, scalar_loss, values_of

    thetas, X, Y = problem(DIGITS, BATCH)
    params = values_of(thetas, Value)
    start = time.perf_counter()
    step: Any = autograd.compile(scalar_loss, executor=executor)  # type: ignore[attr-defined]
    step(params, X, Y)
    middle = time.perf_counter()
    step(params, X, Y)
    print(json.dumps([middle - start, time.perf_counter() - middle]))


MEASURES: dict[str, Callable[..., None]] = {"plan": plan, "first": first}

if __name__ == "__main__":
    MEASURES[sys.argv[1]](*sys.argv[2:])
