"""Executes a program with numpy.

This file owns when the calls of all steps are made, and what numpy notices; it must not know how a step is computed.
For each batch size the calls are made once, with views of arenas as their arguments; a batch is then one loop over
them, and nothing is allocated. Read next: `memory.py`, then `applied.py`.

A neuron with squared error, for two samples, each with its target:

    >>> import numpy as np
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.group.group import group
    >>> from autograd.compiler.run_numpy.executor import NumpyExecutor
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = trace(f, [Value(0.1), Value(-0.2), Value(0.3)], [1.0, 2.0], 0.5).tape
    >>> executor = NumpyExecutor(group(fuse(simplify(tape))))
    >>> executor.parameters[:] = [0.1, -0.2, 0.3]
    >>> executor.forward(np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 1.0]])).round(6)
    array([[0.25    , 0.644206]])
    >>> executor.backward(seeds=0.5)
    >>> executor.gradients.round(6)
    array([ 0.271357, -1.      , -1.271357])
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy import vdot  # which says nothing of squares that overflow
from numpy.typing import NDArray

from ..group.program import Program
from ..run.executor import Batch, Executor
from ..table.arrays import Writer, context, repeat
from .backwards import Backwards
from .forwards import forward_calls
from .memory import Memory

__all__ = ["NumpyExecutor"]


class NumpyExecutor(Executor):
    """A program, ready for batches.

    Args:
        program: The program.
        dtype: The type of all numbers; `parameters` are float64 whatever it is.
        wrt_inputs: Whether `backward` gives the derivatives by the inputs too.
    """

    def __init__(self, program: Program, dtype: Any = np.float64, wrt_inputs: bool = False) -> None:
        shared, gradients = [np.zeros((program.n_shared + 1, 1), dtype) for _ in range(2)]
        super().__init__(program, shared, gradients, wrt_inputs)
        n = len(self.parameters)
        if shared.dtype != np.float64:
            self.parameters = np.zeros(n)
        shared[n : n + len(program.constants), 0] = within(program.constants, shared.dtype)
        self.always: bool = bool(np.isnan(program.constants).any())
        self.always |= any(np.isnan(number) for _, number in program.fixed)

    def batch_of(self, size: int) -> Batch:
        """What computes batches of a size."""
        return _Batch(self, size)


def within(numbers: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """Numbers in another type.

    Raises:
        OverflowError: If a finite number is beyond those of the type.
    """
    with np.errstate(over="ignore"):
        found = numbers.astype(dtype)
    beyond = np.isinf(found) & np.isfinite(numbers)
    if beyond.any():
        number, most = numbers[beyond][0], np.finfo(dtype).max
        raise OverflowError(
            f'{number:g} is beyond {dtype}, which ends at {most:.1e}: scale it, or take dtype="float64"'
        )
    return found


def are_finite(pairs: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> bool:
    """Whether sums of products are finite: they are only if every factor is."""
    return all(isfinite(x.dot(y)) for x, y in pairs)


class _Batch(Batch):
    """The memory and the calls for batches of one size."""

    def __init__(self, executor: NumpyExecutor, size: int) -> None:
        self.executor, self.is_double = executor, executor.shared.dtype == np.float64
        self.memory = Memory(executor.program, size, executor.shared, executor.shared_gradients)
        super().__init__(executor.program, self.memory.values, self.memory.gradients)
        self.alarm = self.memory.alarm
        self.context = context(self.alarm.ring, divide="call", invalid="call", over="call", under="ignore")
        writer = Writer(self.roots.dtype, self.alarm)
        forward_calls(writer, self.memory, self.positions)
        self.calls = writer.calls
        flat = [x.reshape(-1) for x in [*[rows for rows, _, _ in self.sources], self.roots, executor.parameters]]
        self.before = [(x, x) for x in flat]  # what is looked at before there are gradients, and after
        self.after = [*self.before[:-1], (executor.parameters, executor.gradients)]
        self.backwards: Backwards | None = None

    def take(self, samples: NDArray[Any]) -> None:
        super().take(samples if self.is_double else within(samples, self.roots.dtype))

    def forward(self) -> NDArray[Any]:
        if not self.is_double:
            parameters = self.executor.parameters
            self.executor.shared[: len(parameters), 0] = within(parameters, self.roots.dtype)
        self.alarm.raised = self.alarm.everywhere = False
        self.context.run(repeat, self.calls)
        return self.results()

    def run_back(self) -> None:
        if self.backwards is None:
            self.backwards = Backwards(self.program, self.memory, wrt_inputs=self.executor.wrt_inputs)
        self.backwards.run()

    def is_finite(self, differentiated: bool) -> bool:
        if self.are_finite(self.after if differentiated else self.before):
            return True
        gradients = self.executor.gradients
        return not self.suspicious().any() and (not differentiated or isfinite(vdot(gradients, gradients)))

    def are_finite(self, pairs: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> bool:
        """Whether for certain nothing was undefined, and these are finite; if they are too large it is not certain."""
        return not self.alarm.raised and not self.executor.always and self.context.run(are_finite, pairs)

    def suspicious(self) -> NDArray[np.bool_]:
        """The samples with a number that is not finite, if there can be any."""
        parameters = self.executor.parameters
        if self.are_finite(self.before):
            return self.none
        shared = np.concatenate([parameters, self.executor.shared[len(parameters) + len(self.program.constants) :, 0]])
        found: NDArray[np.bool_] = np.logical_not(np.isfinite(self.memory.sample).all(axis=0))
        if self.alarm.everywhere or self.executor.always or not np.isfinite(shared).all():
            found[:] = True
        return found
