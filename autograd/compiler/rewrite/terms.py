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

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...engine import add, div, mul, neg, sub
from ...functions import square
from ..trace.tape import CONSTANT, DOT, INPUT, MEAN, PICK, SUM, Tape
from .rewriting import asked_for, ranges, rows_of

__all__ = ["Terms", "shared_nodes", "terms_of"]

Mask: TypeAlias = NDArray[np.bool_]
Nodes: TypeAlias = NDArray[np.int32]
Numbers: TypeAlias = NDArray[np.float64]

LOW, HIGH = 1e-100, 1e100  # of coefficients
SIGNS = {add: 1.0, sub: 1.0, neg: -1.0, SUM: 1.0, MEAN: 1.0}  # of operands; the second of `sub` has the other


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
    parts: Mask
    head: NDArray[np.int64]
    coefficient: Numbers
    left: Nodes
    right: Nodes


class Edges(NamedTuple):
    """What rows are made of: terms, and products of two nodes of which neither is a coefficient.

    Attributes:
        row, node, coefficient: Of each term the sum, the node and its coefficient there.
        product, left, right: Of each product the row, itself or a `dot`, and the two sides.
    """

    row: Nodes
    node: Nodes
    coefficient: Numbers
    product: Nodes
    left: Nodes
    right: Nodes


def terms_of(tape: Tape, shared: Mask) -> Terms:
    """The terms of all sums of a tape, of which some nodes are shared."""
    # which rows are sums, and which are nothing but a part of one
    edges, is_sum, parts = _edges(tape), np.zeros(len(tape), bool), np.zeros(len(tape), bool)
    is_sum[edges.row] = True
    is_product = rows_of(tape, mul, square) & ~is_sum
    parts[edges.node] = True
    parts &= (np.bincount(tape.operands, minlength=len(tape)) == 1) & (is_sum | is_product) & ~asked_for(tape)
    alone = is_sum & ~parts & _canonical(tape, edges, parts & is_sum, parts & is_product, shared)
    is_sum &= ~alone
    parts[edges.node[alone[edges.row]]] = False
    head, scale = _gathered(tape, edges, is_sum, parts)

    # their terms: nodes alone, products of two; the weight of a product stands left
    single = np.flatnonzero(is_sum[edges.row] & ~parts[edges.node])
    double = np.flatnonzero((is_sum | (parts & is_product))[edges.product])
    row = np.concatenate([edges.row[single], edges.product[double]])
    coefficient = scale[row]
    coefficient[: len(single)] *= edges.coefficient[single]
    left = np.concatenate([np.full(len(single), -1), edges.left[double]])
    right = np.concatenate([edges.node[single], edges.right[double]])
    rank = np.where(shared, tape.code == CONSTANT, 2) * len(tape) + np.arange(len(tape))
    swap = (left >= 0) & (rank[left] > rank[right])
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    heads = np.flatnonzero(is_sum & ~parts)
    place = np.searchsorted(heads, head[row])
    order = np.lexsort((left, right, place))
    return Terms(heads, parts, place[order], coefficient[order], left[order], right[order])


def shared_nodes(tape: Tape) -> Mask:
    """Which nodes depend on parameters and constants alone."""
    own = (tape.code == INPUT) | (tape.code == PICK)
    own[tape.readers[own[tape.operands]]] = True
    known = bytearray(own)
    for row, x in tape.reads((tape.counts[tape.operands] > 0) & ~own[tape.readers]):
        if known[x]:
            known[row] = 1
    return np.logical_not(np.frombuffer(known, np.bool_))


def _edges(tape: Tape) -> Edges:
    """The terms and products of all rows."""
    x, row = tape.operands, tape.readers
    size = np.abs(tape.data)
    usable = (tape.code == CONSTANT) & (size > LOW) & (size < HIGH)
    coefficient = _of_sums(tape)
    _of_quotients(tape, usable, coefficient)
    left, right = _of_products(tape, usable, coefficient)
    term = np.flatnonzero(coefficient)
    return Edges(row[term], x[term], coefficient[term], row[left], x[left], x[right])


