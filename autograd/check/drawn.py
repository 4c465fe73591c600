"""Programs and expressions as they are drawn: from whole numbers to operations that are well-conditioned.

This file owns what the numbers mean, and how the result prints; it must not know how the numbers are drawn.
Read next: `strategies.py`, which draws them.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from ..engine import Op
from .conditions import well_conditioned
from .programs import TABLE, Program, Step

__all__ = [
    "BACK",
    "CONSTANTS",
    "MOST_OPERANDS",
    "OF_A_LIST",
    "Drawn",
    "Expression",
    "Number",
    "PrintedProgram",
    "written",
]

OF_A_LIST = frozenset({"sum", "mean", "prod", "max", "min", "norm", "logsumexp"})  # written as sum([a, b])
BACK = 12  # an operand is one of so many numbers before it, or ...
CONSTANTS = (2.0, 3.0, 0.5, -1.0, -2.5, 1.25)
EXPONENTS = (2.0, 3.0, -1.0, 0.5)
MOST_OPERANDS = 4  # of an operation of a list
AMPLIFIED = 1e3  # the largest sum of |derivatives| over all paths: an error of rounding grows by no more
CANCELLED = 1e-4  # of that sum, of the number and of 1: a derivative that is smaller is lost in rounding

Drawn = tuple[str, tuple[int, ...]]


class PrintedProgram(Program):
    """A program whose `repr` is code that can be pasted: what hypothesis shows of an example that fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return self.code()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        _print_lines(self, printer)


class Expression:
    """A function of numbers or Values, made of operations of the table, and a point where it is well-conditioned.

    Args:
        program: The operations; its inputs are the point.

    Attributes:
        point: The point.
        program: The same as a program.

    Example:
        >>> from autograd.check.programs import Program, Step
        >>> from autograd.check.drawn import Expression
        >>> f = Expression(Program("product", (2.0, 3.0), (Step("mul", (0, 1)), Step("tanh", (2,)))))
        >>> print(f)
        def f(a, b):
            c = a * b
            d = c.tanh()
            return d
        >>> f(0.0, 1.0), f.point
        (0.0, (2.0, 3.0))
    """

    def __init__(self, program: Program) -> None:
        self.program, self.point = program, program.inputs
        names = list(program.names().values())[: len(self.point)]
        kind = inspect.Parameter.POSITIONAL_ONLY
        self.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])

    def __call__(self, *xs: Any) -> Any:
        """The result for other inputs: a float for floats, a Value for Values."""
        if len(xs) != len(self.point):
            raise TypeError(f"the expression takes {len(self.point)} numbers, got {len(xs)}")
        numbers = list(xs)
        for step in self.program.steps:
            numbers.append(TABLE[step.op](*[numbers[x] if isinstance(x, int) else x for x in step.operands]))
        return numbers[-1]

    def __repr__(self) -> str:
        names = list(self.program.names().values())
        body = self.program.code().splitlines()[len(self.point) : -1]
        lines = "\n".join([*body, f"return {names[-1]}"])
        return f"def f({', '.join(names[: len(self.point)])}):\n{indent(lines, '    ')}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        _print_lines(self, printer)


def _print_lines(x: object, printer: Any) -> None:
    """Print the repr on lines of its own, by the protocol that hypothesis shares with IPython."""
    for line in repr(x).splitlines():
        printer.break_()
        printer.text(line)
    printer.break_()  # the comma that follows is no part of the code


def _placed(name: str, slots: Sequence[int], count: int) -> tuple[int | float, ...]:
    """The operands that the slots stand for, after so many numbers.

    A slot says how many numbers back, round and round, or stands for a constant. Counted backwards, operands keep
    their meaning when a step before them is left out.
    """
    arity = TABLE[name].arity
    if arity is None:
        arity = 2 + slots[-1] % (MOST_OPERANDS - 1)
        slots = [slot % BACK for slot in slots]  # no constants: a list is of Values
    placed = [CONSTANTS[x - BACK] if x >= BACK else count - 1 - x % count for x in slots[:arity]]
    if name == "pow":
        placed[1] = EXPONENTS[slots[1] % len(EXPONENTS)]
    if not any(isinstance(x, int) for x in placed):
        placed[0] = count - 1
    return tuple(placed)


def written(inputs: Sequence[float], drawn: Sequence[Drawn]) -> PrintedProgram | None:
    """The program of those steps that are well-conditioned, the others left out; None if no step is.

    Args:
        inputs: The data of its inputs.
        drawn: For each step an operation and whole numbers below `BACK + len(CONSTANTS)`, as many as its operands,
            and one more for an operation of a list.

    Example:
        >>> from autograd.check.drawn import written
        >>> written([2.0], [("mul", (0, 0)), ("log", (0,)), ("relu", (0,))])
        a = Value(2.0)
        b = a * a
        c = b.log()
        d = c.relu()
        d.backward()
    """
    numbers = [Number.input(x, i, len(inputs)) for i, x in enumerate(inputs)]
    steps: list[Step] = []
    for name, slots in drawn:
        placed = _placed(name, slots, len(numbers))
        operands = [Number.constant(x, len(inputs)) if isinstance(x, float) else numbers[x] for x in placed]
        number = Number.result(TABLE[name], operands)
        if number is not None:
            steps.append(Step(name, placed))
            numbers.append(number)
    return PrintedProgram("drawn", tuple(inputs), tuple(steps)) if steps else None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a program as it is drawn, with its derivatives by the inputs.

    Attributes:
        data: The number.
        gradient: The derivatives: sums over paths of products of local partials.
        paths: The same sums with absolute values.
    """

    data: float
    gradient: tuple[float, ...]
    paths: tuple[float, ...]

    @classmethod
    def input(cls, data: float, i: int, count: int) -> Number:
        """The input number i."""
        unit = tuple(float(i == j) for j in range(count))
        return cls(data, unit, unit)

    @classmethod
    def constant(cls, data: float, count: int) -> Number:
        """A number that depends on no input."""
        return cls(data, (0.0,) * count, (0.0,) * count)

    @classmethod
    def result(cls, op: Op, operands: Sequence[Number]) -> Number | None:
        """The number that an operation gives; None unless it, and each derivative of it, is well-conditioned."""
        found = well_conditioned(op, [x.data for x in operands])
        if found is None:
            return None
        data, partials = found
        inputs = range(len(operands[0].gradient))
        gradient = tuple(sum(p * x.gradient[j] for p, x in zip(partials, operands, strict=True)) for j in inputs)
        paths = tuple(sum(abs(p) * x.paths[j] for p, x in zip(partials, operands, strict=True)) for j in inputs)
        # Derivatives that cancel over several paths leave the rounding of their terms, which is nobody's mistake.
        fine = all(
            size == 0 or abs(d) >= CANCELLED * max(1.0, abs(data), size)
            for d, size in zip(gradient, paths, strict=True)
        )
        return cls(data, gradient, paths) if fine and max(paths) <= AMPLIFIED else None
