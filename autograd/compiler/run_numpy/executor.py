"""Executes a program with numpy.

This file owns the arenas, and in which order the calls of all steps are made; it must not know how a step is computed,
nor where the program comes from. For each batch size the calls are made once, with views of arenas as their arguments;
a batch is then one loop over them, and nothing is allocated. Read next: `forwards.py` and `backwards.py`, the steps.

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

from collections import OrderedDict
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..group.program import SAMPLE, Program, RowGuard
from ..table.arrays import RELATIONS, Array, Writer, context, repeat
from .backwards import Backwards
from .forwards import forward_calls
from .memory import Memory

__all__ = ["NumpyExecutor"]

KEPT = 4  # batch sizes whose memory and calls are kept


class NumpyExecutor:
    """A program, ready for batches.

    Args:
        program: The program.
        dtype: The type of all numbers.
        wrt_inputs: Whether `backward` gives the derivatives by the inputs too.

    Attributes:
        parameters: The parameters, for the caller to write into, as float64 whatever the type is.
        gradients: After `backward`, the derivatives of the sum of all seeds times roots by the parameters.
    """

    def __init__(self, program: Program, dtype: Any = np.float64, wrt_inputs: bool = False) -> None:
        self.program, self.wrt_inputs = program, wrt_inputs or program.per_sample
        self.shared = np.zeros((program.n_shared + 1, 1), dtype)
        self.shared_gradients = np.zeros((program.n_shared + 1, 1), dtype)
        n = program.n_parameters if not program.per_sample else 0
        self.parameters: NDArray[Any] = self.shared[:n, 0] if self.shared.dtype == np.float64 else np.zeros(n)
        self.gradients: NDArray[Any] = self.shared_gradients[:n, 0]
        self.shared[n : n + len(program.constants), 0] = within(program.constants, self.shared.dtype)
        self.always: bool = bool(np.isnan(program.constants).any())
        self.always |= any(np.isnan(number) for _, number in program.fixed)
        self.batches: OrderedDict[int, _Batch] = OrderedDict()
        self.batch: _Batch | None = None

    def forward(self, samples: NDArray[Any], positions: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """The roots, one row each, of a batch of samples, one row each.

        Args:
            samples: The samples, (B, n_inputs).
            positions: For each sample the position of its whole numbers among those known, (B, n_integers).

        Returns:
            (n_roots, B): a view, which the next call overwrites.

        Raises:
            OverflowError: If a number of a sample, or a parameter, is beyond those of the type.
        """
        size = len(samples)
        batch = self.batches.get(size)
        if batch is None:
            batch = self.batches[size] = _Batch(self, size)
            if len(self.batches) > KEPT:
                self.batches.popitem(last=False)
        self.batches.move_to_end(size)
        self.batch = batch
        return batch.forward(samples, positions)

    def holds(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether all guards hold."""
        assert self.batch is not None
        return self.batch.holds()

    def suspicious(self) -> NDArray[np.bool_]:
        """For each sample of the latest batch, whether something in it may be undefined, or is not finite."""
        assert self.batch is not None
        return self.batch.suspicious()

    def backward(self, seeds: NDArray[Any] | float = 1.0) -> None:
        """Computes the derivatives of the sum of seeds times roots, after `forward`."""
        assert self.batch is not None
        self.batch.backward(seeds)

    def input_gradients(self) -> NDArray[Any]:
        """The derivatives by the inputs, (B, n_inputs), after `backward`."""
        assert self.batch is not None
        return self.batch.input_gradients()


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