def _of_sums(tape: Tape) -> Numbers:
    """For each operand the coefficient with which it is added, subtracted or averaged; 0 where it is not."""
    counts, last = tape.counts, tape.first[1:] - 1
    sign = np.array([*[SIGNS.get(op, 0.0) for op in tape.ops], *[0.0] * 4])[tape.code]
    is_mean = rows_of(tape, MEAN)
    sign[is_mean] = 1 / counts[is_mean]
    coefficient = np.repeat(sign, counts)
    coefficient[last[rows_of(tape, sub)]] = -1.0
    coefficient[last[rows_of(tape, DOT)]] = 1.0  # its bias
    return coefficient


def _of_quotients(tape: Tape, usable: Mask, coefficient: Numbers) -> None:
    """Writes the coefficients of what is divided by a constant."""
    divisor = tape.first[1:][rows_of(tape, div)] - 1
    divisor = divisor[usable[tape.operands[divisor]]]
    coefficient[divisor - 1] = 1 / tape.data[tape.operands[divisor]]


def _of_products(tape: Tape, usable: Mask, coefficient: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Writes the coefficients of what is multiplied by a constant; where the sides of all other products stand."""
    x, first, dots = tape.operands, tape.first[:-1], np.flatnonzero(rows_of(tape, DOT))
    pairs = tape.counts[dots] // 2  # weights, as many inputs, and the bias
    weights, squares, products = ranges(first[dots], pairs), first[rows_of(tape, square)], first[rows_of(tape, mul)]
    left, right = np.append(products, weights), np.append(products + 1, weights + np.repeat(pairs, pairs))
    turned = usable[x[right]] & ~usable[x[left]]
    left, right = np.where(turned, right, left), np.where(turned, left, right)
    is_scaled = usable[x[left]]
    coefficient[right[is_scaled]] = tape.data[x[left[is_scaled]]]
    return np.append(left[~is_scaled], squares), np.append(right[~is_scaled], squares)


def _canonical(tape: Tape, edges: Edges, sums: Mask, products: Mask, shared: Mask) -> Mask:
    """Which rows of one or two terms, none of them a sum, are in canonical form but for the order of an addition."""
    inner, multiplied, common = [
        np.bincount(edges.row[of[edges.node]], minlength=len(tape)) for of in (sums, products, shared)
    ]
    one, plus, minus = rows_of(tape, neg, mul, div), rows_of(tape, add), rows_of(tape, sub)
    simple = (multiplied == 0) | ((common == 0) & ((multiplied == 1) | minus))
    canonical: Mask = (inner == 0) & (one | ((plus | minus) & simple))
    return canonical


def _gathered(tape: Tape, edges: Edges, is_sum: Mask, parts: Mask) -> tuple[Nodes, Numbers]:
    """For each node the sum that it is part of, itself if of none, and its coefficient there.

    A sum ends where coefficients pass a power of HIGH: what would be part of another is none then.
    """
    up, scale, own = np.arange(len(tape), dtype=np.int32), np.ones(len(tape)), np.flatnonzero(parts[edges.node])
    up[edges.node[own]], scale[edges.node[own]] = edges.row[own], edges.coefficient[own]
    head, total = _jumped(up, scale, np.multiply)
    if not ((np.abs(total) > LOW) & (np.abs(total) < HIGH)).all():
        band = np.rint(_jumped(up, np.log(np.abs(scale)), np.add)[1] / np.log(HIGH))
        ends = np.flatnonzero(is_sum & (band != band[up]))
        parts[ends], up[ends], scale[ends] = False, ends, 1.0
        head, total = _jumped(up, scale, np.multiply)
    return head, total


def _jumped(up: Nodes, scale: Numbers, combined: np.ufunc) -> tuple[Nodes, Numbers]:
    """The last node on the way up from each, and what stands on the way, combined.

    Each jump is twice as far as the one before: a way of n nodes takes log2(n) of them.
    """
    up, scale = up.copy(), scale.copy()
    moving = np.flatnonzero(up != np.arange(len(up)))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        while len(moving := moving[up[up[moving]] != up[moving]]):
            scale[moving], up[moving] = combined(scale[moving], scale[up[moving]]), up[up[moving]]
    return up, scale
