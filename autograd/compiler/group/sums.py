"""Sums of products: `dot` nodes become matrix products, and elementwise operations where there is nothing to share.

A layer of neurons is one matrix product, since its sums have the same inputs; one neuron at many places (a convolution,
a recurrent cell, one projection for many words) is one matrix product at many positions: these have the same weights.
This file owns which sums make a matrix; it must not know rows. Read next: `order.py`.

The sum in the tape of `group.py` is a product of a matrix of weights and bias, [%0 %1 %2], with a column [%3 %4 1]:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> print(str(tape).splitlines()[6])
    %6 = dot(%0, %1, %3, %4, %2)
    >>> (draft,) = draft_dots(Sides(tape, False), np.array([6]), tape.operands[None, :5], 96)
    >>> draft.kind.__name__, draft.out.tolist(), [table.tolist() for table in draft.operands]
    ('Product', [[6]], [[[0, 1, 2]], [[3], [4], [11]]])
"""

from __future__ import annotations

import numpy as np

from ...engine import add, mul, sub
from .drafts import Draft, Nodes, Sides, are_distinct
from .program import Dot, Map, Product

__all__ = ["draft_dots"]

WEIGHTED, SCALED, OTHER = range(3)  # all terms parameter · sample; all constant · anything; all others
FEW = 4  # so many summands are added one after the other


def draft_dots(sides: Sides, nodes: Nodes, operands: Nodes, time: int) -> list[Draft]:
    """The drafts of `dot` nodes of one arity, a row of `operands` for each: weights, inputs, bias."""
    n = operands.shape[1] // 2
    a, b, bias = operands[:, :n], operands[:, n:-1], operands[:, -1]
    turned = (sides.sample[a] & ~sides.sample[b]) | (sides.constant[b] & ~sides.constant[a] & ~sides.sample[a])
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    kind = np.full(len(nodes), OTHER)
    if sides.sample[nodes[0]]:
        kind[(~sides.sample[a] & sides.sample[b]).all(1)] = WEIGHTED
        kind[sides.constant[a].all(1)] = SCALED
    no_bias = sides.constant[bias] & (sides.data[bias] == 0)
    pattern = kind * 4 + no_bias * 2 + sides.sample[bias]
    drafts: list[Draft] = []
    for some in sorted(set(pattern.tolist())):
        rows = np.flatnonzero(pattern == some)
        drafts += of_kind(sides, some // 4, nodes[rows], a[rows], b[rows], None if some & 2 else bias[rows], time)
    return drafts


def of_kind(sides: Sides, kind: int, out: Nodes, a: Nodes, b: Nodes, bias: Nodes | None, time: int) -> list[Draft]:
    """The drafts of `Σⱼ a[i, j] b[i, j] + bias[i]`, all of one kind."""
    if kind == OTHER and not is_elementwise(sides, a, b):
        return [sum_of_products(sides, out, a, b, bias, time)]
    inputs_recur = len({row.tobytes() for row in b}) < len(b)
    if (kind != OTHER and inputs_recur) or (kind == WEIGHTED and a.shape[1] > 1):
        if bias is None or not sides.sample[bias[0]]:
            return products(sides, out, a, b, bias, time)
        core = sides.new(len(out))
        return [*products(sides, core, a, b, None, time), Draft(Map, time + 1, out, (np.vstack([core, bias]),), add)]
    parts: list[tuple[Nodes | None, Nodes]] = list(zip(a.T, b.T, strict=True))
    return total(sides, out, parts if bias is None else [*parts, (None, bias)], time)


def is_elementwise(sides: Sides, a: Nodes, b: Nodes) -> bool:
    """Whether `Σⱼ a[i, j] b[i, j]` is short, and no number used twice: elementwise steps then need no copies."""
    m, n = a.shape
    return n <= 2 < m and bool(sides.sample[b].all()) and all(map(are_distinct, (*a.T, *b.T)))


def sum_of_products(sides: Sides, out: Nodes, a: Nodes, b: Nodes, bias: Nodes | None, time: int) -> Draft:
    """The draft of sums that share nothing."""
    if bias is not None:
        one = sides.ones if sides.sample[out[0]] else sides.one
        a, b = np.column_stack([a, bias]), np.column_stack([b, np.full(len(out), one)])
    return Draft(Dot, time, out, (a.T, b.T))


def products(sides: Sides, out: Nodes, weights: Nodes, inputs: Nodes, bias: Nodes | None, time: int) -> list[Draft]:
    """The drafts of sums with shared weights: a matrix of those with the same inputs, whatever their order is.

    Equal matrices with different inputs are one product at several positions.
    """
    order = np.argsort(inputs, axis=1, kind="stable")
    weights, inputs = np.take_along_axis(weights, order, 1), np.take_along_axis(inputs, order, 1)
    layers: dict[bytes, list[int]] = {}
    for i in range(len(out)):
        layers.setdefault(inputs[i].tobytes(), []).append(i)
    found: dict[bytes, tuple[Nodes, list[Nodes], list[Nodes]]] = {}
    for members in layers.values():
        rows = np.array(members)
        columns = np.lexsort((inputs[rows[0]], sides.rank[weights[rows[0]]]))
        matrix = weights[rows][:, columns]
        if bias is not None:
            matrix = np.column_stack([matrix, bias[rows]])
        order = np.lexsort(sides.rank[matrix].T[::-1])
        _, outs, columns_in = found.setdefault(matrix[order].tobytes(), (matrix[order], [], []))
        outs.append(out[rows[order]])
        columns_in.append(inputs[rows[0], columns])
    if len(found) > 1 and 2 * len(found) > len(out):  # too little in common
        return [sum_of_products(sides, out, weights, inputs, bias, time)]
    drafts: list[Draft] = []
    for matrix, outs, columns_in in found.values():
        table = np.column_stack(columns_in)
        if bias is not None:
            table = np.vstack([table, np.full(table.shape[1], sides.ones)])
        drafts.append(Draft(Product, time, np.column_stack(outs), (matrix, table)))
    return drafts


def total(sides: Sides, out: Nodes, parts: list[tuple[Nodes | None, Nodes]], time: int) -> list[Draft]:
    """The drafts of `Σ coefficient · value`, elementwise, one summand after the other; no coefficient is 1."""
    m = len(out)
    if len(parts) > FEW:
        left = np.column_stack([np.full(m, sides.one) if c is None else c for c, _ in parts])
        return [sum_of_products(sides, out, left, np.column_stack([x for _, x in parts]), None, time)]
    drafts: list[Draft] = []
    result = out
    signed = [(sign(sides, c), c, x) for c, x in parts]
    signed.sort(key=lambda part: -part[0])  # one that is added as it is comes first, if there is one
    for k, (s, coefficient, x) in enumerate(signed):
        last = k == len(parts) - 1
        if coefficient is not None and (not s or (k == 0 and (s < 0 or last))):
            product = out if last and k == 0 else sides.new(m)
            drafts.append(Draft(Map, time, product, (np.vstack([coefficient, x]),), mul))
            s, x = 1, product
        if k:
            place = out if last else sides.new(m)
            drafts.append(Draft(Map, time + k, place, (np.vstack([result, x]),), add if s > 0 else sub))
            x = place
        result = x
    return drafts


def sign(sides: Sides, coefficient: Nodes | None) -> int:
    """1 or -1 if that is the coefficient in every row, else 0."""
    if coefficient is None:
        return 1
    if not sides.constant[coefficient].all():
        return 0
    values = sides.data[coefficient]
    return 1 if (values == 1).all() else -1 if (values == -1).all() else 0
