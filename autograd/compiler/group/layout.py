"""Layout: the rows in which the numbers of drafts stand, and with them the steps of the program.

Every draft's results are a chunk of rows. Chunks are put side by side where a reader wants them as one block, and a row
of ones is put behind where a matrix product has a bias; where that fails, rows are copied. This file owns rows; it must
not know what operations mean. Read next: `../table/kernels.py`.

Of the tape of `group.py`, drafts that speak of nodes, and steps that speak of rows:

    >>> from autograd import Value, tanh
    >>> from autograd.compiler.rewrite.fuse import fuse
    >>> from autograd.compiler.rewrite.simplify import simplify
    >>> from autograd.compiler.trace.tracing import trace
    >>> f = lambda w, x, y: (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2
    >>> tape = fuse(simplify(trace(f, [Value(0.5), Value(-1.0), Value(0.25)], [2.0, 3.0], 1.0).tape))
    >>> from autograd.compiler.group.group import drafts_of
    >>> sides = Sides(tape, per_sample=False)
    >>> [(draft.kind.__name__, draft.out.ravel().tolist()) for draft in drafts_of(sides)]
    [('Product', [6]), ('Map', [7]), ('Map', [8]), ('Map', [9])]
    >>> print(lay_out(sides, drafts_of(sides)))
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

import numpy as np
from numpy.typing import NDArray

from ..trace.tape import PARAMETER
from .chunks import Chunks
from .drafts import Draft, Nodes, Sides
from .order import lift, put_in_order
from .program import SAMPLE, SHARED, Copy, Dot, Map, Matrix, Pick, Product, Program, Reduce, RowGuard, Rows, Step, Thin

__all__ = ["lay_out"]

LEAF = -1  # the place of what no draft makes


def lay_out(sides: Sides, drafts: list[Draft]) -> Program:
    """The program of drafts that are in order of time."""
    lift(sides, drafts)
    put_in_order(sides, drafts)
    layout = Layout(sides, drafts)
    copies = layout.copies()
    steps = copies.pop(LEAF, [])
    for place, draft in enumerate(drafts):
        steps += [*layout.steps(draft), *copies.pop(place, [])]
    tape, one = sides.tape, layout.one
    guards = tuple([RowGuard(g.relation, one(g.left), one(g.right), g.holds) for g in tape.guards])
    return Program(
        layout.used[SAMPLE], layout.used[SHARED], 0 if sides.per_sample else tape.n_parameters,
        tape.n_inputs + tape.n_parameters * sides.per_sample, layout.constants, layout.inputs, layout.fixed,
        tuple(steps), tuple([one(root) for root in tape.roots.tolist()]), guards, len(tape.integers), sides.per_sample,
    )  # fmt: skip


class Layout:
    """The row of every node.

    Attributes:
        row: For each node its row, in the arena that `sample` tells.
        used: How many rows of each arena are in use.
        constants, inputs, fixed: As in a `Program`.
        found: Where blocks stand that had to be made: by nodes, the first row.
    """

    def __init__(self, sides: Sides, drafts: list[Draft]) -> None:
        self.sides, self.drafts, tape = sides, drafts, sides.tape
        self.sample = sides.sample_of_all()
        self.row = np.zeros(sides.size, dtype=np.int64)
        self.used = {SHARED: 0 if sides.per_sample else tape.n_parameters, SAMPLE: 0}
        self.found: dict[tuple[str, bytes], int] = {}
        self.ones: set[int] = set()
        own = np.flatnonzero(tape.code == PARAMETER)
        self.row[own] = tape.data[own]
        self.constants = self.place_constants()
        chunks = Chunks(sides, drafts)
        order = sorted(range(len(chunks.parts)), key=chunks.key.__getitem__)
        for nodes in [nodes for chunk in order for nodes in chunks.parts[chunk]]:
            self.place(nodes)
        if not self.ones and any((table == sides.ones).any() for draft in drafts for table in draft.operands):
            self.place(np.array([sides.ones]))
        self.fixed = tuple([(row, 1.0) for row in sorted(self.ones)])
        self.inputs = columns_of(self.row, chunks.column)

    def place_constants(self) -> NDArray[np.float64]:
        """Gives every constant a row, equal ones the same, and each table of unequal ones rows of its own."""
        data, start = self.sides.data, self.used[SHARED]
        nodes = np.flatnonzero(self.sides.constant)
        _, first, which = np.unique(data[nodes].view(np.int64), return_index=True, return_inverse=True)
        order = np.argsort(first)
        self.row[nodes] = start + np.argsort(order)[which]
        values = data[nodes[first[order]]].tolist()
        is_constant = np.append(self.sides.constant, np.zeros(self.sides.size - len(self.sides.constant), dtype=bool))
        for draft in self.drafts:
            for table in blocks_of(draft):
                if is_constant[table].all() and not self.stands(draft, table):
                    self.found[self.key(table)] = start + len(values)
                    values += data[table.reshape(-1)].tolist()
        self.take(SHARED, len(values))
        return np.array(values, dtype=np.float64)

    def place(self, nodes: Nodes) -> None:
        """Gives nodes of one arena the next rows."""
        rows = self.take(self.arena(nodes), len(nodes)) + np.arange(len(nodes))
        self.row[nodes] = rows
        self.ones.update(rows[nodes == self.sides.ones].tolist())

    def take(self, arena: str, count: int) -> int:
        """The first of so many rows that are not in use."""
        self.used[arena] += count
        return self.used[arena] - count

    def key(self, nodes: Nodes) -> tuple[str, bytes]:
        """What stands for these nodes in `found`."""
        return self.arena(nodes), self.row[nodes.reshape(-1)].tobytes()

    def arena(self, nodes: Nodes) -> str:
        """The arena that they are in."""
        return SAMPLE if self.sample[nodes.flat[0]] else SHARED

    def stands(self, draft: Draft, nodes: Nodes) -> bool:
        """Whether nodes that a draft reads stand as it reads them."""
        return bool(self.matrices(nodes)) if nodes.ndim == 2 else self.block(nodes, draft.kind is Map) is not None

    def block(self, nodes: Nodes, any_step: bool = False) -> Rows | None:
        """The block that they are, if they are one; with steps other than 1 only where any step will do."""
        rows = self.row[nodes]
        n_ones = int((nodes == self.sides.ones).sum()) if nodes[-1] == self.sides.ones else 0
        if 0 < n_ones < len(nodes):
            behind = rows[-n_ones - 1] + 1 + np.arange(n_ones)
            rows[-n_ones:] = behind if self.ones.issuperset(behind.tolist()) else rows[-n_ones:]
        steps = np.diff(rows)
        step = int(steps[0]) if len(steps) else 1
        if (steps == step).all() and (step == 1 or any_step):
            return Rows(self.arena(nodes), int(rows[0]), len(rows), step)
        start = self.found.get(self.key(nodes))
        return None if start is None else Rows(self.arena(nodes), start, len(nodes))

    def matrices(self, nodes: Nodes) -> list[Matrix]:
        """The matrices, one above the other, that they are; none if they are too irregular."""
        rows = self.row[nodes]
        m, n = rows.shape
        step = int(rows[0, 1] - rows[0, 0]) if n > 1 else 1
        if (np.diff(rows, axis=1) == step).all():
            steps = np.diff(rows[:, 0])
            usual = int(np.median(steps)) if m > 1 else n * step
            begin = np.append(0, np.flatnonzero(steps != usual) + 1)
            if len(begin) <= 1 + m // 4:
                size = np.diff(np.append(begin, m)).tolist()
                return [Matrix(int(rows[b, 0]), k, n, usual, step) for b, k in zip(begin, size, strict=True)]
        start = self.found.get(self.key(nodes))
        return [] if start is None else [Matrix(start, m, n, n, 1)]

    def copies(self) -> dict[int, list[Step]]:
        """Copies of what is not a block, by the place of the draft behind which they come."""
        place = np.full(self.sides.size, LEAF)
        for k, draft in enumerate(self.drafts):
            place[draft.out] = k
        wanted: dict[tuple[int, str], dict[bytes, NDArray[np.int64]]] = {}
        for draft in self.drafts:
            for nodes in blocks_of(draft):
                if not self.stands(draft, nodes):
                    arena, key = self.key(nodes)
                    ready = int(place[nodes].max())
                    wanted.setdefault((ready, arena), {})[key] = self.row[nodes.reshape(-1)]
        copies: dict[int, list[Step]] = {}
        for (ready, arena), tables in sorted(wanted.items()):
            start = at = self.take(arena, sum(map(len, tables.values())))
            for key, rows in tables.items():
                self.found[arena, key] = at
                at += len(rows)
            rows = np.concatenate(list(tables.values()))
            copies.setdefault(ready, []).append(Copy(Rows(arena, start, len(rows)), arena, rows))
        return copies

    def one(self, node: int) -> Rows:
        """The row of one node."""
        return Rows(SAMPLE if self.sample[node] else SHARED, int(self.row[node]), 1)

    def steps(self, draft: Draft) -> list[Step]:
        """The steps of a draft, now that all blocks stand: one, or one for each matrix."""
        if draft.kind is Thin:
            return [self.thin(draft.out)]
        flat = draft.out.reshape(-1)
        out = Rows(self.arena(flat), int(self.row[flat[0]]), len(flat))
        if draft.kind in (Pick, Copy):
            (table,) = draft.operands
            rows, arena = self.row[table], self.arena(table)
            return [Pick(out, draft.column, arena, rows) if draft.kind is Pick else Copy(out, arena, rows[0])]
        read = [self.block(nodes, draft.kind is Map) for nodes in blocks_of(draft) if nodes.ndim == 1]
        blocks = tuple([block for block in read if block is not None])
        if draft.kind is Product:
            return self.products(self.matrices(draft.operands[0]), out, blocks[0], draft.out.shape[1])
        if draft.op is None:
            return [Dot(out, *blocks)]
        return [Map(draft.op, out, blocks) if draft.kind is Map else Reduce(draft.op, out, blocks[0])]

    def products(self, matrices: list[Matrix], out: Rows, inputs: Rows, positions: int) -> list[Step]:
        """A product for each matrix."""
        found: list[Step] = []
        start = out.start
        for matrix in matrices:
            mine = Rows(SAMPLE, start, matrix.rows * positions)
            found.append(Product(mine, matrix, inputs, positions))
            start += mine.size
        return found

    def thin(self, nodes: Nodes) -> Thin:
        """Single operations, in this order."""
        tape = self.sides.tape
        first, count = tape.first[nodes], tape.counts[nodes]
        begin = np.append(0, np.cumsum(count))
        operands = tape.operands[np.repeat(first - begin[:-1], count) + np.arange(begin[-1])]
        number = np.where(self.sample, self.row, -1 - self.row)
        return Thin(tape.ops, tape.code[nodes], number[nodes], begin, number[operands])


def blocks_of(draft: Draft) -> list[Nodes]:
    """What a draft reads, each of which must be a block; the weights of a product as a table of two dimensions."""
    if draft.kind is Map:
        return list(draft.operands[0])
    if draft.kind is Product:
        return [draft.operands[0], draft.operands[1].reshape(-1)]
    return [table.reshape(-1) for table in draft.operands] if draft.kind in (Dot, Reduce) else []


def columns_of(row: Nodes, column: Nodes) -> tuple[tuple[int, int, int], ...]:
    """Rows that are columns of the samples: (row, column, count)."""
    nodes = np.flatnonzero(column >= 0)
    nodes = nodes[np.argsort(row[nodes])]
    rows, columns = row[nodes], column[nodes]
    begin = np.flatnonzero(np.append(True, (np.diff(rows) != 1) | (np.diff(columns) != 1))) if len(nodes) else nodes
    count = np.diff(np.append(begin, len(nodes)))
    return tuple(zip(rows[begin].tolist(), columns[begin].tolist(), count.tolist(), strict=True))
