"""Which steps run as plain Python on numbers, and which as arrays: a matter of the size of the batch.

This file owns how steps are turned into others that compute the same; it must not know how any of them runs. A single
sample is run by a `Thin`, since calling numpy takes ten times as long as an operation on floats. For more samples, it
becomes a `Map` of one row for each of its operations.
Read next: `thin.py`, which runs them.

Example:
    >>> import numpy as np
    >>> from autograd import tanh
    >>> from autograd.compiler.group.program import Thin
    >>> from autograd.compiler.run_numpy.thinning import suited
    >>> thin = Thin((tanh,), np.array([0, 0]), np.array([1, 2]), np.array([0, 1, 2]), np.array([0, 1]))
    >>> [step.op.name for step in suited([thin], 32)], len(suited([thin], 1))
    (['tanh', 'tanh'], 1)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..group.program import Map, Rows, Step, Thin

__all__ = ["suited"]

MOST = 2**12  # operations that become steps of their own: each takes a millisecond to prepare, and some kilobytes


def suited(steps: Sequence[Step], size: int) -> list[Step]:
    """The steps that compute the same, in the form that is fastest for batches of a size.

    Args:
        steps: The steps of a program.
        size: The number of samples.
    """
    if size == 1 or sum(len(step.out) for step in steps if isinstance(step, Thin)) > MOST:
        return list(steps)
    return [one for step in steps for one in (_maps(step) if isinstance(step, Thin) else (step,))]


def _maps(step: Thin) -> Iterator[Step]:
    first, operands = step.first.tolist(), step.operands.tolist()
    for code, out, a, b in zip(step.code.tolist(), step.out.tolist(), first[:-1], first[1:], strict=True):
        yield Map(step.ops[code], Rows.one(out), tuple([Rows.one(x) for x in operands[a:b]]))
