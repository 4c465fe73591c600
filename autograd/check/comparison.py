"""The comparison of several outputs along several lines, each point evaluated once.

This file owns what is evaluated, and the check that the same point gives the same outputs; it must not know what the
outputs are: values of a function, or entries of its gradient. Read next: `verdict.py`, which judges each pair.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ..errors import ShapeError
from .lines import Line
from .subjects import Moves
from .verdict import CANNOT_TELL, Judgement, judge

__all__ = ["compared"]

Evaluate = Callable[[Moves], list[float]]


def compared(
    values: Sequence[float], lines: Sequence[Line], evaluate: Evaluate, noises: Sequence[float | None]
) -> Iterator[tuple[int, Line, Judgement]]:
    """Every output along every line: the number of the output, the line, and the verdict on what the line claims.

    Args:
        values: The outputs as first computed.
        lines: What to go along.
        evaluate: The outputs with some inputs moved.
        noises: How far each output may be off by what is rounded on the way; None if nobody knows.
    """
    again = evaluate({})
    found = [
        (j, line, judge(f, line.start, values[j], line.claimed[j], line.size, line.negligible[j], line.unit,
                        line.rounding[j], noises[j]))
        for line in lines
        for j, f in enumerate(outputs_along(line, evaluate, len(values)))
    ]  # fmt: skip
    last = evaluate({})  # after all the others, so that hidden state has had time to show
    for j, line, judgement in found:
        seen = values[j], again[j], last[j]
        if len({*seen}) > 1 and not all(map(math.isnan, seen)):
            reason = f"not deterministic: {', '.join(map(repr, seen))} at the same point: is there noise to switch off?"
            judgement = Judgement(judgement.numeric, math.inf, CANNOT_TELL, reason)
        yield j, line, judgement


def outputs_along(line: Line, evaluate: Evaluate, count: int) -> list[Callable[[float], float | None]]:
    """Each output as a function of the line's parameter; None where the function is undefined."""
    seen: dict[float, list[float] | None] = {}

    def outputs(t: float) -> list[float] | None:
        try:
            values = evaluate(line.moves(t))
        except (ArithmeticError, ValueError):  # DomainError is both; `math` raises either
            return None
        if len(values) != count:
            raise ShapeError(f"the function gives {count} outputs at the point and {len(values)} close to it")
        return values

    def output(j: int) -> Callable[[float], float | None]:
        def f(t: float) -> float | None:
            if t not in seen:
                seen[t] = outputs(t)
            values = seen[t]
            return None if values is None else values[j]

        return f

    return [output(j) for j in range(count)]
