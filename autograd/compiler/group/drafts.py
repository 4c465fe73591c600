"""Drafts: the steps of a program while it is not yet known in which rows its numbers will stand.

A draft speaks of nodes, where a step speaks of rows. This file owns the format and what all drafts are made from; it
must not know how nodes are grouped, nor how rows are found. Read next: `sums.py`, which drafts sums of products.

Of the tape of `group.py`; two nodes more are the constant 1 and a row of ones, and time is eight times the level:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> sides = Sides(tape, per_sample=False)
    >>> sides.sample.astype(int).tolist(), sides.time[6:].tolist()
    ([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1], [96, 104, 112, 120])
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...engine import Op
from ..trace.tape import CONSTANT, INPUT, PARAMETER, Tape
from .levels import levels
from .program import Step

__all__ = ["SUBLEVELS", "Draft", "Nodes", "Sides", "are_distinct"]

Nodes: TypeAlias = NDArray[np.int64]
SUBLEVELS = 8  # of one level: what was one node of the tape may become a few steps, one after the other


def are_distinct(nodes: Nodes) -> bool:
    """Whether no node stands there twice; for a few nodes np.unique takes ten times as long."""
    return len(set(nodes.tolist())) == len(nodes)


@dataclass(eq=False)
class Draft:
    """A step that is to be.

    Attributes:
        kind: The class of the step.
        time: Drafts are done in the order of time; those of equal time do not need each other.
        out: The nodes that it computes; of a `Product` a table, (rows, positions).
        operands: Tables of nodes, the last axis that of `out`: of a `Map` (arity, m), of a `Reduce` (n, m), of a `Dot`
            two of (n, m), of a `Pick` (candidates, m). Of a `Product` the weights, (rows, columns), and the inputs,
            (columns, positions). Of a `Thin` none: they are those of the tape.
        op: The operation of a `Map` or a `Reduce`.
        column: That of a `Pick`.
    """

    kind: type[Step]
    time: int
    out: Nodes
    operands: tuple[Nodes, ...] = ()
    op: Op | None = None
    column: int = 0


@dataclass(eq=False)
class Sides:
    """What is known of each node: of those of the tape, of two more, and of those that drafts make in between.

    Attributes:
        tape: The tape.
        sample: Whether a number differs from sample to sample; all that drafts make in between do.
        constant: Whether it is a constant.
        rank: Shared nodes in the order in which they are laid out: parameters by their number, then all others.
        data: The values of constants.
        size: How many nodes there are.
        one, ones: Two nodes more than the tape has: the constant 1, and a row of ones in the sample arena.
    """

    tape: Tape
    per_sample: bool
    sample: NDArray[np.bool_] = field(init=False)
    constant: NDArray[np.bool_] = field(init=False)
    rank: Nodes = field(init=False)
    data: NDArray[np.float64] = field(init=False)
    time: Nodes = field(init=False)

    def __post_init__(self) -> None:
        code, n = np.append(self.tape.code, [CONSTANT, INPUT]), len(self.tape)
        self.one, self.ones, self.size = n, n + 1, n + 2
        self.data = np.append(self.tape.data, [1.0, 0.0])
        self.constant = code == CONSTANT
        level, sample = levels(self.tape, self.per_sample)
        self.time, self.sample = level * SUBLEVELS, np.append(sample, [False, True])
        self.rank = np.arange(n + 2) + self.tape.n_parameters
        own = code == PARAMETER
        self.rank[own] = self.data[own].astype(np.int64)

    def new(self, count: int) -> Nodes:
        """Nodes that no tape has."""
        self.size += count
        return np.arange(self.size - count, self.size)

    def sample_of_all(self) -> NDArray[np.bool_]:
        """`sample` for the nodes too that drafts have made so far."""
        return np.append(self.sample, np.ones(self.size - len(self.sample), dtype=bool))
