"""Sums of products: `dot` nodes become matrix products, and elementwise operations where there is nothing to share.

A layer of neurons is one matrix product, since its sums have the same inputs; one neuron at many places (a convolution,
a recurrent cell, one projection for many words) is one matrix product at many positions: these have the same weights.
This file owns how the terms of sums are sorted to that; it must not know rows. Read next: `layout.py`.
"""

from __future__ import annotations

import numpy as np

from ..engine import add, mul, sub
from ..functions import OPS
from .drafts import Draft, Nodes, Sides
from .program import Dot, Map, Product, Reduce

__all__ = ["DOT", "SUM", "draft_dots", "draft_sums"]

DOT, SUM = [next(op for op in OPS if op.name == name) for name in ("dot", "sum")]
WEIGHTED, SCALED, OTHER = range(3)  # terms: parameter · sample, constant · anything, all others
FEW = 4  # so many summands are added one after the other


def draft_sums(sides: Sides, nodes: Nodes, operands: Nodes, time: int) -> list[Draft]:
    """The drafts of sums, a row of `operands` for each."""
    drafts: list[Draft] = []
    if not sides.sample[nodes[0]]:
        return [Draft(Reduce, time, nodes, (operands.T,), SUM)]
    total(sides, drafts, nodes, [(None, column) for column in operands.T], time)
    return drafts


def draft_dots(sides: Sides, nodes: Nodes, operands: Nodes, time: int) -> list[Draft]:
    """The drafts of `dot` nodes of one arity, a row of `operands` for each: weights, inputs, bias."""
    n = operands.shape[1] // 2
    a, b, bias = operands[:, :n], operands[:, n:-1], operands[:, -1]
    unlike = (sides.sample[a] & ~sides.sample[b]) | (sides.constant[b] & ~sides.constant[a] & ~sides.sample[a])
    a, b = np.where(unlike, b, a), np.where(unlike, a, b)
    zero = sides.constant[bias] & (sides.data[bias] == 0)
    if not sides.sample[nodes[0]]:
        a, b = [np.column_stack([x, y]) for x, y in ((a, bias), (b, np.full_like(bias, sides.one)))]
        return [
            Draft(Dot, time, nodes[which], (x[which].T, y[which].T))
            for which, x, y in ((zero, a[:, :-1], b[:, :-1]), (~zero, a, b))
            if which.any()
        ]
    kind = np.where(sides.constant[a], SCALED, np.where(sides.sample[a] | ~sides.sample[b], OTHER, WEIGHTED))
    order = np.lexsort((b, kind))
    a, b, kind = [np.take_along_axis(x, order, 1) for x in (a, b, kind)]
    pattern = np.column_stack([(kind == k).sum(1) for k in (WEIGHTED, SCALED)] + [zero, sides.sample[bias]])
    drafts: list[Draft] = []
    patterns, which = np.unique(pattern, axis=0, return_inverse=True)
    for k, (weighted, scaled, no_bias, _) in enumerate(patterns.tolist()):
        rows = np.flatnonzero(which.reshape(-1) == k)
        given = None if no_bias else bias[rows]
        one_pattern(sides, drafts, nodes[rows], a[rows], b[rows], given, weighted, scaled, time)
    return drafts


def one_pattern(
    sides: Sides, drafts: list[Draft], out: Nodes, a: Nodes, b: Nodes, bias: Nodes | None,
    weighted: int, scaled: int, time: int,
) -> None:  # fmt: skip
    """Sums with equal numbers of terms of each kind, which are sorted: a part of its own for each kind."""
    m, n = a.shape
    if not weighted and scaled == n > 1 and (same_inputs(b) or same_inputs(a)):
        weighted, scaled = n, 0  # a layer whose weights are constants
    parts: list[tuple[Nodes | None, Nodes]] = []
    shared_bias = bias is not None and not sides.sample[bias[0]]
    alone = bias is None or shared_bias
    if weighted > 1 or (weighted and m > 1 and same_inputs(b[:, :1])):
        end = weighted
        core = out if end == n and alone else sides.new(m)
        products(drafts, core, a[:, :end], b[:, :end], bias if shared_bias else None, sides, time)
        parts.append((None, core))
        bias = None if shared_bias else bias
    else:
        end = 0
    others = weighted + scaled
    if n - others > 2:
        left, right, place = a[:, others:], b[:, others:], out
        if others or not alone:
            place = sides.new(m)
        elif bias is not None:
            left = np.column_stack([left, bias])
            right, bias = np.column_stack([right, np.full(m, sides.ones)]), None
        drafts.append(Draft(Dot, time, place, (left.T, right.T)))
        parts.append((None, place))
    else:
        parts += [(x, y) for x, y in zip(a[:, others:].T, b[:, others:].T, strict=True)]
    parts += [(x, y) for x, y in zip(a[:, end:others].T, b[:, end:others].T, strict=True)]
    if bias is not None:
        parts.append((None, bias))
    if len(parts) > 1 or parts[0][1] is not out:
        total(sides, drafts, out, parts, time + 1)


