"""Executes a program with the machine: one call of native code forward, one backward.

This file owns the memory, and which instructions there are for a batch size; it must not know what is in them.
Read next: `machine.py`; `../calls/path.py` calls executors.

A neuron with squared error, for two samples, each with its target:

    >>> import numpy as np
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.group.group import group
    >>> from autograd.compiler.run_numba.executor import NumbaExecutor
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = trace(f, [Value(0.1), Value(-0.2), Value(0.3)], [1.0, 2.0], 0.5).tape
    >>> executor = NumbaExecutor(group(fuse(simplify(tape))))
    >>> executor.parameters[:] = [0.1, -0.2, 0.3]
    >>> executor.forward(np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 1.0]])).round(6)
    array([[0.25    , 0.644206]])
    >>> executor.backward(seeds=0.5)
    >>> executor.gradients.round(6)
    array([ 0.271357, -1.      , -1.271357])
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...engine import mul
from ...expressions import Untraceable
from ..group.program import SAMPLE, SHARED, Pick, Program
from ..run.back import WayBack
from ..run.executor import Batch, Executor
from .cache import arguments, machine_function
from .instructions import NOWHERE, Instructions
from .llvm import ADD, SUM, VALUE, Kernel
from .machine import ZERO
from .records import lowered, passes

__all__ = ["NumbaExecutor"]

MOST_ROWS = 2**31 - 1  # of an arena


class NumbaExecutor(Executor):
    """A program, ready for batches.

    Args:
        program: The program.
        dtype: The type of all numbers.
        wrt_inputs: Whether `backward` gives the derivatives by the inputs too.

    Raises:
        Untraceable: If an operation cannot be read, if numbers are not to be float64, if there are 2³¹ rows, or if
            there is no numba.
    """

    def __init__(self, program: Program, dtype: Any = np.float64, wrt_inputs: bool = False) -> None:
        if find_spec("numba") is None:
            raise Untraceable('numba is not installed: pip install "scalar-autograd[fast]"')
        if np.dtype(dtype) != np.float64:
            raise Untraceable(f'native code computes with float64; for {np.dtype(dtype)} there is executor="numpy"')
        self.steps, self.n_sample, self.n_shared = lowered(program)
        if max(self.n_sample, self.n_shared) >= MOST_ROWS:
            raise Untraceable(f"native code takes fewer than 2**31 numbers, not {max(self.n_sample, self.n_shared)}")
        after = -(-self.n_shared // 8) * 8
        values, gradients = [aligned(after + self.n_sample, 1) for _ in range(2)]
        self.one = values[after:], gradients[after:]  # of batches of one sample: behind what is shared
        super().__init__(program, values[: self.n_shared], gradients[: self.n_shared], wrt_inputs)
        n = len(self.parameters)
        self.shared[n : n + len(program.constants), 0] = program.constants
        self.way_back = WayBack(program, self.steps, self.n_sample, self.n_shared, self.wrt_inputs, passes).found
        self.of_size(1)  # what cannot be done is told now

    def batch_of(self, size: int) -> Batch:
        """What computes batches of a size."""
        return _Batch(self, size)


def aligned(*shape: int) -> NDArray[np.float64]:
    """Zeros that begin at a multiple of 64 bytes."""
    count = int(np.prod(shape))
    room = np.zeros(count + 8)
    start = -(room.ctypes.data // 8) % 8
    return room[start : start + count].reshape(shape)


class _Batch(Batch):
    """The memory and the instructions for batches of one size."""

    def __init__(self, executor: NumbaExecutor, size: int) -> None:
        self.executor, program = executor, executor.program
        memory = executor.one if size == 1 else [aligned(executor.n_sample, size) for _ in range(2)]
        self.sample, gradients = memory[0], {SAMPLE: memory[1], SHARED: executor.shared_gradients}
        super().__init__(program, {SAMPLE: self.sample, SHARED: executor.shared}, gradients)
        self.last = np.zeros((program.n_integers, 1), np.int64)  # the last position that all tables have
        for column in range(program.n_integers):
            tables = [len(step.table) for step in program.steps if isinstance(step, Pick) and step.column == column]
            self.last[column] = min(tables, default=1) - 1
        self.flags, self.total, self.zero = np.zeros(size), np.zeros(1), np.zeros(1)
        self.run = machine_function() if size else lambda *places: None  # kernels take at least one number
        self.kept: list[Any] = []
        instructions = self.instructions()
        for step in executor.steps:
            instructions.forward(step)
        self.check(instructions, whole=True)
        half = len(instructions.words)
        for back in executor.way_back:
            instructions.backward(back)
        self.check_gradients(instructions)
        self.forward_call, self.backward_call, self.both_call = self.calls(instructions, half)
        *_, self.check_call = self.calls(self.check(self.instructions(), whole=False))

    def instructions(self) -> Instructions:
        return Instructions(self.size, self.values, self.gradients, self.positions)

    def calls(self, instructions: Instructions, half: int = 0) -> tuple[Any, Any, Any]:
        """The arguments of the native calls of the first half of the words, of the second one, and of both."""
        words = np.array(instructions.words, dtype=np.int64)
        self.kept += [words, instructions.kept]
        return arguments(words[:half]), arguments(words[half:]), arguments(words)

    def check(self, found: Instructions, *, whole: bool) -> Instructions:
        """Adds 0 times every number to `total`, or to the flags of the samples: that stays 0 if all are finite."""
        zero, rows = (self.zero.ctypes.data, 0, 0), (found.at(SAMPLE, 0), found.far[SAMPLE], 0)
        kernel = Kernel(mul, 2, VALUE, SUM, (1,))
        if not whole:
            out, kernel = (self.flags.ctypes.data, 0, 0), kernel._replace(mode=ADD)
            found.map(kernel, self.size, (len(self.sample), 1), out, NOWHERE, NOWHERE, rows, zero)
            return found
        out = (self.total.ctypes.data, 0, 0)
        found.put(ZERO, 1, 1, out[0], 0)
        for arena, values in self.values.items():
            if values.size:
                found.map(kernel, values.size, (1, 1), out, NOWHERE, NOWHERE, (found.at(arena, 0), 0, 0), zero)
        return found

    def check_gradients(self, found: Instructions) -> None:
        """Adds 0 times every gradient by a parameter to `total`."""
        if n := len(self.executor.gradients):
            gradients = (found.at(SHARED, 0, True), 0, 0)
            found.map(Kernel(mul, 2, VALUE, SUM, (1,)), n, (1, 1), (self.total.ctypes.data, 0, 0), NOWHERE, NOWHERE,
                      gradients, (self.zero.ctypes.data, 0, 0))  # fmt: skip

    def place(self, positions: NDArray[np.int64]) -> None:
        np.clip(positions, 0, self.last, out=self.positions)  # native code must not read beyond a table

    def forward(self) -> NDArray[Any]:
        self.run(*self.forward_call)
        return self.results()

    def both(self, seeds: NDArray[Any]) -> None:
        if seeds is not self.seeded:
            self.seed(seeds)
        self.run(*self.both_call)
        if not self.in_place:
            self.results()

    def suspicious(self) -> NDArray[np.bool_]:
        if self.total[0] == 0.0:
            return self.none
        if not np.isfinite(self.executor.shared).all():
            return self.all
        self.flags[...] = 0.0
        self.run(*self.check_call)
        found: NDArray[np.bool_] = self.flags != 0.0
        return found

    def is_finite(self, differentiated: bool) -> bool:
        return self.total.item() == 0.0

    def run_back(self) -> None:
        if not self.size:
            self.executor.gradients[...] = 0.0
        self.run(*self.backward_call)
