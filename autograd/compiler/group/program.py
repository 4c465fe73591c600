"""The program: array operations on blocks of rows, for a batch of samples at once.

There are two arenas of numbers. In the *sample* arena a row holds one number for each sample of the batch; in the
*shared* arena a row is one number that all samples share: parameters first, then constants, then what is computed from
these alone. This file owns the format, and must not know how a program is found or executed.
Read next: `group.py`, which finds it; `../run_numpy/executor.py` executes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...engine import Op

__all__ = ["SAMPLE", "SHARED", "Copy", "Dot", "Map", "Matrix", "Pick", "Product", "Program", "Reduce", "RowGuard",
           "Rows", "Step", "Thin"]  # fmt: skip

SHARED, SAMPLE = "shared", "sample"


class Rows(NamedTuple):
    """A block of rows of an arena: start, start + step, ... With step 0 all of them are one and the same row."""

    arena: str
    start: int
    size: int
    step: int = 1

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each row."""
        found: NDArray[np.int64] = self.start + self.step * np.arange(self.size)
        return found

    @property
    def signed(self) -> NDArray[np.int64]:
        """The number of each row as in a `Thin`."""
        return self.numbers if self.arena == SAMPLE else -1 - self.numbers

    @classmethod
    def one(cls, number: int) -> Rows:
        """The row of a number as in a `Thin`."""
        return cls(SAMPLE, number, 1) if number >= 0 else cls(SHARED, -1 - number, 1)


