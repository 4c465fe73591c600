"""Which steps run as plain Python on numbers, and which as arrays: a matter of the size of the batch.

This file owns how steps are turned into others that compute the same; it must not know how any of them runs. For a
single sample, small steps one after the other become one `Thin`, since calling numpy takes ten times as long as an
operation on floats. For more samples, a `Thin` becomes a `Map` of one row for each of its operations.
Read next: `thin.py`, which runs them.

Example:
    >>> import numpy as np
    >>> from autograd import tanh
    >>> from autograd.compiler.group.program import SAMPLE, Map, Rows
    >>> from autograd.compiler.run_numpy.thinning import suited
    >>> rows = [Rows(SAMPLE, row, 1) for row in range(9)]
    >>> (thin,) = suited([Map(tanh, y, (x,)) for x, y in zip(rows, rows[1:])], 1)
    >>> thin.ops, thin.code.tolist(), thin.out.tolist(), thin.operands.tolist()
    ((<Op tanh>,), [0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7])
    >>> len(suited([thin], 32))
    8
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from ...engine import Op, pos
from ..group.program import SAMPLE, Copy, Dot, Map, Product, Reduce, Rows, Step, Thin
from ..trace.tape import DOT

__all__ = ["suited"]

FEW = 32  # operations of a step that may be faster as numbers
CALLED, ALONE = 5, 20  # what a step costs as arrays, and a `Thin` at all; 1 is an operation on numbers, about 2 µs
MOST = 2**12  # operations that become steps of their own: each takes a millisecond to prepare, and some kilobytes

Node = tuple[Op, int, list[int]]  # an operation, its row and those of its operands, written as in `Thin`


def suited(steps: Sequence[Step], size: int, zero: int = 0) -> list[Step]:
    """The steps that compute the same, in the form that is fastest for batches of a size.

    Args:
        steps: The steps of a program.
        size: The number of samples.
        zero: A row of the shared arena that is 0.
    """
    if size > 1:
        count = sum(len(step.out) for step in steps if isinstance(step, Thin))
        return [
            one for step in steps for one in ([*_maps(step)] if isinstance(step, Thin) and count <= MOST else [step])
        ]
    found: list[Step] = []
    for is_small, group in groupby(steps, key=_is_small):
        some = list(group)
        found += [_thin([node for step in some for node in _nodes(step, zero)])] if is_small and _pays(some) else some
    return found


def _pays(steps: Sequence[Step]) -> bool:
    """Whether steps are faster as numbers, all of them together."""
    arrays = sum(ALONE if isinstance(step, Thin) else CALLED for step in steps)
    numbers = sum(_count(step) for step in steps if not isinstance(step, Thin))
    return arrays > ALONE + numbers


def _count(step: Step) -> int:
    """How many operations a step is, a long one counting as several."""
    match step:
        case Reduce():
            return step.operand.size
        case Dot():
            return step.left.size
        case Product():
            return step.weights.columns * step.out.size
        case Map() | Copy():
            return step.out.size
    return 0


def _is_small(step: Step) -> bool:
    """Whether a step may be faster as numbers."""
    return isinstance(step, Thin) or 0 < _count(step) <= FEW


def _nodes(step: Step, zero: int) -> Iterator[Node]:
    """The operations of a step, one by one."""
    match step:
        case Map(op, out, operands):
            for row, *xs in zip(out.signed.tolist(), *[x.signed.tolist() for x in operands], strict=True):
                yield op, row, xs
        case Copy(out, arena, rows):
            for row, source in zip(out.signed.tolist(), rows.tolist(), strict=True):
                yield pos, row, [source if arena == SAMPLE else -1 - source]
        case Reduce(op, out, operand):
            xs = operand.signed.tolist()
            for k, row in enumerate(out.signed.tolist()):
                yield op, row, xs[k :: out.size]
        case Dot(out, left, right):
            a, b = left.signed.tolist(), right.signed.tolist()
            for k, row in enumerate(out.signed.tolist()):
                yield DOT, row, [*a[k :: out.size], *b[k :: out.size], -1 - zero]
        case Product(out, weights, inputs, positions):
            elements, b = (-1 - weights.numbers).tolist(), inputs.signed.tolist()
            for k, row in enumerate(out.signed.tolist()):
                yield DOT, row, [*elements[k // positions], *b[k % positions :: positions], -1 - zero]
        case Thin():
            first, operands = step.first.tolist(), step.operands.tolist()
            for code, row, a, b in zip(step.code.tolist(), step.out.tolist(), first[:-1], first[1:], strict=True):
                yield step.ops[code], row, operands[a:b]


def _thin(nodes: Sequence[Node]) -> Thin:
    ops = list(dict.fromkeys([op for op, _, _ in nodes]))
    number = {op: k for k, op in enumerate(ops)}
    first = np.cumsum([0, *[len(xs) for _, _, xs in nodes]])
    return Thin(
        tuple(ops), np.array([number[op] for op, _, _ in nodes], np.int32), np.array([row for _, row, _ in nodes]),
        first, np.array([x for _, _, xs in nodes for x in xs], np.int64),
    )  # fmt: skip


def _maps(step: Thin) -> Iterator[Step]:
    for op, out, xs in _nodes(step, 0):
        yield Map(op, Rows.one(out), tuple([Rows.one(x) for x in xs]))
