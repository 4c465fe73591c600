"""A case: one thing that must hold, what is run for it, and how the answer is judged.

This file owns the two kinds of case (programs, and measurements) and the comparison; it must not know where they run.
Read next: `cases/`, all of them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..programs import Observation, Program, expected
from .lookups import OPERATORS
from .report import Figure
from .vocabulary import NAMES, spoken

__all__ = ["Case", "MeasuredCase", "ProgramCase", "Verdict"]

# A student's formula may lose some digits, as tanh written with exp; a wrong one is off by much more than this.
RELATIVE = 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer shows.

    Attributes:
        outcome: "holds", "wrong" or "reported".
        seen: What the class did where it is wrong.
        expected: What is right there.
        program: The code that shows it.
        figures: What was measured.
    """

    outcome: str
    seen: str = ""
    expected: str = ""
    program: str = ""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Case(ABC):
    """One thing that must hold.

    Attributes:
        name: What it is known by, `group/...`.
        level: The lowest level that it counts for: "lesson", "complete" or "robust".
        title: One plain sentence: what must hold.
        needed: The level at which a class must offer what the case is about; "" means at none.
        needs: The operations without which it cannot be run, besides those of its programs.
        patience: How many times the usual time limit it is given.
    """

    name: str
    level: str
    title: str
    needed: str = field(default="", kw_only=True)
    needs: tuple[str, ...] = field(default=(), kw_only=True)
    patience: float = field(default=1.0, kw_only=True)

    @property
    def group(self) -> str:
        """What it belongs to."""
        return self.name.partition("/")[0]

    def missing(self, offered: Sequence[str]) -> tuple[str, ...]:
        """The operations that the case needs and a class that offers these does not have."""
        return tuple([op for op in self.operations() if op not in offered])

    def operations(self) -> tuple[str, ...]:
        """The operations that the case needs, reflected operators as "radd"."""
        return self.needs

    @abstractmethod
    def request(self) -> dict[str, Any]:
        """What the worker is asked to do, as data for JSON."""

    @abstractmethod
    def code(self, names: Mapping[str, str] = NAMES) -> str:
        """What is run, as a program that can be pasted."""

    @abstractmethod
    def judge(self, answer: Any, names: Mapping[str, str] = NAMES) -> Verdict:
        """What the worker's answer shows; ValueError or TypeError if it has not the form of one."""


