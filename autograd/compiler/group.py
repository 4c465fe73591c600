"""Grouping: equal operations on different numbers become one array operation.

This file owns the way from a tape to a program; it must not know how a program is executed.
Read next: `program.py`, the format of what it finds.
"""

from __future__ import annotations

import numpy as np

from .program import SAMPLE, SHARED, Copy, Map, Pick, Program, RowGuard, Rows, Step, Thin
from .tape import CONSTANT, INPUT, PARAMETER, PICK, Tape

__all__ = ["group"]


def group(tape: Tape, *, per_sample: bool = False) -> Program:
    """The program of a tape.

    Args:
        tape: The tape, as `fuse` leaves it or as it was traced.
        per_sample: Whether each sample has parameters of its own: see `Program`.

    Returns:
        The program, whose roots and guards are those of the tape.
    """
    n_inputs = tape.n_inputs + (tape.n_parameters if per_sample else 0)
    n_shared = 0 if per_sample else tape.n_parameters
    constants = tape.data[tape.code == CONSTANT]
    n_sample, n_constants, n_parameters = n_inputs, 0, n_shared
    n_shared += len(constants)
    at: list[tuple[str, int]] = []
    steps: list[Step] = []
    for node, (code, number) in enumerate(zip(tape.code.tolist(), tape.data.tolist(), strict=True)):
        if code == CONSTANT:
            at.append((SHARED, n_parameters + n_constants))
            n_constants += 1
        elif code in (INPUT, PARAMETER):
            own = code == INPUT or per_sample
            at.append((SAMPLE if own else SHARED, int(number) + (tape.n_inputs if code == PARAMETER and own else 0)))
        else:
            operands = [at[i] for i in tape.of(node)]
            arena = SAMPLE if code == PICK or any(a == SAMPLE for a, _ in operands) else SHARED
            if code == PICK and len({a for a, _ in operands}) == 2:
                for k, (a, row) in enumerate(operands):
                    if a == SHARED:
                        steps.append(Copy(Rows(SAMPLE, n_sample, 1), SHARED, np.array([row])))
                        operands[k] = (SAMPLE, n_sample)
                        n_sample += 1
            row = n_sample if arena == SAMPLE else n_shared
            n_sample, n_shared = n_sample + (arena == SAMPLE), n_shared + (arena == SHARED)
            out = Rows(arena, row, 1)
            if code == PICK:
                steps.append(Pick(out, int(number), operands[0][0], np.array([[r] for _, r in operands])))
            elif tape.ops[code].arity is not None:
                steps.append(Map(tape.ops[code], out, tuple(Rows(a, r, 1) for a, r in operands)))
            else:
                steps.append(
                    Thin(
                        (tape.ops[code],),
                        np.zeros(1, np.int32),
                        np.array([row if arena == SAMPLE else -1 - row]),
                        np.array([0, len(operands)]),
                        np.array([r if a == SAMPLE else -1 - r for a, r in operands], dtype=np.int64),
                    )
                )
            at.append((arena, row))

    def row_of(node: int) -> Rows:
        return Rows(at[node][0], at[node][1], 1)

    guards = tuple([RowGuard(g.relation, row_of(g.left), row_of(g.right), g.holds) for g in tape.guards])
    return Program(
        n_sample, n_shared, 0 if per_sample else tape.n_parameters, n_inputs, constants,
        ((0, 0, n_inputs),) if n_inputs else (), (), tuple(steps), tuple(map(row_of, tape.roots.tolist())),
        guards, len(tape.integers), per_sample,
    )  # fmt: skip
