"""Programs as data: inputs, operations and what is done with the result; run on any class of Values, printed as code.

This file owns small programs, what an engine did with one, and what is right; it must not know what may go wrong.
Read next: `diagnosis`, which explains what was observed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, Protocol

from ..engine import Value
from ..functions import OPS

__all__ = ["Action", "Dialect", "Observation", "Operand", "Program", "Step", "TABLE", "expected", "observe"]

TABLE = {op.name: op for op in OPS}
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "neg": "-", "pos": "+"}
LONGEST_ERROR = 200  # characters of a message that are kept
SHORTEST_LOOP = 4  # equal steps in a row that are printed as a loop

Operand = int | float
Action = tuple[Any, ...]


class Dialect(Protocol):
    """How an engine is spoken to."""

    def leaf(self, x: float) -> Any:
        """A Value of theirs."""

    def apply(self, op: str, operands: Sequence[Any]) -> Any:
        """An operation of the table on their Values and plain floats."""

    def data(self, v: Any) -> float:
        """The number that a Value holds."""

    def gradient(self, v: Any) -> float:
        """Its gradient."""

    def backward(self, v: Any) -> None:
        """The backward pass from v."""

    def set_data(self, v: Any, x: float) -> None:
        """Change the number that a Value holds."""

    def zero(self, values: Sequence[Any]) -> None:
        """Set gradients to zero."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation.

    Attributes:
        op: Its name in the table, as `"add"`.
        operands: An int is the position of an earlier number (the inputs come first, then the steps, from 0); a float
            is a constant.
    """

    op: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """Inputs, steps, and what is done afterwards.

    Attributes:
        name: What observations of it are filed under.
        inputs: The data of the leaves.
        steps: The operations, in order.
        script: What follows: `("backward", i)`, `("zero",)` for the inputs, `("set", i, x)` for the data of number i.
            If it is left out, one backward pass from the last number.

    Example:
        >>> from autograd.check.programs import Program, Step
        >>> print(Program("shared", (2.0, 3.0), (Step("mul", (0, 1)), Step("add", (2, 0)))).code())
        a = Value(2.0)
        b = Value(3.0)
        c = a * b
        d = c + a
        d.backward()
    """

    name: str
    inputs: tuple[float, ...]
    steps: tuple[Step, ...]
    script: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        if not self.script:
            object.__setattr__(self, "script", (("backward", len(self.inputs) + len(self.steps) - 1),))

    def code(
        self, value: str = "Value", data: str = "data", gradient: str = "grad", notes: Mapping[int, str] | None = None
    ) -> str:
        """The program as Python that can be pasted.

        Args:
            value: The name of the class.
            data: The name of the attribute that holds the number.
            gradient: The name of the attribute that holds the gradient.
            notes: A comment for the line of some of the numbers.
        """
        names = self.names()
        lines: list[tuple[str, str]] = []
        notes = notes or {}
        for i, x in enumerate(self.inputs):
            lines.append((f"{names[i]} = {value}({literal(x)})", notes.get(i, "")))
        for first, last in self.loops():
            body = f"{names[last]} = {expression(self.steps[first - len(self.inputs)], names)}"
            if first == last:
                lines.append((body, notes.get(last, "")))
            else:
                before = names[first - 1]
                if before != names[last]:
                    lines.append((f"{names[last]} = {before}", ""))
                lines.append((f"for _ in range({last - first + 1}):", ""))
                lines.append((f"    {_renamed(self.steps[first - len(self.inputs)], first - 1, last, names)}",
                              notes.get(last, "")))  # fmt: skip
        for action in self.script:
            lines += [(line, "") for line in _action(action, names, len(self.inputs), data, gradient)]
        return "\n".join(f"{line}  # {note}" if note else line for line, note in lines)

    def names(self) -> dict[int, str]:
        """A name for every number: a, b, c, ...; the numbers of a loop share one."""
        found = {i: _name(i) for i in range(len(self.inputs))}
        used = len(found)
        for first, last in self.loops():
            found.update(dict.fromkeys(range(first, last + 1), _name(used)))
            used += 1
        return found

    def loops(self) -> list[tuple[int, int]]:
        """The steps in groups, by the position of the first and the last: equal ones in a row make one."""
        needed = {operand for action in self.script for operand in action[1:2]}
        for i, step in enumerate(self.steps, len(self.inputs)):
            needed |= {x for x in step.operands if isinstance(x, int) and x != i - 1}
        groups: list[tuple[int, int]] = []
        i, end = len(self.inputs), len(self.inputs) + len(self.steps)
        while i < end:
            last = i
            while last + 1 < end and last not in needed and i and self._repeats(i, last + 1):
                last += 1
            if last - i + 1 < SHORTEST_LOOP:
                last = i
            groups.append((i, last))
            i = last + 1
        return groups

    def _repeats(self, first: int, other: int) -> bool:
        """Whether the step at position other does what the one at position first does, on the number before it."""
        one, two = (self.steps[i - len(self.inputs)] for i in (first, other))
        moved = tuple(other - 1 if type(x) is int and x == first - 1 else x for x in one.operands)
        uses_it = any(type(x) is int and x == first - 1 for x in one.operands)
        return uses_it and one.op == two.op and _same(moved, two.operands)


@dataclass(frozen=True, slots=True)
class Observation:
    """What an engine did with a program.

    Attributes:
        values: The data of the inputs and the steps, as far as they were computed.
        gradients: Those of the inputs after the script; () if it did not get so far.
        error: What was raised and where, as `"step 3: TypeError: ..."` (counted from 1), `"backward: ..."`,
            `"zero: ..."`, `"set: ..."`, `"input 1: ..."`, `"gradient: ..."`; "" if nothing was.
    """

    values: tuple[float, ...]
    gradients: tuple[float, ...]
    error: str = ""


def observe(program: Program, dialect: Dialect) -> Observation:
    """Run the program on the engine; an exception that it raises becomes the observation's `error`.

    Example:
        >>> from autograd.check.programs import Program, Step, expected
        >>> expected(Program("product", (2.0, 3.0), (Step("mul", (0, 1)),)))
        Observation(values=(2.0, 3.0, 6.0), gradients=(3.0, 2.0), error='')
    """
    numbers: list[Any] = []
    place = ""
    try:
        for i, x in enumerate(program.inputs, 1):
            place = f"input {i}"
            numbers.append(dialect.leaf(x))
        for i, step in enumerate(program.steps, 1):
            place = f"step {i}"
            operands = [numbers[x] if isinstance(x, int) else x for x in step.operands]
            numbers.append(dialect.apply(step.op, operands))
        values, place = [], "data"
        for v in numbers:
            values.append(dialect.data(v))
        for action in program.script:
            place = str(action[0])
            _perform(action, numbers, len(program.inputs), dialect)
        place = "gradient"
        gradients = tuple([dialect.gradient(v) for v in numbers[: len(program.inputs)]])
        return Observation(tuple(values), gradients)
    except Exception as error:
        return Observation(_readable(numbers, dialect), (), f"{place}: {_shortened(error)}")


def expected(program: Program) -> Observation:
    """What is right, by this package's own Value."""
    return observe(program, _OWN)


