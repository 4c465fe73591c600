"""Cases of deep programs, and what nodes cost: memory, freeing, time.

This file owns those cases; it must not know how they are run.
Read next: `edges.py`, numbers at the edge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..case import Case, MeasuredCase, ProgramCase, Verdict
from ..report import Figure
from ..sketch import Sketch, written

__all__ = ["depth_of_the_lesson", "size"]

LESSON = 500  # a recursive engine needs two calls per operation at most: Python allows 1,000
NODES = 400  # few enough for a recursive engine
DEPTHS = (1_000, 10_000, 100_000, 1_000_000)
PATIENCE = {100_000: 2.0, 1_000_000: 4.0}
FEW = 10  # nodes that the class may keep for itself, as one that stands for a number


def depth_of_the_lesson() -> tuple[Case, ...]:
    """Programs that a recursive engine can do too."""

    def sums(a: Sketch) -> Sketch:
        y = a
        for _ in range(LESSON - 1):
            y = y + a
        return y

    def products(a: Sketch, b: Sketch) -> Sketch:
        y = a
        for _ in range(LESSON // 2 - 1):
            y = y * b + a
        return y

    title = f"A program may be {LESSON} operations deep."
    programs = (written("sums", sums, 0.5), written("products", products, 0.5, 0.9))
    return (ProgramCase(f"depth/{LESSON}", "lesson", title, programs, needed="lesson"),)


def size() -> tuple[Case, ...]:
    """What nodes cost, and then the chains, which may end the worker, the deepest last."""
    return (memory(), freed(), time(), *[chain(n) for n in DEPTHS])


def chain(n: int) -> Case:
    """Y = y + a, n times: y is (n + 1)·a, and so the gradient of a is n + 1."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        seen, right = (facts["value"], facts["gradient"]), (0.5 * (n + 1), n + 1.0)
        if seen == right:
            return Verdict("holds")
        shown, wanted = [f"y.data is {y:.10g}, a.grad is {a:.10g}" for y, a in (seen, right)]
        return Verdict("wrong", shown, wanted)

    lines = f"a = Value(0.5)\ny = a\nfor _ in range({n}):\n    y = y + a\ny.backward()\nprint(y.data, a.grad)"
    title = f"A program may be {n:,} operations deep, and what it made can be freed."
    return MeasuredCase(f"depth/{n}", "robust", title, measure="chain", arguments=(n,), judged=judged, lines=lines,
                        needs=("add",), needed="robust", patience=PATIENCE.get(n, 1.0))  # fmt: skip


GRAPH = f"a = Value(0.5)\ny = a\nfor _ in range({NODES}):\n    y = y + a\ny.backward()"


def memory() -> Case:
    """Bytes per node, reported."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        kept = f"{NODES} additions, by tracemalloc"
        note = "the same with their backward pass"
        return Verdict("reported", figures=(
            Figure("memory per node", positive(facts["kept"]), "bytes", kept),
            Figure("memory per node at the peak", positive(facts["peak"]), "bytes", note),
        ))  # fmt: skip

    title = "How much memory a node takes."
    return MeasuredCase("size/memory per node", "robust", title, measure="memory", arguments=(NODES,), judged=judged,
                        lines=GRAPH, needs=("add",))  # fmt: skip


def time() -> Case:
    """Seconds per node, reported."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        note = f"{NODES} additions, the best of several runs"
        return Verdict("reported", figures=(
            Figure("time per node, forward", positive(facts["forward"]) * 1e6, "µs", note),
            Figure("time per node, backward", positive(facts["backward"]) * 1e6, "µs", note),
        ))  # fmt: skip

    title = "How long a node takes."
    return MeasuredCase("size/time per node", "robust", title, measure="time", arguments=(NODES,), judged=judged,
                        lines=GRAPH, needs=("add",))  # fmt: skip


def freed() -> Case:
    """Nodes that are left after a graph was dropped, before and after a full collection."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        left, collected = facts["left"], facts["collected"]
        if collected > FEW:
            return Verdict("wrong", f"{collected} of {facts['nodes']} nodes stay for good", "none")
        if left > FEW:
            return Verdict(
                "wrong", f"{left} of {facts['nodes']} nodes wait for a full collection (reference cycles)", "none"
            )
        return Verdict("holds")

    lines = "import gc\n\ngc.disable()\n" + GRAPH + (
        "\nbefore = len(gc.get_objects())\ndel y\nprint(before - len(gc.get_objects()), 'objects were freed')"
    )  # fmt: skip
    title = "A graph is freed as soon as it is dropped, without a full collection."
    return MeasuredCase("size/freeing", "robust", title, measure="freeing", arguments=(NODES,), judged=judged,
                        lines=lines, needs=("add",), needed="robust")  # fmt: skip


def positive(x: Any) -> float:
    """A figure that came from the worker; ValueError if it is none."""
    if not math.isfinite(x) or x < 0:
        raise ValueError(f"a figure is a number that is not negative, not {x!r:.60}")
    return float(x)
