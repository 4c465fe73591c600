"""Levels: how far each node is from the leaves, so that equal operations of one level can be done together.

All nodes that samples share come before those of the sample. A neuron that is applied at several places, as the output
of each step of a recurrent cell, waits until all of its places are ready, if nothing else waits for it. This file owns
when a node is done; it must not know with what. Read next: `drafts.py`.

Of the tape of `group.py` the parameters, then the sample's numbers, each operation one level further:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> level, sample = levels(tape, per_sample=False)
    >>> level.tolist(), sample.tolist().index(True)
    ([0, 0, 0, 11, 11, 11, 12, 13, 14, 15], 3)
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from ..trace.tape import DOT, INPUT, PARAMETER, PICK, Tape

__all__ = ["levels"]

WIDE = 4  # so many nodes a level on average are worth waiting


def levels(tape: Tape, per_sample: bool) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each node its level, and whether it differs from sample to sample.

    Where no result does, all that is computed counts as if it did: matrix products are for samples only.
    """
    own = (tape.code == INPUT) | (tape.code == PICK) | ((tape.code == PARAMETER) & per_sample)
    later = len(tape) + 1  # than all that is shared
    level = heights(tape, np.where(own, later, 0))
    if not (level[tape.roots] >= later).any():
        own |= tape.code >= 0
        level = heights(tape, np.where(own, later, 0))
    waiting = together(tape, level, later)
    if len(waiting):
        lowest = np.where(own, later, 0)
        lowest[waiting[:, 0]] = waiting[:, 1]
        level = heights(tape, lowest)
    return level, level >= later


def heights(tape: Tape, lowest: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each node the smallest level that is above those of its operands, and not below its lowest."""
    known = array("q", np.maximum(lowest, tape.counts > 0).tobytes())
    for row, x in tape.reads((tape.counts > 0)[tape.operands] | (lowest > 0)[tape.operands]):
        level = known[x]
        if level >= known[row]:
            known[row] = level + 1
    return np.frombuffer(known, np.int64)


def together(tape: Tape, level: NDArray[np.int64], later: int) -> NDArray[np.int64]:
    """Sums with the same weights at different levels that can all be done at the last of these: (node, that level)."""
    nothing = np.zeros((0, 2), dtype=np.int64)
    if DOT not in tape.ops or len(tape) < WIDE * (int(level.max()) - later):
        return nothing
    same: dict[bytes, list[int]] = {}
    for node in np.flatnonzero((tape.code == tape.ops.index(DOT)) & (level >= later)).tolist():
        begin, end = int(tape.first[node]), int(tape.first[node + 1])
        weights = tape.operands[begin : (begin + end) // 2]
        if (level[weights] < later).all():
            same.setdefault(weights.tobytes(), []).append(node)
    several = [nodes for nodes in same.values() if len(nodes) > 1 and len(set(level[nodes].tolist())) > 1]
    if not several:
        return nothing
    latest = np.full(len(tape), level.max()).tolist()
    for row, x in tape.reads(tape.counts[tape.operands] > 0, backwards=True):
        if latest[x] >= latest[row]:
            latest[x] = latest[row] - 1
    last = [(nodes, int(level[nodes].max())) for nodes in several]
    pairs = [(node, top) for nodes, top in last if top <= min([latest[i] for i in nodes]) for node in nodes]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
