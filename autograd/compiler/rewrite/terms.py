"""Terms: which rows of a tape are parts of one sum, and what the terms of each sum are.

All rows at once, in array operations: a row that is used once, by a row that is part of a sum, belongs to that sum; by
jumping from part to part, twice as far each time, each finds its sum and its coefficient there. This file owns how
sums are read; it must not know how they are written. Read next: `fuse.py`, which writes them.

The example of `fuse.py` has one sum with three terms, and a difference that is left alone:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape)
    >>> found = terms_of(tape, shared_nodes(tape))
    >>> found.heads, found.left, found.right, found.coefficient
    (array([9]), array([-1,  0,  1]), array([2, 3, 4]), array([1., 1., 1.]))
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine import add, div, mul, neg, sub
from ...functions import square
from ..trace.tape import CONSTANT, DOT, INPUT, MEAN, PICK, SUM, Tape
from .rewriting import asked_for, rows_of

__all__ = ["Terms", "shared_nodes", "terms_of"]

LOW, HIGH = 1e-100, 1e100  # of coefficients
OTHER, PRODUCT, PLUS, MINUS, NEG, TOTAL, AVERAGE, WEIGHTED, SCALED = range(9)  # what a row is in a sum
KINDS = {mul: PRODUCT, square: PRODUCT, add: PLUS, sub: MINUS, neg: NEG, SUM: TOTAL, MEAN: AVERAGE, DOT: WEIGHTED}


class Terms(NamedTuple):
    """The terms of all sums.

    Attributes:
        heads: The rows that are sums and no part of another, in order; those left alone are not among them.
        parts: Which nodes are nothing but a part of one of these.
        head: For each term the place of its sum in `heads`; terms of a sum are together.
        coefficient: Its coefficient.
        left: The weight of a product: what depends on parameters, or else a constant, or else the smaller node. -1 for
            a node alone.
        right: The other side; terms of a sum are in the order of these, then of the weights.
    """

    heads: NDArray[np.int64]
    parts: NDArray[np.bool_]
    head: NDArray[np.int64]
    coefficient: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]


class Edges(NamedTuple):
    """For each operand of each row: the row, and the coefficient with which it is a term there; 0 if it is none."""

    parent: NDArray[np.int32]
    coefficient: NDArray[np.float64]
    factors: NDArray[np.int64]  # operands that are weights of a product of two nodes in a `dot`
    partner: NDArray[np.int64]  # the place of the other side, for each of these


def terms_of(tape: Tape, shared: NDArray[np.bool_]) -> Terms:
    """The terms of all sums of a tape, of which some nodes are shared."""
    kind, usable = _kinds(tape)
    edges = _edges(tape, kind, usable)
    is_sum = kind > PRODUCT
    parts = np.zeros(len(tape), bool)
    parts[tape.operands[edges.coefficient != 0]] = True
    parts &= (np.bincount(tape.operands, minlength=len(tape)) == 1) & (kind != OTHER) & ~asked_for(tape)
    alone = _left_alone(tape, kind, edges, parts, shared)
    parts[tape.operands[alone[edges.parent]]] = False
    up, scale = _jumped(tape, edges, parts, np.multiply)
    if not ((np.abs(scale) > LOW) & (np.abs(scale) < HIGH)).all():  # a sum ends where a power of HIGH is passed
        band = np.rint(_jumped(tape, edges, parts, np.add)[1] / np.log(HIGH))
        crossing = (edges.coefficient != 0) & (band[tape.operands] != band[edges.parent])
        parts[tape.operands[crossing & is_sum[tape.operands]]] = False
        up, scale = _jumped(tape, edges, parts, np.multiply)
    heads = np.flatnonzero(is_sum & ~parts & ~alone)
    inside = is_sum & ~alone

    term = np.flatnonzero((edges.coefficient != 0) & inside[edges.parent] & ~parts[tape.operands])
    rows = np.flatnonzero(parts & (kind == PRODUCT))
    dots = np.flatnonzero(inside[edges.parent[edges.factors]])
    where = np.concatenate([edges.parent[term], rows, edges.parent[edges.factors[dots]]])
    coefficient = scale[where]
    coefficient[: len(term)] *= edges.coefficient[term]
    last = tape.first[rows + 1] - 1
    left = np.concatenate([np.full(len(term), -1), tape.operands[tape.first[rows]], tape.operands[edges.factors[dots]]])
    right = np.concatenate([tape.operands[term], tape.operands[last], tape.operands[edges.partner[dots]]])
    rank = np.where(shared, tape.code == CONSTANT, 2).astype(np.int8)  # parameters and what depends on them, constants
    swap = (left >= 0) & np.where(rank[left] == rank[right], left > right, rank[left] > rank[right])
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    head = np.searchsorted(heads, up[where])
    order = np.lexsort((left, right, head))
    return Terms(heads, parts, head[order], coefficient[order], left[order], right[order])


def shared_nodes(tape: Tape) -> NDArray[np.bool_]:
    """Which nodes depend on parameters and constants alone."""
    own = bytearray((tape.code == INPUT) | (tape.code == PICK))
    for node, a, b, count in tape.rows():
        if own[a] or own[b] or (count > 2 and any(own[x] for x in tape.of(node))):
            own[node] = 1
    return np.logical_not(np.frombuffer(own, np.bool_))


def _kinds(tape: Tape) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """What each row is in a sum; and which nodes are constants that can be coefficients."""
    usable, constants = np.zeros(len(tape), bool), np.flatnonzero(tape.code == CONSTANT)
    size = np.abs(tape.data[constants])
    usable[constants] = (size > LOW) & (size < HIGH)
    kind = np.array([*[KINDS.get(op, OTHER) for op in tape.ops], *[OTHER] * 4], np.int8)[tape.code]
    is_div = rows_of(tape, div)
    two = np.flatnonzero((np.diff(tape.first) == 2) & ((kind == PRODUCT) | is_div))
    left, right = usable[tape.operands[tape.first[two]]], usable[tape.operands[tape.first[two] + 1]]
    kind[two[right | (left & ~is_div[two])]] = SCALED
    return kind, usable


def _edges(tape: Tape, kind: NDArray[np.int8], usable: NDArray[np.bool_]) -> Edges:
    """Every operand, as a term of its row."""
    counts = np.diff(tape.first)
    parent = np.repeat(np.arange(len(tape), dtype=np.int32), counts)
    of_parent = np.repeat(kind, counts)
    coefficient = np.array([0.0, 0.0, 1.0, 1.0, -1.0, 1.0, 1.0, 0.0, 0.0])[of_parent]
    coefficient[tape.first[np.flatnonzero(kind == MINUS)] + 1] = -1.0
    average = np.flatnonzero(of_parent == AVERAGE)
    coefficient[average] = 1 / counts[parent[average]]

    scaled = np.flatnonzero(kind == SCALED)
    a = tape.first[scaled]
    is_div = rows_of(tape, div)[scaled]
    by_first = ~is_div & usable[tape.operands[a]]
    factor = tape.data[tape.operands[np.where(by_first, a, a + 1)]]
    coefficient[np.where(by_first, a + 1, a)] = np.where(is_div, 1 / factor, factor)

    slots = np.flatnonzero(of_parent == WEIGHTED)
    slot, n = slots - tape.first[parent[slots]], counts[parent[slots]] // 2
    coefficient[slots[slot == 2 * n]] = 1.0
    weights = slots[slot < n]
    partner = weights + n[slot < n]
    by_weight, by_input = usable[tape.operands[weights]], usable[tape.operands[partner]]
    coefficient[partner[by_weight]] = tape.data[tape.operands[weights[by_weight]]]
    by_input &= ~by_weight
    coefficient[weights[by_input]] = tape.data[tape.operands[partner[by_input]]]
    both = ~by_weight & ~by_input
    return Edges(parent, coefficient, weights[both], partner[both])


def _left_alone(
    tape: Tape, kind: NDArray[np.int8], edges: Edges, parts: NDArray[np.bool_], shared: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The sums of one or two terms that are in canonical form already but for the order of an addition."""
    n, x = len(tape), tape.operands
    term = edges.coefficient != 0
    inner = np.flatnonzero(term & parts[x])
    parent, is_product = edges.parent[inner], kind[x[inner]] == PRODUCT
    products = np.bincount(parent[is_product], minlength=n)
    deep = np.bincount(parent[~is_product], minlength=n) > 0
    common = np.bincount(edges.parent[term & shared[x]], minlength=n)
    plus = (kind == PLUS) & ((products == 0) | ((products == 1) & (common == 0)))
    minus = (kind == MINUS) & ((products == 0) | (common == 0))
    alone: NDArray[np.bool_] = ~deep & ~parts & (plus | minus | (kind == NEG) | (kind == SCALED))
    return alone


def _jumped(
    tape: Tape, edges: Edges, parts: NDArray[np.bool_], combined: np.ufunc
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each node the sum that it is part of, itself if of none, and its coefficient there; or, added, its logarithm.

    Each jump is twice as far as the one before: a chain of n parts takes log2(n) of them.
    """
    own = np.flatnonzero((edges.coefficient != 0) & parts[tape.operands])
    moving, coefficient = tape.operands[own], edges.coefficient[own]
    up, scale = np.arange(len(tape), dtype=np.int32), np.full(len(tape), float(combined.identity))
    up[moving] = edges.parent[own]
    scale[moving] = np.log(np.abs(coefficient)) if combined is np.add else coefficient
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        while len(moving := moving[up[up[moving]] != up[moving]]):
            scale[moving], up[moving] = combined(scale[moving], scale[up[moving]]), up[up[moving]]
    return up, scale