class _Batch:
    """The memory and the calls for batches of one size."""

    def __init__(self, executor: NumpyExecutor, size: int) -> None:
        program = executor.program
        self.executor, self.program, self.size = executor, program, size
        self.memory = Memory(program, size, executor.shared, executor.shared_gradients)
        self.alarm = self.memory.alarm
        self.context = context(self.alarm.ring, divide="call", invalid="call", over="call", under="ignore")
        self.none, self.all = np.zeros(size, np.bool_), np.ones(size, np.bool_)
        for place, number in program.fixed:
            self.memory.sample[place] = number
        self.sources = [(self.memory.sample[row : row + n], column, n) for row, column, n in program.inputs]
        writer = Writer(self.memory.sample.dtype, self.alarm)
        self.positions = np.zeros((size, program.n_integers), np.int64)
        forward_calls(writer, self.memory, self.positions)
        if (block := self.memory.roots(program)) is not None:
            self.roots = self.memory.block(block)
        else:
            self.roots = np.empty((len(program.roots), size), self.memory.sample.dtype)
            for out, root in zip(self.roots, program.roots, strict=True):
                writer.call(np.copyto, out, self.memory.block(root)[0])
        self.calls = writer.calls
        self.given = [rows.reshape(-1) for rows, _, _ in self.sources] + [self.roots.reshape(-1), executor.parameters]
        self.guard_calls, self.guards = self.compile_guards(program.guards)
        self.backwards: Backwards | None = None
        self.inputs = np.zeros((size, program.n_inputs), self.memory.sample.dtype)

    def forward(self, samples: NDArray[Any], positions: NDArray[np.int64] | None) -> NDArray[Any]:
        if self.roots.dtype != np.float64:
            samples, parameters = within(samples, self.roots.dtype), self.executor.parameters
            self.executor.shared[: len(parameters), 0] = within(parameters, self.roots.dtype)
        for target, column, count in self.sources:
            target[...] = samples[:, column : column + count].T
        if positions is not None:
            self.positions[...] = positions
        self.alarm.raised = self.alarm.everywhere = False
        self.context.run(repeat, self.calls)
        return self.roots

    def backward(self, seeds: NDArray[Any] | float) -> None:
        if self.backwards is None:
            self.backwards = Backwards(self.program, self.memory, wrt_inputs=self.executor.wrt_inputs)
        self.backwards.run(seeds)

    def input_gradients(self) -> NDArray[Any]:
        for row, column, count in self.program.inputs:
            self.inputs[:, column : column + count] = self.memory.sample_gradients[row : row + count].T
        return self.inputs

    def are_finite(self) -> bool:
        """Whether all that was given is, and all that came out; large numbers count as if they were not."""
        return all(isfinite(x.dot(x)) for x in self.given)

    def suspicious(self) -> NDArray[np.bool_]:
        """The samples with a number that is not finite, if there can be any."""
        parameters = self.executor.parameters
        if not self.alarm.raised and not self.executor.always and self.context.run(self.are_finite):
            return self.none
        shared = np.concatenate([parameters, self.executor.shared[len(parameters) + len(self.program.constants) :, 0]])
        found: NDArray[np.bool_] = np.logical_not(np.isfinite(self.memory.sample).all(axis=0))
        if self.alarm.everywhere or self.executor.always or not np.isfinite(shared).all():
            found[:] = True
        return found

    def compile_guards(self, guards: tuple[RowGuard, ...]) -> tuple[list[Any], Array]:
        """The calls that compare, equal comparisons at once, and what they give: one row for each guard."""
        writer, truths = Writer(self.memory.sample.dtype), np.empty((len(guards), self.size), np.bool_)
        kinds: dict[tuple[str, str, str, bool], list[RowGuard]] = {}
        for guard in guards:
            kinds.setdefault((guard.relation, guard.left.arena, guard.right.arena, guard.holds), []).append(guard)
        at = 0
        for (relation, left, right, holds), found in kinds.items():
            out = truths[at : at + len(found)]
            sides = []
            for arena, rows in ((left, [g.left.start for g in found]), (right, [g.right.start for g in found])):
                values = self.memory.sample if arena == SAMPLE else self.memory.shared
                side = np.empty((len(rows), values.shape[1]), values.dtype)
                writer.call(values.take, np.array(rows), axis=0, out=side, mode="clip")
                sides.append(side)
            writer.call(RELATIONS[relation], *sides, out=out)
            if not holds:
                writer.call(np.logical_not, out, out=out)
            at += len(found)
        return writer.calls, truths

    def holds(self) -> NDArray[np.bool_]:
        if not self.guard_calls:
            return self.all
        for call in self.guard_calls:
            call()
        return np.asarray(self.guards.all(axis=0))