def same_inputs(x: Nodes) -> bool:
    """Whether two rows are equal."""
    return len(np.unique(x, axis=0)) < len(x)


def products(
    drafts: list[Draft], out: Nodes, weights: Nodes, inputs: Nodes, bias: Nodes | None, sides: Sides, time: int
) -> None:
    """Drafts of `Σⱼ weights[i, j] inputs[i, j] + bias[i]`: one matrix where inputs are the same.

    Equal matrices with different inputs are one product at several positions.
    """
    found: dict[bytes, tuple[Nodes, list[Nodes], list[Nodes]]] = {}
    order = np.argsort(inputs, axis=1, kind="stable")
    weights, inputs = np.take_along_axis(weights, order, 1), np.take_along_axis(inputs, order, 1)
    layers: dict[bytes, list[int]] = {}
    for i in range(len(out)):
        layers.setdefault(inputs[i].tobytes(), []).append(i)
    for members in layers.values():
        rows = np.array(members)
        columns = np.lexsort((inputs[rows[0]], sides.rank[weights[rows[0]]]))
        matrix = weights[rows][:, columns]
        if bias is not None:
            matrix = np.column_stack([matrix, bias[rows]])
        order = np.lexsort(sides.rank[matrix].T[::-1])
        place = found.setdefault(matrix[order].tobytes(), (matrix[order], [], []))
        place[1].append(out[rows[order]])
        place[2].append(inputs[rows[0], columns])
    if len(found) > 1 and 2 * len(found) > len(out):  # nothing in common
        left, right = weights.T, inputs.T
        if bias is not None:
            left, right = np.vstack([left, bias]), np.vstack([right, np.full(len(out), sides.ones)])
        drafts.append(Draft(Dot, time, out, (left, right)))
        return
    for matrix, outs, xs in found.values():
        table = np.column_stack(xs)
        if bias is not None:
            table = np.vstack([table, np.full(len(xs), sides.ones)])
        drafts.append(Draft(Product, time, np.column_stack(outs), (matrix, table)))


def total(sides: Sides, drafts: list[Draft], out: Nodes, parts: list[tuple[Nodes | None, Nodes]], time: int) -> None:
    """Drafts of `Σ coefficient · value`, elementwise; no coefficient is 1."""
    m = len(out)
    signs = [sign(sides, coefficient) for coefficient, _ in parts]
    if len(parts) > FEW or (len(parts) == 1 and parts[0][0] is None):
        if all(s == 1 for s in signs):
            drafts.append(Draft(Reduce, time, out, (np.vstack([x for _, x in parts]),), SUM))
        else:
            left = np.vstack([np.full(m, sides.one) if c is None else c for c, _ in parts])
            drafts.append(Draft(Dot, time, out, (left, np.vstack([x for _, x in parts]))))
        return
    order = sorted(
        range(len(parts)), key=lambda k: -signs[k]
    )  # one that is added as it is comes first, if there is one
    result = out
    for k, (s, (coefficient, x)) in enumerate([(signs[i], parts[i]) for i in order]):
        last = k == len(parts) - 1
        if coefficient is not None and (not s or (k == 0 and (s < 0 or last))):
            place = out if last and k == 0 else sides.new(m)
            drafts.append(Draft(Map, time, place, (np.vstack([coefficient, x]),), mul))
            s, x = 1, place
        if k:
            place = out if last else sides.new(m)
            drafts.append(Draft(Map, time + k, place, (np.vstack([result, x]),), add if s > 0 else sub))
            x = place
        result = x


def sign(sides: Sides, coefficient: Nodes | None) -> int:
    """1 or -1 if that is the coefficient in every row, else 0."""
    if coefficient is None:
        return 1
    if not sides.constant[coefficient].all():
        return 0
    values = sides.data[coefficient]
    return 1 if (values == 1).all() else -1 if (values == -1).all() else 0
