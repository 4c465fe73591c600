"""Grouping: equal operations on different numbers become one array operation.

This file owns which nodes are done together: those of one operation that are equally far from the leaves, and whose
operands are of the same kinds. It must not know rows, nor how a program is executed. Read next: `levels.py`.

Before, a tape for one sample, and after, steps for a batch: rows `z` are of the sample, rows `w` are shared.

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> print(tape)
    %0 = parameter[0]
    %1 = parameter[1]
    %2 = parameter[2]
    %3 = input[0]
    %4 = input[1]
    %5 = input[2]
    %6 = dot(%0, %1, %3, %4, %2)
    %7 = tanh(%6)
    %8 = sub(%7, %5)
    %9 = square(%8)
    return %9
    >>> print(group(tape))
    z0..1 = columns 0..1
    z3 = column 2
    z2 = 1
    z4 = w0[1x3, steps 3, 1] @ z0..2
    z5 = tanh(z4)
    z6 = sub(z5, z3)
    z7 = square(z6)
    return z7
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from ..trace.tape import DOT, PICK, SUM, Tape
from .drafts import Draft, Nodes, Sides
from .layout import lay_out
from .program import Map, Pick, Program, Reduce, Thin
from .sums import draft_dots

__all__ = ["group"]

SINGLES = 64  # so many nodes may be left in small groups, and yet be steps of their own
RUN = 8  # so many small groups, one after the other, are steps of their own too
SMALL = (4, 8, 16, 32, 64, 128)  # sizes of groups that are too small; the larger ones where groups would be many


def group(tape: Tape, *, per_sample: bool = False) -> Program:
    """The program of a tape.

    Args:
        tape: The tape, as `fuse` leaves it or as it was traced; each parameter and each input is one node of it.
        per_sample: Whether each sample has parameters of its own: see `Program`.

    Returns:
        The program, whose roots and guards are those of the tape.
    """
    sides = Sides(tape, per_sample)
    return lay_out(sides, drafts_of(sides))


def drafts_of(sides: Sides) -> list[Draft]:
    """The drafts of all operations, in the order of time."""
    found = [(singles if is_single else draft)(sides, nodes) for nodes, is_single in groups(sides)]
    return sorted(itertools.chain.from_iterable(found), key=lambda d: d.time)


def groups(sides: Sides) -> list[tuple[Nodes, bool]]:
    """Groups of nodes; and those left over, in runs of small groups that are done one after the other (True)."""
    nodes = np.flatnonzero((sides.tape.code >= 0) | (sides.tape.code == PICK))
    if not len(nodes):
        return []
    _, first, of, size = np.unique(keys(sides, nodes), return_index=True, return_inverse=True, return_counts=True)
    kept = large(sides, nodes[first], size)
    by = np.lexsort((first, kept, sides.time[nodes[first]]))
    rank = np.empty_like(by)
    rank[by] = np.arange(len(by))
    nodes = nodes[np.argsort(rank[of], kind="stable")]
    kept, begin = kept[by], np.cumsum(size[by]) - size[by]
    is_next = np.append(True, kept[1:] | kept[:-1])  # a group that is kept, or the first of a run of small ones
    run = np.cumsum(is_next) - 1
    is_single = ~kept & (np.bincount(run)[run] > RUN)
    parts = np.flatnonzero(is_next | ~is_single)
    return list(zip(np.split(nodes, begin[parts[1:]]), is_single[parts].tolist(), strict=True))


def keys(sides: Sides, nodes: Nodes) -> Nodes:
    """A number for each node: that of all in its group, larger for those of a later time."""
    tape = sides.tape
    code, first, arity = tape.code[nodes].astype(np.int64), tape.first[nodes], tape.counts[nodes]
    fixed = (code >= 0) & ~takes_any_number(tape, nodes)
    kind = np.where(sides.constant, 2, sides.sample)[:-2].astype(np.int8)
    kinds = np.zeros(len(nodes), np.int8)
    for slot in range(3):
        which = np.flatnonzero(fixed & (arity > slot))
        kinds[which] = kinds[which] * 3 + kind[tape.operands[first[which] + slot]]
    signature = np.where(code == PICK, tape.data[nodes], kinds).astype(np.int64)
    key = sides.time[nodes]
    for part in (code - PICK, arity, signature):
        key = key * (int(part.max()) + 1) + part
    return key


def large(sides: Sides, first: Nodes, size: Nodes) -> NDArray[np.bool_]:
    """Whether groups, by the first node and the size of each, are large enough to be done together."""
    tape = sides.tape
    code, arity = tape.code[first], tape.counts[first]
    weight = np.where(code == PICK, max(SMALL), np.where(takes_any_number(tape, first), size * arity // 4, size))
    if size[weight < SMALL[0]].sum() <= SINGLES:
        return np.ones(len(size), dtype=bool)
    few = 500 + size.sum() // 64
    return next((kept for kept in (weight >= least for least in SMALL) if kept.sum() <= few), weight >= SMALL[-1])


def takes_any_number(tape: Tape, nodes: Nodes) -> NDArray[np.bool_]:
    """Which of these nodes are of an operation that takes any number of operands."""
    return np.array([*[op.arity is None for op in tape.ops], *[False] * 4])[tape.code[nodes]]


def singles(sides: Sides, nodes: Nodes) -> list[Draft]:
    """The drafts of nodes that are done one after the other: those of the shared arena, then those of the sample's."""
    split = int(np.searchsorted(sides.sample[nodes], True))
    return [Draft(Thin, int(sides.time[part[0]]), part) for part in (nodes[:split], nodes[split:]) if len(part)]


def draft(sides: Sides, nodes: Nodes) -> list[Draft]:
    """The drafts of a group."""
    tape, lead = sides.tape, int(nodes[0])
    arity, time = int(tape.first[lead + 1] - tape.first[lead]), int(sides.time[lead])
    operands = tape.operands[tape.first[nodes][:, None] + np.arange(arity)].astype(np.int64)
    if tape.code[lead] == PICK:
        return [Draft(Pick, time, nodes, (operands.T,), column=int(tape.data[lead]))]
    op = tape.ops[tape.code[lead]]
    if op is DOT and arity > 1:
        return draft_dots(sides, nodes, operands, time)
    op = SUM if op is DOT else op  # a bias alone is a sum of one
    return [Draft(Map if op.arity is not None else Reduce, time, nodes, (operands.T,), op)]
