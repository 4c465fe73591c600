"""The way back through a program, as data: which gradients are computed, by which operands, and where zeros are needed.

This file owns which gradients arrive where, and which of them first; it must not know how one is computed, nor where it
lies. Gradients are rows beside the values. What arrives at a row first is assigned, what arrives later is added. What
depends on no parameter gets no gradient, nor what no result depends on: there an infinite slope times 0 would be nan.
Read next: `../run_numpy/executor.py`, then `../run_numba/executor.py`, which translate it.

Example: from `tanh`, whose gradient a neuron's error gives, to the weights, by which nothing has arrived yet.
    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.group.group import group
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.run.back import WayBack
    >>> from autograd.compiler.run_numpy.applied import passes
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = trace(f, [Value(0.1), Value(-0.2), Value(0.3)], [1.0, 2.0], 0.5).tape
    >>> program = group(fuse(simplify(tape)))
    >>> for step, targets in WayBack(program, program.steps, program.n_sample, program.n_shared, False, passes).found:
    ...     print(type(step).__name__, {k: (t.arena, t.is_first) for k, t in targets.items()})
    Map {0: ('sample', True)}
    Map {0: ('sample', True)}
    Map {0: ('sample', True)}
    Product {0: ('shared', True)}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine import Op
from ..group.program import SAMPLE, SHARED, Copy, Dot, Map, Pick, Product, Program, Reduce, Rows, Step, Thin

__all__ = ["Back", "Marks", "Target", "WayBack", "looked_up"]

Numbers = NDArray[np.int64]
Marks = dict[str, NDArray[np.float64]]  # for each row of the arenas 1 or 0: native code writes them too


class Target(NamedTuple):
    """Rows at which a gradient arrives.

    Attributes:
        arena: Their arena.
        new: Those of them at which nothing has arrived yet, in ascending order: 0 before something is added there.
        is_first: Whether these are all: the gradient can be assigned, or the sum of it where a row is there again.
        is_once: Whether no row is there again.
    """

    arena: str
    new: Numbers
    is_first: bool
    is_once: bool


class Back(NamedTuple):
    """The gradients of a step by some of its operands, in the order of its fields; of a `Product` by one.

    The step may be a part of one of the program. Without a step the new rows of the targets become 0.
    Of single operations the targets are rows of both arenas.
    """

    step: Any
    targets: dict[int, Target]


def looked_up(marks: Marks, rows: Numbers) -> NDArray[np.float64]:
    """What stands at rows that are numbered as in `Thin`."""
    return np.where(rows >= 0, marks[SAMPLE][np.maximum(rows, 0)], marks[SHARED][np.maximum(-1 - rows, 0)])


class WayBack:
    """From the roots, whose gradients are there, to what is asked for, which gets 0 if nothing comes there.

    Args:
        program: The program.
        steps: Its steps, in the form that is executed. A step of another type than a program's says itself what of
            it depends on what, by `mark(marks)` and `back(active, arrived)`, as `Records` does.
        n_sample: How many rows the arena of samples has then.
        n_shared: And the shared one.
        wrt_inputs: Whether the gradients by the inputs are asked for too.
        passes: Through which operands of an operation of so many the executor passes gradients.

    Attributes:
        found: What is done, in order.
    """

    def __init__(
        self, program: Program, steps: Sequence[Any], n_sample: int, n_shared: int, wrt_inputs: bool,
        passes: Callable[[Op, int], list[bool]],
    ) -> None:  # fmt: skip
        self.passes = passes
        asked = [(SHARED, 0, 0 if program.per_sample else program.n_parameters)]
        asked += [(SAMPLE, row, count) for row, _, count in program.inputs] if wrt_inputs else []
        sizes = {SAMPLE: max(n_sample, 1), SHARED: max(n_shared, 1)}
        self.found: list[Back] = []
        self.active, self.arrived = [{arena: np.zeros(n) for arena, n in sizes.items()} for _ in range(2)]
        for arena, row, count in asked:
            self.active[arena][row : row + count] = 1.0
        for step in steps:
            self.activate(step)
        for root in program.roots:
            self.arrived[root.arena][root.start] = 1.0
        for step in reversed(steps):
            self.back(step)
        for arena, row, count in asked:
            self.zero(arena, np.arange(row, row + count))

    def of(self, rows: Rows) -> NDArray[np.float64]:
        """Which of the rows depend on what is asked for."""
        return self.active[rows.arena][rows.numbers]

    def activate(self, step: Any) -> None:
        """Marks what depends on what is marked, through which gradients go."""
        active = self.active
        match step:
            case Map(op, out, operands):
                sides = zip(operands, self.passes(op, len(operands)), strict=True)
                found = np.max([np.zeros(out.size), *[self.of(rows) for rows, goes in sides if goes]], axis=0)
            case Product(out, w, inputs, positions):
                both = active[SHARED][w.numbers].max(1), self.of(inputs).reshape(w.columns, positions).max(0)
                found = np.maximum.outer(*both).reshape(-1)
            case Dot(out, left, right):
                found = np.maximum(self.of(left), self.of(right)).reshape(-1, out.size).max(0)
            case Reduce(_, out, operand):
                found = self.of(operand).reshape(-1, out.size).max(0)
            case Copy(out, arena, rows):
                found = active[arena][rows]
            case Pick(out, _, arena, table):
                found = active[arena][table].max(0)
            case Thin():
                any_is = looked_up(active, step.operands).max()
                active[SAMPLE][step.out[step.out >= 0]] = active[SHARED][-1 - step.out[step.out < 0]] = any_is
                return
            case _:
                step.mark(active)
                return
        active[out.arena][out.numbers] = found

    def back(self, step: Any) -> None:
        """The gradients of a step."""
        match step:
            case Thin():
                if (looked_up(self.arrived, step.out) * looked_up(self.active, step.out)).any():
                    self.singles(step, np.concatenate([step.operands, step.out]))
            case Map() | Product() | Dot() | Reduce() | Copy() | Pick():
                rows = step.out.numbers
                arrived = self.arrived[step.out.arena][rows]
                live = np.flatnonzero(arrived * self.of(step.out))
                if isinstance(step, Map):
                    for run in np.split(live, np.flatnonzero(np.diff(live) != 1) + 1) if len(live) else []:
                        self.map(step, int(run[0]), len(run))
                elif len(live):
                    self.zero(step.out.arena, rows)
                    self.block(step)
            case _:
                found, rows = step.back(self.active, self.arrived)
                if len(rows):
                    self.singles(found, rows)

    def map(self, step: Map, low: int, size: int) -> None:
        """Of a run of the rows of a Map."""
        if size < step.out.size:
            out, *operands = [x._replace(start=x.start + low * x.step, size=size) for x in (step.out, *step.operands)]
            step = Map(step.op, out, tuple(operands))
        goes = self.passes(step.op, len(step.operands))
        self.give(step, {k: x for k, x in enumerate(step.operands) if goes[k] and self.of(x).any()})

    def block(self, step: Product | Dot | Reduce | Copy | Pick) -> None:
        """Of a step that is gone back through as a whole."""
        match step:
            case Product(_, weights, inputs, positions):
                if self.active[SHARED][weights.numbers].any():
                    self.found.append(Back(step, {0: self.target(SHARED, weights.numbers)}))
                wanted = np.flatnonzero(self.of(inputs)) // positions
                if len(wanted):  # those columns of weights alone
                    low, high = int(wanted[0]), int(wanted[-1]) + 1
                    part = weights._replace(start=weights.start + low * weights.column_step, columns=high - low)
                    rows = Rows(SAMPLE, inputs.start + low * positions, (high - low) * positions)
                    self.give(step._replace(weights=part, inputs=rows), {1: rows})
            case Dot(_, left, right):
                self.give(step, {k: side for k, side in enumerate((left, right)) if self.of(side).any()})
            case Reduce(_, _, operand):
                self.give(step, {0: operand})
            case Copy(_, arena, rows) | Pick(_, _, arena, rows):
                self.found.append(Back(step, {0: self.target(arena, rows)}))

    def singles(self, step: Any, rows: Numbers) -> None:
        """Of single operations, to rows that are numbered as in `Thin`."""
        targets = {0: self.target(SAMPLE, rows[rows >= 0]), 1: self.target(SHARED, -1 - rows[rows < 0])}
        self.found.append(Back(step, targets))

    def give(self, step: Step, operands: dict[int, Rows]) -> None:
        """To blocks of rows, one after the other."""
        self.found.append(Back(step, {k: self.target(rows.arena, rows.numbers) for k, rows in operands.items()}))

    def target(self, arena: str, rows: Numbers) -> Target:
        """Something arrives at rows."""
        distinct = np.unique(rows)
        new = distinct[self.arrived[arena][distinct] == 0.0]
        self.arrived[arena][distinct] = 1.0
        return Target(arena, new, len(new) == len(distinct), len(distinct) == rows.size)

    def zero(self, arena: str, rows: Numbers) -> None:
        """Where nothing has arrived stands 0."""
        target = self.target(arena, rows)
        if len(target.new):
            self.found.append(Back(None, {0: target}))
