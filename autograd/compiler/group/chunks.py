"""Chunks: which numbers stand side by side.

The results of a draft are a chunk; chunks are joined where a reader wants several as one block, and a row of ones is
put behind where a matrix product has a bias. This file owns chunks before they have rows. Read next: `layout.py`.

Of the tape of `group.py`, whose product reads [%3 %4 1]: two inputs and a one (node 11) are a chunk, in two parts.

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> from autograd.compiler.group.group import drafts_of
    >>> sides = Sides(tape, per_sample=False)
    >>> [[nodes.tolist() for nodes in parts] for parts in Chunks(sides, drafts_of(sides)).parts]
    [[[6]], [[7]], [[8]], [[9]], [[3, 4], [11]], [[5]]]
"""

from __future__ import annotations

import numpy as np

from ..trace.tape import INPUT, PARAMETER
from .drafts import Draft, Nodes, Sides, are_distinct
from .program import Dot, Product, Reduce

__all__ = ["Chunks"]

NONE = -1


class Chunks:
    """Chunks of nodes.

    Attributes:
        of, offset: For each node its chunk, and its place in it.
        parts: For each chunk its nodes, in parts; empty where it was joined to another.
        key: Chunks stand in this order.
        column: For each node that is a column of the samples, which one; else -1.
    """

    def __init__(self, sides: Sides, drafts: list[Draft]) -> None:
        self.sides = sides
        self.of, self.offset = np.full(sides.size, NONE), np.zeros(sides.size, dtype=np.int64)
        self.parts: list[list[Nodes]] = []
        self.length: list[int] = []
        self.key: list[int] = []
        tape = sides.tape
        self.column = np.full(sides.size, NONE)
        is_input = np.flatnonzero(tape.code == INPUT)
        self.column[is_input] = tape.data[is_input]
        width = tape.n_inputs + tape.n_parameters * sides.per_sample
        for place, draft in enumerate(drafts):
            self.add([draft.out.reshape(-1)], width + 1 + place)
        for kinds in ((Product,), (Dot, Reduce)):
            wanted = [table.reshape(-1) for draft in drafts if draft.kind in kinds for table in draft.operands]
            for nodes in sorted(wanted, key=len, reverse=True):  # a smaller one may be part of a larger one
                self.join(nodes)
        if sides.per_sample:
            own = np.flatnonzero(tape.code == PARAMETER)
            self.column[own] = tape.data[own] + tape.n_inputs
        left = np.flatnonzero((self.column != NONE) & (self.of == NONE))
        if len(left):
            self.add([left[np.argsort(self.column[left])]], width)

    def add(self, parts: list[Nodes], key: int) -> None:
        """A chunk of these."""
        nodes = np.concatenate(parts)
        self.of[nodes], self.offset[nodes] = len(self.parts), np.arange(len(nodes))
        self.parts.append(parts)
        self.length.append(len(nodes))
        self.key.append(key)

    def join(self, nodes: Nodes) -> None:
        """Makes nodes, at the end of which may be ones, a block, if that can be: nothing may stand in two places."""
        n_ones = int((nodes == self.sides.ones).sum())
        nodes, rest = nodes[: len(nodes) - n_ones], nodes[len(nodes) - n_ones :]
        if not len(nodes) or (rest != self.sides.ones).any():
            return
        of, offset = self.of[nodes], self.offset[nodes]
        starts = np.flatnonzero(np.append(True, (of[1:] != of[:-1]) | (of[1:] == NONE) | (np.diff(offset) != 1)))
        if (len(starts) > 1 or of[0] == NONE) and not self.merge(nodes, of, starts):
            return
        chunk, end = int(self.of[nodes[-1]]), int(self.offset[nodes[-1]]) + 1
        if n_ones and end == self.length[chunk]:
            self.parts[chunk].append(rest)
            self.length[chunk] += n_ones

    def merge(self, nodes: Nodes, of: Nodes, starts: Nodes) -> bool:
        """Joins whole chunks and inputs to one chunk of these nodes; False if they are in use otherwise."""
        lengths = np.diff(np.append(starts, len(nodes)))
        single = of[starts] == NONE
        columns = self.column[nodes[starts[single]]]
        if (columns == NONE).any() or (np.diff(columns) != 1).sum() > len(nodes) // 8:
            return False
        chunks = of[starts[~single]].tolist()
        whole = [self.length[c] for c in chunks] == lengths[~single].tolist()
        if not whole or not are_distinct(nodes):
            return False
        keys = [self.key[c] for c in chunks]
        for c in chunks:
            self.parts[c], self.length[c] = [], 0
        self.add([nodes], min([*keys, *columns.tolist()]))
        return True
