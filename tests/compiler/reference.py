"""A slow reading of tapes and programs, number by number: what the stages and the executors are compared with.

It owns the plain meaning of `autograd/compiler/trace/tape.py` and `autograd/compiler/group/program.py`, and must not
use an executor.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.compiler.group.program import SAMPLE, SHARED, Copy, Dot, Map, Pick, Product, Program, Reduce, Rows, Thin
from autograd.compiler.trace.tape import CONSTANT, PARAMETER, PICK, Tape

RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne}


def values_of(
    tape: Tape, parameters: Sequence[float], sample: Sequence[float], integers: Sequence[int] = ()
) -> list[float]:
    """The value of every node of a tape for one sample, by the table's `forward`, row after row."""
    known: list[float] = []
    for node, (code, data) in enumerate(zip(tape.code.tolist(), tape.data.tolist(), strict=True)):
        xs = [known[i] for i in tape.of(node)]
        if code >= 0:
            known.append(float(tape.ops[code].forward(*xs)))
        elif code == PICK:
            known.append(xs[tape.integers[int(data)].index(integers[int(data)])])
        else:
            known.append(data if code == CONSTANT else float((parameters if code == PARAMETER else sample)[int(data)]))
    return known


class Arenas:
    """The two arenas for one sample: each row one number, which is written once."""

    def __init__(self, program: Program) -> None:
        self.rows = {SAMPLE: [np.nan] * program.n_sample, SHARED: [np.nan] * program.n_shared}
        self.written: set[tuple[str, int]] = set()

    def read(self, arena: str, row: int) -> float:
        assert row >= 0, "rows are counted from 0"
        assert (arena, row) in self.written, f"row {row} of the {arena} arena is read before it is written"
        return self.rows[arena][row]

    def write(self, arena: str, row: int, number: float) -> None:
        assert 0 <= row < len(self.rows[arena]), f"row {row} is outside of the {arena} arena"
        assert (arena, row) not in self.written, f"row {row} of the {arena} arena is written twice"
        self.written.add((arena, row))
        self.rows[arena][row] = number

    def block(self, rows: Rows) -> list[float]:
        return [self.read(rows.arena, rows.start + k * rows.step) for k in range(rows.size)]

    def fill(self, rows: Rows, numbers: list[float]) -> None:
        assert (rows.step, rows.size) == (1, len(numbers)), "the rows written are one block"
        for k, number in enumerate(numbers):
            self.write(rows.arena, rows.start + k, float(number))


def _thin(arenas: Arenas, step: Thin) -> None:
    def row(number: int) -> tuple[str, int]:
        return (SAMPLE, number) if number >= 0 else (SHARED, -1 - number)

    for node, out in enumerate(step.out.tolist()):
        xs = [arenas.read(*row(r)) for r in step.operands[step.first[node] : step.first[node + 1]].tolist()]
        arenas.write(*row(out), float(step.ops[step.code[node]].forward(*xs)))


def _step(arenas: Arenas, step: object, positions: list[int]) -> None:
    match step:
        case Map(op, out, operands):
            assert all(rows.size == out.size for rows in operands)
            assert out.arena == SAMPLE or all(rows.arena == SHARED for rows in operands)
            columns = [arenas.block(rows) for rows in operands]
            arenas.fill(out, [op.forward(*xs) for xs in zip(*columns, strict=True)])
        case Product(out, w, inputs, p):
            assert out.arena == inputs.arena == SAMPLE
            assert inputs.step == 1
            assert out.size == w.rows * p
            assert inputs.size == w.columns * p
            xs = arenas.block(inputs)
            weights = [
                [arenas.read(SHARED, w.start + i * w.row_step + j * w.column_step) for j in range(w.columns)]
                for i in range(w.rows)
            ]
            arenas.fill(
                out,
                [sum(weights[i][j] * xs[j * p + k] for j in range(w.columns)) for i in range(w.rows) for k in range(p)],
            )
        case Dot(out, left, right):
            m = out.size
            assert left.step == right.step == 1
            assert left.size == right.size
            assert left.size % m == 0
            assert out.arena == SAMPLE or left.arena == right.arena == SHARED
            a, b = arenas.block(left), arenas.block(right)
            arenas.fill(out, [sum(a[k] * b[k] for k in range(i, left.size, m)) for i in range(m)])
        case Reduce(op, out, operand):
            assert operand.step == 1
            assert operand.size % out.size == 0
            assert out.arena == operand.arena
            xs = arenas.block(operand)
            arenas.fill(out, [op.forward(*xs[i :: out.size]) for i in range(out.size)])
        case Copy(out, arena, rows):
            assert out.arena == SAMPLE or arena == SHARED
            arenas.fill(out, [arenas.read(arena, row) for row in rows.tolist()])
        case Pick(out, column, arena, table):
            arenas.fill(out, [arenas.read(arena, row) for row in table[positions[column]].tolist()])
        case Thin():
            _thin(arenas, step)
        case _:
            raise TypeError(f"no step: {step!r}")


def one(program: Program, parameters: list[float], sample: list[float], positions: list[int]) -> Arenas:
    """All rows for one sample."""
    arenas = Arenas(program)
    arenas.fill(Rows(SHARED, 0, program.n_parameters), [float(x) for x in parameters])
    arenas.fill(Rows(SHARED, program.n_parameters, len(program.constants)), program.constants.tolist())
    for row, column, count in program.inputs:
        arenas.fill(Rows(SAMPLE, row, count), sample[column : column + count])
    for row, number in program.fixed:
        arenas.write(SAMPLE, row, number)
    for step in program.steps:
        _step(arenas, step, positions)
    return arenas


def run(
    program: Program, parameters: ArrayLike, samples: ArrayLike, positions: ArrayLike | None = None
) -> NDArray[np.float64]:
    """The roots, (n_roots, batch). With `per_sample`, samples have the parameters in their last columns."""
    xs = np.asarray(samples, dtype=float)
    which = np.zeros((len(xs), program.n_integers), dtype=np.int64) if positions is None else np.asarray(positions)
    found = np.empty((len(program.roots), len(xs)))
    for k, (sample, places) in enumerate(zip(xs.tolist(), which.tolist(), strict=True)):
        arenas = one(program, np.asarray(parameters, dtype=float).tolist(), sample, places)
        found[:, k] = [arenas.block(root)[0] for root in program.roots]
    return found


def holds(
    program: Program, parameters: ArrayLike, samples: ArrayLike, positions: ArrayLike | None = None
) -> NDArray[np.bool_]:
    """For each sample whether all guards come out as they did."""
    xs = np.asarray(samples, dtype=float)
    which = np.zeros((len(xs), program.n_integers), dtype=np.int64) if positions is None else np.asarray(positions)
    found = []
    for sample, places in zip(xs.tolist(), which.tolist(), strict=True):
        arenas = one(program, np.asarray(parameters, dtype=float).tolist(), sample, places)
        sides = [(g, arenas.block(g.left)[0], arenas.block(g.right)[0]) for g in program.guards]
        found.append(all(RELATIONS[g.relation](a, b) == g.holds for g, a, b in sides))
    return np.array(found, dtype=bool)