class Matrix(NamedTuple):
    """A matrix in the shared arena: element (i, j) is the row `start + i * row_step + j * column_step`."""

    start: int
    rows: int
    columns: int
    row_step: int
    column_step: int = 1

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The row of each element."""
        places = np.add.outer(self.row_step * np.arange(self.rows), self.column_step * np.arange(self.columns))
        found: NDArray[np.int64] = self.start + places
        return found


class Map(NamedTuple):
    """`out[k] = op(operands[0][k], operands[1][k], ...)`, for an operation of fixed arity.

    `out` has step 1. Each operand has as many rows as `out`. If `out` is shared, so are the operands.
    """

    op: Op
    out: Rows
    operands: tuple[Rows, ...]


class Product(NamedTuple):
    """A matrix product over the batch: `out[i, p] = Σⱼ weights[i, j] inputs[j, p]` at each of p positions.

    With m rows and n columns of weights, `out` has m·p rows of the sample arena, row i·p + k being element (i, k), and
    `inputs` n·p rows, both with step 1: seen as matrices (m, p·batch) and (n, p·batch) they need no copy. A row of ones
    (`Program.fixed`) at the end of the inputs makes the last column of the weights a bias.
    """

    out: Rows
    weights: Matrix
    inputs: Rows
    positions: int


class Dot(NamedTuple):
    """`out[i] = Σⱼ left[j·m + i] right[j·m + i]` for i < m: sums of products that are no matrix product.

    m is the number of rows of `out`. All three have step 1. If `out` is in the sample arena, left and right may be in
    either.
    """

    out: Rows
    left: Rows
    right: Rows


class Reduce(NamedTuple):
    """`out[i] = op(operand[i], operand[m + i], operand[2m + i], ...)` for i < m: an operation of any number.

    `op` is `sum`, `mean`, `prod`, `max`, `min`, `norm`, `logsumexp` or one of a user's. Both have step 1, in one arena.
    """

    op: Op
    out: Rows
    operand: Rows


class Copy(NamedTuple):
    """`out[k] = arena[rows[k]]`, where rows are not a block already. `out` has step 1."""

    out: Rows
    arena: str
    rows: NDArray[np.int64]


class Pick(NamedTuple):
    """`out[k] = arena[table[position, k]]`, position: that of the whole number among those known."""

    out: Rows
    column: int
    arena: str
    table: NDArray[np.int64]


class Thin(NamedTuple):
    """Operations with nothing to group, one row each, one after the other.

    Rows are written as numbers: r >= 0 is row r of the sample arena, r < 0 is row -1 - r of the shared one.
    `code`, `first` and `operands` are as in a `Tape`.
    """

    ops: tuple[Op, ...]
    code: NDArray[np.int32]
    out: NDArray[np.int64]
    first: NDArray[np.int64]
    operands: NDArray[np.int64]


Step: TypeAlias = Map | Product | Dot | Reduce | Copy | Pick | Thin


class RowGuard(NamedTuple):
    """A comparison of two rows, each a block of one row, that must be `holds` for a sample to take this program."""

    relation: str
    left: Rows
    right: Rows
    holds: bool


@dataclass(frozen=True, eq=False)
class Program:
    """What is executed for a batch. Every row is written by one step at most; steps come after those they read from.

    Attributes:
        n_sample, n_shared: How many rows the arenas have.
        n_parameters: The first rows of the shared arena.
        n_inputs: How many numbers a sample has.
        constants: What stands in the shared arena after the parameters.
        inputs: (row, column, count): rows of the sample arena that are columns of the samples.
        fixed: (row, number): rows of the sample arena that are the same number in every step, as ones for a bias.
        steps: What is done, in order.
        roots: The results, blocks of one row each.
        guards: The comparisons that must come out as they did.
        n_integers: How many whole numbers a sample has, that pick.
        per_sample: Whether each sample has parameters of its own: they are then inputs, the last `n_parameters`
            columns; their gradients are those of single samples.
    """

    n_sample: int
    n_shared: int
    n_parameters: int
    n_inputs: int
    constants: NDArray[np.float64]
    inputs: tuple[tuple[int, int, int], ...]
    fixed: tuple[tuple[int, float], ...]
    steps: tuple[Step, ...]
    roots: tuple[Rows, ...]
    guards: tuple[RowGuard, ...] = ()
    n_integers: int = 0
    per_sample: bool = False

    def __str__(self) -> str:
        """One line a step, as `z65..94 = tanh(z33..62)`: z: rows of the sample arena, w: of the shared one."""
        columns = [f"column {c}" if n == 1 else f"columns {c}..{c + n - 1}" for _, c, n in self.inputs]
        known = [f"{rows(Rows(SAMPLE, r, n))} = {t}" for (r, _, n), t in zip(self.inputs, columns, strict=True)]
        known += [f"{rows(Rows(SAMPLE, r, 1))} = {number:g}" for r, number in self.fixed]
        tests = [f"guard {rows(g.left)} {g.relation} {rows(g.right)} is {g.holds}" for g in self.guards]
        return "\n".join([*known, *map(line, self.steps), *tests, "return " + ", ".join(map(rows, self.roots))])


def rows(block: Rows) -> str:
    """A block of rows as text: `z3..7`, with a step other than 1 `z3..7:2`; `z3*5` is one row five times."""
    name, last = "wz"[block.arena == SAMPLE], block.start + (block.size - 1) * block.step
    if block.size == 1 or block.step == 0:
        return f"{name}{block.start}" + (f"*{block.size}" if block.size > 1 else "")
    return f"{name}{block.start}..{last}" + (f":{block.step}" if block.step != 1 else "")


def line(step: Step) -> str:
    """A step as a line of text."""
    match step:
        case Map(op, out, operands):
            return f"{rows(out)} = {op.name}({', '.join(map(rows, operands))})"
        case Product(out, w, inputs, positions):
            matrix = f"w{w.start}[{w.rows}x{w.columns}, steps {w.row_step}, {w.column_step}]"
            return f"{rows(out)} = {matrix} @ {rows(inputs)}" + (f" at {positions} positions" * (positions > 1))
        case Dot(out, left, right):
            return f"{rows(out)} = dot({rows(left)}, {rows(right)})"
        case Reduce(op, out, operand):
            return f"{rows(out)} = {op.name}({rows(operand)})"
        case Copy(out, arena, table):
            return f"{rows(out)} = copy of {len(np.unique(table))} rows of the {arena} arena"
        case Pick(out, column, arena, table):
            return f"{rows(out)} = pick({'wz'[arena == SAMPLE]}, {len(table)} candidates) by whole number {column}"
        case Thin(ops, code):
            return f"{len(code)} single operations: {', '.join([op.name for op in ops])}"