class _Own:
    """The dialect of this package."""

    leaf = staticmethod(Value)

    def apply(self, op: str, operands: Sequence[Any]) -> Any:
        return TABLE[op](*operands)

    def data(self, v: Value) -> float:
        return v.data

    def gradient(self, v: Value) -> float:
        return v.grad

    def backward(self, v: Value) -> None:
        v.backward()

    def set_data(self, v: Value, x: float) -> None:
        v.data = x

    def zero(self, values: Sequence[Value]) -> None:
        for v in values:
            v.grad = 0.0


_OWN = _Own()


def _perform(action: Action, numbers: list[Any], inputs: int, dialect: Dialect) -> None:
    match action:
        case ("backward", i):
            dialect.backward(numbers[i])
        case ("zero",):
            dialect.zero(numbers[:inputs])
        case ("set", i, x):
            dialect.set_data(numbers[i], x)
        case _:
            raise ValueError(f'a script consists of ("backward", i), ("zero",) and ("set", i, x), not {action!r}')


def _readable(numbers: list[Any], dialect: Dialect) -> tuple[float, ...]:
    """The data of the numbers, up to the first that cannot be read."""
    values: list[float] = []
    try:
        for v in numbers:
            values.append(dialect.data(v))
    except Exception:
        pass  # what was read so far is what there is to tell
    return tuple(values)


def _shortened(error: Exception) -> str:
    try:
        message = str(error).strip().splitlines()
    except Exception:  # a message of the examined class's own making
        message = []
    return f"{type(error).__name__}: {message[0] if message else ''}"[:LONGEST_ERROR]


# --- code ----------------------------------------------------------------------------------------------------


def _name(i: int) -> str:
    return ascii_lowercase[i % 26] + (str(i // 26) if i >= 26 else "")


def literal(x: float) -> str:
    """A number as it is written in code."""
    return repr(float(x)) if math.isfinite(x) else f'float("{x}")'


def expression(step: Step, names: Mapping[int, str]) -> str:
    """One operation as it is written in code."""
    operands = [names[x] if isinstance(x, int) else literal(x) for x in step.operands]
    operators = step.op in OPERATORS
    if operators and len(operands) == 2:
        operands = [f"({x})" if x.startswith("-") else x for x in operands]
        return f"{operands[0]} {OPERATORS[step.op]} {operands[1]}"
    if operators:
        return f"{OPERATORS[step.op]}{operands[0]}"
    if step.op == "abs":
        return f"abs({operands[0]})"
    if TABLE[step.op].arity is None:
        return f"{step.op}([{', '.join(operands)}])"
    if len(operands) == 1:
        return f"{operands[0]}.{step.op}()"
    return f"{step.op}({', '.join(operands)})"


def _renamed(step: Step, before: int, last: int, names: Mapping[int, str]) -> str:
    """The line in a loop: the number before is the one of the last round."""
    return f"{names[last]} = {expression(step, {**names, before: names[last]})}"


def _action(action: Action, names: Mapping[int, str], inputs: int, data: str, gradient: str) -> list[str]:
    match action:
        case ("backward", i):
            return [f"{names[i]}.backward()"]
        case ("set", i, x):
            return [f"{names[i]}.{data} = {literal(x)}"]
        case _:
            return [f"{names[i]}.{gradient} = 0.0" for i in range(inputs)]


def _same(one: tuple[Operand, ...], two: tuple[Operand, ...]) -> bool:
    return len(one) == len(two) and all(type(x) is type(y) and x == y for x, y in zip(one, two, strict=True))
