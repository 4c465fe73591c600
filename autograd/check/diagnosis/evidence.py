"""What was observed, beside what is right.

This file owns the comparison of numbers; it must not know of mistakes. Read next: `fitting.py`, which explains them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

from ..programs import Observation, Program, expected, observe
from .battery import BATTERY, OF_OP
from .model import Model

__all__ = ["PROGRAMS", "Evidence", "close", "pattern_of", "right"]

CLOSE, CLOSE_IN_SINGLE = 1e-9, 1e-4  # relative; the second for engines that keep their data in single precision
PROGRAMS: Mapping[str, Program] = {program.name: program for program in BATTERY}
LONG = 100  # programs with more steps are about depth, and are compared with the plain model


@cache
def right(name: str) -> Observation:
    """What is right for a program of the battery."""
    program = PROGRAMS[name]
    deep = len(program.steps) > LONG
    return observe(program, Model()) if deep else expected(program)


def close(x: float, y: float, tolerance: float) -> bool:
    """Whether two numbers are the same up to rounding; an infinity is close to itself alone."""
    near = abs(x - y) <= tolerance * max(1.0, abs(x), abs(y)) < math.inf
    return near or x == y or (math.isnan(x) and math.isnan(y))


class Evidence:
    """The observations of one engine.

    Args:
        observations: By the name of the program; names that are no programs of the battery are left aside.

    Attributes:
        seen: The observations of the battery.
        tolerance: How close numbers are to be.
        offered: The (op, pattern) that the engine computes.
        opaque: The (op, pattern) whose values are wrong: gradients of programs with them say nothing.
    """

    def __init__(self, observations: Mapping[str, Observation]) -> None:
        self.seen = {name: observations[name] for name in PROGRAMS if name in observations}
        self.tolerance = CLOSE_IN_SINGLE if any(map(self.is_single, self.seen)) else CLOSE
        self.offered = {(question.op, question.pattern) for question, program in OF_OP
                        if question.kind == "alone" and self.computed(program)}  # fmt: skip
        self.opaque: set[tuple[str, str]] = set()

    def is_single(self, name: str) -> bool:
        """Whether the inputs of the program were kept in single precision."""
        inputs = zip(PROGRAMS[name].inputs, self.seen[name].values, strict=False)
        return any(0 < abs(x - y) < 1e-6 * max(1.0, abs(x)) for x, y in inputs)

    def computed(self, program: Program) -> bool:
        """Whether the engine got through the steps of the program."""
        seen = self.seen.get(program.name)
        return seen is not None and not seen.error.startswith(("step", "input", "data", "time limit"))

    def values_agree(self, program: Program) -> bool:
        """Whether every value is right."""
        return self.same(self.seen[program.name].values, right(program.name).values)

    def usable(self, program: Program) -> bool:
        """Whether the gradients of the program say something: it was computed, with right values."""
        return self.computed(program) and self.values_agree(program) and not self.is_opaque(program)

    def is_opaque(self, program: Program) -> bool:
        """Whether an operation of the program has wrong values."""
        return bool(self.opaque) and any((step.op, pattern_of(step.operands)) in self.opaque for step in program.steps)

    def same(self, xs: Sequence[float], ys: Sequence[float]) -> bool:
        """Whether the numbers are the same up to rounding."""
        return len(xs) == len(ys) and all(close(x, y, self.tolerance) for x, y in zip(xs, ys, strict=True))

    def matches(self, program: Program, predicted: Observation) -> bool:
        """Whether the gradients are the predicted ones."""
        seen = self.seen[program.name]
        return not seen.error and self.same(seen.gradients, predicted.gradients)

    def right(self, program: Program) -> bool:
        """Whether gradients and values are right."""
        return self.matches(program, right(program.name)) and self.values_agree(program)


def pattern_of(operands: Sequence[int | float]) -> str:
    """The pattern of the operands of a step."""
    return "n" if len(operands) > 2 else "".join("v" if isinstance(x, int) else "c" for x in operands)