@dataclass(frozen=True)
class ProgramCase(Case):
    """Programs whose values and gradients are compared with what is right; the first wrong one is told.

    Attributes:
        programs: The programs.
        right: What is right for each; () asks this package's own Value. An observation without gradients asks for the
            values alone.
        floor: Numbers smaller than this are compared as if they were this large.
        may_raise: Whether an exception in place of the number is as good.
        kink: Where every number between these two is a right gradient of the first input.
    """

    programs: tuple[Program, ...]
    right: tuple[Observation, ...] = ()
    floor: float = 1.0
    may_raise: bool = False
    kink: tuple[float, float] | None = None

    def operations(self) -> tuple[str, ...]:
        """The operations of the programs; a number on the left of an operator needs the reflected one."""
        found = dict.fromkeys(self.needs)
        for program in self.programs:
            for step in program.steps:
                is_reflected = OPERATORS.get(step.op, ("", ""))[1] and isinstance(step.operands[0], float)
                found[f"r{step.op}" if is_reflected else step.op] = None
        return tuple(found)

    def request(self) -> dict[str, Any]:
        """The programs."""
        return {"programs": [(p.inputs, [(s.op, s.operands) for s in p.steps], p.script) for p in self.programs]}

    def code(self, names: Mapping[str, str] = NAMES) -> str:
        """The programs, one after the other, at most three."""
        return "\n\n".join([_code(program, names) for program in self.programs[:3]])

    def judge(self, answer: Any, names: Mapping[str, str] = NAMES) -> Verdict:
        """What the observations of the programs show."""
        if not isinstance(answer, list) or len(answer) != len(self.programs):
            raise ValueError("not one observation for each program")
        for i, program in enumerate(self.programs):
            right = self.right[i] if self.right else expected(program)
            wrong = self._difference(program, right, as_observation(answer[i]), names)
            if wrong:
                return Verdict("wrong", *wrong, _code(program, names))
        return Verdict("holds")

    def _difference(
        self, program: Program, right: Observation, seen: Observation, names: Mapping[str, str]
    ) -> tuple[str, str] | None:
        """The first difference, as what is seen and what is right; None if there is none."""
        if seen.error and self.may_raise:
            return None
        called = program.names()
        for i, (x, y) in enumerate(zip(seen.values, right.values, strict=False)):
            if not self._equal(x, y):
                return f"{called[i]}{names['data']} is {_shown(x, y)}", _shown(y, x)
        computed = len(seen.values)
        if computed < len(right.values):
            wanted = f"{called[computed]}{names['data']} is {right.values[computed]:.6g}"
            return seen.error.rstrip(": ") or "a value is missing", wanted
        if seen.error:
            gradient = f"{called[0]}{names['gradient']} is {right.gradients[0]:.6g}" if right.gradients else "no error"
            return seen.error.rstrip(": "), gradient
        if right.gradients and len(seen.gradients) < len(right.gradients):
            return "a gradient is missing", "one for each input"
        for i, (x, y) in enumerate(zip(seen.gradients, right.gradients, strict=False)):
            if self.kink and i == 0:
                if not self.kink[0] <= x <= self.kink[1]:
                    low, high = self.kink
                    return f"{called[i]}{names['gradient']} is {x:.10g}", f"a number from {low:g} to {high:g}"
            elif not self._equal(x, y):
                return f"{called[i]}{names['gradient']} is {_shown(x, y)}", _shown(y, x)
        return None

    def _equal(self, x: float, y: float) -> bool:
        if x == y or (x != x and y != y):
            return True
        if not (math.isfinite(x) and math.isfinite(y)):
            return False
        return abs(x - y) <= RELATIVE * max(abs(y), self.floor)


@dataclass(frozen=True)
class MeasuredCase(Case):
    """Something that a program with numbers alone cannot show.

    Attributes:
        measure: The name of the measurement in `measures.py`.
        arguments: What it is given, besides the dialect.
        judged: Facts to verdict: what was measured, and the names that the class uses.
        lines: The code that shows it; `Value`, `.data`, `.grad` stand for whatever the class calls them.
    """

    measure: str
    arguments: tuple[Any, ...]
    judged: Callable[[Mapping[str, Any]], Verdict]
    lines: str

    def request(self) -> dict[str, Any]:
        """The name of the measurement and its arguments."""
        return {"measure": self.measure, "arguments": self.arguments}

    def code(self, names: Mapping[str, str] = NAMES) -> str:
        """The code in the words of the class."""
        return spoken(self.lines, names)

    def judge(self, answer: Any, names: Mapping[str, str] = NAMES) -> Verdict:
        """What the facts show."""
        if not isinstance(answer, dict):
            raise ValueError("not a set of facts")
        error = answer.get("error")
        verdict = Verdict("wrong", str(error)[:200], "no error") if error else self.judged(answer)
        if verdict.outcome != "wrong":
            return verdict
        seen = verdict.seen if error else spoken(verdict.seen, names)
        return Verdict("wrong", seen, verdict.expected, self.code(names), verdict.figures)


def as_observation(answer: Any) -> Observation:
    """An observation that came through JSON; ValueError or TypeError if it is none."""
    values, gradients, error = answer
    if not isinstance(error, str):
        raise TypeError("the error of an observation is a text")
    return Observation(tuple([float(x) for x in values]), tuple([float(x) for x in gradients]), error[:300])


def _code(program: Program, names: Mapping[str, str]) -> str:
    return spoken(program.code(), names)


def _shown(x: float, other: float) -> str:
    """A number with as many digits as tell it from the other one, six at least."""
    for digits in (6, 10, 17):
        if f"{x:.{digits}g}" != f"{other:.{digits}g}":
            return f"{x:.{digits}g}"
    return repr(x)
