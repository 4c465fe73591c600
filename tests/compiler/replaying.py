"""A tape run again, row after row, with the engine's own Values: what a stage changed can be compared by it.

It owns the plain meaning of a tape, derivatives included, and must not use a stage of the compiler.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from autograd import Value
from autograd.compiler.trace.tape import CONSTANT, INPUT, PARAMETER, PICK, Tape, detached

RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne}


def replayed(tape: Tape, parameters: Sequence[Any], sample: Sequence[Any], integers: Sequence[int] = ()) -> list[Any]:
    """A Value (or a number, where no Value is an operand) for every node; parameters and sample may be Values."""
    made: list[Any] = []
    for node, (code, data) in enumerate(zip(tape.code.tolist(), tape.data.tolist(), strict=True)):
        operands = [made[i] for i in tape.of(node)]
        if code == PARAMETER:
            made.append(parameters[int(data)])
        elif code == INPUT:
            made.append(sample[int(data)])
        elif code == CONSTANT:
            made.append(data)
        elif code == PICK:
            made.append(operands[tape.integers[int(data)].index(integers[int(data)])])
        elif tape.ops[code] is detached:
            made.append(operands[0].detach() if isinstance(operands[0], Value) else operands[0])
        else:
            made.append(tape.ops[code](*operands))
    return made


def results(
    tape: Tape, parameters: Sequence[float], sample: Sequence[float], integers: Sequence[int] = ()
) -> tuple[list[float], list[list[float]]]:
    """The roots, and for each root its derivatives by the parameters and then by the sample."""
    values, gradients = [], []
    for root in tape.roots.tolist():
        ps, xs = [Value(p) for p in parameters], [Value(x) for x in sample]
        y = replayed(tape, ps, xs, integers)[root]
        values.append(float(y))
        if isinstance(y, Value):
            y.backward()
        gradients.append([v.grad for v in (*ps, *xs)])
    return values, gradients


def guards_hold(tape: Tape, parameters: Sequence[float], sample: Sequence[float], integers: Sequence[int] = ()) -> bool:
    """Whether every comparison comes out as it did."""
    made = [float(v) for v in replayed(tape, parameters, sample, integers)]
    return all(RELATIONS[g.relation](made[g.left], made[g.right]) == g.holds for g in tape.guards)
