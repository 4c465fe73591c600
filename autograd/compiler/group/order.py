"""Order: in which order the rows of a step stand, so that those who read them find blocks.

What is read by a matrix product, a `Dot` or a `Reduce` must be a block, so these ask for an order of what they read; an
elementwise step passes on what is asked of it, and follows its operands where nothing is asked. This file owns that
order; it must not know rows. Read next: `chunks.py`.

On the tape of `group.py`, were %7 and %8 the tanh of %3 and %4, and %9 the product [%0 %1] @ [%8 %7]: what the product
reads asks for an order.

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> inner = Draft(Map, 96, np.array([7, 8]), (np.array([[3, 4]]),), tanh)
    >>> outer = Draft(Product, 104, np.array([[9]]), (np.array([[0, 1]]), np.array([[8], [7]])))
    >>> put_in_order(Sides(tape, False), [inner, outer])
    >>> inner.out.tolist(), inner.operands[0].tolist()
    ([8, 7], [[4, 3]])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..trace.tape import INPUT
from .drafts import SUBLEVELS, Draft, Nodes, Sides, are_distinct
from .program import Copy, Dot, Map, Product, Reduce, Thin

__all__ = ["lift", "put_in_order"]

UNASKED = np.iinfo(np.int64).max
PASSED, ASKED = 1, 2


def lift(sides: Sides, drafts: list[Draft]) -> None:
    """Where a step needs numbers of both arenas in one block, the shared ones are first copied to the sample arena."""
    sample = sides.sample_of_all()
    mixed: list[tuple[Draft, int, NDArray[np.bool_]]] = []
    for draft in drafts:
        for k, table in enumerate(draft.operands):
            of_sample = sample[table]
            if draft.kind is Map:  # each row a block
                wrong = ~of_sample & of_sample.any(axis=1, keepdims=True)
            else:
                must = (draft.kind is Product and k == 1) or (draft.kind is Reduce and bool(sample[draft.out[0]]))
                wrong = ~of_sample & (of_sample.any() | must)
            if wrong.any():
                mixed.append((draft, k, wrong))
    if not mixed:
        return
    shared = np.unique(np.concatenate([draft.operands[k][wrong] for draft, k, wrong in mixed]))
    lifted = np.zeros(sides.size, dtype=np.int64)
    lifted[shared] = sides.new(len(shared))
    for draft, k, wrong in mixed:
        table = draft.operands[k]
        draft.operands = (*draft.operands[:k], np.where(wrong, lifted[table], table), *draft.operands[k + 1 :])
    time = (len(sides.tape) + 1) * SUBLEVELS  # that of the first of the sample
    place = next((i for i, draft in enumerate(drafts) if draft.time >= time), len(drafts))
    drafts.insert(place, Draft(Copy, time, lifted[shared], (shared[None],)))


def put_in_order(sides: Sides, drafts: list[Draft]) -> None:
    """Sorts the rows of every draft: what is read as a block asks, and what is asked of an elementwise step it asks."""
    asked, strength = np.full(sides.size, UNASKED), np.zeros(sides.size, dtype=np.int64)
    for place, draft in reversed(list(enumerate(drafts))):
        is_asked = bool(strength[draft.out].any())
        if is_asked:
            key = asked[draft.out[0] if draft.kind is Product else draft.out]
            rearrange(draft, np.argsort(key, kind="stable"))
        position = place << 32
        is_block = draft.kind in (Product, Dot, Reduce)
        tables = draft.operands if is_block else list(draft.operands[0]) if draft.kind is Map and is_asked else []
        for table in tables:
            nodes = table.reshape(-1)
            ask(asked, strength, nodes, ASKED if is_block and are_distinct(nodes) else PASSED, position)
            position += len(nodes)
    follow(sides, drafts, strength)


def ask(asked: Nodes, strength: Nodes, nodes: Nodes, force: int, position: int) -> None:
    """Asks for nodes in this order, unless more was asked; of equal requests that of the first reader counts."""
    at = np.arange(position, position + len(nodes))
    free = strength[nodes] <= force
    nodes, at = nodes[free][::-1], at[free][::-1]
    asked[nodes], strength[nodes] = at, force


def follow(sides: Sides, drafts: list[Draft], strength: Nodes) -> None:
    """Elementwise steps of which nothing is asked take the order of their operands."""
    at = np.zeros(sides.size, dtype=np.int64)
    inputs = np.flatnonzero(sides.tape.code == INPUT)
    at[inputs] = sides.tape.data[inputs]
    for place, draft in enumerate(drafts):
        if draft.kind is Map and not strength[draft.out].any():
            rearrange(draft, np.lexsort(at[draft.operands[0]][::-1]))
        out = draft.out.reshape(-1)
        at[out] = np.arange((place + 1) << 32, ((place + 1) << 32) + len(out))


def rearrange(draft: Draft, order: Nodes) -> None:
    """Puts the rows, of a product the positions, in this order."""
    if draft.kind is Thin:
        return
    draft.out = draft.out[..., order]
    if draft.kind is Product:
        draft.operands = (draft.operands[0], draft.operands[1][:, order])
    else:
        draft.operands = tuple([table[:, order] for table in draft.operands])
