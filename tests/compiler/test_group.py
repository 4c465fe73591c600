"""Grouping: the program computes what the tape does, and its steps are few."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Op, functions
from autograd.compiler.group import group
from autograd.compiler.tape import CONSTANT, INPUT, PARAMETER, PICK, Guard, Tape
from autograd.engine import add, mul, sub

from .reference import holds, run

OPS = {op.name: op for op in functions.OPS}


def tape(rows, roots, *, integers=(), guards=()):
    """A tape by hand: rows are (kind or Op, number) for leaves and (Op, operands...) for the rest."""
    ops, code, first, operands, data = [], [], [0], [], []
    for kind, *rest in rows:
        if isinstance(kind, Op):
            if kind not in ops:
                ops.append(kind)
            code.append(ops.index(kind))
            data.append(0.0)
            operands += rest
        else:
            code.append(kind)
            data.append(float(rest[0]))
            operands += rest[1:]
        first.append(len(operands))

    def count(kind):
        return 1 + max((int(d) for c, d in zip(code, data, strict=True) if c == kind), default=-1)

    return Tape(
        tuple(ops), np.array(code, np.int32), np.array(first, np.int64), np.array(operands, np.int32), np.array(data),
        np.array(roots, np.int32), tuple(guards), count(PARAMETER), count(INPUT), tuple(integers),
    )  # fmt: skip


@pytest.mark.parametrize("per_sample", [False, True])
def test_a_neuron_with_squared_error(per_sample):
    t = tape(
        [(PARAMETER, 0), (PARAMETER, 1), (PARAMETER, 2), (INPUT, 0), (INPUT, 1), (INPUT, 2), (mul, 0, 3), (mul, 1, 4),
         (add, 6, 7), (add, 8, 2), (OPS["tanh"], 9), (sub, 10, 5), (OPS["square"], 11)], [12],
    )  # fmt: skip
    program = group(t, per_sample=per_sample)
    samples, parameters = [[1.0, 2.0, 0.5], [-1.0, 0.0, 1.0]], [0.1, -0.2, 0.3]
    expected = [(np.tanh(0.1 * a - 0.2 * b + 0.3) - y) ** 2 for a, b, y in samples]
    given = (parameters, samples) if not per_sample else ([], [s + parameters for s in samples])
    assert np.allclose(run(program, *given), [expected], rtol=1e-14)


def test_a_pick_takes_the_candidate_of_its_column():
    t = tape(
        [(PARAMETER, 0), (INPUT, 0), (PICK, 0, 0, 1), (CONSTANT, 3.0), (mul, 2, 3)], [4, 1, 3], integers=[(5, 7)],
        guards=[Guard("<", 0, 1, True)],
    )  # fmt: skip
    program = group(t)
    samples = [[10.0], [20.0], [1.0]]
    assert run(program, [2.0], samples, [[0], [1], [1]]).tolist() == [[6, 60, 3], [10, 20, 1], [3, 3, 3]]
    assert holds(program, [2.0], samples, [[0], [1], [1]]).tolist() == [True, True, False]


def test_a_program_prints_one_line_a_step():
    t = tape([(PARAMETER, 0), (INPUT, 0), (mul, 0, 1), (OPS["tanh"], 2)], [3])
    assert str(group(t)).splitlines()[-2:] == ["z2 = tanh(z1)", "return z2"]
