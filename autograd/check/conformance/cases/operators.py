"""Cases of the operators and of leaves: between two values, with a number on either side, whole numbers.

This file owns those cases; it must not know how they are run.
Read next: `functions.py`, the cases of the functions.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from ..case import Case, MeasuredCase, ProgramCase, Verdict
from ..sketch import written

__all__ = ["operators"]

# Each operator on two values: its sign, what Python calls, and the level at which a class has to have it.
BETWEEN: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("+", operator.add, "lesson"),
    ("*", operator.mul, "lesson"),
    ("-", operator.sub, "complete"),
    ("/", operator.truediv, "complete"),
)
POINTS = ((3.0, 2.0), (-1.5, 0.5), (0.25, -4.0))
NUMBERS = (2.8125, -0.1, 0.0, 1e-3, 12345.678)
EXPONENTS = (2.0, 3.0, 1.0, -1.0, 0.5)


def operators() -> tuple[Case, ...]:
    """The cases of the operators. Each result is multiplied once more, so that what arrives is not 1."""
    cases: list[Case] = [leaf()]
    for sign, apply, needed in BETWEEN:
        programs = tuple(written(f"a {sign} b", lambda a, b, w, f=apply: f(a, b) * w, *p, -3.0) for p in POINTS)
        title = f"a {sign} b has the right value, and both operands get their gradients."
        cases.append(ProgramCase(f"operators/a {sign} b", "lesson", title, programs, needed=needed))
    cases += [negation(), *powers()]
    for sign, apply, _ in BETWEEN:
        programs = tuple(written(f"a {sign} 2", lambda a, w, f=apply: f(a, 2.0) * w, p[0], -3.0) for p in POINTS)
        title = f"A plain number may stand on the right of {sign}."
        cases.append(ProgramCase(f"operators/a {sign} 2.0", "lesson", title, programs, needed="complete"))
    for sign, apply, _ in (*BETWEEN, ("**", operator.pow, "")):
        programs = tuple(written(f"2 {sign} a", lambda a, w, f=apply: f(2.0, a) * w, p[0], -3.0) for p in POINTS)
        title = f"A plain number may stand on the left of {sign}."
        cases.append(ProgramCase(f"operators/2.0 {sign} a", "lesson", title, programs, needed="complete"))
    return (*cases, power_of_values(), whole_numbers())


def leaf() -> Case:
    """What a value holds that was made of a number."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        wrong = [(x, y) for x, y in zip(facts["data"], NUMBERS, strict=True) if x != y]
        if not wrong:
            return Verdict("holds")
        x, y = wrong[0]
        return Verdict("wrong", f"Value({y:g}).data is {x:.10g}", f"{y:g}")

    return MeasuredCase(
        "operators/a leaf", "lesson", "A value holds the number that it is made of.", needed="lesson",
        measure="leaves", arguments=(NUMBERS,), judged=judged, lines=f"a = Value({NUMBERS[0]})\nprint(a.data)",
    )  # fmt: skip


def negation() -> Case:
    """The sign."""
    programs = tuple(written("-a", lambda a, w: -a * w, p[0], -3.0) for p in POINTS)
    return ProgramCase(
        "operators/-a", "lesson", "-a has the gradient -1 times what arrives.", programs, needed="complete"
    )


def powers() -> tuple[Case, ...]:
    """Powers with a number as the exponent; an exponent that is no value needs no log(a), which ends at 0."""

    def case(name: str, title: str, *pairs: tuple[float, float]) -> Case:
        programs = tuple(written(f"a ** {n}", lambda a, w, n=n: a**n * w, x, -3.0) for x, n in pairs)
        return ProgramCase(f"operators/{name}", "lesson", title, programs, needed="complete")

    return (
        case("a ** n", "a ** n with a plain number n has the gradient n * a ** (n - 1).",
             *[(1.7, n) for n in EXPONENTS]),
        case("a ** n at 0 and below", "a ** 2 has the gradient 2 * a below 0 and at 0 as well: every squared error "
             "needs it.", (-3.0, 2.0), (0.0, 2.0), (-0.5, 3.0)),
    )  # fmt: skip


def power_of_values() -> Case:
    """Powers with a value as the exponent."""
    title = "a ** b of two values has a gradient for the base and one for the exponent."
    programs = tuple(
        written("a ** b", lambda a, b, w: a**b * w, *p, -3.0) for p in ((2.0, 3.0), (0.5, -1.5), (1.7, 0.5))
    )
    return ProgramCase("operators/a ** b", "complete", title, programs, needed="complete")


def whole_numbers() -> Case:
    """Numbers of the type int, as data and beside operators."""

    def judged(facts: Mapping[str, Any]) -> Verdict:
        seen = (facts["value"], facts["gradient"])
        if seen == (10.0, 6.0):
            return Verdict("holds")
        return Verdict("wrong", f"y.data is {seen[0]:.6g}, a.grad is {seen[1]:.6g}", "10 and 6")

    lines = "a = Value(2)\nb = a * 3 + 1\ny = b * 2 + (-4)\ny.backward()"
    return MeasuredCase(
        "operators/whole numbers", "lesson", "Whole numbers do as well as those with a point: Value(2) * 3 + 1.",
        measure="whole_numbers", arguments=(), judged=judged, lines=lines, needs=("add", "mul"),
    )  # fmt: skip
