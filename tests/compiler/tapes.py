"""Random tapes of blocks: many equal operations on operands that are blocks, backwards, broadcast, or in no order.

Layers have inputs or weights in common, numbers are parameters, inputs, constants and picks in any mixture. This file
must not know what is tested with them.
"""

from __future__ import annotations

import random

import numpy as np

from autograd import functions
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape

OPS = {op.name: op for op in functions.OPS}
FIXED = tuple(OPS[name] for name in ("add", "sub", "mul", "neg", "tanh", "sigmoid", "where"))
ANY = tuple(OPS[name] for name in ("sum", "max", "logsumexp"))
DOT = len(FIXED) + len(ANY)


class Writer:
    """A tape in the making, in blocks of nodes."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.code, self.data, self.operands, self.first = [], [], [], [0]
        self.blocks = []

    def put(self, code, operands=(), data=0.0):
        self.code.append(code)
        self.data.append(data)
        self.operands += operands
        self.first.append(len(self.operands))
        return len(self.code) - 1

    def operand(self, m):
        """m nodes: a slice, one node repeated, backwards, some of a block, or any."""
        rng, block = self.rng, self.rng.choice(self.blocks)
        way = rng.random()
        if way < 0.35 and len(block) >= m:
            start = rng.randrange(len(block) - m + 1)
            return block[start : start + m]
        if way < 0.45:
            return [rng.choice(block)] * m
        if way < 0.55 and len(block) >= m:
            return block[::-1][:m]
        if way < 0.8:
            return [rng.choice(block) for _ in range(m)]
        return [rng.choice([node for some in self.blocks for node in some]) for _ in range(m)]

    def rows(self, code, m, arity, data=0.0):
        columns = [self.operand(m) for _ in range(arity)]
        self.blocks.append([self.put(code, operands, data) for operands in zip(*columns, strict=True)])

    def layer(self, m):
        """Sums of products: at one place or at three, with inputs in common or not, terms in any order."""
        rng = self.rng
        n, places, common = rng.choice([1, 2, 3, 6]), rng.choice([1, 1, 3]), rng.random() < 0.7
        weights = [self.operand(n) for _ in range(m)]
        bias = self.operand(m) if rng.random() < 0.6 else [self.put(CONSTANT)] * m
        found = []
        for _ in range(places):
            inputs = self.operand(n)
            for i in range(m):
                xs = inputs if common else self.operand(n)
                order = rng.sample(range(n), n) if rng.random() < 0.3 else range(n)
                found.append(self.put(DOT, [*[weights[i][j] for j in order], *[xs[j] for j in order], bias[i]]))
        self.blocks.append(found)


def drawn_tape(seed: int) -> Tape:
    """A tape; equal for equal seeds."""
    rng = random.Random(seed)
    w = Writer(rng)
    n_parameters, n_inputs = rng.randrange(1, 40), rng.randrange(1, 12)
    integers = tuple(tuple(range(rng.randrange(1, 4))) for _ in range(rng.randrange(3)))
    w.blocks.append([w.put(PARAMETER, (), k) for k in range(n_parameters)])
    w.blocks.append([w.put(INPUT, (), k) for k in range(n_inputs)])
    w.blocks.append([w.put(CONSTANT, (), rng.choice([0.0, 1.0, -1.0, 0.5])) for _ in range(rng.randrange(1, 6))])
    for _ in range(rng.randrange(1, 14)):
        m, kind = rng.choice([1, 1, 2, 3, 5, 8]), rng.randrange(8)
        if kind == 0 and integers:
            column = rng.randrange(len(integers))
            w.rows(PICK, m, len(integers[column]), column)
        elif kind < 4:
            w.layer(m)
        elif kind == 4:
            w.rows(len(FIXED) + rng.randrange(len(ANY)), m, rng.randrange(1, 6))
        else:
            code = rng.randrange(len(FIXED))
            w.rows(code, m, FIXED[code].arity)
    nodes = [node for block in w.blocks for node in block]
    roots = [rng.choice(nodes) for _ in range(4)] + w.blocks[-1]
    guards = [Guard(rng.choice(["<", ">="]), rng.choice(nodes), rng.choice(nodes), True) for _ in range(2)]
    return Tape(
        (*FIXED, *ANY, OPS["dot"]), np.array(w.code, np.int32), np.array(w.first, np.int64),
        np.array(w.operands, np.int32), np.array(w.data, float), np.array(roots, np.int32), tuple(guards),
        n_parameters, n_inputs, integers,
    )  # fmt: skip
